/** Providers' statements beside the ledger: keeping their lines, and where both differ. */
import type { ExternalProvider } from '../../domain/payment.ts';
import { type ComparedObject, type ProviderMove, statementOf } from '../../domain/reconcile.ts';
import { Reconciliation } from '../entities/reconcile.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

export interface Statement {
  readonly shopId: number;
  readonly provider: ExternalProvider;
}

/** A line with what our books know of it. */
export interface KnownMove {
  readonly move: ProviderMove;
  /** Our payment it is about; null when it is none of this shop's. */
  readonly paymentId: string | null;
  /** Whether we have heard of it. */
  readonly known: boolean;
}

const knowing = `
  select m.place,
    (select p.id from payment p where p.shop_id = $1 and p.id = n.payment_id) as payment_id,
    -- Named by us, and no payment of any shop: money of ours all the same.
    n.payment_id is not null and not exists (select from payment p where p.id = n.payment_id) as is_lost,
    case m.kind
      -- Booked, or in the inbox already: whoever was told of it rings.
      when 'payment' then exists (select from transfer t where t.key >= e.event || '#' and t.key < e.event || '$')
        or exists (select from inbox i where i.provider = $2 and i.object_id = m.object_id and i.shop_id = $1 and i.kind = 'settled'
                                         and i.verdict = 'verified' and i.outcome is null)
      when 'refund' then r.status in ('succeeded', 'failed') or v.taken_at is not null or v.returned_at is not null
      when 'refundFailed' then r.status = 'failed' or v.returned_at is not null
      when 'withdrawn' then v.taken_at is not null or v.returned_at is not null
      when 'reinstated' then v.returned_at is not null
      else true end as is_known
    from unnest($3::text[], $4::text[], $5::text[], $6::text[]) with ordinality as m(kind, object_id, money_object, payment_id, place)
    cross join lateral (select coalesce(m.payment_id, (
      select i.payment_id from inbox i
       where i.provider = $2 and i.object_id = coalesce(m.money_object, m.object_id) and i.shop_id = $1 and i.verdict = 'verified'
         and i.payment_id is not null order by i.id limit 1)) as payment_id) n
    cross join lateral (select $2 || ':' || $1::bigint || ':' || m.object_id as event) e
    left join reversal v on v.provider = $2 and v.shop_id = $1 and v.object_id = m.object_id
    left join lateral (select status from refund f where f.provider = $2 and f.shop_id = $1 and f.provider_refund_id = m.object_id
                        order by f.requested_at desc limit 1) r on true
   order by m.place`;

/** What our books know of each line. */
export async function lookUpMoves(
  em: EntityManager,
  { shopId, provider }: Statement,
  moves: readonly ProviderMove[],
): Promise<KnownMove[]> {
  if (moves.length === 0) return [];
  const rows = await run<{ payment_id: string | null; is_lost: boolean; is_known: boolean | null }>(em, knowing, [
    shopId,
    provider,
    moves.map(({ kind }) => kind),
    moves.map(({ objectId }) => objectId),
    moves.map(({ moneyObject }) => moneyObject ?? null),
    moves.map(({ paymentId }) => paymentId ?? null),
  ]);
  return moves.map((move, index) => {
    const row = rows[index];
    const paymentId = row?.payment_id ?? (row?.is_lost ? (move.paymentId ?? null) : null);
    return { move, paymentId, known: row?.is_known ?? false };
  });
}

/** Keeps lines, each once. */
export async function keepMoves(em: EntityManager, { shopId, provider }: Statement, moves: readonly KnownMove[]): Promise<void> {
  await run(
    em,
    `insert into provider_move (shop_id, provider, transaction_id, kind, object_id, ours, amount, fee, currency, at)
     select $1, $2, m.* from unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::bigint[], $8::bigint[], $9::text[], $10::timestamptz[]) m
     on conflict (shop_id, provider, transaction_id, kind) do nothing`,
    [
      shopId,
      provider,
      moves.map(({ move }) => move.transactionId),
      moves.map(({ move }) => move.kind),
      moves.map(({ move }) => move.objectId),
      moves.map(({ move, paymentId }) => move.kind !== 'other' && paymentId !== null),
      moves.map(({ move }) => move.amount),
      moves.map(({ move }) => move.fee),
      moves.map(({ move }) => move.currency),
      moves.map(({ move }) => new Date(move.at).toISOString()),
    ],
  );
}

/** Where the last reading of a statement ended. */
export async function findCursor(em: EntityManager, { shopId, provider }: Statement): Promise<string | undefined> {
  const [last] = await em.find(Reconciliation, { shopId, provider }, { orderBy: { id: 'desc' }, limit: 1, refresh: true });
  return last?.cursor;
}

