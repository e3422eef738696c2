/** A refund's end: the provider gave the money back, or could not. Guarded, so that word of it may come twice and from two sides. */
import { postRefundFailed, postRefundSucceeded } from '../../domain/ledger.ts';
import type { OrderStatus } from '../../domain/order.ts';
import { isExternal, providerTraits } from '../../domain/payment.ts';
import { isStillOwed, refundTransitions } from '../../domain/refund.ts';
import type { Refund } from '../../db/entities/refund.ts';
import type { EntityManager } from '../../db/orm.ts';
import { post } from '../../db/repositories/ledger.ts';
import { changeStatus, type LockedOrder, record, refreshRefunds } from '../order/row.ts';
import { allSucceeded } from './request.ts';

/** Moves a refund on. @returns false when it stood there already. */
export async function closeRefund(
  em: EntityManager,
  locked: LockedOrder,
  refund: Refund,
  end: { status: 'sent' | 'succeeded'; providerRefundId?: string } | { status: 'failed'; reason: string },
  at: Date,
): Promise<boolean> {
  const { order, shop } = locked;
  const before = refund.status;
  if (!refundTransitions[before].includes(end.status) || (before === 'failed' && !isStillOwed(refund))) return false;
  refund.status = end.status;
  const { provider } = refund;
  const posting = { shopId: shop.id, currency: refund.currency, actor: `provider:${refund.provider}`, orderId: order.id, at };
  if (end.status === 'failed') {
    refund.failure = end.reason;
    refund.closedAt = at;
    refund.toldAt = null;
    // Stars have no wallet of their own: they stay owed, and staff see it.
    if (isExternal(provider) && !providerTraits[provider].wholeOnly) {
      await post(em, {
        ...posting,
        key: `${refund.id}:failed`,
        legs: postRefundFailed(provider, order.customerId, refund.amount, before === 'succeeded'),
        reason: 'refundFailed',
      });
    }
  } else {
    refund.providerRefundId ??= end.providerRefundId ?? null;
    refund.sentAt ??= at;
    if (end.status === 'succeeded' && isExternal(provider)) {
      refund.closedAt = at;
      await post(em, {
        ...posting,
        key: `${refund.id}:succeeded`,
        legs: postRefundSucceeded(provider, refund.amount),
        reason: 'refundSucceeded',
      });
    }
  }
  await em.flush();
  record(locked, `provider:${refund.provider}`, `refund:${end.status}`, at, { before, after: { refundId: refund.id } });
  const everythingBack = refund.scope === 'order' && end.status === 'succeeded' && (await isWhollyRefunded(em, locked));
  if (everythingBack) changeStatus(locked, 'refunded' satisfies OrderStatus, 'system', at);
  else order.version += 1;
  await refreshRefunds(em, locked);
  return true;
}

async function isWhollyRefunded(em: EntityManager, { order, payments }: LockedOrder): Promise<boolean> {
  if (!(await allSucceeded(em, order.id))) return false;
  const [row]: { refunded: string }[] = await em.execute(
    `select coalesce(sum(amount), 0) as refunded from refund where order_id = ? and scope = 'order'`,
    [order.id],
  );
  return Number(row?.refunded ?? 0) >= payments.reduce((sum, payment) => sum + payment.applied, 0);
}
