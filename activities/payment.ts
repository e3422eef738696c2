/** Calls to providers about one payment: open, close, refund. One outside call each; what they learn goes through the inbox. */
import {
  GatewayError,
  type PaymentGateway,
  type PaymentRequest,
  type ProviderCredentials,
  type ProviderEvent,
} from '../gateways/payments/provider.ts';
import { Customer } from '../db/entities/customer.ts';
import { Order, OrderLine } from '../db/entities/order.ts';
import { Payment } from '../db/entities/payment.ts';
import { Shop } from '../db/entities/shop.ts';
import type { EntityManager } from '../db/orm.ts';
import { insertInboxRow } from '../db/repositories/inbox.ts';
import { loadCredentials } from '../db/repositories/provider-account.ts';
import { inOrder, record } from './order/row.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';

export interface PaymentStep {
  readonly orderCode: string;
  readonly paymentId: string;
  /** Workflow time, ms since epoch. */
  readonly at: number;
}

export function createPaymentActivities(context: ActivityContext) {
  return failing({
    /** Opens the attempt outside and keeps what the customer does now. Repeating it is safe: the provider knows our payment id. */
    async openPayment({ paymentId }: PaymentStep): Promise<void> {
      const call = await prepareCall(context, paymentId);
      if (call.payment.instructions) return;
      const { instructions, providerObject } = await call.gateway.open(call.request, call.credentials);
      await call.em.execute(
        `update payment set instructions = ?::jsonb, provider_object = ? where id = ? and status = 'pending' and instructions is null`,
        [JSON.stringify(instructions), providerObject ?? null, paymentId],
      );
    },

    /** The provider would not open it: the attempt failed, the customer chooses again. */
    async failPayment({ orderCode, paymentId, at }: PaymentStep): Promise<void> {
      await inOrder(context.db.em.fork(), orderCode, async (_, locked) => {
        const payment = locked?.payments.find((candidate) => candidate.id === paymentId);
        if (!locked || payment?.status !== 'pending' || payment.instructions) return;
        payment.status = 'failed';
        payment.closedAt = new Date(at);
        locked.order.version += 1;
        record(locked, `provider:${payment.provider}`, 'paymentNotOpened', new Date(at));
      });
    },

    /** Asks what became of an order's open attempts. What is learned becomes inbox rows, settled like any other. */
    async askPayments({ orderCode }: { readonly orderCode: string; readonly at: number }): Promise<void> {
      const em = context.db.em.fork();
      const order = await em.findOneOrFail(Order, { code: orderCode });
      const open = await em.find(Payment, { orderId: order.id, status: { $in: ['pending', 'processing'] }, provider: { $ne: 'wallet' } });
      for (const payment of open) {
        const call = await prepareCall(context, payment.id);
        const { events } = await call.gateway.find(call.request, call.credentials);
        await storeAsked(call.em, call.payment, call.gateway, events);
      }
    },

    /**
     * Makes sure the attempt can no longer be paid. "Already complete" and "on its way" become inbox rows, settled like any other.
     * @returns whether something new was learned, and whether nobody can pay it any more
     */
    async closePayment({ paymentId, at }: PaymentStep): Promise<{ learned: boolean; closed: boolean }> {
      const call = await prepareCall(context, paymentId);
      if (call.payment.closedAt) return { learned: false, closed: true };
      const { status, events } = await call.gateway.close(call.request, call.credentials);
      const learned = await storeAsked(call.em, call.payment, call.gateway, events);
      if (status === 'closed') {
        await call.em.execute('update payment set closed_at = ? where id = ? and closed_at is null', [new Date(at), paymentId]);
      }
      return { learned, closed: status === 'closed' };
    },
  });
}

/** Everything a gateway call needs, loaded without a transaction: nothing outside is called inside one. */
async function prepareCall({ db, secrets, gateways }: ActivityContext, paymentId: string) {
  const em = db.em.fork();
  const payment = await em.findOneOrFail(Payment, { id: paymentId });
  const [order, shop, lines, customer] = await Promise.all([
    em.fork().findOneOrFail(Order, { id: payment.orderId }),
    em.fork().findOneOrFail(Shop, { id: payment.shopId }),
    em.fork().find(OrderLine, { orderId: payment.orderId }, { orderBy: { position: 'asc' } }),
    em.fork().findOneOrFail(Customer, { id: payment.customerId }),
  ]);
  const gateway = gateways[payment.provider];
  const credentials = await loadCredentials(em, secrets, payment.shopId, payment.provider);
  if (!gateway || !credentials) throw new GatewayError(`${payment.provider} is off for this shop`, { retryable: false });
  const inStars = payment.currency === 'XTR';
  const request: PaymentRequest = {
    paymentId: payment.id,
    orderCode: order.code,
    shopId: shop.id,
    amount: { amount: payment.amount, currency: payment.currency },
    title: shop.title,
    description: lines.map((line) => line.title).join(', '),
    lines: lines.map((line) => ({
      title: line.title,
      quantity: line.quantity,
      amount: { amount: inStars ? (line.starsPrice ?? 0) : line.price, currency: payment.currency },
    })),
    holdEndsAt: order.holdEndsAt.getTime(),
    openedAt: payment.openedAt.getTime(),
    language: customer.language,
    // Coming back opens the order in the chat, and has us ask what became of the payment.
    returnUrl: shop.botUsername ? `https://t.me/${shop.botUsername}?start=order_${order.code}` : 'https://t.me',
    providerObject: payment.providerObject ?? undefined,
  };
  return { em, payment, order, gateway, credentials: credentials satisfies ProviderCredentials, request };
}

async function storeAsked(
  em: EntityManager,
  payment: Payment,
  gateway: PaymentGateway,
  events: readonly ProviderEvent[],
): Promise<boolean> {
  let learned = false;
  for (const event of events) {
    const { waiting } = await insertInboxRow(em, {
      shopId: payment.shopId,
      provider: gateway.provider,
      accountId: payment.accountId ?? null,
      source: 'asked',
      eventId: event.eventId,
      type: event.type,
      verdict: 'verified',
      kind: event.kind,
      objectId: event.objectId,
      paymentId: payment.id,
      amount: event.money?.amount,
      currency: event.money?.currency,
      liveMode: event.liveMode,
      providerAt: new Date(event.at),
      body: Buffer.from(JSON.stringify(event)),
    });
    // Stored by a try that died before its settle counts as learned too.
    learned ||= waiting;
  }
  return learned;
}
