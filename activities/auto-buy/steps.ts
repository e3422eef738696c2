/** The guarded transitions of a basket that buys itself: each one transaction under the row's lock that answers the row's real state. */
import { LockMode } from '@mikro-orm/core';
import { autoBuyTransitions, autoBuyWakeAt, type AutoBuyState, type AutoBuyStatus, decideAutoBuy } from '../../domain/auto-buy.ts';
import { spendableOf } from '../../domain/ledger.ts';
import { linesKey } from '../../domain/order.ts';
import { Audit } from '../../db/entities/audit.ts';
import { AutoBuy } from '../../db/entities/auto-buy.ts';
import { Customer } from '../../db/entities/customer.ts';
import { Order } from '../../db/entities/order.ts';
import { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { isOrderedOtherwise } from '../../db/repositories/auto-buy.ts';
import { readBasket } from '../../db/repositories/basket.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { readPlaceFacts } from '../../db/repositories/order-place.ts';
import type { AutoBuyInput, AutoBuyRejection, AutoBuyRow } from '../../workflows/messages/auto-buy.ts';
import { quotePlaced } from '../order/open.ts';
import { Rejected } from '../order/rejected.ts';

export function toRow(wish: AutoBuy, extra: Partial<Pick<AutoBuyRow, 'replaced' | 'rejected'>> = {}): AutoBuyRow {
  const status = wish.status as AutoBuyStatus;
  const wakeAt = autoBuyWakeAt({ status, askedAt: wish.askedAt.getTime() });
  return { orderCode: wish.code, status, wakeAt, untold: status === 'asked' && !wish.toldAt, replaced: [], rejected: null, ...extra };
}

function rejectedRow(orderCode: string, rejected: AutoBuyRejection): AutoBuyRow {
  return { orderCode, status: 'ended', wakeAt: null, untold: false, replaced: [], rejected };
}

export function openAutoBuy(em: EntityManager, { orderCode, wish }: AutoBuyInput, at: Date): Promise<AutoBuyRow> {
  return em.transactional(async (tx) => {
    if (!wish) {
      const standing = await tx.findOne(AutoBuy, { code: orderCode });
      return standing ? toRow(standing) : rejectedRow(orderCode, 'UnknownOrder');
    }
    const { shopId, customerId, lines, shownTotal } = wish;
    // Who taps twice wishes one after the other.
    const customer = await tx.findOne(Customer, { id: customerId, shopId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const standing = await tx.findOne(AutoBuy, { code: orderCode });
    if (!customer || (standing && standing.customerId !== customerId)) return rejectedRow(orderCode, 'NotYours');
    if (standing) return toRow(standing);
    if (lines.length === 0 || shownTotal <= 0) return rejectedRow(orderCode, 'EmptyBasket');
    if ((await tx.count(Order, { code: orderCode })) > 0) return rejectedRow(orderCode, 'AlreadyPlaced');
    const earlier = await tx.find(AutoBuy, { customerId, status: 'waiting' }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    for (const one of earlier) change(tx, one, 'ended', `customer:${customerId}`, at, 'replaced');
    await tx.flush();
    const made = tx.create(AutoBuy, {
      ...{ ...wish, lines: [...lines], linesKey: linesKey(lines, wish.code), promoCodeId: wish.code ?? null, code: orderCode },
      ...{ status: 'waiting', askedAt: at, lookedAt: at },
    });
    tx.persist(made);
    record(tx, made, `customer:${customerId}`, 'waiting', at, { shownTotal });
    await tx.flush();
    return toRow(made, { replaced: earlier.map(({ code }) => code) });
  });
}

export function lookAutoBuy(em: EntityManager, orderCode: string, at: Date): Promise<AutoBuyRow> {
  return inAutoBuy(em, orderCode, async (tx, wish) => {
    wish.lookedAt = at;
    const decision = decideAutoBuy(await readState(tx, wish, at), at.getTime());
    if (decision.do === 'buy') wish.total = decision.total;
    if (decision.do === 'buy') change(tx, wish, 'buying', 'system', at);
    if (decision.do === 'ask') change(tx, wish, 'asked', 'system', at, decision.reason);
    if (decision.do === 'end') change(tx, wish, 'ended', 'system', at);
    return toRow(wish);
  });
}

/** Under its code stands its order, or another of the customer's; or nothing, and why. */
export function closeAutoBuy(em: EntityManager, orderCode: string, rejected: string | null, at: Date): Promise<AutoBuyRow> {
  return inAutoBuy(em, orderCode, async (tx, wish) => {
    if (wish.status !== 'buying') return toRow(wish);
    const stands = (await tx.count(Order, { code: orderCode, customerId: wish.customerId })) > 0;
    if (stands) change(tx, wish, 'bought', 'system', at);
    else change(tx, wish, 'asked', 'system', at, rejected ?? 'other');
    return toRow(wish);
  });
}

export function endAutoBuy(em: EntityManager, orderCode: string, customerId: number | undefined, at: Date): Promise<AutoBuyRow> {
  return inAutoBuy(em, orderCode, async (tx, wish) => {
    if (customerId !== undefined && wish.customerId !== customerId) return toRow(wish, { rejected: 'NotYours' });
    if (wish.status === 'waiting')
      change(tx, wish, 'ended', customerId === undefined ? 'temporal' : `customer:${customerId}`, at, 'givenUp');
    return toRow(wish);
  });
}

function inAutoBuy(em: EntityManager, code: string, work: (em: EntityManager, wish: AutoBuy) => Promise<AutoBuyRow>): Promise<AutoBuyRow> {
  return em.transactional(async (tx) => {
    const wish = await tx.findOne(AutoBuy, { code }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    return wish ? work(tx, wish) : rejectedRow(code, 'UnknownOrder');
  });
}

async function readState(em: EntityManager, wish: AutoBuy, at: Date): Promise<AutoBuyState> {
  const { shopId, customerId, lines } = wish;
  const shop = await em.findOneOrFail(Shop, { id: shopId });
  const quoted = await quote(em, wish, at);
  const balances = await readWallet(em, shop, customerId);
  return {
    status: wish.status as AutoBuyStatus,
    askedAt: wish.askedAt.getTime(),
    shownTotal: wish.shownTotal,
    total: quoted?.total ?? null,
    payable: quoted?.methods.includes('wallet') ?? false,
    changed: wish.fromBasket && !holds(await readBasket(em, customerId), lines),
    ordered: await isOrderedOtherwise(em, wish),
    balance: spendableOf(balances, quoted?.forStars ?? false),
    debt: balances.debt,
  };
}

/** Whether all lines are still in the basket as they were; others may have come. */
function holds(basket: readonly AutoBuy['lines'][number][], lines: AutoBuy['lines']): boolean {
  return lines.every(({ productId, quantity }) => basket.some((line) => line.productId === productId && line.quantity === quantity));
}

/** What an order of these lines would cost now, by the rules its first step applies. */
async function quote(em: EntityManager, { code, shopId, customerId, lines, promoCodeId }: AutoBuy, at: Date) {
  const facts = await readPlaceFacts(em, {
    orderCode: code,
    shopId,
    customerId,
    productIds: lines.map(({ productId }) => productId),
    provider: 'wallet',
    codeId: promoCodeId,
    at,
  });
  try {
    return quotePlaced(facts, new Map(facts.products.map((product) => [product.id, product])), lines, at).quote;
  } catch (err) {
    if (err instanceof Rejected) return undefined;
    throw err;
  }
}

function change(em: EntityManager, wish: AutoBuy, status: AutoBuyStatus, actor: string, at: Date, reason: string | null = null): void {
  const before = wish.status as AutoBuyStatus;
  if (!autoBuyTransitions[before].includes(status)) throw new Error(`The wish ${wish.code} may not go from ${before} to ${status}`);
  wish.status = status;
  if (status !== 'buying') Object.assign(wish, { reason, closedAt: at });
  record(em, wish, actor, status, at, reason === null ? null : { reason });
}

function record(em: EntityManager, { shopId, code }: AutoBuy, actor: string, action: string, at: Date, after: unknown): void {
  em.persist(em.create(Audit, { shopId, actor, action, subject: 'autoBuy', subjectId: code, before: null, after, at }));
}
