/** An order as its customer sees it in the Mini App: what a screen of the chat shows, in members of a document. */
import { kindTraits } from '../domain/product.ts';
import { inStars, type MethodName, takesCoins } from '../domain/payment.ts';
import type { OrderLineView, OrderView } from '../domain/order.ts';
import { type Buyer, listUsableMethods } from '../db/repositories/offered-method.ts';
import type { OrderStep } from '../db/repositories/order-story.ts';
import type { EntityManager } from '../db/orm.ts';
import type { OrderAnswer, OrdersAnswer } from './schemas/order.ts';
import type { actors } from './schemas/wallet.ts';

const toTime = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** `staff:3` becomes staff: who it was is the shop's own matter. */
export function toActor(actor: string): (typeof actors)[number] {
  const [who] = actor.split(':');
  return who === 'customer' || who === 'staff' || who === 'provider' ? who : 'shop';
}

export function toRow(view: OrderView) {
  const { code, status, method, total, starsTotal, currency, placedAt, holdEndsAt } = view;
  const payUntil = status === 'awaitingPayment' ? toTime(holdEndsAt) : null;
  return { code, status, method, total, starsTotal, currency, placedAt: new Date(placedAt).toISOString(), payUntil };
}

export function toListed(view: OrderView): OrdersAnswer['orders'][number] {
  return { ...toRow(view), lines: view.lines.map(({ productId, title, quantity }) => ({ productId, title, quantity })) };
}

/** Goods that were sent, or at least tried to: those still held back are not shown either. */
export function mayShow({ kind, delivery }: OrderLineView): boolean {
  if (!delivery || kindTraits[kind].handover !== 'secret') return false;
  return delivery.status === 'sent' || delivery.status === 'sending' || delivery.status === 'staffTask' || isShown(delivery);
}

/** What was shown may be looked at again, unless it was taken back unseen. */
export const isShown = (delivery: OrderLineView['delivery']): boolean => delivery?.shown === true && delivery.status !== 'revoked';

/** Everything of a line but its goods. */
export function toLine(line: OrderLineView): Omit<OrderAnswer['lines'][number], 'goods'> {
  const { id, productId, kind, title, quantity, basePrice, discountPercent, price, starsPrice, delivery, pickupPoint } = line;
  const isTheirs = delivery !== null && delivery.status !== 'revoked';
  return {
    id,
    productId,
    kind,
    title,
    quantity,
    basePrice,
    discountPercent,
    price,
    starsPrice,
    total: price * quantity,
    delivery: delivery?.status ?? null,
    canShow: mayShow(line),
    handoverCode: isTheirs && delivery.status !== 'handedOver' ? delivery.handoverCode : null,
    place: isTheirs && pickupPoint ? toPlace(pickupPoint) : null,
  };
}

function toPlace({ id: _, ...place }: NonNullable<OrderLineView['pickupPoint']>) {
  return place;
}

export const attemptOf = ({ payment }: OrderView): number => Number(payment?.id.split('-').at(-1) ?? 0);

/** Methods it may be paid by instead, or again when its attempt failed. What was begun in the shop's currency is not finished in Stars. */
export async function listOtherMethods(em: EntityManager, buyer: Buyer, view: OrderView): Promise<OrderAnswer['methods']> {
  if (view.status !== 'awaitingPayment' || view.onItsWay) return [];
  const failed = view.payment !== null && view.payment.status !== 'pending' && view.payment.status !== 'processing';
  const another = (method: MethodName) => method !== view.method || failed || takesCoins(method);
  const among = view.methods.filter((method) => another(method) && !(inStars(method) && (view.held > 0 || view.starsTotal === null)));
  const missing = Math.max(0, view.total - view.held);
  return (await listUsableMethods(em, buyer, among)).map(({ method, minimum, maximum }) => {
    const amount = inStars(method) ? (view.starsTotal ?? 0) : missing;
    // The rest of a part-paid order may be less than the method takes: the excess goes to the wallet.
    const fits = amount === 0 || ((amount >= minimum || view.held > 0) && amount <= maximum);
    const currency = inStars(method) ? 'XTR' : view.currency;
    return { method, amount, currency, minimum, maximum, offered: fits, coins: takesCoins(method) };
  });
}

export function toStep({ at, actor, step, method, title, amount, currency }: OrderStep): OrderAnswer['timeline'][number] {
  return { at: at.toISOString(), step, by: toActor(actor), method, title, amount, currency };
}
