/** Who brought whom: links, attachment, friends. */
import { randomBytes } from 'node:crypto';
import { achievementsOfFriends } from '../../domain/achievement.ts';
import { makeReferralCode, shortenName } from '../../domain/referral.ts';
import { Referral, Referrer } from '../entities/referral.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import type { Secrets } from '../secrets.ts';
import { award } from './achievement.ts';
import { addNotice } from './notice.ts';

/** The customer's own code, made at the first asking. */
export async function openReferralCode(em: EntityManager, { shopId, customerId }: { shopId: number; customerId: number }): Promise<string> {
  const known = await em.findOne(Referrer, { customerId });
  if (known) return known.code;
  await run(em, 'insert into referrer (customer_id, shop_id, code) values ($1, $2, $3) on conflict (customer_id) do nothing', [
    customerId,
    shopId,
    makeReferralCode(randomBytes(12)),
  ]);
  return (await em.findOneOrFail(Referrer, { customerId })).code;
}

/**
 * Attaches a newcomer to whoever the code belongs to, and has both told. Only within the transaction that inserts the newcomer: so it
 * happens at the first visit or never, and of visits that come at once only the one that made the customer attaches.
 */
export async function attachReferrer(
  em: EntityManager,
  { shopId, customerId, code }: { readonly shopId: number; readonly customerId: number; readonly code: string },
): Promise<void> {
  // One newcomer of a referrer at a time, so that everybody is counted.
  const [referrer] = await run<{ customer_id: string }>(
    em,
    `select r.customer_id from referrer r join customer c on c.id = r.customer_id
      where r.code = $1 and r.shop_id = $2 and c.banned_at is null and r.customer_id < $3 for update of r`,
    [code, shopId, customerId],
  );
  if (!referrer) return;
  const referrerId = Number(referrer.customer_id);
  await run(em, 'insert into referral (customer_id, shop_id, referrer_id) values ($1, $2, $3)', [customerId, shopId, referrerId]);
  await addNotice(em, { shopId, customerId, key: `invited:${customerId}`, content: { kind: 'invited' } });
  const friends = await em.count(Referral, { referrerId });
  await addNotice(em, {
    shopId,
    customerId: referrerId,
    key: `friendJoined:${customerId}`,
    content: { kind: 'friendJoined', friends },
  });
  await award(em, { shopId, customerId: referrerId }, achievementsOfFriends(friends));
}

/** Who brought this customer, and by which code; undefined when nobody did. */
export async function findReferral(em: EntityManager, customerId: number): Promise<{ referrerId: number; code: string } | undefined> {
  const [row] = await run<{ referrer_id: string; code: string }>(
    em,
    'select f.referrer_id, r.code from referral f join referrer r on r.customer_id = f.referrer_id where f.customer_id = $1',
    [customerId],
  );
  return row && { referrerId: Number(row.referrer_id), code: row.code };
}

/** A friend as the one who brought them may see them. */
export interface Friend {
  /** Shortened; empty when nothing is known. */
  readonly name: string;
  readonly attachedAt: Date;
}

/** Friends of a referrer, newest first. */
export async function listFriends(
  em: EntityManager,
  secrets: Secrets,
  referrerId: number,
  page: { limit: number; offset: number },
): Promise<{ friends: Friend[]; total: number }> {
  const rows: { id: string; name: Uint8Array | null; attached_at: string | Date }[] = await em.execute(
    `select c.id, c.name, f.attached_at from referral f join customer c on c.id = f.customer_id
      where f.referrer_id = ? order by f.customer_id desc limit ? offset ?`,
    [referrerId, page.limit, page.offset],
  );
  const total = await em.count(Referral, { referrerId });
  return { friends: rows.map((row) => ({ name: nameOf(secrets, row), attachedAt: new Date(row.attached_at) })), total };
}

