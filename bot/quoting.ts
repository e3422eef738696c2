/** What the screens show of lines and prices: quoted as the order's first step does it. */
import { createHash } from 'node:crypto';
import { linesKey, type PlacedLine } from '../domain/order.ts';
import type { Product } from '../db/entities/product.ts';
import type { Buyer } from '../db/repositories/offered-method.ts';
import { quoteBasket, type QuotedLines, quotePlacedLines, quoteProducts } from '../db/repositories/quote.ts';
import type { LinesSource } from '../texts/callback.ts';
import type { ShownBasket } from '../texts/screens/basket.ts';
import type { ShownProduct } from '../texts/screens/shop.ts';
import type { CustomerVisit } from './context.ts';

export const buyerOf = ({ shop, customer }: Pick<CustomerVisit, 'shop' | 'customer'>): Buyer => ({ shop, customerId: customer.id });

/** Products as they are shown, quoted by the piece. */
export function showProducts(guest: CustomerVisit, products: readonly Product[]): Promise<ShownProduct[]> {
  return quoteProducts(guest.em(), buyerOf(guest), products);
}

/** The customer's basket, quoted. */
export async function showBasket(guest: CustomerVisit): Promise<ShownBasket> {
  const { shown, gone, quote, code, groups } = await quoteBasket(guest.em(), buyerOf(guest));
  const { total, starsTotal, methods } = quote;
  return { lines: shown, gone, total, starsTotal, currency: guest.shop.currency, methods, code, groups };
}

/** The lines an order would be made of. */
export async function linesOf(guest: CustomerVisit, source: LinesSource): Promise<QuotedLines> {
  const quote = (lines: readonly PlacedLine[]) => quotePlacedLines(guest.em(), buyerOf(guest), lines);
  if (source.from === 'product') {
    const { productId, quantity, amount } = source;
    return quote([{ productId, quantity, ...(amount === undefined ? {} : { amount }) }]);
  }
  const basket = await quoteBasket(guest.em(), buyerOf(guest));
  if (source.from === 'basket') return basket;
  const group = basket.groups[source.index] ?? [];
  return quote(group.map(({ product, quantity }) => ({ productId: product.id, quantity })));
}

/** Six characters that change with the lines: a button places what its screen showed, or nothing. */
export function digestLines(lines: readonly PlacedLine[]): string {
  const number = createHash('sha256').update(linesKey(lines)).digest().readUIntBE(0, 6);
  return (number % 36 ** 6).toString(36).padStart(6, '0');
}
