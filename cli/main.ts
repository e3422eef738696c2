/** The command line's process: one command, its exit code. */
import { runProgram } from './program.ts';

process.exitCode = await runProgram(process.argv.slice(2));
// A connection that is still being tried would hold the process after its answer was printed.
process.exit();
