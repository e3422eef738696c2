/** Runs one benchmark in a folder of its own; what it started ends with it, whatever happens. */
import { rmSync } from 'node:fs';
import { makeFolder } from '../stack.ts';
import type { Bench, BenchContext, BenchOptions } from './bench.ts';
import type { Figure } from './figure.ts';

export interface RunOptions {
  readonly options: BenchOptions;
  readonly say: (line: string) => void;
}

/** @throws what the bench throws, after the clean-up */
export async function runBench(bench: Bench, { options, say }: RunOptions): Promise<Figure[]> {
  const folder = makeFolder();
  const works: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  let cleaning: Promise<void> | undefined;
  const cleanUp = () => {
    cleaning ??= runNewestFirst(works, say);
    return cleaning;
  };
  const onSignal = (signal: NodeJS.Signals) => {
    // Whatever is under way fails as its servers go, some of it where nobody can catch it; that must not break the clean-up off.
    process.on('uncaughtException', () => {});
    void cleanUp().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  const ctx: BenchContext = { folder, options, say, onCleanUp: (work) => works.push(work) };
  try {
    return await bench.run(ctx);
  } finally {
    await cleanUp();
    for (const signal of signals) process.off(signal, onSignal);
  }
}

async function runNewestFirst(works: (() => Promise<unknown>)[], say: (line: string) => void): Promise<void> {
  for (let work = works.pop(); work; work = works.pop()) {
    await work().catch((err: unknown) => say(`  clean-up: ${err instanceof Error ? err.message : String(err)}`));
  }
}
