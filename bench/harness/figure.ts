/** What a measurement says in one line: ours, beside whom, how far apart the rounds lay, and whether that is enough. */
import { median } from '../numbers.ts';

export interface Figure {
  /** `<bench>.<what>`, e.g. `orders.wallet.rate`. */
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** Whom ours stands beside; null when nobody. */
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** Ours over theirs. */
  readonly ratio: number | null;
  /** Least and most of the rounds; null when there was one. */
  readonly spread: { readonly ours: readonly [number, number]; readonly peer: readonly [number, number] | null } | null;
  /** In words, e.g. `>= 0.6 of it` or `<= 8 s`. */
  readonly aim: string | null;
  readonly met: boolean | null;
}

export interface Aim {
  readonly on: 'ratio' | 'ours';
  readonly op: '>=' | '<=';
  readonly value: number;
}

export interface FigureInput {
  readonly name: string;
  readonly unit: string;
  /** One value a round. */
  readonly ours: readonly number[];
  readonly peer?: { readonly name: string; readonly values: readonly number[] };
  readonly aim?: Aim;
}

/** A figure from the values of its rounds: medians, with the aim judged before anything is rounded. @throws RangeError on no or no finite values */
export function makeFigure({ name, unit, ours, peer, aim }: FigureInput): Figure {
  for (const value of [...ours, ...(peer?.values ?? [])]) {
    if (!Number.isFinite(value)) throw new RangeError(`${name}: ${value} is no measurement`);
  }
  const own = median(ours);
  const peerValue = peer ? median(peer.values) : null;
  const ratio = peerValue === null || peerValue === 0 ? null : own / peerValue;
  const judged = aim?.on === 'ratio' ? ratio : own;
  return {
    name,
    unit,
    ours: significant(own),
    peer: peer?.name ?? null,
    peerValue: peerValue === null ? null : significant(peerValue),
    ratio: ratio === null ? null : significant(ratio),
    spread: ours.length > 1 ? { ours: rangeOf(ours), peer: peer ? rangeOf(peer.values) : null } : null,
    aim: aim ? `${aim.op} ${aim.value}${aim.on === 'ratio' ? 'x' : ''}` : null,
    met: !aim || judged === null ? null : aim.op === '>=' ? judged >= aim.value : judged <= aim.value,
  };
}

function rangeOf(values: readonly number[]): [number, number] {
  return [significant(Math.min(...values)), significant(Math.max(...values))];
}

/** Three digits that matter, whole numbers whole: the rest is noise of the machine. */
function significant(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
