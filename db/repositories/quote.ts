/** What lines cost a customer now: the same for every screen, for the Mini App and for the order's first step. */
import type { PlacedLine } from '../../domain/order.ts';
import { type Quote, quoteLines, type QuoteRules } from '../../domain/pricing.ts';
import { tierDiscountKeys, tierOf } from '../../domain/tier.ts';
import type { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import { findProducts, pricedProduct } from './catalogue.ts';
import { readEarnings } from './referral.ts';
import { readSetting } from './setting.ts';

/** What prices depend on besides the products: the shop's settings, the customer's tier. */
export async function readQuoteRules(em: EntityManager, shop: Shop, customerId: number): Promise<QuoteRules> {
  return {
    starValue: await readSetting(em, shop.id, 'starValue'),
    digitalAcknowledged: shop.digitalAcknowledgedAt != null,
    tierDiscount: await readTierDiscount(em, shop, await readEarnings(em, customerId)),
  };
}

/** The discount that earnings in minor units bring in this shop, whole percent. */
export function readTierDiscount(em: EntityManager, { id, currency }: Pick<Shop, 'id' | 'currency'>, earnings: number): Promise<number> {
  return readSetting(em, id, tierDiscountKeys[tierOf(earnings, currency)]);
}

/** Quotes lines together, without those that are not on sale in this shop. @throws RangeError when the total is no safe amount */
export async function quotePlacedLines(
  em: EntityManager,
  { shop, customerId }: { readonly shop: Shop; readonly customerId: number },
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
  return { placed: onSale.map(({ line }) => line), quote: quoteLines(priced, await readQuoteRules(em, shop, customerId)) };
}
