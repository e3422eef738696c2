/** Claims as people write and read them: asked for, described, judged and taken back. What is said is a row; the claim's workflow carries it out. */
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import {
  type ClaimReason,
  type ClaimRejection,
  type ClaimVerdict,
  type ClaimView,
  claimableKinds,
  isUnderWarranty,
  makeClaimCode,
} from '../../domain/claim.ts';
import { Audit } from '../entities/audit.ts';
import { Claim } from '../entities/claim.ts';
import { Customer } from '../entities/customer.ts';
import { Order, OrderLine } from '../entities/order.ts';
import type { EntityManager } from '../orm.ts';
import type { Secrets } from '../secrets.ts';
import type { Judge } from './approval.ts';

/** What of an order may be claimed now: a piece with a unit of its own, or a whole line of what never runs out. */
export interface ClaimablePiece {
  readonly lineId: number;
  readonly unitId: number | null;
  readonly title: string;
  /** Counted from 1; null when the line has no more than one. */
  readonly piece: number | null;
  /** Its open claim. */
  readonly claimId: number | null;
}

/**
 * What a customer has of an order under warranty; pieces in the order in which they were shown. What waits to be collected or seen they have not,
 * and of what was refunded nothing is claimed again. `at`: ms since epoch.
 */
export async function listClaimable(
  em: EntityManager,
  { orderCode, customerId, at }: { readonly orderCode: string; readonly customerId: number; readonly at: number },
): Promise<ClaimablePiece[]> {
  const rows: {
    line_id: string;
    title: string;
    warranty_days: number | null;
    delivered_at: Date | string | null;
    unlimited: boolean;
    unit_id: string | null;
    piece: number;
    pieces: number;
    claim_id: string | null;
    refunded: boolean;
  }[] = await em.execute(
    `select l.id as line_id, l.title, l.warranty_days, coalesce(d.handed_over_at, o.delivered_at) as delivered_at,
            p.stock_mode = 'unlimited' as unlimited, u.id as unit_id,
            row_number() over (partition by l.id order by u.id)::int as piece, count(*) over (partition by l.id)::int as pieces,
            (select c.id from claim c where c.status in ('asked', 'open') and c.order_line_id = l.id and c.unit_id is not distinct from u.id) as claim_id,
            exists (select from claim c where c.status = 'refunded' and c.order_line_id = l.id and c.unit_id is not distinct from u.id) as refunded
       from "order" o join order_line l on l.order_id = o.id join product p on p.id = l.product_id join delivery d on d.order_line_id = l.id
       left join unit u on u.order_line_id = l.id and u.state = 'sold'
      where o.code = ? and o.customer_id = ? and o.status = 'delivered' and l.warranty_days is not null and l.kind in (${claimableKinds.map(() => '?').join(', ')})
        and (d.status = 'handedOver' or (d.status = 'sent' and d.handover_code is null and d.shown_at is not null))
      order by l.position, u.id`,
    [orderCode, customerId, ...claimableKinds],
  );
  return rows
    .filter(({ unit_id, unlimited, delivered_at, warranty_days, refunded }) => {
      const deliveredAt = delivered_at === null ? null : new Date(delivered_at).getTime();
      return !refunded && (unit_id !== null || unlimited) && isUnderWarranty({ deliveredAt, warrantyDays: warranty_days }, at);
    })
    .map(({ line_id, title, unit_id, piece, pieces, claim_id }) => ({
      lineId: Number(line_id),
      unitId: unit_id === null ? null : Number(unit_id),
      title,
      piece: pieces > 1 ? piece : null,
      claimId: claim_id === null ? null : Number(claim_id),
    }));
}

/** Whether there is anything to say of an order: something is under warranty, or was reported. */
export async function hasClaims(em: EntityManager, asked: Parameters<typeof listClaimable>[1]): Promise<boolean> {
  if ((await listClaimable(em, asked)).length > 0) return true;
  const rows: unknown[] = await em.execute(
    `select from claim c join "order" o on o.id = c.order_id
      where o.code = ? and c.customer_id = ? and c.opened_at is not null limit 1`,
    [asked.orderCode, asked.customerId],
  );
  return rows.length > 0;
}

export type Claimed = { readonly ok: true; readonly claimId: number } | { readonly ok: false; readonly rejected: ClaimRejection };
export type ClaimSaid = { readonly ok: true; readonly code: string } | { readonly ok: false; readonly rejected: ClaimRejection };

const refuse = (rejected: ClaimRejection) => ({ ok: false, rejected }) as const;

interface ClaimWish {
  readonly orderCode: string;
  readonly customerId: number;
  readonly lineId: number;
  readonly unitId: number | null;
  readonly at: Date;
}

