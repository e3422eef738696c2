/** What lines cost a customer now: the same for every screen, for the Mini App and for the order's first step. */
import { groupLines } from '../../domain/line-group.ts';
import { usualAmounts } from '../../domain/donation.ts';
import type { PlacedLine } from '../../domain/order.ts';
import { type Quote, type QuotedLine, quoteLines, type QuoteRules, starsForUnit, type WantedLine } from '../../domain/pricing.ts';
import { type CodeRefusal, quoteWithCode, type StandingCode } from '../../domain/promo-code.ts';
import type { SettingKey } from '../../domain/setting.ts';
import { tierDiscountKeys, tierOf } from '../../domain/tier.ts';
import type { PickupPoint } from '../entities/pickup-point.ts';
import type { Product } from '../entities/product.ts';
import type { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { readBasket } from './basket.ts';
import type { ProductOption } from '../../domain/product.ts';
import { findPickupPoints, findProducts, listVariants, pricedProduct, readStock } from './catalogue.ts';
import type { Buyer } from './offered-method.ts';
import { findAppliedCode } from './promo-code.ts';
import { readSetting, settingOf } from './setting.ts';

const ruleKeys: readonly SettingKey[] = ['starValue', ...Object.values(tierDiscountKeys)];

/** What prices depend on besides the products: the shop's settings, the customer's tier. */
export async function readQuoteRules(em: EntityManager, shop: Shop, customerId: number): Promise<QuoteRules> {
  const [row] = await run<{ own: Partial<Record<SettingKey, number>> | null; earnings: string | null }>(
    em,
    `select (select jsonb_object_agg(key, value) from setting where shop_id = $1 and key = any($2::text[])) as own,
            (select earnings from referrer where customer_id = $3) as earnings`,
    [shop.id, ruleKeys, customerId],
  );
  const own = row?.own ?? {};
  return {
    starValue: settingOf(own, 'starValue'),
    digitalAcknowledged: shop.digitalAcknowledgedAt != null,
    tierDiscount: settingOf(own, tierDiscountKeys[tierOf(Number(row?.earnings ?? 0), shop.currency)]),
  };
}

/** The discount that earnings in minor units bring in this shop, whole percent. */
export function readTierDiscount(em: EntityManager, { id, currency }: Pick<Shop, 'id' | 'currency'>, earnings: number): Promise<number> {
  return readSetting(em, id, tierDiscountKeys[tierOf(earnings, currency)]);
}

/** A product as it is shown: one piece, quoted now. */
export interface QuotedProduct extends Pick<Product, 'id' | 'kind' | 'title' | 'description'> {
  readonly photoId: number | null;
  /** Free units; `Infinity` when it never runs out. */
  readonly stock: number;
  readonly customerLimit: number | null;
  readonly quote: QuotedLine;
  /** What it would cost in Stars without discount; null when it cannot be paid so. */
  readonly baseStars: number | null;
  readonly currency: string;
  readonly point: PickupPoint | null;
  readonly categoryId: number | null;
  /** Of what is shown for its variants; empty else. Its quote is the cheapest one's that is there, its stock all of theirs. */
  readonly options: readonly ProductOption[];
  /** What is sold for it, each without variants of its own. */
  readonly variants: readonly QuotedProduct[];
  /** Which of the options a variant is; empty else. */
  readonly optionValues: readonly string[];
  /** The customer names the amount, minor units. */
  readonly donation: { readonly minimum: number; readonly maximum: number; readonly usual: readonly number[] } | null;
}

/** Products of the shop, each quoted by the piece. */
export async function quoteProducts(
  em: EntityManager,
  buyer: Buyer,
  products: readonly Product[],
  known?: QuoteRules,
): Promise<QuotedProduct[]> {
  const { shop, customerId } = buyer;
  const variantsOf = await listVariants(em, shop.id, products);
  const all = [...products, ...[...variantsOf.values()].flat()];
  const pointIds = [...new Set(all.flatMap((product) => product.pickupPointId ?? []))];
  const [rules, stock, points] = await Promise.all([
    known ?? readQuoteRules(em.fork(), shop, customerId),
    readStock(em.fork(), all),
    findPickupPoints(em.fork(), shop.id, pointIds),
  ]);
  const quoteOne = (product: Product): QuotedProduct[] => {
    const priced = pricedProduct(product);
    const [quote] = quoteLines([{ product: priced, quantity: 1 }], rules).lines;
    if (!quote) return [];
    const { id, kind, title, description } = product;
    return [
      {
        id,
        kind,
        title,
        description,
        photoId: product.photoId ?? null,
        stock: stock.get(id) ?? 0,
        customerLimit: product.customerLimit ?? null,
        quote,
        baseStars: quote.starsPrice === null ? null : starsForUnit({ ...priced, discountPercent: 0 }, rules.starValue),
        currency: shop.currency,
        point: points.find((point) => point.id === product.pickupPointId) ?? null,
        categoryId: product.categoryId ?? null,
        options: product.options ?? [],
        variants: [],
        optionValues: product.optionValues ?? [],
        donation:
          product.donationMinimum == null || product.donationMaximum == null
            ? null
            : { minimum: product.donationMinimum, maximum: product.donationMaximum, usual: usualAmounts(product) },
      },
    ];
  };
  return products.flatMap((product) => quoteOne(product).map((own) => withVariants(own, (variantsOf.get(own.id) ?? []).flatMap(quoteOne))));
}

function withVariants(shown: QuotedProduct, variants: readonly QuotedProduct[]): QuotedProduct {
  if (shown.options.length === 0) return shown;
  const there = variants.filter(({ stock }) => stock >= 1);
  const [cheapest = shown] = (there.length > 0 ? there : variants).toSorted((one, other) => one.quote.price - other.quote.price);
  const stock = there.reduce((sum, one) => sum + one.stock, 0);
  return { ...shown, variants, stock, quote: { ...cheapest.quote, productId: shown.id }, baseStars: cheapest.baseStars };
}

/** The promo code a customer has entered, and why it does not apply to what is quoted; null when it does. */
export interface QuotedCode {
  readonly id: number;
  readonly code: string;
  readonly refusal: CodeRefusal | null;
  /** What the order must come to before it, and what it saves, in minor units and in Stars. */
  readonly minimumTotal: number;
  readonly saved: number;
  readonly savedStars: number;
}

/** With a code, where it applies. `at` by the caller's clock. */
function quoteTogether(
  lines: readonly WantedLine[],
  rules: QuoteRules,
  entered: StandingCode | null,
  at: Date,
): Pick<QuotedLines, 'quote' | 'code'> {
  const { quote, refusal } = quoteWithCode(lines, rules, entered, at.getTime());
  if (entered === null) return { quote, code: null };
  const { id, code, minimumTotal } = entered;
  return { quote, code: { id, code, refusal, minimumTotal, saved: quote.codeDiscount, savedStars: quote.codeStars } };
}

/** The code an order is placed with: what was shown without it is placed without it. `shownTotal`: what the customer saw, if it is known. */
export function codeToPlace({ quote, code }: Pick<QuotedLines, 'quote' | 'code'>, shownTotal: number | undefined): number | undefined {
  if (code === null) return undefined;
  // It applied when the customer saw the price, and does not any more: the order's first step says why.
  return code.refusal === null || (shownTotal !== undefined && shownTotal !== quote.total) ? code.id : undefined;
}

/** Lines quoted together: what an order of them would cost. */
export interface QuotedLines {
  /** Those on sale. */
  readonly placed: readonly PlacedLine[];
  readonly shown: readonly { readonly product: QuotedProduct; readonly quantity: number }[];
  readonly quote: Quote;
  /** The promo code the customer has entered; the quote is less by it where it applies. */
  readonly code: QuotedCode | null;
  /** Titles of products no longer on sale. */
  readonly gone: readonly string[];
}

/**
 * Quotes lines of this shop together; what is no longer on sale is left out and named. `entered`: with this code instead of the one the customer
 * has entered.
 * @throws RangeError when the total is no safe amount
 */
export async function quotePlacedLines(
  em: EntityManager,
  buyer: Buyer,
  lines: readonly PlacedLine[],
  entered?: StandingCode,
): Promise<QuotedLines> {
  const found = await findProducts(
    em,
    buyer.shop.id,
    lines.map((line) => line.productId),
  );
  const shownFor = await findProducts(
    em,
    buyer.shop.id,
    [...found.values()].flatMap(({ variantOf }) => variantOf ?? []),
  );
  // What has options is sold by its variants, and those while it is on sale itself.
  const isOnSale = ({ active, options, variantOf }: Product) =>
    active && options == null && (variantOf == null || shownFor.get(variantOf)?.active === true);
  const onSale = lines.flatMap((line) => {
    const product = found.get(line.productId);
    return product && isOnSale(product) ? [{ line, product }] : [];
  });
  const rules = await readQuoteRules(em, buyer.shop, buyer.customerId);
  const shown = await quoteProducts(
    em,
    buyer,
    onSale.map(({ product }) => product),
    rules,
  );
  const priced = onSale.map(({ line: { quantity, amount }, product }) => ({
    product: pricedProduct(product, shownFor.get(product.variantOf ?? 0)),
    quantity,
    amount,
  }));
  const code = entered ?? (await findAppliedCode(em, buyer.shop.id, buyer.customerId)) ?? null;
  const together = quoteTogether(priced, rules, code, new Date());
  return {
    placed: onSale.map(({ line }) => line),
    shown: onSale.flatMap(({ line, product: { id } }, index) => {
      const product = shown.find((candidate) => candidate.id === id);
      const named = line.amount === undefined ? undefined : together.quote.lines[index];
      return product
        ? [{ product: named ? { ...product, quote: named, baseStars: named.starsPrice } : product, quantity: line.quantity }]
        : [];
    }),
    ...together,
    gone: lines.flatMap((line) => {
      const product = found.get(line.productId);
      return product && !isOnSale(product) ? [product.title] : [];
    }),
  };
}

/** A customer's basket, quoted, with the orders it would be: one, or one a group when no method pays for all of it. */
export async function quoteBasket(
  em: EntityManager,
  buyer: Buyer,
): Promise<QuotedLines & { readonly groups: readonly (readonly QuotedLines['shown'][number][])[] }> {
  const quoted = await quotePlacedLines(em, buyer, await readBasket(em, buyer.customerId));
  const groups = groupLines(quoted.shown.map((line) => ({ line, methods: line.product.quote.methods })));
  return { ...quoted, groups: groups.map((group) => group.map(({ line }) => line)) };
}
