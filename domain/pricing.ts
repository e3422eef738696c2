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
  readonly categoryId?: number | null | undefined;
  /** The product whose options lead to it. */
  readonly variantOf?: number | null | undefined;
}

/** What a promo code takes off. */
export interface PricedCode {
  readonly kind: 'percent' | 'fixed';
  /** Whole percent of each unit's price, or minor units of the shop's currency off all lines together. */
  readonly value: number;
  /** Only lines of this product, or of products of this category; null: of any. */
  readonly productId: number | null;
  readonly categoryId: number | null;
}

/** What a quote depends on besides the products. */
export interface QuoteRules {
  /** Minor units of the shop's currency a Star is worth. */
  readonly starValue: number;
  readonly digitalAcknowledged: boolean;
  /** Whole percent that the customer's tier brings. */
  readonly tierDiscount: number;
  /** A promo code that applies, as `judgeCode` found. */
  readonly code?: PricedCode | undefined;
}

export interface QuotedLine {
  readonly productId: number;
  readonly quantity: number;
  readonly basePrice: number;
  /** The better of the product's discount and the tier's. */
  readonly discountPercent: number;
  /** Price of one unit, before a code. */
  readonly price: number;
  /** Price of one unit in Stars, before a code; null when the line does not allow Stars. */
  readonly starsPrice: number | null;
  /** What a promo code takes off the whole line, in minor units and in Stars. */
  readonly codeDiscount: number;
  readonly codeStars: number;
  readonly taxRate: number;
  /** Tax included in price x quantity - codeDiscount. */
  readonly tax: number;
  readonly methods: readonly MethodName[];
}