/** The customer presses that something is wrong with a piece: what exactly, they write next. One such question at a time, the last. */
export async function askClaim(em: EntityManager, wish: ClaimWish): Promise<Claimed> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToAsk(em.fork(), wish);
    } catch (err) {
      // Asked of two orders in one instant: the other question stands by now, and is given up for this one.
      if (attempt === askAttempts || !(err instanceof UniqueConstraintViolationException)) throw err;
    }
  }
}

const askAttempts = 5;

async function tryToAsk(em: EntityManager, { orderCode, customerId, lineId, unitId, at }: ClaimWish): Promise<Claimed> {
  return em.transactional(async (tx) => {
    // Claims of an order are numbered under its lock.
    const [order]: { id: string; shop_id: string }[] = await tx.execute(
      `select id, shop_id from "order" where code = ? and customer_id = ? for no key update`,
      [orderCode, customerId],
    );
    if (!order) return refuse('UnknownClaim');
    const pieces = await listClaimable(tx, { orderCode, customerId, at: at.getTime() });
    const piece = pieces.find((one) => one.lineId === lineId && one.unitId === unitId);
    if (!piece) return refuse('WarrantyOver');
    // What was begun elsewhere and not described is given up.
    await tx.execute(
      `update claim set status = 'withdrawn', withdrawn_at = ?, closed_at = ? where customer_id = ? and status = 'asked' and id is distinct from ?`,
      [at, at, customerId, piece.claimId],
    );
    if (piece.claimId !== null) {
      // Asked once more: the next message is the answer again.
      await tx.execute(`update claim set asked_at = ? where id = ? and status = 'asked'`, [at, piece.claimId]);
      return { ok: true, claimId: piece.claimId };
    }
    const orderId = Number(order.id);
    const number = (await tx.count(Claim, { orderId })) + 1;
    const claim = tx.create(Claim, {
      code: makeClaimCode(orderCode, number),
      shopId: Number(order.shop_id),
      customerId,
      orderId,
      orderLineId: lineId,
      unitId,
      piece: piece.piece,
      status: 'asked',
      askedAt: at,
    });
    tx.persist(claim);
    await tx.flush();
    return { ok: true, claimId: claim.id };
  });
}

/** The most a description may have; the rest is cut. */
const descriptionLimit = 2_000;

/** What is wrong, sealed: from now on the claim is staff's. */
export async function describeClaim(
  em: EntityManager,
  secrets: Secrets,
  { id, customerId, text, at }: { readonly id: number; readonly customerId: number; readonly text: string; readonly at: Date },
): Promise<ClaimSaid> {
  const description = secrets.seal({ table: 'claim', column: 'description', id }, text.trim().slice(0, descriptionLimit));
  return em.transactional(async (tx): Promise<ClaimSaid> => {
    const [row]: { code: string; shop_id: string }[] = await tx.execute(
      `update claim set status = 'open', description = ?, opened_at = ? where id = ? and customer_id = ? and status = 'asked' returning code, shop_id`,
      [description, at, id, customerId],
    );
    if (!row) return refuse('UnknownClaim');
    note(tx, { code: row.code, shopId: Number(row.shop_id), actor: `customer:${customerId}`, action: 'opened', at });
    return { ok: true, code: row.code };
  });
}

/** The customer takes it back, as long as staff have said nothing. */
export async function withdrawClaim(
  em: EntityManager,
  { id, customerId, at }: { readonly id: number; readonly customerId: number; readonly at: Date },
): Promise<ClaimSaid> {
  const [row]: { code: string }[] = await em.execute(
    `update claim set withdrawn_at = ?, status = case status when 'asked' then 'withdrawn' else status end,
            closed_at = case status when 'asked' then ?::timestamptz else closed_at end
      where id = ? and customer_id = ? and status in ('asked', 'open') and verdict is null and withdrawn_at is null returning code`,
    [at, at, id, customerId],
  );
  return row ? { ok: true, code: row.code } : refuse('AlreadyJudged');
}

/**
 * Reported and described in one call, each a transaction of its own: whoever comes again after the first goes on with the second. What was reported
 * already stays as it was described first. @returns the code of the claim that was opened
 */
export async function openClaim(
  em: EntityManager,
  secrets: Secrets,
  { text, ...asked }: Parameters<typeof askClaim>[1] & { readonly text: string },
): Promise<{ readonly ok: true; readonly code: string | undefined } | Extract<ClaimSaid, { ok: false }>> {
  const claimed = await askClaim(em, asked);
  if (!claimed.ok) return claimed;
  const said = await describeClaim(em, secrets, { id: claimed.claimId, customerId: asked.customerId, text, at: asked.at });
  return { ok: true, code: said.ok ? said.code : undefined };
}

