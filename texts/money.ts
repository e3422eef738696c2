/** Local money, for screens and for the Mini App's page. */
import type { Language } from '../domain/language.ts';
import { currencyDecimals, toDecimal } from '../domain/money.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** A number and what it counts, which stay on one line; all our languages set them a whole space apart. */
export const withUnit = (digits: string, unit: string) => `${digits}\u00a0${unit}`;

/** Minor units as people of a language read them. */
export function formatMoney(language: Language, amount: number, currency: string): string {
  const decimals = currencyDecimals(currency);
  const key = `${language}${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  // A decimal string is formatted exactly, a float of large amounts is not.
  const digits = format.format(toDecimal({ amount, currency }) as `${number}`);
  return withUnit(digits, currency === 'XTR' ? '⭐' : currency);
}
