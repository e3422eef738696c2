/** Deliveries: the goods of one order line on their way to the customer. */
export const deliveryStatuses = ['waiting', 'sending', 'sent', 'staffTask', 'handedOver', 'revoked'] as const;
/**
 * `sending`: a send was begun; found so after a crash the goods go out as a "show" button, not as the secret again.
 * `staffTask`: Telegram refused for seven days. `revoked`: the order was refunded before anything was shown.
 */
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Whether the customer has what is delivered in its present round: collected, or seen. */
export function isGiven(delivery: {
  readonly status: DeliveryStatus;
  readonly handoverCode?: string | null | undefined;
  readonly shownAt?: Date | null | undefined;
}): boolean {
  return delivery.status === 'handedOver' || (delivery.handoverCode == null && delivery.shownAt != null);
}

/** Whether something is still to be sent by the shop without staff doing anything. */
export function isUnsent(status: DeliveryStatus): boolean {
  return status === 'waiting' || status === 'sending';
}
