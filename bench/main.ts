/** Measurements: `npm run bench -- orders`. One JSON line on standard output, a table for people on standard error. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';

// Standard output carries the one line of JSON; what libraries say on the way goes where people read. They take hold of it when loaded.
console.log = console.error;

const program = new Command('bench').description('Measures Tillflow on this machine.').exitOverride();

program
  .command('orders')
  .description('orders a second, time to accept, events, second start, memory')
  .option('--orders <number>', 'orders of each method in a round', wholeNumber(10, 20_000), 200)
  .option('--buyers <number>', 'customers who buy at once', wholeNumber(1, 200), 16)
  .option('--rounds <number>', 'rounds; rates are the median of them', wholeNumber(1, 50), 3)
  .option('--temporal <address>', 'measure on this Temporal server instead of the one that is shipped (its namespace: TEMPORAL_NAMESPACE)')
  .option('--skip-start', 'leave out the second start and the memory', false)
  .action(async (options: { orders: number; buyers: number; rounds: number; temporal?: string; skipStart: boolean }) => {
    const { explainBench, runOrdersBench } = await import('./orders.ts');
    const result = await runOrdersBench(options, (line) => process.stderr.write(`${line}\n`));
    process.stderr.write(explainBench(result));
    process.stdout.write(`${JSON.stringify(result)}\n`);
    if (!result.check.ok) process.exitCode = 1;
  });

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`a whole number from ${least} to ${most}.`);
    return value;
  };
}

try {
  await program.parseAsync();
} catch (err) {
  // Commander has printed its own words; help is no failure.
  if (err instanceof CommanderError) process.exitCode = err.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`);
    process.exitCode = 1;
  }
}
process.exit();
