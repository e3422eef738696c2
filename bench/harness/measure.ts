/** One bench from its start to what is printed and kept. */
import type { Bench, BenchOptions } from './bench.ts';
import { describeCommit, describeMachine } from './machine.ts';
import { writeTables } from './markdown.ts';
import { appendResults, type Result, resultsFolder } from './results.ts';
import { runBench } from './run.ts';
import { toTable } from './table.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** @returns false when it could not be run, or a round lost or doubled something */
export async function measure(bench: Bench, options: BenchOptions, keptIn = resultsFolder): Promise<boolean> {
  say(`\n${bench.name}: ${bench.summary}`);
  const commit = describeCommit();
  try {
    const figures = await runBench(bench, { options, say });
    const about = { commit, at: new Date().toISOString(), rounds: options.rounds, quick: options.quick, machine: describeMachine() };
    const results: Result[] = figures.map((figure) => ({ bench: bench.name, ...figure, ...about }));
    say(`\n${toTable(figures)}\n`);
    for (const one of results) process.stdout.write(`${JSON.stringify(one)}\n`);
    // A part of the contestants or a quick run is no figure to be kept.
    if (!options.quick && !options.only) {
      appendResults(bench.name, results, keptIn);
      if (keptIn === resultsFolder) writeTables();
    }
    return true;
  } catch (err) {
    say(`${bench.name} FAILED: ${err instanceof Error ? err.message : String(err)}`);
    return false;
  }
}
