/** Breaks the product on purpose: `npm run faults [-- name...] [--seed N] [--rounds N]`. */
import { randomInt } from 'node:crypto';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { useServers } from '../../support/servers.ts';
import { startRunServers } from '../../support/run-servers.ts';
import { scenarios } from './list.ts';
import { type RunReport, runScenario } from './run.ts';
import type { Scenario } from './scenario.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

const program = new Command('faults')
  .description('Starts the product, breaks what it stands on, and has the checker look after every round.')
  .argument('[name...]', 'scenarios to run; all of them when none is named')
  .option('--seed <number>', 'of the first round; every round prints its own', wholeNumber(0, 2 ** 32 - 1))
  .option('--rounds <number>', 'rounds of each scenario, instead of its own number', wholeNumber(1, 100_000))
  .option('--short', 'seconds instead of minutes', false)
  .addHelpText(
    'after',
    () => `\nScenarios (rounds):\n${scenarios.map((one) => `  ${one.name} (${one.rounds}): ${one.summary}`).join('\n')}`,
  )
  .exitOverride()
  .action(async (names: string[], options: { seed?: number; rounds?: number; short: boolean }) => {
    const unknown = names.filter((name) => !scenarios.some((one) => one.name === name));
    if (unknown.length > 0) program.error(`There is no scenario ${unknown.join(', ')}: see --help.`, { exitCode: 2 });
    const wanted = names.length === 0 ? scenarios : scenarios.filter((one) => names.includes(one.name));
    const seed = options.seed ?? randomInt(2 ** 32);
    say(`Seed ${seed}.`);
    // Started when the first scenario asks for them, and gone with us.
    const servers = useServers(() => startRunServers({ namespaceCount: 200, say }));
    const reports = new Map<Scenario, RunReport>();
    const runEach = async (some: readonly Scenario[]) => {
      for (const scenario of some) {
        say(`${scenario.name}: ${scenario.summary}`);
        const report = await runScenario(scenario, { seed, rounds: options.rounds, short: options.short, say });
        reports.set(scenario, report);
        say(`${scenario.name} took ${Math.round(report.seconds)} s.`);
      }
    };
    const begun = performance.now();
    try {
      await Promise.all([runEach(wanted.filter(({ beside }) => !beside)), runEach(wanted.filter(({ beside }) => beside))]);
    } finally {
      await servers.stop();
    }
    printTable(wanted.flatMap((scenario) => reports.get(scenario) ?? []));
    say(`All took ${Math.round((performance.now() - begun) / 1_000)} s.`);
    const failed = [...reports.values()].some((report) => report.failures.length > 0);
    if (failed) process.exitCode = 1;
  });

function printTable(reports: readonly RunReport[]): void {
  say('\n| scenario | rounds | failed | seconds | orders | transfers |\n|---|---|---|---|---|---|');
  for (const { name, rounds, failures, seconds, counts } of reports) {
    say(`| ${name} | ${rounds} | ${failures.length} | ${Math.round(seconds)} | ${counts.orders ?? '-'} | ${counts.transfers ?? '-'} |`);
  }
  for (const { name, failures } of reports) {
    for (const failure of failures) say(`Again: npm run faults -- ${name} --seed ${failure.seed} --rounds 1`);
  }
}

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
    process.stderr.write(`${err instanceof Error ? (err.stack ?? err.message) : String(err)}\n`);
    process.exitCode = 1;
  }
}
process.exit();
