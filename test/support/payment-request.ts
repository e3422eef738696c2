/** A payment to try gateways with. */
import type { PaymentRequest } from '../../gateways/payments/provider.ts';

let made = 0;

/** A card payment of 49.90 PLN in two lines, its hold ending in 15 minutes; each has an id of its own. */
export function makePaymentRequest(more: Partial<PaymentRequest> = {}): PaymentRequest {
  made += 1;
  const openedAt = more.openedAt ?? Date.now();
  const currency = more.amount?.currency ?? 'PLN';
  return {
    paymentId: `payment-${process.pid}-${Date.now()}-${made}`,
    noun: 'order',
    code: 'K7Q4-MX2P',
    method: 'card',
    shopId: 7,
    amount: { amount: 4990, currency },
    price: more.price ?? more.amount ?? { amount: 4990, currency },
    callbackUrl: 'https://shop.example.org/webhooks/provider/abc',
    title: 'Order K7Q4-MX2P',
    description: 'Two things',
    lines: [
      { title: 'Coffee', quantity: 2, amount: { amount: 1495, currency } },
      { title: 'Map <of> "Łódź"', quantity: 1, amount: { amount: 2000, currency } },
    ],
    openedAt,
    endsAt: openedAt + 15 * 60_000,
    language: 'en',
    returnUrl: 'https://t.me/demo_tillflow_bot',
    ...more,
  };
}
