/** What lines cost now, by the rules the order's first step applies. */
import type { PlacedLine } from '../../domain/order.ts';
import { type Quote, quoteLines } from '../../domain/pricing.ts';
import type { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import { findProducts, pricedProduct } from './catalogue.ts';
import { readSetting } from './setting.ts';

/** What a shop's prices depend on besides its products. */
export interface QuoteRules {
  readonly starValue: number;
  readonly digitalAcknowledged: boolean;
}

export async function readQuoteRules(em: EntityManager, shop: Shop): Promise<QuoteRules> {
  return { starValue: await readSetting(em, shop.id, 'starValue'), digitalAcknowledged: shop.digitalAcknowledgedAt != null };
}

/** Quotes lines together, without those that are not on sale in this shop. @throws RangeError when the total is no safe amount */
export async function quotePlacedLines(
  em: EntityManager,
  shop: Shop,
  lines: readonly PlacedLine[],
): Promise<{ readonly placed: readonly PlacedLine[]; readonly quote: Quote }> {
  const products = await findProducts(
    em,
    shop.id,
    lines.map((line) => line.productId),
  );
  const onSale = lines.flatMap((line) => {
    const product = products.get(line.productId);
    return product?.active ? [{ line, product: pricedProduct(product) }] : [];
  });
  const priced = onSale.map(({ line, product }) => ({ product, quantity: line.quantity }));
  return { placed: onSale.map(({ line }) => line), quote: quoteLines(priced, await readQuoteRules(em, shop)) };
}
