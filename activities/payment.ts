/** Calls to providers about one payment: open, close, refund. One outside call each; what they learn goes through the inbox. */
import { rateOf } from '../domain/coin.ts';
import { currencyDecimals } from '../domain/money.ts';
import type { Instructions } from '../domain/payment.ts';
import { Deposit } from '../db/entities/deposit.ts';
import { Order } from '../db/entities/order.ts';
import { Payment } from '../db/entities/payment.ts';
import { keepInstructions, type OpenedPayment } from '../db/repositories/payment-call.ts';
import { noteOpened, noteOpenFailed } from '../db/repositories/method-rule.ts';
import { inOrder, record } from './order/row.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { prepareCall, storeAsked } from './payment/call.ts';
import { freezeLeastUnits, freezePrice } from './payment/price.ts';

export interface PaymentStep {
  /** What it pays, for whoever reads the history. */
  readonly orderCode?: string;
  readonly depositCode?: string;
  readonly paymentId: string;
  /** Workflow time, ms since epoch. */
  readonly at: number;
}

export function createPaymentActivities(context: ActivityContext) {
  return failing({
    /** Opens the attempt outside and keeps what the customer does now. Repeating it is safe: the provider knows our payment id. */
    async openPayment({ paymentId, at }: PaymentStep): Promise<void> {
      const time = new Date(at);
      let call = await prepareCall(context, paymentId);
      if (await freezePrice(call.em, call.payment, time)) call = await prepareCall(context, paymentId);
      if (call.payment.instructions) return;
      const { em, payment } = call;
      const { instructions, providerObject = null } = await call.gateway.open(call.request, call.credentials);
      const units = quotedUnits(payment, instructions, time);
      const unitsLeast = await freezeLeastUnits(em, payment, instructions, time);
      const { troubled } = await keepInstructions(em, { paymentId, instructions, providerObject, ...units, unitsLeast });
      if (troubled) await em.transactional((tx) => noteOpened(tx, { ...payment, at: time }));
    },

    /** The provider would not open it: the attempt failed, the customer chooses again. */
    async failPayment({ orderCode, paymentId, at }: PaymentStep & { readonly orderCode: string }): Promise<void> {
      await inOrder(context.db.em.fork(), orderCode, async (em, locked) => {
        const payment = locked?.payments.find((candidate) => candidate.id === paymentId);
        if (!locked || payment?.status !== 'pending' || payment.instructions) return;
        payment.status = 'failed';
        payment.closedAt = new Date(at);
        locked.order.version += 1;
        record(locked, `provider:${payment.provider}`, 'paymentNotOpened', new Date(at));
        await noteOpenFailed(em, { ...payment, at: new Date(at) });
      });
    },

    /** Asks what became of the open attempts of an order or a deposit. What is learned becomes inbox rows, settled like any other. */
    async askPayments({ orderCode, depositCode }: Pick<PaymentStep, 'orderCode' | 'depositCode' | 'at'>): Promise<void> {
      const em = context.db.em.fork();
      const of =
        depositCode === undefined
          ? { orderId: (await em.findOneOrFail(Order, { code: orderCode as string })).id }
          : { depositId: (await em.findOneOrFail(Deposit, { code: depositCode })).id };
      const open = await em.find(Payment, { ...of, status: { $in: ['pending', 'processing'] }, provider: { $ne: 'wallet' } });
      // A chain is watched, not asked.
      for (const payment of open.filter(({ provider }) => context.gateways[provider])) {
        const call = await prepareCall(context, payment.id);
        const { events } = await call.gateway.find(call.request, call.credentials);
        await storeAsked(call.em, call.payment, events);
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
      const learned = (await storeAsked(call.em, call.payment, events)).length > 0;
      if (status === 'closed') {
        await call.em.execute('update payment set closed_at = ? where id = ? and closed_at is null', [new Date(at), paymentId]);
      }
      return { learned, closed: status === 'closed' };
    },
  });
}

/** Units asked, what one is worth by that, and since when; nothing where nothing is paid in coins. */
function quotedUnits(
  { amount, currency }: Pick<Payment, 'amount' | 'currency'>,
  instructions: Instructions,
  at: Date,
): Pick<OpenedPayment, 'units' | 'rate' | 'rateAt'> {
  if (instructions.kind !== 'address') return { units: null, rate: null, rateAt: null };
  const { units } = instructions;
  return { units, rate: rateOf(amount, currencyDecimals(currency), units) ?? null, rateAt: at };
}
