/** Products: kinds and what each means for paying and handing over, in one table. */
import { type MethodName, paysOrders } from './payment.ts';

export const productKinds = ['digital', 'pickup'] as const;
export type ProductKind = (typeof productKinds)[number];
export type StockMode = 'unique' | 'counter' | 'unlimited';

/**
 * What a kind of product means. Adding a kind is adding a line here and its goods message in texts/.
 * `handover: code` means staff confirm the customer's handover code; `secret` means content is shown to the customer once paid.
 * `starsRule`: Telegram's terms for it (MONEY.md section 5): `only` unless the owner acknowledged, or `never`.
 */
export const kindTraits: Readonly<
  Record<ProductKind, { handover: 'secret' | 'code'; starsRule: 'only' | 'never'; defaultMethods: readonly MethodName[] }>
> = {
  digital: { handover: 'secret', starsRule: 'only', defaultMethods: ['stars'] },
  pickup: { handover: 'code', starsRule: 'never', defaultMethods: ['card', 'wallet'] },
};

/** Whether Telegram's terms let a kind be paid in Stars, and so by money that came in Stars. */
export function mayBePaidInStars(kind: ProductKind): boolean {
  return kindTraits[kind].starsRule !== 'never';
}

/** The methods a product may really be paid with: its own list, less what Telegram's terms forbid for its kind. */
export function allowedMethods(product: { kind: ProductKind; methods: readonly MethodName[] }, digitalAcknowledged: boolean): MethodName[] {
  const { starsRule } = kindTraits[product.kind];
  return product.methods
    .filter(paysOrders)
    .filter((method) => (method === 'stars' ? mayBePaidInStars(product.kind) : starsRule !== 'only' || digitalAcknowledged));
}
