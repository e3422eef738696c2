/** Refunds: money going back the way it came. */
import { type ProviderName, providerTraits } from './payment.ts';

/** What the money paid: an order or a deposit, by its code. */
export type Refunded =
  | { readonly orderCode: string; readonly depositCode?: undefined }
  | { readonly depositCode: string; readonly orderCode?: undefined };

export const refundStatuses = ['requested', 'sent', 'succeeded', 'failed'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

export const refundTransitions: Readonly<Record<RefundStatus, readonly RefundStatus[]>> = {
  requested: ['sent', 'succeeded', 'failed'],
  sent: ['succeeded', 'failed'],
  /** A bank can send a refund back after it succeeded (MONEY.md section 3, "failed after success"). */
  succeeded: ['failed'],
  /**
   * Stars only: they stay owed when Telegram would not give them back (a bot's balance may be too low for a while), so they may be asked
   * for again. What another provider would not give back is the customer's wallet money already.
   */
  failed: ['requested', 'succeeded'],
};

/** Whether a failed refund is still owed, and not paid into the wallet instead. */
export function isStillOwed(refund: { readonly status: RefundStatus; readonly provider: ProviderName }): boolean {
  return refund.status === 'failed' && providerTraits[refund.provider].wholeOnly;
}

/** Our refund id: business id and number, the same however often a step is repeated. */
export function makeRefundId(orderCode: string, number: number): string {
  return `${orderCode}-r${number}`;
}

/** Of a deposit, whose money goes back once and whole. */
export function depositRefundId(depositCode: string): string {
  return makeRefundId(`deposit-${depositCode}`, 1);
}
