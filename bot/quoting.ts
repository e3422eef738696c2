/** One quote for list, card, basket and confirm screen: the same rules the order's first step applies. */
import { createHash } from 'node:crypto';
import { linesKey, type PlacedLine } from '../domain/order.ts';
import type { MethodBounds } from '../domain/method-rule.ts';
import { type MethodName, orderMethods } from '../domain/payment.ts';
import { type Quote, quoteLines, starsForUnit } from '../domain/pricing.ts';
import type { Product } from '../db/entities/product.ts';
import { readBasket } from '../db/repositories/basket.ts';
import { findPickupPoints, findProducts, pricedProduct, readStock } from '../db/repositories/catalogue.ts';
import { findUsableMethod } from '../db/repositories/payment-account.ts';
import { readQuoteRules } from '../db/repositories/quote.ts';
import type { LinesSource } from '../texts/callback.ts';
import type { ShownBasket, ShownLine } from '../texts/screens/basket.ts';
import { inStars } from '../texts/screens/order.ts';
import type { ShownProduct } from '../texts/screens/shop.ts';
import type { CustomerVisit, Visit } from './context.ts';

/** A method that can be used now, and for how much at once, in minor units of what it is paid in. */
export interface OfferedMethod extends MethodBounds {
  readonly method: MethodName;
  /** Wallets are topped up by it. */
  readonly deposits: boolean;
}

/** Methods, among these, that this customer may use in this shop now. */
export async function listUsableMethods(
  { em, shop, customer }: Visit & Partial<Pick<CustomerVisit, 'customer'>>,
  among: readonly MethodName[] = orderMethods,
): Promise<OfferedMethod[]> {
  const asked = { customerId: customer?.id, at: new Date() };
  const judged = await Promise.all(among.map(async (method) => ({ method, ...(await findUsableMethod(em(), shop, method, asked)) })));
  return judged.filter(({ usable }) => usable).map(({ method, deposits, bounds }) => ({ method, deposits, ...bounds }));
}

/** Products as they are shown, quoted by the piece. */
export async function showProducts(visit: CustomerVisit, products: readonly Product[]): Promise<ShownProduct[]> {
  const pointIds = [...new Set(products.flatMap((product) => product.pickupPointId ?? []))];
  const [rules, stock, points] = await Promise.all([
    readQuoteRules(visit.em(), visit.shop, visit.customer.id),
    readStock(visit.em(), products),
    findPickupPoints(visit.em(), visit.shop.id, pointIds),
  ]);
  return products.flatMap((product): ShownProduct[] => {
    const priced = pricedProduct(product);
    const [quote] = quoteLines([{ product: priced, quantity: 1 }], rules).lines;
    if (!quote) return [];
    return [
      {
        id: product.id,
        title: product.title,
        description: product.description,
        photoId: product.photoId ?? null,
        stock: stock.get(product.id) ?? 0,
        customerLimit: product.customerLimit ?? null,
        quote,
        baseStars: quote.starsPrice === null ? null : starsForUnit({ ...priced, discountPercent: 0 }, rules.starValue),
        currency: visit.shop.currency,
        point: points.find((point) => point.id === product.pickupPointId) ?? null,
        categoryId: product.categoryId ?? null,
      },
    ];
  });
}

export interface QuotedLines {
  readonly placed: readonly PlacedLine[];
  readonly shown: readonly ShownLine[];
  readonly quote: Quote;
  /** Titles of products no longer on sale. */
  readonly gone: readonly string[];
}

/** Quotes lines of this shop together; what is no longer on sale is left out and named. */
export async function quotePlaced(visit: CustomerVisit, placed: readonly PlacedLine[]): Promise<QuotedLines> {
  const products = await findProducts(
    visit.em(),
    visit.shop.id,
    placed.map((line) => line.productId),
  );
  const onSale = placed.filter((line) => products.get(line.productId)?.active);
  const gone = placed.flatMap((line) => {
    const product = products.get(line.productId);
    return product && !product.active ? [product.title] : [];
  });
  const shownProducts = await showProducts(
    visit,
    onSale.flatMap((line) => products.get(line.productId) ?? []),
  );
  const lines = onSale.flatMap((line) => {
    const product = products.get(line.productId);
    return product ? [{ product: pricedProduct(product), quantity: line.quantity }] : [];
  });
  const shown = onSale.flatMap(({ productId, quantity }): ShownLine[] => {
    const product = shownProducts.find((candidate) => candidate.id === productId);
    return product ? [{ product, quantity }] : [];
  });
  return { placed: onSale, shown, quote: quoteLines(lines, await readQuoteRules(visit.em(), visit.shop, visit.customer.id)), gone };
}

/** The methods a quote can really be paid with now. */
export function offeredMethods(
  quote: Pick<Quote, 'methods' | 'total' | 'starsTotal'>,
  usable: readonly Omit<OfferedMethod, 'deposits'>[],
): MethodName[] {
  return quote.methods.filter((method) => {
    const amount = inStars(method) ? (quote.starsTotal ?? 0) : quote.total;
    const bounds = usable.find((one) => one.method === method);
    return bounds && (amount === 0 || (amount >= bounds.minimum && amount <= bounds.maximum));
  });
}

/**
 * Puts lines together that share a method: each joins the first group it can be paid with, in the basket's order. A line nothing can pay
 * for stands alone.
 */
export function groupLines<Line extends { readonly methods: readonly MethodName[] }>(lines: readonly Line[]): Line[][] {
  const groups: { methods: readonly MethodName[]; lines: Line[] }[] = [];
  for (const line of lines) {
    const group = groups.find(({ methods }) => methods.some((method) => line.methods.includes(method)));
    if (group) {
      group.lines.push(line);
      group.methods = group.methods.filter((method) => line.methods.includes(method));
    } else groups.push({ methods: line.methods, lines: [line] });
  }
  return groups.map((group) => group.lines);
}

/** The customer's basket, quoted. */
export async function showBasket(guest: CustomerVisit): Promise<ShownBasket> {
  const quoted = await quotePlaced(guest, await readBasket(guest.em(), guest.customer.id));
  return {
    lines: quoted.shown,
    gone: quoted.gone,
    total: quoted.quote.total,
    starsTotal: quoted.quote.starsTotal,
    currency: guest.shop.currency,
    methods: quoted.quote.methods,
    groups: groupsOf(quoted.shown),
  };
}

function groupsOf(shown: readonly ShownLine[]): ShownLine[][] {
  return groupLines(shown.map((line) => ({ line, methods: line.product.quote.methods }))).map((group) => group.map(({ line }) => line));
}

/** The lines an order would be made of. */
export async function linesOf(guest: CustomerVisit, source: LinesSource): Promise<QuotedLines> {
  if (source.from === 'product') return quotePlaced(guest, [{ productId: source.productId, quantity: source.quantity }]);
  const all = await quotePlaced(guest, await readBasket(guest.em(), guest.customer.id));
  if (source.from === 'basket') return all;
  const group = groupsOf(all.shown)[source.index] ?? [];
  return quotePlaced(
    guest,
    group.map(({ product, quantity }) => ({ productId: product.id, quantity })),
  );
}

/** Six characters that change with the lines: a button places what its screen showed, or nothing. */
export function digestLines(lines: readonly PlacedLine[]): string {
  const number = createHash('sha256').update(linesKey(lines)).digest().readUIntBE(0, 6);
  return (number % 36 ** 6).toString(36).padStart(6, '0');
}
