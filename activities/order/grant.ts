/** Grants of an order's lines: written when it settles, resting while its money is disputed, taken back with it. All under the order's lock. */
import { LockMode } from '@mikro-orm/core';
import { grantOf, splitCreditsBack } from '../../domain/grant.ts';
import { creditCurrency, postCreditsBack, postCreditsSold } from '../../domain/ledger.ts';
import { kindTraits } from '../../domain/product.ts';
import { Grant } from '../../db/entities/grant.ts';
import type { EntityManager } from '../../db/orm.ts';
import { insertRecords } from '../../db/records.ts';
import { lockCredits } from '../../db/repositories/credit.ts';
import { post } from '../../db/repositories/ledger.ts';
import type { LockedOrder } from './row.ts';

/** Grants what the lines of an order bring, each once for ever. Its credits are posted with the other postings of the step. */
export async function grantLines(em: EntityManager, locked: LockedOrder, at: Date): Promise<void> {
  const { order, shop, lines, postings } = locked;
  const { customerId } = order;
  const granted = lines.filter(({ kind }) => kindTraits[kind].handover === 'grant');
  if (granted.length === 0) return;
  const grants = granted.map((line) => ({
    ...grantOf(line),
    ...{ shopId: shop.id, customerId, orderLineId: line.id, productId: line.productId, kind: line.kind, grantedAt: at },
  }));
  await insertRecords(em, Grant, grants);
  const legs = grants.flatMap(({ orderLineId, credits }) => postCreditsSold(customerId, orderLineId, credits ?? 0));
  if (legs.length === 0) return;
  const posting = { shopId: shop.id, currency: creditCurrency, actor: 'system', reason: 'creditsBought', orderId: order.id, at };
  postings.push({ ...posting, key: `order:${order.code}:credits`, legs });
}

/** Takes back what an order granted, of credits what is unspent. Does nothing to what was taken back before. */
export async function revokeGrants(em: EntityManager, { order, shop, lines }: LockedOrder, at: Date): Promise<void> {
  const orderLineId = { $in: lines.map(({ id }) => id) };
  const grants = await em.find(
    Grant,
    { orderLineId, revokedAt: null },
    { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  if (grants.length === 0) return;
  const { customerId } = order;
  const hasCredits = grants.some(({ credits }) => credits != null);
  const unspent = hasCredits ? await lockCredits(em, { shopId: shop.id, customerId }) : 0;
  const back = splitCreditsBack(
    grants.map(({ credits }) => credits ?? 0),
    unspent,
  );
  for (const [index, grant] of grants.entries()) {
    grant.creditsBack = back[index] ?? 0;
    grant.revokedAt = at;
  }
  await em.flush();
  await post(em, {
    shopId: shop.id,
    currency: creditCurrency,
    key: `order:${order.code}:creditsBack`,
    legs: grants.flatMap((grant) => postCreditsBack(customerId, grant.orderLineId, grant.creditsBack)),
    actor: 'system',
    reason: 'creditsBack',
    orderId: order.id,
    at,
  });
}

/** Lets what an order granted rest from `heldAt` on, or counts it again when that is null. */
export async function holdGrants(em: EntityManager, { lines }: Pick<LockedOrder, 'lines'>, heldAt: Date | null): Promise<void> {
  const orderLineId = { $in: lines.map(({ id }) => id) };
  await em.nativeUpdate(Grant, { orderLineId, revokedAt: null, heldAt: heldAt === null ? { $ne: null } : null }, { heldAt });
}
