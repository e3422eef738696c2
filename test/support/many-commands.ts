/**
 * Runs several commands of `tillflow` in one process, each with variables of its own, and prints what each said as JSON: a process takes
 * longer to start than most commands to run.
 */
import { runProgram } from '../../cli/program.ts';

export interface CommandWish {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const [, , wishes = '[]'] = process.argv;
const said: string[] = [];
const print = process.stdout.write.bind(process.stdout);
const keep = (text: string | Uint8Array): boolean => {
  said[said.length - 1] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
  return true;
};
process.stdout.write = keep;
process.stderr.write = keep;
const before = { ...process.env };
for (const { args, env } of JSON.parse(wishes) as CommandWish[]) {
  said.push('');
  process.env = { ...before, ...env };
  await runProgram(args);
}
print(JSON.stringify(said), () => process.exit(0));