/** What a provider says it has for the shop, by object; of this shop's payments only. */
const sayings = {
  lines: `select object_id, sum(amount) as amount, sum(fee) as fee, max(at) as at from provider_move
           where shop_id = $1 and provider = $2 and currency = $3 and ours group by object_id`,
  // Coins are worth what we counted them as. What was not counted is worth its share of what was asked. Nobody but us says what a fee was worth.
  answers: `select w.object_id, f.fee, w.at,
                   floor(case when c.units > 0 then c.amount * w.units / c.units when p.units > 0 then p.amount * w.units / p.units else 0 end)::bigint as amount
              from provider_answer w join payment p on p.id = w.payment_id
              cross join lateral (select coalesce(sum(t.amount), 0) as fee from transfer t
                where t.key >= 'fee:' || $2 || ':' || w.shop_id || ':' || w.object_id || ':' and t.key < 'fee:' || $2 || ':' || w.shop_id || ':' || w.object_id || ';') f
              cross join lateral (
                select sum(i.amount) as amount, max((i.coins->>'paidUnits')::numeric) as units from inbox i
                 where i.provider = w.provider and i.object_id >= w.object_id || ':' and i.object_id < w.object_id || ';'
                   and i.payment_id = w.payment_id and i.kind = 'settled' and i.outcome = 'applied') c
             where w.shop_id = $1 and w.provider = $2 and p.currency = $3`,
  // An output that was heard of is worth what it was first; others what they were when they were found.
  outputs: `select w.object_id, 0 as fee, w.at,
                   case when o.value is not null then floor(o.value * w.units / o.units) when w.payment_id is null then w.value else 0 end::bigint as amount
              from provider_answer w join shop s on s.id = w.shop_id
              left join chain_output o on o.coin in ('btc', 'ltc') and o.txid = split_part(w.object_id, ':', 1)
                                      and o.vout = split_part(w.object_id, ':', 2)::int and o.shop_id = w.shop_id
             where w.shop_id = $1 and w.provider = $2 and s.currency = $3`,
  approvals: `select 'approval:' || a.id as object_id, a.amount, 0 as fee, greatest(a.at, a.second_at) as at
                from approval a join shop s on s.id = a.shop_id
               where a.shop_id = $1 and $2 = 'manual' and s.currency = $3 and a.verdict = 'approve' and a.status = 'given'`,
} as const;

/** What money is called in the ledger's keys, behind provider and shop. */
const objectOf = {
  outputs: "split_part(k.event, ':', 3) || ':' || split_part(k.event, ':', 4)",
  lines: "split_part(k.event, ':', 3)",
  answers: "split_part(k.event, ':', 3)",
  approvals: "'approval:' || split_part(k.event, ':', 4)",
};

/** What staff paid out by themselves: nobody else says of it. */
const ofPayout = (key: string) => `${key} ~ ':(succeeded|failed)(#|$)'`;

/** Amounts by the object they are about, fees left out: what the provider says, and what is posted. */
function objectsOf(provider: ExternalProvider): string {
  const kind = statementOf[provider];
  return `
  said as (${sayings[kind]}),
  posted as (
    select coalesce(r.provider_refund_id, ${objectOf[kind]}) as object_id,
           sum(case when t.debit_account_id = a.id then t.amount else -t.amount end) as amount, max(t.at) as at
      from account a join transfer t on a.id in (t.debit_account_id, t.credit_account_id)
      cross join lateral (select split_part(t.key, '#', 1) as event) k
      left join refund r on r.shop_id = a.shop_id and r.provider = $2 and r.id = regexp_replace(k.event, ':(succeeded|failed)$', '')
     where a.shop_id = $1 and a.kind = 'clearing:' || $2 and a.currency = $3 and k.event not like 'fee:%'
       ${kind === 'lines' ? '' : `and not (${ofPayout('k.event')})`}
     group by 1)`;
}

/** Objects that both have differently, and that have been quiet since `before`; at most `limit`. */
export async function listUnequal(
  em: EntityManager,
  { shopId, provider }: Statement,
  { currency, before, limit }: { readonly currency: string; readonly before: Date; readonly limit: number },
): Promise<ComparedObject[]> {
  const rows = await run<{ object_id: string; statement: string; ledger: string }>(
    em,
    `with ${objectsOf(provider)}
     select coalesce(s.object_id, p.object_id) as object_id, coalesce(s.amount, 0) as statement, coalesce(p.amount, 0) as ledger
       from said s full join posted p on p.object_id = s.object_id
      where coalesce(s.amount, 0) <> coalesce(p.amount, 0) and greatest(coalesce(s.at, p.at), coalesce(p.at, s.at)) < $4
      order by 1 limit $5`,
    [shopId, provider, currency, before, limit],
  );
  return rows.map(({ object_id, statement, ledger }) => ({ objectId: object_id, statement: Number(statement), ledger: Number(ledger) }));
}

/** What the provider has for the shop, by what it says and by the ledger, net of fees; and what it took for itself in all. Minor units. */
export async function readTotals(
  em: EntityManager,
  { shopId, provider }: Statement,
  currency: string,
): Promise<{ statement: number; ledger: number; feesInAll: number }> {
  const [row] = await run<{ statement: string; ledger: string; fees: string }>(
    em,
    `with ${objectsOf(provider)},
     balance as (
       select a.kind, sum(case when t.debit_account_id = a.id then t.amount else -t.amount end) as amount
         from account a join transfer t on a.id in (t.debit_account_id, t.credit_account_id)
        where a.shop_id = $1 and a.kind in ('clearing:' || $2, 'expense:fee:' || $2) and a.currency = $3
          ${statementOf[provider] === 'lines' ? '' : `and not (${ofPayout('t.key')})`} group by a.kind)
     select (select coalesce(sum(amount - fee), 0) from said) as statement,
            (select coalesce(sum(amount), 0) from balance where kind = 'clearing:' || $2) as ledger,
            (select coalesce(sum(amount), 0) from balance where kind = 'expense:fee:' || $2) as fees`,
    [shopId, provider, currency],
  );
  return { statement: Number(row?.statement ?? 0), ledger: Number(row?.ledger ?? 0), feesInAll: Number(row?.fees ?? 0) };
}
