/** Lines that cannot be paid together, as orders that can. Pure. */
import type { MethodName } from './payment.ts';

/**
 * Puts lines together that share a method: each joins the first group it can be paid with, in the basket's order. A line nothing can pay
 * for stands alone.
 */
export function groupLines<Line extends { readonly methods: readonly MethodName[] }>(lines: readonly Line[]): Line[][] {
  const groups: { methods: readonly MethodName[]; lines: Line[] }[] = [];
  for (const line of lines) {
    const group = groups.find(({ methods }) => methods.some((method) => line.methods.includes(method)));
    if (group) {
      group.lines.push(line);
      group.methods = group.methods.filter((method) => line.methods.includes(method));
    } else groups.push({ methods: line.methods, lines: [line] });
  }
  return groups.map((group) => group.lines);
}
