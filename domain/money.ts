/** Money: an integer of minor units plus a currency. No floats. */

/** `amount` in minor units of `currency` (ISO 4217, or `XTR` for Telegram Stars). */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Decimal places of currencies that have not two. */
export const decimalsOfCurrency: Readonly<Record<string, number>> = {
  XTR: 0,
  CREDIT: 0,
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

/** Decimal places of a currency's minor unit (ISO 4217): 2 unless listed. */
export function currencyDecimals(currency: string): number {
  return decimalsOfCurrency[currency] ?? 2;
}

/** Whether `code` has the form of a shop currency (three capital letters, not one of our internal ones). */
export function isShopCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && code !== 'XTR';
}

/** `numerator / denominator` rounded half up, exact for non-negative safe integers. @throws RangeError on anything else. */
export function divideHalfUp(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n || denominator <= 0n) throw new RangeError('divideHalfUp takes a non-negative numerator and a positive denominator');
  return safeNumber((numerator * 2n + denominator) / (denominator * 2n));
}

/** `numerator / denominator` rounded up. */
export function divideUp(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n || denominator <= 0n) throw new RangeError('divideUp takes a non-negative numerator and a positive denominator');
  return safeNumber((numerator + denominator - 1n) / denominator);
}

/** A bigint as a safe-integer number. @throws RangeError when it is not safe. */
export function safeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is outside the safe integers`);
  return number;
}

/**
 * Parses a decimal string such as `19.99` into minor units; a comma is a decimal point too.
 * @returns undefined when it is not a non-negative amount of that currency or has too many decimals.
 */
export function parseAmount(text: string, currency: string): number | undefined {
  const match = /^(\d{1,13})(?:[.,](\d+))?$/.exec(text.trim());
  if (!match) return undefined;
  const decimals = currencyDecimals(currency);
  const fraction = match[2] ?? '';
  if (fraction.length > decimals) return undefined;
  const amount = Number(match[1]) * 10 ** decimals + Number(fraction.padEnd(decimals, '0') || '0');
  return Number.isSafeInteger(amount) ? amount : undefined;
}

/** Minor units as a plain decimal string (`1999`, `EUR` → `19.99`), for logs, CLI and providers. */
export function toDecimal({ amount, currency }: Money): string {
  const decimals = currencyDecimals(currency);
  const sign = amount < 0 ? '-' : '';
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  return decimals === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
