/** Goods that are not the customer's yet wait for staff while the money they were bought with may be lost. What was delivered stands. */
import { isPaid, type OrderStatus } from '../../domain/order.ts';
import { isBlocking, isOpen } from '../../domain/reversal.ts';
import type { EntityManager } from '../../db/orm.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { holdGrants } from '../order/grant.ts';
import { lockDeliveries, type LockedOrder, record } from '../order/row.ts';
import { revokeGoods } from '../refund/request.ts';

/**
 * Keeps back what is unsent while the order's money is disputed, and takes it back when the money is lost. Does nothing to an order nobody takes
 * money of.
 */
export async function holdGoods(em: EntityManager, locked: LockedOrder, at: Date): Promise<void> {
  const { order, reversals } = locked;
  if (reversals.length === 0 || !isPaid(order.status as OrderStatus) || order.status === 'refunded') return;
  if (reversals.some(({ lostAt, returnedAt }) => lostAt != null && returnedAt == null)) {
    await revokeGoods(em, locked, at);
    locked.deliveries = await lockDeliveries(em, order.id);
  } else if (reversals.some(isOpen)) {
    await holdGrants(em, locked, at);
    // A send that was begun may be in the chat: it goes on.
    await changeDeliveries(em, locked, 'waiting', 'staffTask', at);
  }
}

/** It ended well: what was kept back is sent. */
export async function releaseGoods(em: EntityManager, locked: LockedOrder, at: Date): Promise<void> {
  const { order, reversals } = locked;
  if (reversals.some(isOpen) || !isPaid(order.status as OrderStatus) || order.status === 'refunded') return;
  await holdGrants(em, locked, null);
  await changeDeliveries(em, locked, 'staffTask', 'waiting', at);
}

async function changeDeliveries(
  em: EntityManager,
  locked: LockedOrder,
  from: 'waiting' | 'staffTask',
  to: 'waiting' | 'staffTask',
  at: Date,
): Promise<void> {
  const deliveries = await lockDeliveries(em, locked.order.id);
  const changing = deliveries.filter(({ status }) => status === from);
  if (changing.length === 0) return;
  for (const delivery of changing) delivery.status = to;
  await em.flush();
  locked.deliveries = deliveries;
  locked.order.version += 1;
  record(locked, 'system', to === 'waiting' ? 'goodsReleased' : 'goodsHeld', at);
}

/** Why an order's goods may not go to the customer now; undefined when they may. Staff decide about a warning by sending all the same. */
export async function whyHeld(em: EntityManager, locked: LockedOrder, actor: string): Promise<'HeldBack' | 'BuyerInDebt' | undefined> {
  const { order, shop, payments, reversals } = locked;
  if (reversals.some(actor.startsWith('customer:') ? isOpen : isBlocking)) return 'HeldBack';
  const byWallet = payments.some(({ provider, applied }) => provider === 'wallet' && applied > 0);
  return byWallet && (await readWallet(em, shop, order.customerId)).debt > 0 ? 'BuyerInDebt' : undefined;
}

/** A wallet in debt was emptied by what was taken back: goods paid from it that are unsent wait for staff, too. */
export async function holdGoodsOfDebtor(em: EntityManager, shop: { readonly id: number; readonly currency: string }, customerId: number) {
  if ((await readWallet(em, shop, customerId)).debt === 0) return;
  await em.execute(
    `update delivery d set status = 'staffTask' from "order" o
      where o.id = d.order_id and o.customer_id = ? and o.status = 'paid' and d.status = 'waiting'
        and exists (select from payment p where p.order_id = o.id and p.provider = 'wallet' and p.applied > 0)`,
    [customerId],
  );
}
