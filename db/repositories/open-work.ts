/** Rows that still need their workflow: what the relay passes over. */
import type { MethodName, Payable } from '../../domain/payment.ts';
import type { Refunded } from '../../domain/refund.ts';
import type { EntityManager } from '../orm.ts';
import { aboutOf } from './inbox.ts';
import { isUntoldReversal } from './reversal.ts';

export type OpenWork =
  | {
      readonly noun: 'order';
      readonly orderCode: string;
      readonly shopId: number;
      readonly customerId: number;
      readonly method: MethodName;
      readonly total: number;
      /** It is paid: nothing more is awaited of the customer or of time. */
      readonly owing: boolean;
    }
  | {
      readonly noun: 'deposit';
      readonly depositCode: string;
      /** The output it came by, when a chain brought it. */
      readonly chainOutput: string | null;
      readonly shopId: number;
      readonly customerId: number;
      readonly method: MethodName;
      readonly amount: number;
    }
  | { readonly noun: 'voucher'; readonly voucherId: number; readonly shopId: number }
  | { readonly noun: 'autoBuy'; readonly orderCode: string; readonly shopId: number; readonly customerId: number }
  /** Of a deposit: not reckoned with it as it stands, or held. */
  | { readonly noun: 'commission'; readonly depositCode: string }
  | { readonly noun: 'claim'; readonly claimCode: string }
  | { readonly noun: 'delivery'; readonly orderCode: string }
  | ({ readonly noun: 'refund'; readonly refundId: string } & Refunded)
  | {
      readonly noun: 'payout';
      readonly payoutCode: string;
      readonly shopId: number;
      readonly customerId: number;
      readonly provider: string;
      readonly amount: number;
    };

/** Of this one only. */
interface OpenWorkOf {
  readonly orderCode?: string;
  readonly depositCode?: string;
  readonly payoutCode?: string;
  readonly voucherId?: number;
  readonly claimCode?: string;
}

/**
 * Open = not final, or goods unsent and no staff task yet. An unpaid or paid order goes on in its own workflow; goods being sent again in
 * `delivery`; a refund not closed in `refund`; a deposit that is awaited, or credited and not told, in `deposit`; what a referrer is owed of
 * one in `commission`. `orderCode` or `depositCode`: of this one only.
 */
export async function listOpenWork(
  em: EntityManager,
  { orderCode, depositCode, payoutCode, voucherId, claimCode }: OpenWorkOf = {},
): Promise<OpenWork[]> {
  if (payoutCode !== undefined) return listOpenPayouts(em, payoutCode);
  if (voucherId !== undefined) return listOpenVouchers(em, voucherId);
  if (claimCode !== undefined) return listOpenClaims(em, claimCode);
  if (depositCode !== undefined)
    return [
      ...(await listOpenDeposits(em, depositCode)),
      ...(await listOpenCommissions(em, depositCode)),
      ...(await listDepositRefunds(em, depositCode)),
    ];
  const [ofOrder, code] = orderCode === undefined ? ['', []] : ['and o.code = ?', [orderCode]];
  const orders: { code: string; shop_id: string; customer_id: string; method: MethodName; total: string; owing: boolean }[] =
    await em.execute(
      `select code, shop_id, customer_id, method, total, status = 'paid' as owing from "order" o
      where (status in ('awaitingPayment', 'awaitingSettlement')
         or (status = 'paid' and exists (select from delivery d where d.order_id = o.id and d.status in ('waiting', 'sending')))
         or (status = 'unfulfillable' and exists (select from refund r where r.order_id = o.id and r.status = 'requested'
               and not exists (select from payout p where p.refund_id = r.id))))
         ${ofOrder}
      order by placed_at`,
      code,
    );
  const deliveries: { code: string }[] = await em.execute(
    `select distinct o.code from "order" o join delivery d on d.order_id = o.id
      where o.status in ('delivered', 'refunded') and d.status in ('waiting', 'sending') ${ofOrder}`,
    code,
  );
  const refunds: { id: string; code: string }[] = await em.execute(
    `select r.id, o.code from refund r join "order" o on o.id = r.order_id where r.status in ('requested', 'sent')
        and not exists (select from payout p where p.refund_id = r.id) ${ofOrder}
      order by r.requested_at`,
    code,
  );
  return [
    ...orders.map((order) => ({
      noun: 'order' as const,
      orderCode: order.code,
      shopId: Number(order.shop_id),
      customerId: Number(order.customer_id),
      method: order.method,
      total: Number(order.total),
      owing: order.owing,
    })),
    ...(await listOpenAutoBuys(em, orderCode)),
    ...(orderCode === undefined
      ? [
          ...(await listOpenDeposits(em)),
          ...(await listOpenCommissions(em)),
          ...(await listDepositRefunds(em)),
          ...(await listOpenPayouts(em)),
          ...(await listOpenVouchers(em)),
          ...(await listOpenClaims(em)),
        ]
      : []),
    ...deliveries.map(({ code }) => ({ noun: 'delivery' as const, orderCode: code })),
    ...refunds.map(({ id, code }) => ({ noun: 'refund' as const, orderCode: code, refundId: id })),
  ];
}

