/** Settles a covered order: units sold, ledger, delivery rows and receipt in one transaction; the goods are the customer's from then on. */
import { randomInt } from 'node:crypto';
import { postRelease, postSettle } from '../../domain/ledger.ts';
import { isUnpaid, type OrderStatus } from '../../domain/order.ts';
import { kindTraits } from '../../domain/product.ts';
import type { OrderLine } from '../../db/entities/order.ts';
import { Product } from '../../db/entities/product.ts';
import type { EntityManager } from '../../db/orm.ts';
import { issueReceipt } from '../../db/repositories/receipt.ts';
import { countHeld, freeHeldUnits, holdUnits, sellUnits } from '../../db/repositories/unit.ts';
import { requestOrderRefund } from '../refund/request.ts';
import { grantLines } from './grant.ts';
import { changeStatus, heldParts, isCovered, type LockedOrder, record, saveOrder, toleratedOf } from './row.ts';

/** Settles the order when enough money is there; does nothing otherwise. `justHeld`: this step held all its units. @returns whether it did. */
export async function settleIfCovered(em: EntityManager, locked: LockedOrder, at: Date, { justHeld = false } = {}): Promise<boolean> {
  const { order, shop, lines } = locked;
  if (!isUnpaid(order.status as OrderStatus) || !isCovered(locked)) return false;
  const complete = justHeld || (await completeUnits(em, order.id, lines));
  if (!complete) await freeHeldUnits(em, order.id);
  const deliveries = lines.map((line) => newDelivery(line, shop.id, complete ? 'waiting' : 'revoked'));
  locked.deliveries = await sellUnits(em, order.id, deliveries);
  order.paidAt = at;
  postSettlement(locked, at);
  if (complete) await grantLines(em, locked, at);
  changeStatus(locked, complete ? 'paid' : 'unfulfillable', 'system', at);
  await saveOrder(em, locked);
  if (!complete) {
    await requestOrderRefund(em, locked, { actor: 'system', reason: 'unfulfillable', firstNumber: 1 }, at);
    await saveOrder(em, locked);
  }
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
function postSettlement(locked: LockedOrder, at: Date): void {
  const { order, shop, payments, postings, held } = locked;
  const inStars = payments.some((payment) => payment.currency === 'XTR' && payment.applied > 0);
  const posting = { shopId: shop.id, currency: order.currency, actor: 'system', orderId: order.id, at };
  const over = held.total - (inStars ? 0 : order.total);
  if (over > 0) {
    // Wallet payments are exact, so what is too much came from outside.
    const parts = inStars ? heldParts(locked) : { cash: over, bonus: 0, stars: 0 };
    postings.push({
      ...posting,
      key: `order:${order.code}:over`,
      legs: postRelease(order.customerId, order.id, parts),
      reason: 'over',
    });
    let rest = over;
    for (const payment of payments.toReversed().filter((candidate) => candidate.currency === order.currency)) {
      const less = Math.min(rest, payment.applied);
      payment.applied -= less;
      rest -= less;
    }
  }
  locked.held = { total: 0, bonus: 0, stars: 0 };
  if (inStars) return;
  const tolerated = toleratedOf(locked);
  if (tolerated > 0) record(locked, 'system', 'tolerated', at, { after: { amount: tolerated } });
  postings.push({ ...posting, key: `order:${order.code}:settle`, legs: postSettle(order.id, { ...order, tolerated }), reason: 'settle' });
}

/** What a customer shows at a pickup point. */
export const newHandoverCode = (): string => String(randomInt(0, 1_000_000)).padStart(6, '0');

function newDelivery(line: OrderLine, shopId: number, status: 'waiting' | 'revoked') {
  return {
    shopId,
    orderId: line.orderId,
    orderLineId: line.id,
    status,
    handoverCode: kindTraits[line.kind].handover === 'code' ? newHandoverCode() : null,
  };
}
