/** Prices: one quote for list, card, basket, confirm and order (MONEY.md section 4). */
import { divideHalfUp, divideUp } from './money.ts';
import type { MethodName } from './payment.ts';
import { allowedMethods, isPriceNamed, mayBePaidInStars, type ProductKind } from './product.ts';

export interface PricedProduct {
  readonly id: number;
  readonly kind: ProductKind;
  readonly title: string;
  /** Base price of one unit in minor units, tax included. */
  readonly price: number;
  readonly discountPercent: number;
  /** Basis points. */
  readonly taxRate: number;
  readonly starsPrice: number | null;
  readonly methods: readonly MethodName[];
}

/** What a quote depends on besides the products. */
export interface QuoteRules {
  /** Minor units of the shop's currency a Star is worth. */
  readonly starValue: number;
  readonly digitalAcknowledged: boolean;
  /** Whole percent that the customer's tier brings. */
  readonly tierDiscount: number;
}

export interface QuotedLine {
  readonly productId: number;
  readonly quantity: number;
  readonly basePrice: number;
  /** The better of the product's discount and the tier's. */
  readonly discountPercent: number;
  /** Final price of one unit. */
  readonly price: number;
  /** Final price of one unit in Stars; null when the line does not allow Stars. */
  readonly starsPrice: number | null;
  readonly taxRate: number;
  /** Tax included in price x quantity. */
  readonly tax: number;
  readonly methods: readonly MethodName[];
}

export interface Quote {
  readonly lines: readonly QuotedLine[];
  readonly total: number;
  readonly starsTotal: number | null;
  readonly tax: number;
  /** Methods all lines allow. */
  readonly methods: readonly MethodName[];
  /** Every line is of a kind that Stars buy: the wallet may spend what came in Stars. */
  readonly forStars: boolean;
}

/** `price` less `percent`, half up, never below 0. */
export function discountedPrice(price: number, percent: number): number {
  return divideHalfUp(BigInt(price) * BigInt(100 - percent), 100n);
}

/** The tax contained in an amount at a rate in basis points, half up. */
export function includedTax(amount: number, taxRate: number): number {
  return divideHalfUp(BigInt(amount) * BigInt(taxRate), BigInt(10_000 + taxRate));
}

/** The Stars that pay an amount of the shop's currency, rounded up. Both in minor units; `starValue` is what one Star is worth. */
export function starsForAmount(amount: number, starValue: number): number {
  return divideUp(BigInt(amount), BigInt(starValue));
}

/** What amounts of the shop's currency are within bounds given in Stars. */
export function boundsForStars(bounds: { readonly minimum: number; readonly maximum: number }, starValue: number) {
  const inMoney = (stars: number) => Math.min(Number.MAX_SAFE_INTEGER, stars * starValue);
  return { minimum: bounds.minimum <= 1 ? 1 : inMoney(bounds.minimum - 1) + 1, maximum: inMoney(bounds.maximum) };
}

/**
 * Stars for one unit: the product's own Stars price less the percent (half up, at least 1 unless free), or the discounted price divided
 * by `starValue` (minor units of the shop's currency per Star) rounded up.
 */
export function starsForUnit(product: PricedProduct, starValue: number): number {
  if (product.starsPrice === null) return starsForAmount(discountedPrice(product.price, product.discountPercent), starValue);
  const stars = discountedPrice(product.starsPrice, product.discountPercent);
  const free = product.starsPrice === 0 || product.discountPercent === 100;
  return free ? stars : Math.max(1, stars);
}

/**
 * Quotes a basket. Totals are independent of the order of lines. `amount`: what the customer names for one unit, where they name it; no
 * discount applies to that. @throws RangeError when a total leaves the safe integers.
 */
export function quoteLines(
  lines: readonly { readonly product: PricedProduct; readonly quantity: number; readonly amount?: number | undefined }[],
  { starValue, digitalAcknowledged, tierDiscount }: QuoteRules,
): Quote {
  const quoted = lines.map(({ product: listed, quantity, amount }): QuotedLine => {
    const isNamed = isPriceNamed(listed.kind);
    const product = isNamed && amount !== undefined ? { ...listed, price: amount, starsPrice: null } : listed;
    // Discounts do not add up: two of them could give away what neither meant to.
    const discountPercent = isNamed ? 0 : Math.max(product.discountPercent, tierDiscount);
    const price = discountedPrice(product.price, discountPercent);
    const methods = allowedMethods(product, digitalAcknowledged);
    return {
      productId: product.id,
      quantity,
      basePrice: product.price,
      discountPercent,
      price,
      starsPrice: methods.includes('stars') ? starsForUnit({ ...product, discountPercent }, starValue) : null,
      taxRate: product.taxRate,
      tax: includedTax(safeProduct(price, quantity), product.taxRate),
      methods,
    };
  });
  const sum = (of: (line: QuotedLine) => number) => quoted.reduce((total, line) => safeSum(total, of(line)), 0);
  const [first, ...rest] = quoted;
  const methods = first ? first.methods.filter((method) => rest.every((line) => line.methods.includes(method))) : [];
  return {
    lines: quoted,
    total: sum((line) => safeProduct(line.price, line.quantity)),
    starsTotal: methods.includes('stars') ? sum((line) => safeProduct(line.starsPrice ?? 0, line.quantity)) : null,
    tax: sum((line) => line.tax),
    methods,
    forStars: lines.every(({ product }) => mayBePaidInStars(product.kind)),
  };
}

function safeProduct(a: number, b: number): number {
  const product = a * b;
  if (!Number.isSafeInteger(product)) throw new RangeError('The total is too large');
  return product;
}

function safeSum(a: number, b: number): number {
  const sum = a + b;
  if (!Number.isSafeInteger(sum)) throw new RangeError('The total is too large');
  return sum;
}