/** Stars of deposits on their way back. */
async function listDepositRefunds(em: EntityManager, depositCode?: string): Promise<OpenWork[]> {
  const rows: { id: string; code: string }[] = await em.execute(
    `select r.id, d.code from refund r join deposit d on d.id = r.deposit_id where r.status in ('requested', 'sent')
        ${depositCode === undefined ? '' : 'and d.code = ?'}
      order by r.requested_at`,
    depositCode === undefined ? [] : [depositCode],
  );
  return rows.map(({ id, code }) => ({ noun: 'refund' as const, depositCode: code, refundId: id }));
}

/** A gift link until its end; a code that was claimed and not booked. */
const openVoucher = `((kind = 'link' and status in ('drafted', 'open')) or (status = 'claimed' and booked_at is null))`;

async function listOpenVouchers(em: EntityManager, voucherId?: number): Promise<OpenWork[]> {
  const rows: { id: string; shop_id: string }[] = await em.execute(
    `select id, shop_id from voucher
      where ${openVoucher}
        ${voucherId === undefined ? '' : 'and id = ?'} order by id`,
    voucherId === undefined ? [] : [voucherId],
  );
  return rows.map(({ id, shop_id }) => ({ noun: 'voucher' as const, voucherId: Number(id), shopId: Number(shop_id) }));
}

/** Not closed, or staff said something of it that was not carried out yet. */
async function listOpenPayouts(em: EntityManager, payoutCode?: string): Promise<OpenWork[]> {
  const rows: { code: string; shop_id: string; customer_id: string; provider: string; amount: string }[] = await em.execute(
    `select code, shop_id, customer_id, provider, amount from payout
      where (status in ('requested', 'sent') or word <> status) ${payoutCode === undefined ? '' : 'and code = ?'} order by id`,
    payoutCode === undefined ? [] : [payoutCode],
  );
  return rows.map(({ code, shop_id, customer_id, provider, amount }) => ({
    noun: 'payout' as const,
    payoutCode: code,
    shopId: Number(shop_id),
    customerId: Number(customer_id),
    provider,
    amount: Number(amount),
  }));
}

async function listOpenAutoBuys(em: EntityManager, orderCode?: string): Promise<OpenWork[]> {
  const rows: { code: string; shop_id: string; customer_id: string }[] = await em.execute(
    `select code, shop_id, customer_id from auto_buy
      where (status in ('waiting', 'buying') or (status = 'asked' and told_at is null and closed_at > now() - interval '1 day'))
        ${orderCode === undefined ? '' : 'and code = ?'}
      order by id`,
    orderCode === undefined ? [] : [orderCode],
  );
  return rows.map(({ code, shop_id, customer_id }) => ({
    noun: 'autoBuy' as const,
    orderCode: code,
    shopId: Number(shop_id),
    customerId: Number(customer_id),
  }));
}