export interface Quote {
  readonly lines: readonly QuotedLine[];
  readonly total: number;
  readonly starsTotal: number | null;
  readonly tax: number;
  /** What a promo code saves in all, in minor units and in Stars; the totals are less by it. */
  readonly codeDiscount: number;
  readonly codeStars: number;
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
 * discount and no code applies to that. @throws RangeError when a total leaves the safe integers.
 */
export function quoteLines(lines: readonly WantedLine[], { starValue, digitalAcknowledged, tierDiscount, code }: QuoteRules): Quote {
  const priced = lines.map(({ product: listed, quantity, amount: named }): PricedLine => {
    const isNamed = isPriceNamed(listed.kind);
    const product = isNamed && named !== undefined ? { ...listed, price: named, starsPrice: null } : listed;
    // Discounts do not add up: two of them could give away what neither meant to.
    const discountPercent = isNamed ? 0 : Math.max(product.discountPercent, tierDiscount);
    const methods = allowedMethods(product, digitalAcknowledged);
    const price = discountedPrice(product.price, discountPercent);
    const starsPrice = methods.includes('stars') ? starsForUnit({ ...product, discountPercent }, starValue) : null;
    return { product, quantity, discountPercent, methods, price, starsPrice, amount: safeProduct(price, quantity) };
  });
  const codeDiscounts = code ? takeCode(code, priced) : priced.map(() => 0);
  const quoted = priced.map((line, index): QuotedLine => {
    const { product, quantity, discountPercent, methods, price, starsPrice, amount } = line;
    const codeDiscount = codeDiscounts[index] ?? 0;
    return {
      productId: product.id,
      quantity,
      basePrice: product.price,
      discountPercent,
      price,
      starsPrice,
      codeDiscount,
      codeStars: code && isCovered(code, product) ? takeCodeStars(code, line, codeDiscount, starValue) : 0,
      taxRate: product.taxRate,
      tax: includedTax(amount - codeDiscount, product.taxRate),
      methods,
    };
  });
  const sum = (of: (line: QuotedLine) => number) => quoted.reduce((total, line) => safeSum(total, of(line)), 0);
  const [first, ...rest] = quoted;
  const methods = first ? first.methods.filter((method) => rest.every((line) => line.methods.includes(method))) : [];
  return {
    lines: quoted,
    total: sum((line) => line.price * line.quantity - line.codeDiscount),
    starsTotal: methods.includes('stars') ? sum((line) => safeProduct(line.starsPrice ?? 0, line.quantity) - line.codeStars) : null,
    tax: sum((line) => line.tax),
    codeDiscount: sum((line) => line.codeDiscount),
    codeStars: methods.includes('stars') ? sum((line) => line.codeStars) : 0,
    methods,
    forStars: lines.every(({ product }) => mayBePaidInStars(product.kind)),
  };
}

export interface WantedLine {
  readonly product: PricedProduct;
  readonly quantity: number;
  /** What the customer names for one unit, minor units. */
  readonly amount?: number | undefined;
}

/** A line before its code. `amount`: minor units of all its pieces. */
interface PricedLine extends Omit<WantedLine, 'amount'> {
  readonly discountPercent: number;
  readonly methods: readonly MethodName[];
  readonly price: number;
  readonly starsPrice: number | null;
  readonly amount: number;
}

/** Whether a code takes anything off this product: itself or a variant of what it is for, and nothing whose price the customer names. */
export function isCovered(
  code: Pick<PricedCode, 'productId' | 'categoryId'>,
  { id, kind, categoryId, variantOf }: Pick<PricedProduct, 'id' | 'kind' | 'categoryId' | 'variantOf'>,
): boolean {
  if (isPriceNamed(kind)) return false;
  if (code.productId !== null && code.productId !== id && code.productId !== variantOf) return false;
  return code.categoryId === null || code.categoryId === categoryId;
}

/** What a code takes off each line: a percent of every unit's price, half up, or its share of a fixed amount. */
function takeCode(code: PricedCode, lines: readonly PricedLine[]): number[] {
  const covered = lines.map((line) => isCovered(code, line.product));
  if (code.kind === 'percent') {
    return lines.map(({ price, quantity }, index) => (covered[index] ? (price - discountedPrice(price, code.value)) * quantity : 0));
  }
  return splitByLargestRemainder(
    code.value,
    lines.map(({ product, amount }, index) => ({ id: product.id, part: covered[index] ? amount : 0 })),
  );
}

/**
 * Splits `amount`, at most all of `parts` together, in proportion to them and exactly: what rounding down leaves goes to the largest
 * remainders, the smaller id first, so that the order of parts changes nothing. No share is above its part.
 */
export function splitByLargestRemainder(amount: number, parts: readonly { readonly id: number; readonly part: number }[]): number[] {
  const whole = parts.reduce((sum, { part }) => sum + BigInt(part), 0n);
  if (whole === 0n) return parts.map(() => 0);
  const taken = BigInt(amount) < whole ? BigInt(amount) : whole;
  const shares = parts.map(({ part }) => Number((taken * BigInt(part)) / whole));
  const left = Number(taken) - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = parts
    .map(({ id, part }, index) => ({ id, index, remainder: (taken * BigInt(part)) % whole }))
    .sort((a, b) => (a.remainder === b.remainder ? a.id - b.id : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

/** The same in Stars, off the whole line: its price in Stars follows its price in money, or comes down in the same proportion. */
function takeCodeStars(code: PricedCode, line: PricedLine, codeDiscount: number, starValue: number): number {
  const { product, quantity, price, starsPrice, amount } = line;
  if (starsPrice === null) return 0;
  const before = safeProduct(starsPrice, quantity);
  if (code.kind === 'percent') {
    const after =
      product.starsPrice === null
        ? starsForAmount(discountedPrice(price, code.value), starValue)
        : atLeastOne(discountedPrice(starsPrice, code.value), starsPrice === 0 || code.value === 100);
    return before - after * quantity;
  }
  const left = amount - codeDiscount;
  if (product.starsPrice === null) return Math.max(0, before - starsForAmount(left, starValue));
  if (codeDiscount === 0) return 0;
  return before - atLeastOne(divideHalfUp(BigInt(before) * BigInt(left), BigInt(amount)), before === 0 || left === 0);
}

const atLeastOne = (stars: number, free: boolean) => (free ? stars : Math.max(1, stars));

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
