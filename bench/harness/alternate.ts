/** Rounds in which contestants take turns, so that what the machine does beside us falls on all of them. */
import type { BenchContext } from './bench.ts';
import { RoundError } from './correct.ts';

export interface Contestant {
  readonly name: string;
  warmUp?(): Promise<void>;
  /** One round from 0 on. @returns values by measure @throws when it lost or doubled something */
  round(index: number): Promise<Record<string, number>>;
}

/**
 * Runs every round of every contestant, each round in the order that is the last one's reversed: who is compared stays side by side, and a
 * machine that becomes slower is slower for the first as for the last.
 * @returns per contestant the values of its rounds by measure
 * @throws RoundError naming the contestant and round
 */
export async function alternate(
  { options, say }: Pick<BenchContext, 'options' | 'say'>,
  contestants: readonly Contestant[],
): Promise<Map<string, Record<string, number[]>>> {
  const taking = contestants.filter(({ name }) => !options.only || options.only.includes(name));
  if (taking.length === 0) throw new Error(`None of ${contestants.map(({ name }) => name).join(', ')} was asked for`);
  const values = new Map(taking.map(({ name }) => [name, {} as Record<string, number[]>]));
  for (const one of taking) {
    if (!one.warmUp) continue;
    say(`  ${one.name}: warming up...`);
    await one.warmUp().catch(failAs(`${one.name}, warming up`));
  }
  for (let index = 0; index < options.rounds; index += 1) {
    for (const one of index % 2 === 0 ? taking : taking.toReversed()) {
      const measured = await one.round(index).catch(failAs(`${one.name}, round ${index + 1}`));
      const own = values.get(one.name) as Record<string, number[]>;
      for (const [measure, value] of Object.entries(measured)) {
        own[measure] ??= [];
        own[measure].push(value);
      }
      say(`  round ${index + 1} of ${options.rounds}, ${one.name}: ${explain(measured)}`);
    }
  }
  return values;
}

function failAs(where: string) {
  return (cause: unknown): never => {
    throw new RoundError(`${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  };
}

function explain(measured: Readonly<Record<string, number>>): string {
  return Object.entries(measured)
    .map(([measure, value]) => `${measure} ${Number(value.toPrecision(4))}`)
    .join(', ');
}