/** Baskets that are to buy themselves whose customer got money since somebody looked; what came while they looked counts again. */
export async function listDueAutoBuys(em: EntityManager, { olderThanMs }: { readonly olderThanMs: number }): Promise<string[]> {
  const rows: { code: string }[] = await em.execute(
    `select a.code from auto_buy a
      where a.status = 'waiting' and exists (select from deposit d join inbox i on i.deposit_id = d.id
              where d.customer_id = a.customer_id and i.place = 'wallet' and i.applied_at > a.looked_at - interval '15 seconds'
                and i.applied_at < now() - make_interval(secs => ?::float8 / 1000))`,
    [olderThanMs],
  );
  return rows.map(({ code }) => code);
}

async function listOpenDeposits(em: EntityManager, depositCode?: string): Promise<OpenWork[]> {
  const rows: { code: string; chain_output: string | null; shop_id: string; customer_id: string; method: MethodName; amount: string }[] =
    await em.execute(
      `select code, chain_output, shop_id, customer_id, method, amount from deposit d
      where (status in ('opened', 'waiting', 'seen', 'confirming')
         or (credited_at > now() - interval '7 days'
             and exists (select from inbox i where i.deposit_id = d.id and i.place = 'wallet' and i.told_at is null))
         or exists (select from reversal v where v.deposit_id = d.id and v.taken_at > now() - interval '7 days' and ${isUntoldReversal('v')}))
        ${depositCode === undefined ? '' : 'and code = ?'}
      order by opened_at`,
      depositCode === undefined ? [] : [depositCode],
    );
  return rows.map(({ code, chain_output, shop_id, customer_id, method, amount }) => ({
    noun: 'deposit' as const,
    depositCode: code,
    chainOutput: chain_output,
    shopId: Number(shop_id),
    customerId: Number(customer_id),
    method,
    amount: Number(amount),
  }));
}

async function listOpenCommissions(em: EntityManager, depositCode?: string): Promise<OpenWork[]> {
  const rows: { code: string }[] = await em.execute(
    `select d.code from deposit d join referral f on f.customer_id = d.customer_id left join commission c on c.deposit_id = d.id
      where d.credited > 0
        and (c.id is null or c.credited <> d.credited or c.reversed <> d.reversed + d.paid_out or c.credited > c.eligible + c.excluded)
        ${depositCode === undefined ? '' : 'and d.code = ?'}
      order by d.id`,
    depositCode === undefined ? [] : [depositCode],
  );
  return rows.map(({ code }) => ({ noun: 'commission' as const, depositCode: code }));
}

/** Open orders that should move by themselves: paid ones, and since `forMs` those whose hold is over or that have a row in the inbox. */
export async function listDueOrders(em: EntityManager, { forMs }: { readonly forMs: number }): Promise<string[]> {
  const rows: { code: string }[] = await em.execute(
    `select code from "order"
      where status = 'paid'
         or (status in ('awaitingPayment', 'awaitingSettlement')
             and (hold_ends_at < now() - make_interval(secs => ?::float8 / 1000)
                  or id in (select order_id from inbox where outcome is null and received_at < now() - make_interval(secs => ?::float8 / 1000))))`,
    [forMs, forMs],
  );
  return rows.map(({ code }) => code);
}

async function listOpenClaims(em: EntityManager, code?: string): Promise<OpenWork[]> {
  const [of, values] = code === undefined ? ['', []] : ['and code = ?', [code]];
  const rows: { code: string }[] = await em.execute(`select code from claim where status = 'open' ${of} order by opened_at`, values);
  return rows.map((row) => ({ noun: 'claim' as const, claimCode: row.code }));
}

/** Shops whose staff have alerts they were not told for a while, and a chat to be told in. */
export async function listShopsToAlert(em: EntityManager, { olderThanMs }: { readonly olderThanMs: number }): Promise<number[]> {
  const rows: { id: string }[] = await em.execute(
    `select distinct s.id from alert a join shop s on s.id = a.shop_id
      where a.told_at is null and a.raised_at < now() - make_interval(secs => ?::float8 / 1000)
        and s.staff_chat_id is not null and s.bot_token is not null`,
    [olderThanMs],
  );
  return rows.map(({ id }) => Number(id));
}

