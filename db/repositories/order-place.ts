/** Placing an order: what its first step must know, in one statement, and the rows it begins with, in another. */
import { harmlessCancelSeconds, hoardingDays } from '../../domain/hoarding.ts';
import type { StandingCode } from '../../domain/promo-code.ts';
import { linesKey, type PlacedLine } from '../../domain/order.ts';
import type { MethodName } from '../../domain/payment.ts';
import type { SettingKey } from '../../domain/setting.ts';
import { Audit } from '../entities/audit.ts';
import { Customer } from '../entities/customer.ts';
import { Order, OrderLine } from '../entities/order.ts';
import { Payment } from '../entities/payment.ts';
import { Product } from '../entities/product.ts';
import { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { columnsOf, type Json, readRecord, readRecords, toJson } from '../records.ts';
import { auditColumns, type AuditLine, type PlainShop } from './order-rows.ts';
import { soldOutSql } from './unit.ts';
import { readStandingCode, type StandingCodeJson, standingCodeSql } from './promo-code.ts';

export interface PlaceAsk {
  readonly orderCode: string;
  readonly shopId: number;
  readonly customerId: number;
  readonly productIds: readonly number[];
  readonly provider: string;
  /** The promo code to reckon with. */
  readonly codeId?: number | null | undefined;
  /** Workflow time. */
  readonly at: Date;
}

export interface PlaceFacts {
  readonly shop: PlainShop | undefined;
  /** The customer, if they are one of this shop. */
  readonly customer: Omit<Customer, 'name'> | undefined;
  /** Their unpaid orders. */
  readonly open: readonly { readonly code: string; readonly status: string; readonly linesKey: string }[];
  /** What they earned by friends, minor units. */
  readonly earnings: number;
  /** How many deposits of theirs wait for money. */
  readonly openDeposits: number;
  /** Payments they began in the last hour. */
  readonly begun: number;
  readonly settings: Partial<Record<SettingKey, number>>;
  /** Products of the shop on sale among those asked for, without their content. */
  readonly products: readonly Pick<Product, (typeof productColumns)[number]>[];
  /** Products of which no unit stands in the pool, not even one that somebody draws just now. */
  readonly soldOut: ReadonlySet<number>;
  /** They were told that it is sold out, by this very order's code. */
  readonly turnedAway: boolean;
  /** How many of a limited product they have already, by product. */
  readonly bought: ReadonlyMap<number, number>;
  /** When their latest holds of scarce units ended unpaid, ms since epoch. */
  readonly unpaidEnds: readonly number[];
  /** How many of each product are kept for them now. */
  readonly held: ReadonlyMap<number, number>;
  readonly account: { readonly id: number; readonly enabled: boolean; readonly hasKeys: boolean } | null;
  /** Methods of the shop that have a rule, or fare badly: the others are anybody's, within their own bounds. */
  readonly ruled: readonly MethodName[];
  /** Cards of theirs that failed within a day. */
  readonly failedCards: number;
  /** The promo code asked for, if it is one of this shop, as it stands for them. */
  readonly code: StandingCode | null;
}

interface Found {
  readonly shop: Json | null;
  readonly customer: Json | null;
  readonly open: { code: string; status: string; linesKey: string }[] | null;
  readonly earnings: string | null;
  readonly open_deposits: number;
  readonly begun: number;
  readonly settings: Partial<Record<SettingKey, number>> | null;
  readonly products: Json[] | null;
  readonly sold_out: number[] | null;
  readonly turned_away: boolean;
  readonly bought: Record<string, number> | null;
  readonly unpaid_ends: number[] | null;
  readonly held: Record<string, number> | null;
  readonly account: { id: number; enabled: boolean; hasKeys: boolean } | null;
  readonly ruled: MethodName[] | null;
  readonly failed_cards: number;
  readonly code: StandingCodeJson | null;
}

/** Of a product. Its content is not among them: a file would be read, and thrown away, with every order. */
const productColumns = [
  'id',
  'shopId',
  'kind',
  'stockMode',
  'title',
  'categoryId',
  'pickupPointId',
  'price',
  'discountPercent',
  'taxRate',
  'starsPrice',
  'customerLimit',
  'methods',
  'variantOf',
  'options',
  'warrantyDays',
  'creditAmount',
  'accessSeconds',
  'donationMinimum',
  'donationMaximum',
] as const;

let facts: string | undefined;

const factsStatement = (em: EntityManager) => `
  select
    (select to_jsonb(s) - '{bot_token,webhook_secret}'::text[] from shop s where s.id = $1) as shop,
    (select to_jsonb(c) - 'name' from customer c where c.id = $2 and c.shop_id = $1) as customer,
    (select jsonb_agg(jsonb_build_object('code', o.code, 'status', o.status, 'linesKey', o.lines_key) order by o.id)
       from "order" o where o.customer_id = $2 and o.status in ('awaitingPayment', 'awaitingSettlement')) as open,
    (select count(*)::int from deposit d where d.customer_id = $2 and d.status in ('opened', 'waiting', 'seen', 'confirming')) as open_deposits,
    (select r.earnings from referrer r where r.customer_id = $2 and r.shop_id = $1) as earnings,
    (select count(*)::int from payment p where p.customer_id = $2 and p.opened_at > $5::timestamptz - interval '1 hour') as begun,
    (select jsonb_object_agg(t.key, t.value) from setting t where t.shop_id = $1) as settings,
    (select jsonb_agg(to_jsonb(f) || case when f.category_id is not null or f.variant_of is null then '{}'
                        -- A variant is in the category of the product it is shown with.
                        else jsonb_build_object('category_id', (select s.category_id from product s where s.id = f.variant_of)) end)
       from (select ${columnsOf(em, Product, productColumns).join(', ')} from product p
      where p.id = any($3::bigint[]) and p.shop_id = $1 and p.active
        and (p.variant_of is null or exists (select from product s where s.id = p.variant_of and s.active))) f) as products,
    (select jsonb_agg(p.id) from product p
      where p.id = any($3::bigint[]) and ${soldOutSql('p')}) as sold_out,
    exists (select from turned_away t where t.order_code = $7) as turned_away,
    (select jsonb_object_agg(b.product_id, b.quantity) from (
       select l.product_id, sum(l.quantity) as quantity from product p
         join order_line l on l.product_id = p.id join "order" o on o.id = l.order_id
        where p.id = any($3::bigint[]) and p.customer_limit is not null and o.customer_id = $2
          and o.status in ('awaitingPayment', 'awaitingSettlement', 'paid', 'delivered')
        group by l.product_id) b) as bought,
    (select jsonb_agg(e.at) from (
       select round(extract(epoch from o.closed_at) * 1000) as at from "order" o
        where o.customer_id = $2 and o.placed_at > $5::timestamptz - interval '${hoardingDays} days' and o.status in ('expired', 'cancelled')
          and (o.ended_by = 'holdEnded'
               or (o.ended_by = 'customer' and o.closed_at > o.placed_at + interval '${harmlessCancelSeconds} seconds'))
          and exists (select from order_line l join product p on p.id = l.product_id where l.order_id = o.id and p.stock_mode <> 'unlimited')
        order by o.closed_at desc limit 40) e) as unpaid_ends,
    (select jsonb_object_agg(h.product_id, h.quantity) from (
       select l.product_id, sum(l.quantity) as quantity from "order" o join order_line l on l.order_id = o.id
        where o.customer_id = $2 and o.status in ('awaitingPayment', 'awaitingSettlement') and l.product_id = any($3::bigint[])
        group by l.product_id) h) as held,
    (select jsonb_build_object('id', a.id, 'enabled', a.enabled, 'hasKeys', a.keys is not null)
       from provider_account a where a.shop_id = $1 and a.provider = $4) as account,
    (select jsonb_agg(m.method) from (
       select method from method_rule where shop_id = $1 union select method from method_health where shop_id = $1) m) as ruled,
    (select count(*)::int from inbox i join payment p on p.id = i.payment_id
      where $4 = 'stripe' and p.customer_id = $2 and p.provider = 'stripe' and i.type = 'payment_intent.payment_failed'
        and i.verdict = 'verified' and i.provider_at > $5::timestamptz - interval '1 day') as failed_cards,
    (select ${standingCodeSql('$2')} from promo_code k where k.id = $6 and k.shop_id = $1
       -- A wish names a code by its number: it is theirs only when they entered its words, now or for an order before.
       and (exists (select from applied_code e where e.customer_id = $2 and e.promo_code_id = k.id)
            or exists (select from promo_use u where u.customer_id = $2 and u.promo_code_id = k.id))) as code`;

/** Read under the customer's lock: one order of a customer at a time, so that limits and "the same lines" hold. */
export async function readPlaceFacts(em: EntityManager, ask: PlaceAsk): Promise<PlaceFacts> {
  const { orderCode, shopId, customerId, productIds, provider, codeId = null, at } = ask;
  facts ??= factsStatement(em);
  const [found] = await run<Found>(em, facts, [shopId, customerId, productIds, provider, at, codeId, orderCode]);
  if (!found) throw new Error('A select without a table answers one row');
  return {
    shop: found.shop ? readRecord(em, Shop, found.shop) : undefined,
    customer: found.customer ? readRecord(em, Customer, found.customer) : undefined,
    open: found.open ?? [],
    earnings: Number(found.earnings ?? 0),
    openDeposits: found.open_deposits,
    begun: found.begun,
    settings: found.settings ?? {},
    products: readRecords(em, Product, found.products),
    soldOut: new Set(found.sold_out ?? []),
    turnedAway: found.turned_away,
    bought: byProduct(found.bought),
    unpaidEnds: found.unpaid_ends ?? [],
    held: byProduct(found.held),
    account: found.account,
    ruled: found.ruled ?? [],
    failedCards: found.failed_cards,
    code: found.code && readStandingCode(found.code),
  };
}

const byProduct = (counts: Record<string, number> | null) =>
  new Map(Object.entries(counts ?? {}).map(([id, quantity]) => [Number(id), quantity]));

const stored = {
  order: [
    'code',
    'shopId',
    'customerId',
    'status',
    'currency',
    'total',
    'starsTotal',
    'tax',
    'promoCodeId',
    'promoCode',
    'method',
    'methods',
    'linesKey',
    'fromBasket',
    'holdSeconds',
    'placedAt',
    'holdEndsAt',
    'screenChatId',
    'screenMessageId',
    'version',
    'screenVersion',
    'staffVersion',
    'language',
  ],
  line: [
    'productId',
    'kind',
    'title',
    'quantity',
    'basePrice',
    'discountPercent',
    'price',
    'starsPrice',
    'codeDiscount',
    'codeStars',
    'taxRate',
    'tax',
    'pickupPointId',
    'warrantyDays',
    'creditAmount',
    'accessSeconds',
    'position',
  ],
  payment: [
    'id',
    'shopId',
    'customerId',
    'attempt',
    'method',
    'provider',
    'accountId',
    'amount',
    'currency',
    'coin',
    'network',
    'status',
    'received',
    'applied',
    'tolerated',
    'paidPartial',
    'paidOver',
    'paidLate',
    'openedAt',
    'instructions',
  ],
} as const;

export type NewOrder = Pick<Order, (typeof stored.order)[number]>;
export type NewLine = Pick<OrderLine, (typeof stored.line)[number]>;

let inserting: string | undefined;

function insertingStatement(em: EntityManager): string {
  const order = columnsOf(em, Order, stored.order).join(', ');
  const line = columnsOf(em, OrderLine, stored.line).join(', ');
  const payment = columnsOf(em, Payment, stored.payment).join(', ');
  const audit = columnsOf(em, Audit, auditColumns).join(', ');
  return `
    with placed as (insert into "order" (${order}) select ${order} from jsonb_populate_record(null::"order", $1) returning *),
         lined as (insert into order_line (order_id, ${line})
                   select placed.id, ${line.replace(/"(\w+)"/g, 'l."$1"')}
                     from placed, jsonb_populate_recordset(null::order_line, $2) l returning *),
         paying as (insert into payment (order_id, ${payment})
                    select placed.id, ${payment.replace(/"(\w+)"/g, 'p."$1"')} from placed, jsonb_populate_record(null::payment, $3) p),
         noted as (insert into audit (${audit}) select ${audit} from jsonb_populate_record(null::audit, $4))
    select to_jsonb(placed) as "order", (select jsonb_agg(to_jsonb(lined) order by lined.position) from lined) as lines from placed`;
}

/** Inserts an order with its lines, its first payment and the first line of its history. */
export async function insertOrder(
  em: EntityManager,
  rows: { readonly order: NewOrder; readonly lines: readonly NewLine[]; readonly payment: Payment; readonly placed: AuditLine },
): Promise<{ order: Order; lines: OrderLine[] }> {
  inserting ??= insertingStatement(em);
  const [inserted] = await run<{ order: Json; lines: Json[] }>(em, inserting, [
    JSON.stringify(toJson(em, Order, rows.order)),
    JSON.stringify(rows.lines.map((line) => toJson(em, OrderLine, line))),
    JSON.stringify(toJson(em, Payment, rows.payment)),
    JSON.stringify(toJson(em, Audit, rows.placed)),
  ]);
  if (!inserted) throw new Error('The order was not inserted');
  return { order: readRecord(em, Order, inserted.order), lines: readRecords(em, OrderLine, inserted.lines) };
}

/** An order that is shown instead of another one. */
export interface StandingOrder {
  readonly code: string;
  readonly status: string;
}

/**
 * The order that a basket became, paid as it was placed: two doors that read the basket before its lines went come to one order, however late the
 * second one arrives. What is in the basket (again) is another one. Under the customer's lock.
 */
export async function findBoughtBasket(
  em: EntityManager,
  {
    customerId,
    lines,
    code,
  }: { readonly customerId: number; readonly lines: readonly PlacedLine[]; readonly code?: number | null | undefined },
): Promise<StandingOrder | undefined> {
  const [order] = await run<StandingOrder>(
    em,
    `select o.code, o.status from "order" o
      where o.customer_id = $1 and o.from_basket and o.lines_key = $2 and o.status in ('paid', 'delivered')
        and not exists (select from basket b join basket_line l on l.basket_id = b.id where b.customer_id = $1 and l.product_id = any($3::bigint[]))
      order by o.placed_at desc limit 1`,
    [customerId, linesKey(lines, code), lines.map(({ productId }) => productId)],
  );
  return order;
}
