/** Measurements: `npm run bench -- orders flash`. One JSON line a figure on standard output, tables for people on standard error. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { type BenchOptions, sizeNames, type SizeName } from './harness/bench.ts';
import { benchNames, loadBench } from './harness/names.ts';

// Standard output carries the lines of JSON; what libraries say on the way goes where people read. They take hold of it when loaded.
console.log = console.error;

type Flags = Partial<Record<SizeName, number>> & { rounds?: number; quick: boolean; profile: boolean; only?: string; temporal?: string };

const program = new Command('bench')
  .description('Measures Tillflow on this machine beside what people would pick instead, and keeps the figures in bench/results/.')
  .argument('[names...]', `which: ${benchNames.join(', ')}; none means all`)
  .option('--rounds <number>', 'rounds; figures are the median of them (default: 3, quick: 1)', wholeNumber(1, 50))
  .option('--quick', 'seconds instead of minutes: shows that all of it works, measures nothing, keeps nothing', false)
  .option('--only <contestants>', 'run only these contestants, with commas between')
  .option('--profile', 'orders: print where the processor time goes, ms an order by program (Linux)', false)
  .option('--temporal <address>', 'measure on this Temporal server instead of the one that is shipped (its namespace: TEMPORAL_NAMESPACE)')
  .exitOverride();
for (const name of sizeNames) program.option(`--${name} <number>`, `${name} of a round`, wholeNumber(1, 10_000_000));
program.action(async (names: string[], { rounds, quick, only, profile, temporal, ...sizes }: Flags) => {
  const unknown = names.find((name) => !benchNames.includes(name));
  if (unknown !== undefined) program.error(`error: no bench is called ${unknown}; there are ${benchNames.join(', ')}`);
  const options: BenchOptions = { rounds: rounds ?? (quick ? 1 : 3), quick, only: only?.split(','), profile, temporal, sizes };
  const { measure } = await import('./harness/measure.ts');
  let failed = false;
  for (const name of names.length > 0 ? names : benchNames) failed = !(await measure(await loadBench(name), options)) || failed;
  if (failed) process.exitCode = 1;
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
