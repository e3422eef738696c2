/** What a paid order line lets its customer do from then on. */

export interface GrantedLine {
  readonly quantity: number;
  /** Of one unit. */
  readonly creditAmount?: number | null | undefined;
  readonly accessSeconds?: number | null | undefined;
}

/** What all units of a line bring together. */
export function grantOf({ quantity, creditAmount, accessSeconds }: GrantedLine): { credits: number | null; accessSeconds: number | null } {
  return {
    credits: creditAmount == null ? null : creditAmount * quantity,
    accessSeconds: accessSeconds == null ? null : accessSeconds * quantity,
  };
}

/**
 * How many credits go back with the money of lines that brought them: of each at most what it brought, together at most what the customer still
 * has. Whatever was spent counts as spent on what stays bought.
 */
export function splitCreditsBack(brought: readonly number[], unspent: number): number[] {
  let left = Math.max(0, unspent);
  return brought.map((credits) => {
    const back = Math.min(credits, left);
    left -= back;
    return back;
  });
}
