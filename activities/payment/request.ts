/** What a gateway needs to know of a payment: of the order or the deposit it pays. */
import { botLink } from '../../domain/link.ts';
import { networkCoinOf } from '../../domain/coin.ts';
import { Customer } from '../../db/entities/customer.ts';
import { Deposit } from '../../db/entities/deposit.ts';
import { Order, OrderLine } from '../../db/entities/order.ts';
import type { Payment } from '../../db/entities/payment.ts';
import { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { PaymentRequest } from '../../gateways/payments/provider.ts';
import { textsOf } from '../../texts/bundle.ts';

type Paid = Pick<PaymentRequest, 'noun' | 'code' | 'description' | 'lines' | 'endsAt'>;

/** The request of an attempt, read without a transaction: nothing outside is called inside one. */
export async function makePaymentRequest(em: EntityManager, payment: Payment, callbackUrl: string): Promise<PaymentRequest> {
  const [shop, customer, paid] = await Promise.all([
    em.fork().findOneOrFail(Shop, { id: payment.shopId }),
    em.fork().findOneOrFail(Customer, { id: payment.customerId }),
    payment.depositId == null ? ofOrder(em.fork(), payment) : ofDeposit(em.fork(), payment),
  ]);
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
    language: customer.language,
    // Coming back opens it in the chat, and has us ask what became of the payment.
    returnUrl: shop.botUsername ? botLink(shop.botUsername, `${paid.noun}_${paid.code}`) : 'https://t.me',
    providerObject: payment.providerObject ?? undefined,
  };
}

async function ofOrder(em: EntityManager, payment: Payment): Promise<Paid> {
  const order = await em.findOneOrFail(Order, { id: payment.orderId });
  const lines = await em.find(OrderLine, { orderId: order.id }, { orderBy: { position: 'asc' } });
  const inStars = payment.currency === 'XTR';
  return {
    noun: 'order',
    code: order.code,
    description: lines.map((line) => line.title).join(', '),
    lines: lines.map((line) => ({
      title: line.title,
      quantity: line.quantity,
      amount: { amount: inStars ? (line.starsPrice ?? 0) : line.price, currency: payment.currency },
    })),
    endsAt: order.holdEndsAt.getTime(),
  };
}

async function ofDeposit(em: EntityManager, payment: Payment): Promise<Paid> {
  const deposit = await em.findOneOrFail(Deposit, { id: payment.depositId });
  const title = textsOf(deposit.language).say('deposit-line');
  return {
    noun: 'deposit',
    code: deposit.code,
    description: title,
    lines: [{ title, quantity: 1, amount: { amount: payment.amount, currency: payment.currency } }],
    endsAt: deposit.expiresAt.getTime(),
  };
}
