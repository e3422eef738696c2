/** The inbox: what providers said, stored before they are answered. `settle` writes the outcomes; here rows only come in. */
import { createHash } from 'node:crypto';
import type { CoinFacts, InboxEventKind, InboxOutcome, Payable, ProviderName } from '../../domain/payment.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** A row as it comes in. Amount in minor units of `currency`. */
export interface InboxRow {
  readonly shopId: number;
  readonly provider: ProviderName;
  /** The shop's account with the provider when absent. */
  readonly accountId?: number | null | undefined;
  /** `webhook`: they told us; `update`: through the bot; `asked`: we asked; `staff`: they looked at their bank. */
  readonly source: 'webhook' | 'update' | 'asked' | 'staff';
  readonly eventId: string;
  /** The provider's own name of the event. */
  readonly type: string;
  readonly verdict: 'verified' | 'refused';
  /** Why it was refused, or what staff should know of it. */
  readonly reason?: string | null | undefined;
  /** Fixed at receipt for rows nothing will apply: `refused`, `notOurs`. */
  readonly outcome?: InboxOutcome | null | undefined;
  readonly outcomeReason?: string | null | undefined;
  readonly kind: InboxEventKind;
  readonly objectId: string;
  /** Our payment id as the provider echoed it; the row's order or deposit is found by it. */
  readonly paymentId?: string | null | undefined;
  /** Id of the money a refund, a dispute or a fee is about. */
  readonly moneyObject?: string | null | undefined;
  readonly amount?: number | null | undefined;
  readonly currency?: string | null | undefined;
  readonly liveMode?: boolean | null | undefined;
  readonly coins?: CoinFacts | null | undefined;
  /** Provider's time of what happened. */
  readonly providerAt: Date;
  readonly body: Uint8Array;
  /** Headers that matter; never secrets. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface InsertedRow {
  readonly id: number;
  /** False when this event was stored before. */
  readonly fresh: boolean;
  /** What the payment pays, if it is one of this shop's. */
  readonly about: Payable | null;
  /** It has no outcome yet: someone has to be rung. */
  readonly waiting: boolean;
}

interface Stored {
  readonly id: string;
  readonly outcome: InboxOutcome | null;
  readonly about: Payable | null;
}

/** What a row of the inbox is about, as JSON. */
export const aboutOf = (row: string) => `case
  when ${row}.order_id is not null then (select jsonb_build_object('noun', 'order', 'code', o.code) from "order" o where o.id = ${row}.order_id)
  when ${row}.deposit_id is not null then (select jsonb_build_object('noun', 'deposit', 'code', d.code, 'chainOutput', d.chain_output) from deposit d where d.id = ${row}.deposit_id)
  end`;

const storing = `
  with paid as (select order_id, deposit_id from payment where id = $13 and shop_id = $1 and $7 <> 'refused'),
  stored as (
    insert into inbox (shop_id, provider, account_id, source, event_id, type, verdict, reason, outcome, outcome_reason, kind, object_id,
                       payment_id, order_id, deposit_id, amount, currency, live_mode, provider_at, received_at, body, headers, coins,
                       money_object)
    values ($1, $2, coalesce($3, (select id from provider_account where shop_id = $1 and provider = $2)), $4, $5, $6, $7, $8, $9, $10, $11, $12,
            $13, (select order_id from paid), (select deposit_id from paid), $14, $15, $16, $17, now(), $18, $19, $20, $21)
    on conflict (provider, shop_id, event_id, verdict) do nothing
    returning id, order_id, deposit_id, outcome)
  select s.id, s.outcome, ${aboutOf('s')} as about from stored s`;
const knowing = `
  select i.id, i.outcome, ${aboutOf('i')} as about
    from inbox i where i.provider = $1 and i.shop_id = $2 and i.event_id = $3 and i.verdict = $4`;

/** How much of an unverified body is kept. */
export const refusedBodyBytes = 4_096;

/**
 * Stores an event once: the same event id again answers the first row. It is about the order or deposit of this shop whose payment has `paymentId`;
 * a payment of another shop stays unresolved. Refused rows keep 4 kB of their body.
 */
export async function insertInboxRow(em: EntityManager, row: InboxRow): Promise<InsertedRow> {
  const refused = row.verdict === 'refused';
  const body = refused ? row.body.subarray(0, refusedBodyBytes) : row.body;
  const eventId = cut(row.eventId, 255);
  const [stored] = await run<Stored>(em, storing, [
    row.shopId,
    row.provider,
    row.accountId ?? null,
    row.source,
    eventId,
    cut(row.type, 255),
    row.verdict,
    row.reason == null ? null : cut(row.reason, 500),
    refused ? 'refused' : (row.outcome ?? null),
    row.outcomeReason == null ? null : cut(row.outcomeReason, 500),
    row.kind,
    cut(row.objectId, 255),
    row.paymentId ?? null,
    row.amount ?? null,
    row.currency ?? null,
    row.liveMode ?? null,
    row.providerAt,
    Buffer.from(body),
    JSON.stringify(row.headers ?? {}),
    row.coins == null ? null : JSON.stringify(row.coins),
    row.moneyObject == null ? null : cut(row.moneyObject, 255),
  ]);
  const [known] = stored ? [stored] : await run<Stored>(em, knowing, [row.provider, row.shopId, eventId, row.verdict]);
  if (!known) throw new Error(`The inbox row ${row.eventId} was neither stored nor found`);
  return { id: Number(known.id), fresh: stored !== undefined, about: known.about, waiting: known.outcome === null };
}

/**
 * The event id of a refused row: the same body to the same address within a minute is one row, and an address keeps at most 256 rows a
 * minute, so that a flood of bodies stays bounded. `receivedAt` in ms since epoch.
 */
export function refusedEventId(body: Uint8Array, endpoint: string, receivedAt: number): string {
  const minute = Math.floor(receivedAt / 60_000);
  const bucket = createHash('sha256').update(body).digest('hex').slice(0, 2);
  return `refused:${minute}:${createHash('sha256').update(endpoint).digest('hex').slice(0, 32)}:${bucket}`;
}

/** Counts rows without an outcome and how long the oldest has waited, seconds. */
export async function countWaiting(em: EntityManager): Promise<{ waiting: number; oldestSeconds: number }> {
  const [row]: { waiting: number; oldest: number }[] = await em.execute(
    `select count(*)::int as waiting, coalesce(extract(epoch from clock_timestamp() - min(received_at)), 0)::float8 as oldest
       from inbox where outcome is null`,
  );
  return { waiting: row?.waiting ?? 0, oldestSeconds: Math.max(0, row?.oldest ?? 0) };
}

/** Whether something a provider said to a shop has no outcome yet. */
export async function isWaiting(em: EntityManager, { shopId, provider }: { shopId: number; provider: string }): Promise<boolean> {
  const rows = await em.execute(
    `select from inbox where outcome is null and verdict = 'verified' and shop_id = ? and provider = ? limit 1`,
    [shopId, provider],
  );
  return rows.length > 0;
}

/** Names of others are kept as far as they fit. */
export function cut(text: string, limit: number): string {
  return text.length > limit ? text.slice(0, limit) : text;
}