/** A customer's claims about an order, newest first; what they have not described yet is none. */
export async function listClaimsOf(
  em: EntityManager,
  secrets: Secrets,
  { orderCode, customerId }: { readonly orderCode: string; readonly customerId: number },
): Promise<ClaimView[]> {
  const order = await em.findOne(Order, { code: orderCode, customerId }, { fields: ['id'] });
  if (!order) return [];
  const claims = await em.find(
    Claim,
    { orderId: order.id, customerId, openedAt: { $ne: null } },
    { orderBy: { id: 'desc' }, refresh: true },
  );
  return Promise.all(claims.map((claim) => viewClaim(em, secrets, claim)));
}

export interface ClaimJudgement {
  readonly id: number;
  readonly shopId: number;
  readonly verdict: ClaimVerdict;
  /** Of a refusal. */
  readonly reason?: ClaimReason | undefined;
  readonly by: Judge;
  readonly at: Date;
}

/** Staff say what becomes of it: the first word counts, and nobody judges what they claimed themselves. */
export async function judgeClaim(em: EntityManager, { id, shopId, verdict, reason, by, at }: ClaimJudgement): Promise<ClaimSaid> {
  return em.transactional(async (tx): Promise<ClaimSaid> => {
    const [claim]: { code: string; customer_id: string; open: boolean }[] = await tx.execute(
      `select code, customer_id, status = 'open' and verdict is null and withdrawn_at is null as open
         from claim where id = ? and shop_id = ? and status <> 'asked' for update`,
      [id, shopId],
    );
    if (!claim) return refuse('UnknownClaim');
    const customer = await tx.findOneOrFail(Customer, { id: Number(claim.customer_id) });
    if (by.telegramUserId !== undefined && customer.telegramUserId === by.telegramUserId) return refuse('OwnClaim');
    if (!claim.open) return refuse('AlreadyJudged');
    const kept = verdict === 'refuse' ? (reason ?? 'other') : null;
    await tx.execute(
      'update claim set verdict = ?, verdict_by = ?, verdict_at = ?, reason = ?, failure = null, version = version + 1 where id = ?',
      [verdict, by.actor, at, kept, id],
    );
    note(tx, { code: claim.code, shopId, actor: by.actor, action: verdict, at, after: kept });
    return { ok: true, code: claim.code };
  });
}

export interface ClaimEntry {
  readonly code: string;
  readonly shopId: number;
  readonly actor: string;
  readonly action: string;
  readonly at: Date;
  readonly after?: unknown;
}

/** A line in the claim's long history; without what the customer wrote. */
export function note(em: EntityManager, { code, shopId, actor, action, at, after = null }: ClaimEntry): void {
  em.persist(em.create(Audit, { shopId, actor, action, subject: 'claim', subjectId: code, before: null, after, at }));
}

/** A claim with what people see of it. */
export async function findClaim(
  em: EntityManager,
  secrets: Secrets,
  where: { readonly id: number; readonly customerId?: number; readonly shopId?: number } | { readonly code: string },
): Promise<ClaimView | undefined> {
  const claim = await em.findOne(Claim, where, { refresh: true });
  return claim ? viewClaim(em, secrets, claim) : undefined;
}

export async function viewClaim(em: EntityManager, secrets: Secrets, claim: Claim): Promise<ClaimView> {
  const line = await em.findOneOrFail(OrderLine, { id: claim.orderLineId });
  const { code: orderCode } = await em.findOneOrFail(Order, { id: claim.orderId }, { fields: ['code'] });
  const at = { table: 'claim', column: 'description', id: claim.id };
  return {
    id: claim.id,
    code: claim.code,
    orderCode,
    shopId: claim.shopId,
    customerId: claim.customerId,
    title: line.title,
    piece: claim.piece ?? null,
    status: claim.status,
    description: claim.description == null ? '' : secrets.open(at, claim.description),
    openedAt: claim.openedAt?.getTime() ?? null,
    verdict: claim.verdict ?? null,
    reason: claim.reason ?? null,
    failure: claim.failure ?? null,
    version: claim.version,
  };
}

/** Claims of a shop, newest first; open ones only unless all are asked for. */
export async function listClaims(
  em: EntityManager,
  secrets: Secrets,
  { shopId, all, limit }: { readonly shopId?: number | undefined; readonly all: boolean; readonly limit: number },
): Promise<ClaimView[]> {
  const where = {
    ...(shopId === undefined ? {} : { shopId }),
    ...(all ? { status: { $ne: 'asked' as const } } : { status: 'open' as const }),
  };
  const claims = await em.find(Claim, where, { orderBy: { id: 'desc' }, limit });
  return Promise.all(claims.map((claim) => viewClaim(em, secrets, claim)));
}
