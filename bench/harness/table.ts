/** Figures as people read them. */
import type { Figure } from './figure.ts';

export const headings = ['figure', 'unit', 'ours', 'beside', 'theirs', 'ratio', 'aim', ''] as const;

/** The cells of one figure, in the order of `headings`. */
export function toCells({ name, unit, ours, peer, peerValue, ratio, spread, aim, met }: Figure): string[] {
  const withSpread = (value: number | null, range: readonly [number, number] | null | undefined) =>
    value === null ? '' : range && range[0] !== range[1] ? `${value} (${range[0]} to ${range[1]})` : String(value);
  return [
    name,
    unit,
    withSpread(ours, spread?.ours),
    peer ?? '',
    withSpread(peerValue, spread?.peer),
    ratio === null ? '' : String(ratio),
    aim ?? '',
    met === null ? '' : met ? 'met' : 'not met',
  ];
}

/** Columns aligned by spaces. */
export function toTable(figures: readonly Figure[]): string {
  const rows = [[...headings], ...figures.map(toCells)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const toLine = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => toLine(row).trimEnd()).join('\n');
}
