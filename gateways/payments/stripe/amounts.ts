/**
 * Amounts as Stripe writes them. Its minor units differ from ISO 4217 in places, and three-decimal amounts must end in 0.
 * @see https://docs.stripe.com/currencies
 */
import { currencyDecimals, type Money } from '../../../domain/money.ts';
import { GatewayError } from '../provider.ts';

/** Decimals Stripe uses where they differ from ISO 4217: ISK and UGX are sent with two zeros, MGA without its fifths. */
const stripeDecimals: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

/** `money` as Stripe's integer, or undefined when Stripe cannot express it (KWD-like not a multiple of 10, a part of an ariary). */
export function toStripeAmount({ amount, currency }: Money): number | undefined {
  const shift = (stripeDecimals[currency] ?? currencyDecimals(currency)) - currencyDecimals(currency);
  const shifted = shift >= 0 ? amount * 10 ** shift : amount / 10 ** -shift;
  if (!Number.isSafeInteger(shifted) || shifted < 0) return undefined;
  if (currencyDecimals(currency) === 3 && shifted % 10 !== 0) return undefined;
  return shifted;
}

/** Stripe's integer and lower-case currency as our money. */
export function fromStripeAmount(amount: number, stripeCurrency: string): Money {
  const currency = stripeCurrency.toUpperCase();
  const shift = currencyDecimals(currency) - (stripeDecimals[currency] ?? currencyDecimals(currency));
  return { amount: shift >= 0 ? amount * 10 ** shift : Math.trunc(amount / 10 ** -shift), currency };
}

/** Like `toStripeAmount`. @throws GatewayError, not retryable, naming `field`. */
export function requireStripeAmount(money: Money, field: string): number {
  const amount = toStripeAmount(money);
  if (amount !== undefined) return amount;
  const rule = currencyDecimals(money.currency) === 3 ? 'a multiple of 10 minor units' : 'a whole amount of what Stripe counts';
  throw new GatewayError(`${field}: ${money.amount} ${money.currency} cannot be sent to Stripe, which takes ${rule}.`, {
    retryable: false,
  });
}
