/** Amounts that customers name themselves. Minor units of the shop's currency. */
import { isPriceNamed, type ProductKind } from './product.ts';

export interface NamedPrice {
  readonly kind: ProductKind;
  /** The smallest usual amount. */
  readonly price: number;
  readonly donationMinimum?: number | null | undefined;
  readonly donationMaximum?: number | null | undefined;
}

/** More than that fits no button, minor units. */
export const donationLimit = 1_000_000_000;

/** Whether a line may be of this amount: of a donation any whole one within its bounds; of everything else, and of none named, none. */
export function isAmountAllowed(product: NamedPrice, amount: number | undefined): boolean {
  if (amount === undefined) return true;
  if (!isPriceNamed(product.kind) || !Number.isSafeInteger(amount)) return false;
  return amount >= (product.donationMinimum ?? 1) && amount <= Math.min(product.donationMaximum ?? donationLimit, donationLimit);
}

/** What is offered beside an amount of one's own: the product's price and round multiples of it, as far as they are within its bounds. */
export function usualAmounts(product: NamedPrice): number[] {
  return [1, 2, 5, 10].map((times) => product.price * times).filter((amount) => isAmountAllowed(product, amount));
}
