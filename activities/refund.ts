/** The steps of a refund: decided under the order's lock, sent to the provider, closed by its word. */
import { GatewayError, type RefundResult } from '../gateways/payments/provider.ts';
import { Customer } from '../db/entities/customer.ts';
import { Refund } from '../db/entities/refund.ts';
import type { EntityManager } from '../db/orm.ts';
import { findStandingPayouts } from '../db/repositories/payout.ts';
import { loadCredentials } from '../db/repositories/provider-account.ts';
import type { Refunded } from '../domain/refund.ts';
import { inOrder } from './order/row.ts';
import { closeRefund } from './refund/close.ts';
import { rejectRefund, reopenOwed, requestOrderRefund } from './refund/request.ts';
import type { RefundAnswer, RefundInput, RefundRequested } from '../workflows/messages/refund.ts';
import type { ActivityContext } from './context.ts';
import { inDeposit } from './deposit/row.ts';
import { failing } from './failure.ts';
import { closeDepositRefund, requestDepositRefund } from './refund/deposit.ts';

interface DepositDecision {
  readonly refundId: string;
  readonly depositCode: string;
  readonly request?: RefundRequested | undefined;
  readonly at: Date;
}

export function createRefundActivities({ db, secrets, gateways }: ActivityContext) {
  const decideOfDeposit = ({ refundId, depositCode, request, at }: DepositDecision): Promise<RefundAnswer> =>
    inDeposit(db.em.fork(), depositCode, async (em, locked): Promise<RefundAnswer> => {
      if (!locked) return { ok: false, rejected: 'UnknownDeposit' };
      const standing = await em.findOne(Refund, { id: refundId, depositId: locked.deposit.id });
      if (!standing || (request && standing.status === 'failed')) {
        const rejected = request ? await requestDepositRefund(em, locked, refundId, request, at) : 'NothingLeft';
        if (rejected) return { ok: false, rejected };
      }
      await em.flush();
      const going = await em.find(Refund, { depositId: locked.deposit.id, status: { $in: ['requested', 'sent'] } });
      return { ok: true, refundIds: [...new Set([refundId, ...going.map(({ id }) => id)])] };
    });

  return failing({
    /** Decides what staff asked for, or answers the refund that stands under this id. */
    async decideRefund({ refundId, orderCode, depositCode, request, at }: RefundInput & { readonly at: number }): Promise<RefundAnswer> {
      if (depositCode !== undefined) return decideOfDeposit({ refundId, depositCode, request, at: new Date(at) });
      return inOrder(db.em.fork(), orderCode, async (em, locked): Promise<RefundAnswer> => {
        if (!locked) return { ok: false, rejected: 'UnknownOrder' };
        const decided = await em.findOne(Refund, { id: refundId });
        if (decided) {
          // A wish over several payments is several refunds of one instant.
          const parts = await em.find(Refund, { orderId: locked.order.id, scope: decided.scope, requestedAt: decided.requestedAt });
          return answerWith(
            em,
            parts.map(({ id }) => id),
          );
        }
        if (!request) return { ok: false, rejected: 'NothingLeft' };
        const firstNumber = Number(refundId.split('-r').at(-1));
        const wish = { ...request, firstNumber };
        const rejected = await rejectRefund(em, locked, wish);
        if (rejected === 'NothingLeft' || rejected === 'NotPaid') {
          const refundIds = await reopenOwed(em, locked, request.actor, new Date(at));
          if (refundIds.length > 0) return { ok: true, refundIds };
        }
        if (rejected) return { ok: false, rejected };
        return answerWith(em, await requestOrderRefund(em, locked, wish, new Date(at)));
      });
    },

    /** Asks the provider to give the money back. The same refund asked twice is one refund. */
    async sendRefund({ refundId }: { readonly refundId: string }): Promise<RefundResult> {
      const em = db.em.fork();
      const refund = await em.findOneOrFail(Refund, { id: refundId });
      if (refund.status === 'succeeded') return { status: 'succeeded', refundId: refund.providerRefundId ?? refundId };
      if (refund.status === 'failed') return { status: 'failed', reason: refund.failure ?? 'failed' };
      const gateway = gateways[refund.provider];
      const credentials = await loadCredentials(em, secrets, refund.shopId, refund.provider);
      if (!gateway || !credentials) throw new GatewayError(`${refund.provider} is off for this shop`, { retryable: true });
      const [payer]: { customer_id: string }[] = await em.execute('select customer_id from payment where id = ?', [refund.paymentId]);
      const customer = await em.findOneOrFail(Customer, { id: Number(payer?.customer_id) });
      return gateway.refund(
        {
          refundId,
          paymentId: refund.paymentId,
          objectId: refund.moneyObject,
          amount: { amount: refund.amount, currency: refund.currency },
          telegramUserId: customer.telegramUserId,
        },
        credentials,
      );
    },

    /** Books how the refund stands now. */
    async recordRefund({
      refundId,
      orderCode,
      depositCode,
      result,
      at,
    }: Refunded & { readonly refundId: string; readonly result: RefundResult; readonly at: number }): Promise<{ status: string }> {
      const end = result.status === 'failed' ? result : { status: result.status, providerRefundId: result.refundId };
      if (depositCode !== undefined) {
        return inDeposit(db.em.fork(), depositCode, async (em, locked) => {
          const refund = await em.findOneOrFail(Refund, { id: refundId });
          if (locked?.deposit.id !== refund.depositId) throw new Error(`Refund ${refundId} is of another deposit`);
          if (locked) await closeDepositRefund(em, locked, refund, end, new Date(at));
          return { status: refund.status };
        });
      }
      return inOrder(db.em.fork(), orderCode, async (em, locked) => {
        const refund = await em.findOneOrFail(Refund, { id: refundId });
        if (!locked) throw new Error(`Refund ${refundId} has no order`);
        await closeRefund(em, locked, refund, end, new Date(at));
        return { status: refund.status };
      });
    },
  });
}

/** What the workflow goes on with; refunds that staff send are named apart. */
async function answerWith(em: EntityManager, refundIds: readonly string[]): Promise<RefundAnswer> {
  const payoutIds = (await findStandingPayouts(em, { refundIds })).map(({ payoutCode }) => payoutCode);
  return { ok: true, refundIds, ...(payoutIds.length > 0 ? { payoutIds } : {}) };
}

export type RefundActivities = ReturnType<typeof createRefundActivities>;
