/** Products: kinds and what each means for paying and handing over, in one table; options and their variants. */
import { type MethodName, paysOrders } from './payment.ts';

export const productKinds = ['digital', 'pickup', 'credits', 'access', 'course', 'donation'] as const;
export type ProductKind = (typeof productKinds)[number];
export type StockMode = 'unique' | 'counter' | 'unlimited';

export interface KindTraits {
  /**
   * What a paid line is to its customer. `secret`: content shown to them; `code`: staff confirm their handover code; `grant`: a row that says
   * what they may from now on, taken back with the money; `thanks`: nothing but a message.
   */
  readonly handover: 'secret' | 'code' | 'grant' | 'thanks';
  /** Telegram's terms for it (MONEY.md section 5): `only` unless the owner acknowledged, or `never`. */
  readonly starsRule: 'only' | 'never';
  readonly defaultMethods: readonly MethodName[];
  /** How its stock may be kept; what has no content of its own is never unique. */
  readonly stockModes: readonly StockMode[];
  /** `named`: by the customer, within the product's bounds and without discounts; its `price` is the smallest usual amount. */
  readonly price: 'fixed' | 'named';
}

const granted: KindTraits = {
  handover: 'grant',
  starsRule: 'only',
  defaultMethods: ['stars'],
  stockModes: ['unlimited', 'counter'],
  price: 'fixed',
};

/** What a kind of product means. Adding a kind is adding a line here and its goods message in texts/. */
export const kindTraits: Readonly<Record<ProductKind, KindTraits>> = {
  digital: {
    handover: 'secret',
    starsRule: 'only',
    defaultMethods: ['stars'],
    stockModes: ['unique', 'counter', 'unlimited'],
    price: 'fixed',
  },
  pickup: {
    handover: 'code',
    starsRule: 'never',
    defaultMethods: ['card', 'wallet'],
    stockModes: ['counter', 'unlimited', 'unique'],
    price: 'fixed',
  },
  credits: granted,
  access: granted,
  course: granted,
  donation: { handover: 'thanks', starsRule: 'only', defaultMethods: ['stars'], stockModes: ['unlimited'], price: 'named' },
};

/** Whether Telegram's terms let a kind be paid in Stars, and so by money that came in Stars. */
export function mayBePaidInStars(kind: ProductKind): boolean {
  return kindTraits[kind].starsRule !== 'never';
}

/** Whether the customer names the amount of it. */
export function isPriceNamed(kind: ProductKind): boolean {
  return kindTraits[kind].price === 'named';
}

/** The methods a product may really be paid with: its own list, less what Telegram's terms forbid for its kind. */
export function allowedMethods(product: { kind: ProductKind; methods: readonly MethodName[] }, digitalAcknowledged: boolean): MethodName[] {
  const { starsRule } = kindTraits[product.kind];
  return product.methods
    .filter(paysOrders)
    .filter((method) => (method === 'stars' ? mayBePaidInStars(product.kind) : starsRule !== 'only' || digitalAcknowledged));
}

/** What is chosen about a shown product, and among which values: a size, a colour. */
export interface ProductOption {
  readonly name: string;
  readonly values: readonly string[];
}

/** What the variant with these values is called on its own, in baskets and receipts. */
export function variantTitle(title: string, values: readonly string[]): string {
  return `${title}, ${values.join(', ')}`;
}

/** How a unit's content reaches the customer: as text, as a file, or as an address to open. */
export const contentKinds = ['line', 'file', 'link'] as const;
export type ContentKind = (typeof contentKinds)[number];
