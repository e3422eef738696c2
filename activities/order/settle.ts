/** Settles a covered order: units sold, ledger, delivery rows and receipt in one transaction; the goods are the customer's from then on. */
import { randomInt } from 'node:crypto';
import { postRelease, postSettle } from '../../domain/ledger.ts';
import { isUnpaid, type OrderStatus } from '../../domain/order.ts';
import { kindTraits } from '../../domain/product.ts';
import { Delivery } from '../../db/entities/delivery.ts';
import { OrderLine } from '../../db/entities/order.ts';
import { Product } from '../../db/entities/product.ts';
import type { EntityManager } from '../../db/orm.ts';
import { post, readHeld } from '../../db/repositories/ledger.ts';
import { issueReceipt } from '../../db/repositories/receipt.ts';
import { countHeld, freeHeldUnits, holdUnits, sellUnits } from '../../db/repositories/unit.ts';
import { requestOrderRefund } from '../refund/request.ts';
import { changeStatus, isCovered, type LockedOrder } from './row.ts';

/** Settles the order when enough money is there; does nothing otherwise. @returns whether it did. */
export async function settleIfCovered(em: EntityManager, locked: LockedOrder, at: Date): Promise<boolean> {
  const { order, shop } = locked;
  if (!isUnpaid(order.status as OrderStatus) || !(await isCovered(em, locked))) return false;
  await em.flush();
  const lines = await em.find(OrderLine, { orderId: order.id }, { orderBy: { position: 'asc' } });
  const complete = await completeUnits(em, order.id, lines);
  for (const line of lines) em.persist(em.create(Delivery, newDelivery(line, shop.id, complete ? 'waiting' : 'revoked')));
  order.paidAt = at;
  await postSettlement(em, locked, at);
  if (complete) {
    await sellUnits(em, order.id);
    changeStatus(em, order, 'paid', 'system', at);
  } else {
    await freeHeldUnits(em, order.id);
    changeStatus(em, order, 'unfulfillable', 'system', at);
  }
  await em.flush();
  if (!complete) await requestOrderRefund(em, locked, { actor: 'system', reason: 'unfulfillable', firstNumber: 1 }, at);
  // The receipt's number is drawn last: its counter row serialises a shop's settlements.
  await issueReceipt(em, { shop, orderId: order.id, kind: 'receipt', ...receiptMoney(locked), at });
  return true;
}

function receiptMoney({ order, payments }: LockedOrder) {
  const stars = payments.find((payment) => payment.currency === 'XTR' && payment.applied > 0);
  return stars ? { currency: 'XTR', total: stars.applied, tax: 0 } : { currency: order.currency, total: order.total, tax: order.tax };
}

/** Whether every line's units are there. Units withdrawn while held are replaced from the pool as far as it goes. */
async function completeUnits(em: EntityManager, orderId: number, lines: readonly OrderLine[]): Promise<boolean> {
  const held = await countHeld(em, orderId);
  for (const line of [...lines].sort((a, b) => a.productId - b.productId)) {
    const missing = line.quantity - (held.get(line.id) ?? 0);
    if (missing <= 0) continue;
    const product = await em.findOneOrFail(Product, { id: line.productId });
    if (product.stockMode === 'unlimited') continue;
    if ((await holdUnits(em, line.productId, line.id, missing)) < missing) return false;
  }
  return true;
}

/**
 * What the order held becomes revenue and tax; what it held too much returns to the wallet. Stars were booked as they came: beside them
 * all that is held is too much.
 */
async function postSettlement(em: EntityManager, locked: LockedOrder, at: Date): Promise<void> {
  const { order, shop, payments } = locked;
  const inStars = payments.some((payment) => payment.currency === 'XTR' && payment.applied > 0);
  const held = await readHeld(em, order.id);
  const posting = { shopId: shop.id, currency: order.currency, actor: 'system', orderId: order.id, at };
  const over = held.total - (inStars ? 0 : order.total);
  if (over > 0) {
    // Wallet payments are exact, so what is too much came from outside.
    const bonus = inStars ? held.bonus : 0;
    await post(em, {
      ...posting,
      key: `order:${order.code}:over`,
      legs: postRelease(order.customerId, order.id, { cash: over - bonus, bonus }),
      reason: 'over',
    });
    let rest = over;
    for (const payment of payments.toReversed().filter((candidate) => candidate.currency === order.currency)) {
      const less = Math.min(rest, payment.applied);
      payment.applied -= less;
      rest -= less;
    }
  }
  if (inStars) return;
  await post(em, { ...posting, key: `order:${order.code}:settle`, legs: postSettle(order.id, order.total, order.tax), reason: 'settle' });
}

function newDelivery(line: OrderLine, shopId: number, status: 'waiting' | 'revoked') {
  return {
    shopId,
    orderId: line.orderId,
    orderLineId: line.id,
    status,
    handoverCode: kindTraits[line.kind].handover === 'code' ? String(randomInt(0, 1_000_000)).padStart(6, '0') : null,
  };
}
