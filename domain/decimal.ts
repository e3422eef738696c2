/** Decimal strings computed exactly, with bigint: units of coins have up to 18 decimals, which no float holds. */

/** `digits` / 10^`decimals`. */
export interface Decimal {
  readonly digits: bigint;
  readonly decimals: number;
}

/** Longer texts are no amount of anything. */
export const longestDecimal = 60;

/**
 * Reads a plain non-negative decimal number, also as JSON writes small and large ones (`6.2e-7`).
 * @returns undefined when it is none, or absurdly long
 */
export function readDecimal(text: string): Decimal | undefined {
  const match = text.length > longestDecimal ? null : /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const decimals = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return decimals < 0 ? { digits: digits * 10n ** BigInt(-decimals), decimals: 0 } : { digits, decimals };
}

/** `digits` / 10^`decimals` as text, without decimals that say nothing. */
export function writeDecimal(digits: bigint, decimals: number): string {
  const text = digits.toString().padStart(decimals + 1, '0');
  const fraction = text.slice(text.length - decimals).replace(/0+$/, '');
  return fraction === '' ? text.slice(0, text.length - decimals) : `${text.slice(0, text.length - decimals)}.${fraction}`;
}

/** As a whole number of its last kept place. */
export function toScale({ digits, decimals }: Decimal, kept: number, round: 'up' | 'down'): bigint {
  if (decimals <= kept) return digits * 10n ** BigInt(kept - decimals);
  const unit = 10n ** BigInt(decimals - kept);
  return (round === 'up' ? digits + unit - 1n : digits) / unit;
}