/** Verified inbox rows without an outcome that nobody has applied for a while. */
export async function listWaitingInbox(
  em: EntityManager,
  page: { olderThanMs: number; limit: number },
): Promise<{ shopId: number; provider: string; objectId: string; about: Payable | null }[]> {
  const rows: { shop_id: string; provider: string; object_id: string; about: Payable | null }[] = await em.execute(
    `select i.shop_id, i.provider, i.object_id, ${aboutOf('i')} as about from inbox i
      where i.outcome is null and i.received_at < now() - make_interval(secs => ?::float8 / 1000) order by i.received_at limit ?`,
    [page.olderThanMs, page.limit],
  );
  return rows.map((row) => ({ shopId: Number(row.shop_id), provider: row.provider, objectId: row.object_id, about: row.about }));
}

/** Customers whom nobody has told for a while. What could not be told for seven days is left; what it is about can be looked up. */
export async function listWaitingNotices(em: EntityManager, page: { olderThanMs: number; limit: number }): Promise<number[]> {
  const rows: { customer_id: string }[] = await em.execute(
    `select n.customer_id from notice n join shop s on s.id = n.shop_id
      where n.told_at is null and s.bot_token is not null
        and n.created_at < now() - make_interval(secs => ?::float8 / 1000) and n.created_at > now() - interval '7 days'
      group by n.customer_id order by min(n.id) limit ?`,
    [page.olderThanMs, page.limit],
  );
  return rows.map(({ customer_id }) => Number(customer_id));
}

/** Payouts people said something of that was not carried out, or shown to staff, for a while: whoever said it may have died before it rang. */
export async function listUnheardPayouts(em: EntityManager, { olderThanMs }: { readonly olderThanMs: number }): Promise<string[]> {
  const rows: { code: string }[] = await em.execute(
    `select p.code from payout p
      cross join lateral (select greatest(p.confirmed_at, p.approved_at, p.second_at, p.sent_at, p.word_at) as at) said
      where said.at < now() - make_interval(secs => ?::float8 / 1000)
        and ((p.sent_at is not null and p.status = 'requested') or p.word <> p.status
             -- Shown once more only: a chat that takes nothing is no reason to ring for ever.
             or (p.staff_version < p.version and said.at > now() - interval '30 seconds'))`,
    [olderThanMs],
  );
  return rows.map(({ code }) => code);
}

/** Vouchers whose rows ask for a step that nobody took: a ring died. */
export async function listUnheardVouchers(
  em: EntityManager,
  { olderThanMs }: { readonly olderThanMs: number },
): Promise<{ voucherId: number; shopId: number }[]> {
  const rows: { id: string; shop_id: string }[] = await em.execute(
    `select id, shop_id from voucher
      where ${openVoucher}
        and (status = 'drafted' and created_at < now() - make_interval(secs => ?::float8 / 1000)
          or status = 'open' and cancel_asked_at < now() - make_interval(secs => ?::float8 / 1000)
          or status = 'claimed' and claimed_at < now() - make_interval(secs => ?::float8 / 1000))
      order by id limit 100`,
    [olderThanMs, olderThanMs, olderThanMs],
  );
  return rows.map(({ id, shop_id }) => ({ voucherId: Number(id), shopId: Number(shop_id) }));
}

/** Open claims of which something was said that was not carried out for a while, or that staff were not shown: whoever said it may have died. */
export async function listUnheardClaims(em: EntityManager, { olderThanMs }: { readonly olderThanMs: number }): Promise<string[]> {
  const rows: { code: string }[] = await em.execute(
    `select code from claim where status = 'open'
        and coalesce(verdict_at, withdrawn_at) < now() - make_interval(secs => ?::float8 / 1000)
        and (verdict is not null or withdrawn_at is not null)`,
    [olderThanMs],
  );
  return rows.map(({ code }) => code);
}
