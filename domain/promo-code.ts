/** Promo codes: what one takes off, for whom and when it applies, and what becomes of a use. Pure. */
import type { OrderStatus } from './order.ts';
import { isCovered, type PricedCode, type PricedProduct, type Quote, quoteLines, type QuoteRules } from './pricing.ts';

export const promoCodeKinds = ['percent', 'fixed'] as const;
export type PromoCodeKind = (typeof promoCodeKinds)[number];

/** Why a code does not apply; each has a sentence in texts/. */
export const codeRefusals = [
  'CodeStopped',
  'CodeNotYet',
  'CodeEnded',
  'CodeUsedUp',
  'CodeNotForYou',
  'CodeFirstOrder',
  'CodeUsedByYou',
  'CodeNotForThese',
  'CodeMinimum',
] as const;
export type CodeRefusal = (typeof codeRefusals)[number];

/** A code as it stands for one customer. Amounts in minor units of the shop's currency, times in ms since epoch. */
export interface StandingCode extends PricedCode {
  readonly id: number;
  /** As it is written: capital letters, digits, `_` and `-`. */
  readonly code: string;
  readonly stoppedAt: number | null;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  /** Uses left in all; null: any number. */
  readonly remaining: number | null;
  readonly customerLimit: number | null;
  readonly firstOrderOnly: boolean;
  /** What the order must come to before the code. */
  readonly minimumTotal: number;
  /** Everybody's, or this customer is one of those it is for. */
  readonly allowed: boolean;
  /** Uses the customer has had, those of open orders included. */
  readonly usedByCustomer: number;
  /** The customer has, or had, an order that was paid or may be. */
  readonly hasOrdered: boolean;
}

/** Codes are read without regard to case. @returns undefined for what cannot be one */
export function parsePromoCode(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  return /^[A-Z0-9][A-Z0-9_-]{2,31}$/.test(code) ? code : undefined;
}

/** Why this customer cannot use the code now, whatever they buy; null when they can. `at`: ms since epoch. */
export function judgeCustomer(code: StandingCode, at: number): CodeRefusal | null {
  if (code.stoppedAt !== null) return 'CodeStopped';
  if (code.startsAt !== null && at < code.startsAt) return 'CodeNotYet';
  if (code.endsAt !== null && at >= code.endsAt) return 'CodeEnded';
  if (!code.allowed) return 'CodeNotForYou';
  if (code.firstOrderOnly && code.hasOrdered) return 'CodeFirstOrder';
  if (code.customerLimit !== null && code.usedByCustomer >= code.customerLimit) return 'CodeUsedByYou';
  if (code.remaining !== null && code.remaining <= 0) return 'CodeUsedUp';
  return null;
}

/** Why it does not apply to what is bought; null when it does. `total`: before the code. */
export function judgeCode(
  code: StandingCode,
  bought: { readonly products: readonly PricedProduct[]; readonly total: number },
  at: number,
): CodeRefusal | null {
  const refusal = judgeCustomer(code, at);
  if (refusal) return refusal;
  if (!bought.products.some((product) => isCovered(code, product))) return 'CodeNotForThese';
  return bought.total < code.minimumTotal ? 'CodeMinimum' : null;
}

/** Quotes lines with a code where it applies, without it where it does not, and says why. `at`: ms since epoch. */
export function quoteWithCode(
  lines: Parameters<typeof quoteLines>[0],
  rules: QuoteRules,
  code: StandingCode | null,
  at: number,
): { readonly quote: Quote; readonly refusal: CodeRefusal | null } {
  const plain = quoteLines(lines, rules);
  if (code === null) return { quote: plain, refusal: null };
  const refusal = judgeCode(code, { products: lines.map(({ product }) => product), total: plain.total }, at);
  return refusal ? { quote: plain, refusal } : { quote: quoteLines(lines, { ...rules, code }), refusal };
}

export const promoUseStatuses = ['reserved', 'used', 'released', 'revoked'] as const;
/**
 * `reserved` by an unpaid order, `used` by a paid one. `released`: its order ended unpaid, or the shop could not fulfil it; it may be used
 * again. `revoked`: its order was refunded; it was had, so it counts on.
 */
export type PromoUseStatus = (typeof promoUseStatuses)[number];

/** What becomes of a use with its order, and from what; undefined while nothing does. */
export function useAfter(order: OrderStatus): { readonly status: PromoUseStatus; readonly from: readonly PromoUseStatus[] } | undefined {
  switch (order) {
    case 'awaitingPayment':
    case 'awaitingSettlement':
      return undefined;
    case 'paid':
    case 'delivered':
      return { status: 'used', from: ['reserved'] };
    case 'expired':
    case 'cancelled':
    case 'unfulfillable':
      return { status: 'released', from: ['reserved', 'used'] };
    case 'refunded':
      return { status: 'revoked', from: ['used'] };
  }
}
