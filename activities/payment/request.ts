/** What a gateway needs to know of a payment: of the order or the deposit it pays. */
import { networkCoinOf } from '../../domain/coin.ts';
import { botLink } from '../../domain/link.ts';
import type { PaymentCall } from '../../db/repositories/payment-call.ts';
import type { PaymentRequest } from '../../gateways/payments/provider.ts';
import { textsOf } from '../../texts/bundle.ts';

type Paid = Pick<PaymentRequest, 'noun' | 'code' | 'description' | 'lines' | 'endsAt'>;

/** The request of an attempt; `callbackUrl` is where its provider tells us what happened. */
export function makePaymentRequest(call: PaymentCall, callbackUrl: string): PaymentRequest {
  const { payment, shop, language } = call;
  const paid = describePaid(call);
  return {
    ...paid,
    paymentId: payment.id,
    method: payment.method,
    shopId: shop.id,
    amount: { amount: payment.amount, currency: payment.currency },
    price: { amount: payment.priceAmount ?? payment.amount, currency: payment.priceCurrency ?? payment.currency },
    coin: networkCoinOf(payment.coin, payment.network),
    callbackUrl,
    title: shop.title,
    openedAt: payment.openedAt.getTime(),
    language,
    // Coming back opens it in the chat, and has us ask what became of the payment.
    returnUrl: shop.botUsername ? botLink(shop.botUsername, `${paid.noun}_${paid.code}`) : 'https://t.me',
    providerObject: payment.providerObject ?? undefined,
  };
}

function describePaid({ payment, order, deposit }: PaymentCall): Paid {
  const { amount, currency } = payment;
  if (order) {
    const { code, lines, holdEndsAt } = order;
    return {
      noun: 'order',
      code,
      description: lines.map((line) => line.title).join(', '),
      lines: lines.map(({ title, quantity, price, starsPrice }) => ({
        title,
        quantity,
        amount: { amount: currency === 'XTR' ? (starsPrice ?? 0) : price, currency },
      })),
      endsAt: holdEndsAt.getTime(),
    };
  }
  if (!deposit) throw new Error(`The payment ${payment.id} pays nothing`);
  const title = textsOf(deposit.language).say('deposit-line');
  return {
    noun: 'deposit',
    code: deposit.code,
    description: title,
    lines: [{ title, quantity: 1, amount: { amount, currency } }],
    endsAt: deposit.expiresAt.getTime(),
  };
}
