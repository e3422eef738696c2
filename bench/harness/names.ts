/** Which benches there are: bench/<name>.ts exports `bench`. */
import type { Bench } from './bench.ts';

export const benchNames: readonly string[] = [
  'orders',
  'accept',
  'deposits',
  'flash',
  'holds',
  'webhooks',
  'precheckout',
  'ledger',
  'chain',
  'catalogue',
  'start',
  'servers',
];

/** Loads one: each brings libraries of its own. */
export async function loadBench(name: string): Promise<Bench> {
  const { bench } = (await import(`../${name}.ts`)) as { bench: Bench };
  return bench;
}
