/**
 * The shop every peer runs: plain SQL on the very tables of Tillflow (orders, payments, units, deliveries, ledger with its triggers), so
 * that all do the same work under the same guards. Each step is one transaction and may be repeated. What Tillflow writes besides (audit,
 * receipts, inbox) is left out, to the peers' advantage.
 */

/** A statement in the step's transaction. */
export type Query = <Row = Record<string, unknown>>(text: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** What a customer tapped. */
export interface PeerTap {
  readonly orderCode: string;
  readonly shopId: number;
  readonly customerId: number;
  readonly chatId: number;
  readonly screenMessageId: number;
  readonly productId: number;
  readonly price: number;
  readonly currency: string;
  readonly botToken: string;
  /** Paid in the tap from the wallet, or by a provider that tells later. */
  readonly method: 'wallet' | 'card';
}

/** Holds a unit and freezes the price. @throws when it is sold out or the price has changed */
export async function reserve(query: Query, tap: PeerTap): Promise<void> {
  const [product] = await query<{ title: string; price: string }>('select title, price from product where id = $1 and active', [
    tap.productId,
  ]);
  if (!product || Number(product.price) !== tap.price) throw new Error('The price has changed');
  const [order] = await query<{ id: string }>(
    `insert into "order" (code, shop_id, customer_id, status, currency, total, tax, method, methods, lines_key, hold_seconds, placed_at,
                          hold_ends_at, screen_chat_id, screen_message_id, language)
     values ($1, $2, $3, 'awaitingPayment', $4, $5, 0, $6, array[$6], $7, 900, now(), now() + interval '15 minutes', $8, $9, 'en')
     on conflict (code) do nothing returning id`,
    [tap.orderCode, tap.shopId, tap.customerId, tap.currency, tap.price, tap.method, `${tap.productId}x1`, tap.chatId, tap.screenMessageId],
  );
  if (!order) return;
  const [line] = await query<{ id: string }>(
    `insert into order_line (order_id, product_id, kind, title, quantity, base_price, discount_percent, price, tax_rate, tax, position)
     values ($1, $2, 'digital', $3, 1, $4, 0, $4, 0, 0, 0) returning id`,
    [order.id, tap.productId, product.title, tap.price],
  );
  const held = await query(
    `with picked as materialized (select unit_id from free_unit where product_id = $1 limit 1 for update skip locked),
          drawn as (delete from free_unit using picked where free_unit.product_id = $1 and free_unit.unit_id = picked.unit_id
                    returning free_unit.unit_id)
     update unit set state = 'held', order_line_id = $2 from drawn where unit.id = drawn.unit_id and unit.state = 'free' returning unit.id`,
    [tap.productId, line?.id],
  );
  if (held.length === 0) throw new Error('Sold out');
}

/** The way to pay. @returns the payment's id */
export async function createPayment(query: Query, tap: PeerTap): Promise<string> {
  const id = `${tap.orderCode}-1`;
  await query(
    `insert into payment (id, shop_id, order_id, customer_id, attempt, method, provider, amount, currency, status, opened_at)
     select $1, shop_id, id, customer_id, 1, method, $2, total, currency, 'pending', now() from "order" where code = $3
     on conflict (id) do nothing`,
    [id, tap.method === 'wallet' ? 'wallet' : 'stripe', tap.orderCode],
  );
  return id;
}

const clearing = { kind: 'clearing:stripe', owner: '' };
const revenue = { kind: 'revenue', owner: '' };

/** The money is there: the wallet's, or what the provider told. @throws when the wallet has not enough */
export async function settle(query: Query, tap: PeerTap): Promise<void> {
  const paid = await query(
    `update "order" set status = 'paid', paid_at = now(), version = version + 1 where code = $1 and status = 'awaitingPayment' returning id`,
    [tap.orderCode],
  );
  if (paid.length === 0) return;
  await query(`update payment set status = 'settled', received = amount, applied = amount, settled_at = now() where id = $1`, [
    `${tap.orderCode}-1`,
  ]);
  const from = tap.method === 'wallet' ? { kind: 'cash', owner: `customer:${tap.customerId}` } : clearing;
  await query(
    `insert into account (shop_id, kind, currency, owner, order_id, grows_by, balance)
     select shop_id, 'held', currency, 'order:' || id, id, 'credit', 0 from "order" where code = $1 on conflict do nothing`,
    [tap.orderCode],
  );
  await transfer(query, tap, 'in', from, undefined);
}

/** The held unit is this order's; it waits to be delivered. */
export async function allot(query: Query, tap: PeerTap): Promise<void> {
  await query(
    `update unit set state = 'sold' where state = 'held' and order_line_id in
       (select l.id from order_line l join "order" o on o.id = l.order_id where o.code = $1)`,
    [tap.orderCode],
  );
  await query(
    `insert into delivery (shop_id, order_id, order_line_id, status)
     select o.shop_id, o.id, l.id, 'waiting' from "order" o join order_line l on l.order_id = o.id where o.code = $1
     on conflict (order_line_id) do nothing`,
    [tap.orderCode],
  );
}

/** The goods that wait to be sent, or nothing when they went out already. */
export async function readGoods(query: Query, tap: PeerTap): Promise<string | undefined> {
  const [row] = await query<{ content: Uint8Array }>(
    `select u.content from "order" o join order_line l on l.order_id = o.id join unit u on u.order_line_id = l.id and u.state = 'sold'
       join delivery d on d.order_line_id = l.id and d.status = 'waiting' where o.code = $1`,
    [tap.orderCode],
  );
  return row && Buffer.from(row.content).toString();
}

/** The goods are in the chat. */
export async function markDelivered(query: Query, tap: PeerTap, messageId: number): Promise<void> {
  await query(
    `update delivery set status = 'sent', message_id = $2, sent_at = now(), shown_at = now(), attempts = attempts + 1
      where order_id = (select id from "order" where code = $1) and status = 'waiting'`,
    [tap.orderCode, messageId],
  );
  await query(
    `update "order" set status = 'delivered', delivered_at = now(), closed_at = now(), version = version + 1
      where code = $1 and status = 'paid'`,
    [tap.orderCode],
  );
}

/** What the order held becomes revenue. */
export async function writeLedger(query: Query, tap: PeerTap): Promise<void> {
  await transfer(query, tap, 'settle', undefined, revenue);
}

interface AccountName {
  readonly kind: string;
  readonly owner: string;
}

/** One row of double entry; an absent side is what the order holds. The table's trigger moves the balances and refuses one below 0. */
async function transfer(query: Query, tap: PeerTap, reason: string, debit?: AccountName, credit?: AccountName): Promise<void> {
  await query(
    `insert into transfer (shop_id, key, debit_account_id, credit_account_id, amount, currency, order_id, actor, reason, at)
     select o.shop_id, 'order:' || o.code || ':' || $2 || '#1', d.id, c.id, o.total, o.currency, o.id, 'system', $2, now()
       from "order" o
       join account d on d.shop_id = o.shop_id and d.currency = o.currency and d.kind = $3 and d.owner = coalesce($4, 'order:' || o.id)
       join account c on c.shop_id = o.shop_id and c.currency = o.currency and c.kind = $5 and c.owner = coalesce($6, 'order:' || o.id)
      where o.code = $1
     on conflict (key) do nothing`,
    [tap.orderCode, reason, debit?.kind ?? 'held', debit?.owner ?? null, credit?.kind ?? 'held', credit?.owner ?? null],
  );
}
