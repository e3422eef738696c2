/** Refunds: money going back the way it came. */
export const refundStatuses = ['requested', 'sent', 'succeeded', 'failed'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

export const refundTransitions: Readonly<Record<RefundStatus, readonly RefundStatus[]>> = {
  requested: ['sent', 'succeeded', 'failed'],
  sent: ['succeeded', 'failed'],
  /** A bank can send a refund back after it succeeded (MONEY.md section 3, "failed after success"). */
  succeeded: ['failed'],
  failed: [],
};

/** Our refund id: business id and number, the same however often a step is repeated. */
export function makeRefundId(orderCode: string, number: number): string {
  return `${orderCode}-r${number}`;
}
