/** Everything a step, a screen or a message needs of an order, loaded by one statement; and how a step's changes are written back by one. */
import { Audit } from '../entities/audit.ts';
import { Customer } from '../entities/customer.ts';
import { Delivery } from '../entities/delivery.ts';
import { Inbox } from '../entities/inbox.ts';
import { Order, OrderLine } from '../entities/order.ts';
import { Payment } from '../entities/payment.ts';
import { PickupPoint } from '../entities/pickup-point.ts';
import { Refund } from '../entities/refund.ts';
import { Reversal } from '../entities/reversal.ts';
import { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { columnsOf, type Json, readRecord, readRecords, toJson } from '../records.ts';
import { type Purchases, purchasesOf } from './achievement.ts';
import { fallenOf } from './stock-alarm.ts';

/** The shop without what is sealed. */
export type PlainShop = Omit<Shop, 'botToken' | 'webhookSecret'>;
/** A row of the inbox without its raw body. */
export type WaitingRow = Omit<Inbox, 'body'>;

/** An order in a step's hands: what is not in `changing` would not be saved, so it cannot be changed. */
export type OrderInStep = Readonly<Omit<Order, (typeof changing.order)[number]>> & Pick<Order, (typeof changing.order)[number]>;
/** A payment without what JSON's numbers would not hold. */
export type PlainPayment = Omit<Payment, 'units' | 'unitsReceived' | 'unitsLeast' | 'rate'>;
export type PaymentInStep = Readonly<Omit<PlainPayment, (typeof changing.payment)[number]>> &
  Pick<PlainPayment, (typeof changing.payment)[number]>;

export interface HeldMoney {
  readonly total: number;
  readonly bonus: number;
  readonly stars: number;
}

export interface OrderRows {
  readonly order: OrderInStep;
  readonly shop: PlainShop;
  readonly lines: readonly OrderLine[];
  readonly points: readonly PickupPoint[];
  /** By attempt, the oldest first. */
  readonly payments: PaymentInStep[];
  readonly deliveries: readonly Delivery[];
  readonly refunds: readonly Refund[];
  /** What providers take back of its money, or may. */
  readonly reversals: readonly Reversal[];
  /** What the order holds in the shop's currency, and which parts of it came from bonus and from money that came in Stars. */
  readonly held: HeldMoney;
  /** Verified rows of its inbox without an outcome, in provider time. */
  readonly waiting: readonly WaitingRow[];
  /** Money that went to the wallet and of which the customer was not told. */
  readonly unnoticed: number;
}

interface Loaded {
  readonly order: Json;
  readonly shop: Json;
  readonly lines: Json[] | null;
  readonly points: Json[] | null;
  readonly payments: Json[] | null;
  readonly deliveries: Json[] | null;
  readonly refunds: Json[] | null;
  readonly reversals: Json[] | null;
  readonly held: HeldMoney | null;
  readonly waiting: Json[] | null;
  readonly unnoticed: number;
}

/** Columns of one order's rows; `payment` and `waiting` stand for those tables or for what was locked of them. */
const columns = (payment: string, inbox: string) => `
  to_jsonb(o) as "order",
  (select to_jsonb(s) - '{bot_token,webhook_secret}'::text[] from shop s where s.id = o.shop_id) as shop,
  (select jsonb_agg(to_jsonb(l) order by l.position) from order_line l where l.order_id = o.id) as lines,
  (select jsonb_agg(to_jsonb(k)) from pickup_point k
    where k.id in (select l.pickup_point_id from order_line l where l.order_id = o.id)) as points,
  (select jsonb_agg(to_jsonb(p) - '{units,units_received,units_least,rate}'::text[] order by p.attempt) from ${payment} p where p.order_id = o.id) as payments,
  (select jsonb_agg(to_jsonb(d) order by d.id) from delivery d where d.order_id = o.id) as deliveries,
  (select jsonb_agg(to_jsonb(r) order by r.requested_at, r.id) from refund r where r.order_id = o.id) as refunds,
  (select jsonb_agg(to_jsonb(v) order by v.id) from reversal v where v.order_id = o.id) as reversals,
  (select jsonb_build_object('total', h.balance, 'bonus', coalesce(w.bonus, 0), 'stars', coalesce(w.stars, 0))
     from account h cross join lateral (
            select sum(t.amount) filter (where b.kind = 'bonus') as bonus, sum(t.amount) filter (where b.kind = 'stars') as stars
              from transfer t join account b on b.id = t.debit_account_id where t.credit_account_id = h.id) w
    where h.order_id = o.id and h.kind = 'held') as held,
  (select jsonb_agg(to_jsonb(i) - '{body,headers}'::text[] order by i.provider_at, i.id) from ${inbox} i
    where i.order_id = o.id and i.outcome is null and i.verdict = 'verified') as waiting,
  (select count(*)::int from inbox i where i.order_id = o.id and i.place = 'wallet' and i.told_at is null) as unnoticed`;

const byCode = `select ${columns('payment', 'inbox')} from "order" o where o.code = $1`;
const byIds = `select ${columns('payment', 'inbox')} from "order" o where o.id = any($1::bigint[]) order by o.placed_at desc, o.id desc`;
// A pre-checkout marks a payment, and a webhook a row of the inbox, without the order's lock: they come wholly before a step or find its outcome.
const locked = `
  with paying as materialized (select * from payment where order_id = $1 order by attempt for no key update),
       told as materialized (select * from inbox where order_id = $1 and outcome is null and verdict = 'verified' order by id for no key update)
  select ${columns('paying', 'told')} from "order" o where o.id = $1`;

/** An order's rows as they stand, unlocked; undefined when there is none of this code. */
export async function loadOrder(em: EntityManager, code: string): Promise<OrderRows | undefined> {
  const [row] = await run<Loaded>(em, byCode, [code]);
  return row && readRows(em, row);
}

/** What telling people of an order takes beside its rows. */
export interface OrderToTell extends OrderRows {
  readonly customer: Omit<Customer, 'name'>;
  /** Envelope of the token of the shop's bot. */
  readonly botToken: Buffer | null;
  /** What its sale may bring besides, once it is paid. */
  readonly sale: Sale | undefined;
}

/** What is looked at after every sale; read with its order, so that it costs no question of its own. */
export interface Sale {
  readonly purchases: Purchases;
  /** Its products that fell to their alarm. */
  readonly fallen: readonly number[];
}

const toTell = `
  select ${columns('payment', 'inbox')},
    (select to_jsonb(c) - 'name' from customer c where c.id = o.customer_id) as customer,
    (select s.bot_token from shop s where s.id = o.shop_id) as bot_token,
    case when o.status in ('paid', 'delivered', 'unfulfillable') then jsonb_build_object('purchases', ${purchasesOf}, 'fallen', coalesce(${fallenOf}, '[]')) end as sale
  from "order" o where o.code = $1`;

/** An order with whom to tell of it. */
export async function loadOrderToTell(em: EntityManager, code: string): Promise<OrderToTell | undefined> {
  const [row] = await run<Loaded & { customer: Json; bot_token: Buffer | null; sale: Sale | null }>(em, toTell, [code]);
  if (!row) return undefined;
  return { ...readRows(em, row), customer: readRecord(em, Customer, row.customer), botToken: row.bot_token, sale: row.sale ?? undefined };
}

/** Several orders, newest first. */
export async function loadOrders(em: EntityManager, ids: readonly number[]): Promise<OrderRows[]> {
  if (ids.length === 0) return [];
  return (await run<Loaded>(em, byIds, [ids])).map((row) => readRows(em, row));
}

const lockingOrder = 'select id from "order" where code = $1 for no key update';
const lockingBoth = `
  select (select id from "order" where code = $1 for no key update) as id, (select id from customer where id = $2 for no key update) as customer`;

/**
 * Locks the order's row, its payments and its waiting inbox until the end of the transaction, and loads it all as it stands then.
 * With `customerId` their row is locked too: whoever places orders for one customer does so one after the other.
 */
export async function lockOrderRows(em: EntityManager, code: string, customerId?: number): Promise<OrderRows | undefined> {
  // A statement sees what was committed before it began: what is read under the lock is read by the next one.
  const [found] =
    customerId === undefined
      ? await run<{ id: string }>(em, lockingOrder, [code])
      : await run<{ id: string | null }>(em, lockingBoth, [code, customerId]);
  if (!found?.id) return undefined;
  const [row] = await run<Loaded>(em, locked, [found.id]);
  return row && readRows(em, row);
}

function readRows(em: EntityManager, row: Loaded): OrderRows {
  const total = row.held?.total ?? 0;
  return {
    order: readRecord(em, Order, row.order),
    shop: readRecord(em, Shop, row.shop),
    lines: readRecords(em, OrderLine, row.lines),
    points: readRecords(em, PickupPoint, row.points),
    payments: readRecords(em, Payment, row.payments),
    deliveries: readRecords(em, Delivery, row.deliveries),
    refunds: readRecords(em, Refund, row.refunds),
    reversals: readRecords(em, Reversal, row.reversals),
    // What was settled or released is held no more.
    held: total > 0 && row.held ? row.held : { total, bonus: 0, stars: 0 },
    waiting: readRecords(em, Inbox, row.waiting),
    unnoticed: row.unnoticed,
  };
}

/** A line of the order's long history. */
export type AuditLine = Pick<Audit, (typeof auditColumns)[number]>;
export const auditColumns = ['shopId', 'actor', 'action', 'subject', 'subjectId', 'before', 'after', 'at'] as const;

/** What a step may change of an order and of its payments. */
const changing = {
  order: [
    'status',
    'method',
    'version',
    'settleBy',
    'paidAt',
    'deliveredAt',
    'closedAt',
    'endedBy',
    'remindedAt',
    'screenVersion',
    'staffVersion',
  ],
  payment: [
    'status',
    'received',
    'applied',
    'tolerated',
    'paidPartial',
    'paidOver',
    'paidLate',
    'moneyObject',
    'instructions',
    'seenAt',
    'settledAt',
    'closedAt',
  ],
} as const;

export interface OrderChanges {
  readonly orderId: number;
  /** Absent when it stands as it was. */
  readonly order: OrderInStep | undefined;
  readonly payments: readonly PaymentInStep[];
  readonly audit: readonly AuditLine[];
}

let saving: string | undefined;

/** Writes what a step changed of a locked order, its payments and its history, in one statement. */
export async function saveOrderRows(em: EntityManager, { orderId, order, payments, audit }: OrderChanges): Promise<void> {
  if (!order && payments.length === 0 && audit.length === 0) return;
  saving ??= savingStatement(em);
  await run(em, saving, [
    orderId,
    order && JSON.stringify(toJson(em, Order, order)),
    payments.length === 0 ? null : JSON.stringify(payments.map((payment) => toJson(em, Payment, payment))),
    JSON.stringify(audit.map((line) => toJson(em, Audit, line))),
  ]);
}

function savingStatement(em: EntityManager): string {
  const set = (names: readonly string[]) => names.map((name) => `${name} = n.${name}`).join(', ');
  const noted = columnsOf(em, Audit, auditColumns).join(', ');
  return `
    with ordered as (update "order" o set ${set(columnsOf(em, Order, changing.order))}
                       from jsonb_populate_record(null::"order", $2) n where o.id = $1 and $2::jsonb is not null),
         paying as (update payment p set ${set(columnsOf(em, Payment, changing.payment))}
                      from jsonb_populate_recordset(null::payment, $3) n where p.order_id = $1 and p.id = n.id)
    insert into audit (${noted}) select ${noted} from jsonb_populate_recordset(null::audit, $4)`;
}

/** What a step that changed nothing else would compare with. */
export function snapshotOf({ order, payments }: Pick<OrderRows, 'order' | 'payments'>): { order: string; payments: Map<string, string> } {
  return {
    order: JSON.stringify(changing.order.map((property) => order[property])),
    payments: new Map(payments.map((payment) => [payment.id, JSON.stringify(changing.payment.map((property) => payment[property]))])),
  };
}
