/** Rates of coins and currencies: decimal strings, computed exactly. Which of two sources' prices is a rate, and what it makes of money. */
import { type Decimal, longestDecimal, readDecimal, writeDecimal } from './decimal.ts';
import { currencyDecimals, safeNumber } from './money.ts';

/** The coins that are priced. USDT and USDC are coins like the others: neither is USD. */
export const coins = ['BTC', 'ETH', 'LTC', 'TON', 'SOL', 'USDT', 'USDC'] as const;
export type CoinName = (typeof coins)[number];

/** The public sources whose middle is the rate. */
export const rateSources = ['coingecko', 'coinbase'] as const;
export type RateSourceName = (typeof rateSources)[number];

/** What a source says one unit of `base` costs in `quote`. A decimal string. */
export interface Price {
  readonly base: string;
  readonly quote: string;
  readonly price: string;
}

/** Why two prices make no rate: one is missing, they are too far apart, or their middle is too far from the rate before. */
export const rateFaults = ['missing', 'apart', 'jump'] as const;
export type RateFault = (typeof rateFaults)[number];

/** A rate older than this prices nothing, seconds. */
export const rateLifeSeconds = 3_600;
/** Decimals a rate is kept with. */
export const rateDecimals = 18;
/** Decimals prices in coins are rounded up to. */
const unitDecimals = 8;
const mostApartPercent = 2n;
const mostJumpPercent = 20n;

function needDecimal(text: string): Decimal {
  const decimal = readDecimal(text);
  if (!decimal) throw new RangeError(`${text.slice(0, longestDecimal)} is no decimal number`);
  return decimal;
}

/** `decimal` as a whole number of its last kept place; what is smaller is rounded half up. */
function scale({ digits, decimals }: Decimal, kept: number): bigint {
  if (decimals <= kept) return digits * 10n ** BigInt(kept - decimals);
  const unit = 10n ** BigInt(decimals - kept);
  return (digits * 2n + unit) / (unit * 2n);
}

/** A price as it is kept: plain, with at most 18 decimals and none that say nothing. @returns undefined when it is no price above zero */
export function toPrice(text: string): string | undefined {
  const decimal = readDecimal(text);
  const digits = decimal && scale(decimal, rateDecimals);
  return digits === undefined || digits === 0n || digits >= 10n ** 38n ? undefined : writeDecimal(digits, rateDecimals);
}

/** `dividend / divisor`, two prices, as a price. @returns undefined when the quotient is none */
export function dividePrices(dividend: string, divisor: string): string | undefined {
  const over = scale(needDecimal(dividend), rateDecimals);
  const under = scale(needDecimal(divisor), rateDecimals);
  if (under === 0n) return undefined;
  const digits = (over * 10n ** BigInt(rateDecimals) * 2n + under) / (under * 2n);
  return digits === 0n ? undefined : toPrice(writeDecimal(digits, rateDecimals));
}

/** What two sources' prices make: the rate in their middle, or why there is none. */
export type Judged = { readonly rate: string; readonly fault: null } | { readonly rate: null; readonly fault: RateFault };

/**
 * The middle of two prices. More than 2 % of the lower apart, or more than 20 % away from `before`, it is none. `before` is the last rate
 * that still prices something: one that is too old is nothing to jump from.
 */
export function judgePrices(one: string | undefined, other: string | undefined, before: string | undefined): Judged {
  if (one === undefined || other === undefined) return { rate: null, fault: 'missing' };
  const [low, high] = [scale(needDecimal(one), rateDecimals), scale(needDecimal(other), rateDecimals)].sort((a, b) => (a < b ? -1 : 1));
  if (low === undefined || high === undefined || (high - low) * 100n > low * mostApartPercent) return { rate: null, fault: 'apart' };
  const middle = (low + high + 1n) / 2n;
  if (before !== undefined) {
    const last = scale(needDecimal(before), rateDecimals);
    const moved = middle > last ? middle - last : last - middle;
    if (moved * 100n > last * mostJumpPercent) return { rate: null, fault: 'jump' };
  }
  return { rate: writeDecimal(middle, rateDecimals), fault: null };
}

/** What `units` of a coin (a decimal string) are worth, in minor units of `currency`; rounds down. @throws RangeError when either is no number */
export function valueOfUnits(units: string, rate: string, currency: string): number {
  const [amount, price] = [needDecimal(units), needDecimal(rate)];
  const digits = amount.digits * price.digits * 10n ** BigInt(currencyDecimals(currency));
  return safeNumber(digits / 10n ** BigInt(amount.decimals + price.decimals));
}

/**
 * The units of a coin that `amount` (minor units of `currency`) costs, as a decimal string of at most 8 decimals; rounds up.
 * @throws RangeError when the amount is negative or the rate is no number above zero
 */
export function unitsFor(amount: number, currency: string, rate: string): string {
  const price = needDecimal(rate);
  if (!Number.isSafeInteger(amount) || amount < 0 || price.digits === 0n)
    throw new RangeError('unitsFor takes an amount and a rate above zero');
  const dividend = BigInt(amount) * 10n ** BigInt(price.decimals + unitDecimals);
  const divisor = price.digits * 10n ** BigInt(currencyDecimals(currency));
  return writeDecimal((dividend + divisor - 1n) / divisor, unitDecimals);
}

/** `price` of a coin in one currency, in another of which one unit of the first costs `rate`. @returns undefined when the product is none */
export function multiplyPrices(price: string, rate: string): string | undefined {
  const [one, other] = [needDecimal(price), needDecimal(rate)];
  const digits = scale({ digits: one.digits * other.digits, decimals: one.decimals + other.decimals }, rateDecimals);
  return toPrice(writeDecimal(digits, rateDecimals));
}

/** Significant digits of what people are told about units before they are asked for exact ones. */
const toldDigits = 4;

/** About how many units `amount` costs, for people to read; rounded up. @throws RangeError as `unitsFor` */
export function aboutUnits(amount: number, currency: string, rate: string): string {
  const { digits, decimals } = needDecimal(unitsFor(amount, currency, rate));
  const spare = Math.max(0, digits.toString().length - toldDigits);
  const unit = 10n ** BigInt(Math.min(spare, decimals));
  return writeDecimal(((digits + unit - 1n) / unit) * unit, decimals);
}

/** `amount` of one currency in another, at what one unit of the first costs in the second; minor units, rounded up or down. */
export function convert(
  amount: number,
  { from, to, rate, round }: { from: string; to: string; rate: string; round: 'up' | 'down' },
): number {
  const price = needDecimal(rate);
  const dividend = BigInt(amount) * price.digits * 10n ** BigInt(currencyDecimals(to));
  const divisor = 10n ** BigInt(currencyDecimals(from) + price.decimals);
  return safeNumber(round === 'up' ? (dividend + divisor - 1n) / divisor : dividend / divisor);
}

/** Every pair that is priced for shops with these currencies: each coin in each, and each currency in each other. EUR and USD are among them. */
export function pairsFor(shopCurrencies: readonly string[]): { readonly base: string; readonly quote: string }[] {
  const currencies = [...new Set(['EUR', 'USD', ...shopCurrencies])].sort();
  return [...coins, ...currencies].flatMap((base) => currencies.filter((quote) => quote !== base).map((quote) => ({ base, quote })));
}

/** What became of a pair by a refresh: it prices again, it prices nothing any more and why, or nothing changed. `stale`: no valid rate for an hour. */
export type RateTurn = { readonly base: string; readonly quote: string; readonly now: 'valid' | 'apart' | 'jump' | 'stale' };