function nameOf(secrets: Secrets, { id, name }: { readonly id: string; readonly name: Uint8Array | null }): string {
  return name === null ? '' : shortenName(secrets.open({ table: 'customer', column: 'name', id: Number(id) }, name));
}

/** What a customer's friends brought. Amounts in minor units of the shop's currency. */
export interface ReferralSummary {
  readonly friends: number;
  readonly earnings: number;
  /** What waits for its time, as it stands. */
  readonly held: number;
}

export async function summariseReferrals(em: EntityManager, customerId: number): Promise<ReferralSummary> {
  const [row] = await run<{ friends: number; earnings: string | null; held: string }>(
    em,
    `select (select count(*)::int from referral where referrer_id = $1) as friends,
            (select earnings from referrer where customer_id = $1) as earnings,
            (select coalesce(sum(c.rate * greatest(least(c.credited - c.eligible - c.excluded, c.credited - c.reversed), 0) / 10000), 0)
               from commission c where c.referrer_id = $1 and c.credited > c.eligible + c.excluded) as held`,
    [customerId],
  );
  return { friends: row?.friends ?? 0, earnings: Number(row?.earnings ?? 0), held: Number(row?.held ?? 0) };
}

/** A place on the board of a shop's referrers. */
export interface Leader {
  readonly customerId: number;
  /** Shortened; empty when nothing is known. */
  readonly name: string;
  readonly earnings: number;
  /** From 1; who earned the same has the same. */
  readonly place: number;
}

/** Who earned the most by friends in a shop. Whoever is banned is not shown. */
export async function listLeaders(em: EntityManager, secrets: Secrets, shopId: number, limit: number): Promise<Leader[]> {
  const rows = await run<{ id: string; name: Uint8Array | null; earnings: string }>(
    em,
    `select c.id, c.name, r.earnings from referrer r join customer c on c.id = r.customer_id
      where r.shop_id = $1 and r.earnings > 0 and c.banned_at is null order by r.earnings desc, r.customer_id limit $2`,
    [shopId, limit],
  );
  return rows.map((row) => {
    const place = rows.findIndex(({ earnings }) => earnings === row.earnings) + 1;
    return { customerId: Number(row.id), name: nameOf(secrets, row), earnings: Number(row.earnings), place };
  });
}

/** The place that earnings have in a shop, from 1. */
export async function findPlace(em: EntityManager, shopId: number, earnings: number): Promise<number> {
  const [row] = await run<{ before: number }>(
    em,
    `select count(*)::int as before from referrer r join customer c on c.id = r.customer_id
      where r.shop_id = $1 and r.earnings > $2 and c.banned_at is null`,
    [shopId, earnings],
  );
  return (row?.before ?? 0) + 1;
}

/** What a customer earned by friends so far, minor units of the shop's currency. */
export async function readEarnings(em: EntityManager, customerId: number): Promise<number> {
  const [row] = await run<{ earnings: string }>(em, 'select earnings from referrer where customer_id = $1', [customerId]);
  return Number(row?.earnings ?? 0);
}

/** Adds to a referrer's earnings, or takes from them; their row is locked until the end of the transaction. @returns them after it */
export async function addEarnings(em: EntityManager, customerId: number, amount: number): Promise<number> {
  const [row] = await run<{ earnings: string }>(
    em,
    'update referrer set earnings = earnings + $2 where customer_id = $1 returning earnings',
    [customerId, amount],
  );
  if (!row) throw new Error(`Customer ${customerId} brings nobody`);
  return Number(row.earnings);
}

/** Locks customers as their rows in other tables do, before their accounts. @returns who of them is banned */
export async function lockPeople(em: EntityManager, customerIds: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await run<{ id: string; banned: boolean }>(
    em,
    'select id, banned_at is not null as banned from customer where id = any($1::bigint[]) order by id for key share',
    [customerIds],
  );
  return new Set(rows.filter(({ banned }) => banned).map(({ id }) => Number(id)));
}
