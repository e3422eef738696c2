/** Payments nobody has spoken of for a while, and what their providers answered when they were asked. */
import { askedForSeconds, overQuietSeconds } from '../../domain/reconcile.ts';
import { providerTraits } from '../../domain/payment.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import type { Statement } from './reconcile.ts';

export interface QuietWish {
  /** When this asking began; who was asked since is not asked again. */
  readonly at: Date;
  /** How long nobody must have spoken of an open payment. */
  readonly quietSeconds: number;
  readonly limit: number;
}

/**
 * Payments to ask about, those that were asked longest ago first: open ones nobody has spoken of; those that are over, while nobody made sure that
 * they cannot be paid; and where words may be lost for good, any with news or long without.
 */
export async function listQuiet(
  em: EntityManager,
  { shopId, provider }: Statement,
  { at, quietSeconds, limit }: QuietWish,
): Promise<string[]> {
  const rows = await run<{ id: string }>(
    em,
    `select p.id from payment p left join asked_payment a on a.payment_id = p.id
      cross join lateral (
        select greatest((select max(i.received_at) from inbox i where i.order_id = p.order_id and i.payment_id = p.id),
                        (select max(i.received_at) from inbox i where i.deposit_id = p.deposit_id)) as told_at) w
      where p.shop_id = $1 and p.provider = $2 and p.opened_at > $3::timestamptz - make_interval(secs => $4) and p.opened_at <= $3
        and (a.asked_at is null or a.asked_at < $3) and (p.instructions is not null or p.provider_object is not null)
        and case when $5 then a.asked_at is null or w.told_at > a.asked_at or a.asked_at < $3::timestamptz - make_interval(secs => $6)
                 else greatest(p.opened_at, w.told_at, a.asked_at) <= $3::timestamptz - make_interval(secs => case
                   when p.status in ('pending', 'processing') then $6::int
                   when p.status in ('expired', 'failed') and p.closed_at is null then greatest($6::int, $7) end) end
      order by a.asked_at nulls first, p.opened_at, p.id limit $8`,
    [shopId, provider, at, askedForSeconds, providerTraits[provider].coins, quietSeconds, overQuietSeconds, limit],
  );
  return rows.map(({ id }) => id);
}

/** Notes that its provider was asked. */
export async function markAsked(
  em: EntityManager,
  { paymentId, at, refusal }: { readonly paymentId: string; readonly at: Date; readonly refusal: string | null },
): Promise<void> {
  await run(
    em,
    `insert into asked_payment (payment_id, asked_at, refusal) values ($1, $2, $3)
     on conflict (payment_id) do update set asked_at = greatest(asked_payment.asked_at, excluded.asked_at), refusal = excluded.refusal`,
    [paymentId, at, refusal],
  );
}

/** What a provider has of one payment of its own. */
export interface Answer {
  readonly objectId: string;
  /** Decimal strings, in units of coins. */
  readonly units: string;
  readonly outcomeCoin: string | null;
  readonly outcomeUnits: string | null;
  readonly at: Date;
}

/** Keeps all that was answered about a payment. What was answered before and is not now is nothing any more. */
export async function keepAnswers(
  em: EntityManager,
  { shopId, provider }: Statement,
  paymentId: string,
  answers: readonly Answer[],
): Promise<void> {
  await run(
    em,
    `insert into provider_answer (shop_id, provider, object_id, payment_id, units, outcome_coin, outcome_units, at)
     select $1, $2, w.object_id, $3, w.units, w.outcome_coin, w.outcome_units, w.at
       from unnest($4::text[], $5::numeric[], $6::text[], $7::numeric[], $8::timestamptz[]) w(object_id, units, outcome_coin, outcome_units, at)
     on conflict (shop_id, provider, object_id) do update
        set units = excluded.units, outcome_coin = excluded.outcome_coin, outcome_units = excluded.outcome_units, at = excluded.at, fee = null
      where (provider_answer.units, provider_answer.outcome_coin, provider_answer.outcome_units)
            is distinct from (excluded.units, excluded.outcome_coin, excluded.outcome_units)`,
    [
      shopId,
      provider,
      paymentId,
      answers.map(({ objectId }) => objectId),
      answers.map(({ units }) => units),
      answers.map(({ outcomeCoin }) => outcomeCoin),
      answers.map(({ outcomeUnits }) => outcomeUnits),
      answers.map(({ at }) => at.toISOString()),
    ],
  );
  await run(
    em,
    `update provider_answer set units = 0 where shop_id = $1 and provider = $2 and payment_id = $3 and units <> 0 and object_id <> all($4)`,
    [shopId, provider, paymentId, answers.map(({ objectId }) => objectId)],
  );
}

/** Money that is counted as it was answered, and whose fee is not known yet. Amounts in minor units. */
export interface FeeToBook {
  readonly objectId: string;
  readonly units: string;
  readonly outcomeCoin: string;
  readonly outcomeUnits: string;
  readonly counted: number;
  /** What is booked of it already, when more came later. */
  readonly feesBefore: number;
  readonly at: Date;
}

/** Locked, so that two who compare book one fee. */
export async function listFeesToBook(em: EntityManager, { shopId, provider }: Statement): Promise<FeeToBook[]> {
  const rows = await run<{
    object_id: string;
    units: string;
    outcome_coin: string;
    outcome_units: string;
    counted: string;
    before: string;
    at: Date;
  }>(
    em,
    `select w.object_id, w.units::text as units, w.outcome_coin, w.outcome_units::text as outcome_units, c.amount as counted, w.at,
            (select coalesce(sum(t.amount), 0) from transfer t
              where t.key >= 'fee:' || $2 || ':' || $1::bigint || ':' || w.object_id || ':'
                and t.key < 'fee:' || $2 || ':' || $1::bigint || ':' || w.object_id || ';') as before
       from provider_answer w
       cross join lateral (
         select sum(i.amount) as amount, max((i.coins->>'paidUnits')::numeric) as units from inbox i
          where i.provider = w.provider and i.object_id >= w.object_id || ':' and i.object_id < w.object_id || ';'
            and i.payment_id = w.payment_id and i.kind = 'settled' and i.outcome = 'applied') c
      where w.shop_id = $1 and w.provider = $2 and w.fee is null and w.units > 0 and c.units = w.units
        and w.outcome_coin is not null and w.outcome_units is not null
      order by w.object_id limit 1000 for update of w`,
    [shopId, provider],
  );
  return rows.map((row) => ({
    objectId: row.object_id,
    units: row.units,
    outcomeCoin: row.outcome_coin,
    outcomeUnits: row.outcome_units,
    counted: Number(row.counted),
    feesBefore: Number(row.before),
    at: new Date(row.at),
  }));
}

export async function noteFee(em: EntityManager, { shopId, provider }: Statement, objectId: string, fee: number): Promise<void> {
  await run(em, 'update provider_answer set fee = $4 where shop_id = $1 and provider = $2 and object_id = $3', [
    shopId,
    provider,
    objectId,
    fee,
  ]);
}
