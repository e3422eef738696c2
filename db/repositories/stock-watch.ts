/** Who waits for sold-out products: asked for in the chat, told once each and in turn when units come. */
import { countToTell, headStartSeconds, mostToldAtOnce, watchLimit } from '../../domain/stock.ts';
import { Product } from '../entities/product.ts';
import { StockWatch } from '../entities/stock-watch.ts';
import type { EntityManager } from '../orm.ts';

export interface Watching {
  readonly customerId: number;
  readonly productId: number;
}

/** Free units of a product, as far as they matter here. */
const freeOf = (product: string) =>
  `(select count(*)::int from (select from free_unit f where f.product_id = ${product} limit ${mostToldAtOnce}) f)`;

/** Whether `p` is sold: what is only shown for its variants is not, and a variant is with what is shown for it. */
const onSale = `p.active and p.options is null and (p.variant_of is null or exists (select from product v where v.id = p.variant_of and v.active))`;

/** Who of them could be told: not banned, and the bot not blocked. */
const reachable = 'c.banned_at is null and c.blocked_at is null';

/** Told within their head start, and without an order of the product since. Mark: now. */
const aheadOf = (product: string) => `(select count(*)::int from stock_watch h
   where h.product_id = ${product} and h.told_at > ?::timestamptz - interval '${headStartSeconds} seconds'
     and not exists (select from "order" o join order_line l on l.order_id = o.id
                      where o.customer_id = h.customer_id and l.product_id = h.product_id and o.placed_at >= h.told_at))`;

export type WatchAnswer = 'watching' | 'inStock' | 'gone' | 'tooMany';

/** Waits for a product of the shop, unless there is some. Safe to repeat: who waits keeps their place. */
export async function watchStock(
  em: EntityManager,
  { shopId, customerId, productId, at }: Watching & { readonly shopId: number; readonly at: Date },
): Promise<WatchAnswer> {
  return em.transactional(async (tx) => {
    // One tap of a customer at a time, so that their limit holds.
    await tx.execute('select from customer where id = ? for no key update', [customerId]);
    const [found]: { free: number; waiting: number; stock_mode: string }[] = await tx.execute(
      `select p.stock_mode, ${freeOf('p.id')} as free,
              (select count(*)::int from stock_watch w where w.customer_id = ? and w.told_at is null and w.product_id <> p.id) as waiting
         from product p where p.id = ? and p.shop_id = ? and ${onSale}`,
      [customerId, productId, shopId],
    );
    if (!found) return 'gone';
    if (found.stock_mode === 'unlimited' || found.free > 0) return 'inStock';
    if (found.waiting >= watchLimit) return 'tooMany';
    await tx.execute(
      `insert into stock_watch (shop_id, customer_id, product_id, asked_at) values (?, ?, ?, ?)
       on conflict (customer_id, product_id) do update set asked_at = excluded.asked_at, told_at = null, times = stock_watch.times + 1
       where stock_watch.told_at is not null`,
      [shopId, customerId, productId, at],
    );
    return 'watching';
  });
}

/** Waits no longer. What was told already stays as it is. */
export async function unwatchStock(em: EntityManager, { customerId, productId }: Watching): Promise<void> {
  await em.nativeDelete(StockWatch, { customerId, productId, toldAt: null });
}

export async function isWatching(em: EntityManager, { customerId, productId }: Watching): Promise<boolean> {
  return (await em.count(StockWatch, { customerId, productId, toldAt: null })) > 0;
}

/** Those of some products that a customer waits for. */
export async function watchedAmong(em: EntityManager, customerId: number, productIds: readonly number[]): Promise<ReadonlySet<number>> {
  const watches = await em.find(StockWatch, { customerId, toldAt: null, productId: { $in: [...productIds] } });
  return new Set(watches.map(({ productId }) => productId));
}

/** Products a customer waits for, oldest wish first. */
export async function listWatched(em: EntityManager, customerId: number): Promise<Product[]> {
  const watches = await em.find(StockWatch, { customerId, toldAt: null }, { orderBy: { askedAt: 'asc', id: 'asc' } });
  const products = await em.find(Product, { id: { $in: watches.map(({ productId }) => productId) } });
  return watches.flatMap(({ productId }) => products.find(({ id }) => id === productId) ?? []);
}

export const countWatched = (em: EntityManager, customerId: number): Promise<number> => em.count(StockWatch, { customerId, toldAt: null });

export interface WatchRound {
  /** Who has a notice now. */
  readonly customerIds: readonly number[];
  /** When to look again, ms since epoch: some wait, and there are units whose head start ends then; null when nothing is left to do. */
  readonly wakeAt: number | null;
}

/** Writes the notices of one round, in the order in which people asked, and marks each. `at`: workflow time. */
export async function tellWatchers(
  em: EntityManager,
  { productId, at }: { readonly productId: number; readonly at: Date },
): Promise<WatchRound> {
  return em.transactional(async (tx) => {
    // Two rounds at once would both count the same units; whoever places an order is not kept by this lock.
    const [found]: { shop_id: string; title: string }[] = await tx.execute(
      `select p.shop_id, p.title from product p join shop s on s.id = p.shop_id and s.open
        where p.id = ? and ${onSale} for no key update of p`,
      [productId],
    );
    if (!found) return { customerIds: [], wakeAt: null };
    const [counts]: { free: number; ahead: number; waiting: number }[] = await tx.execute(
      `select ${freeOf('p.id')} as free, ${aheadOf('p.id')} as ahead,
              (select count(*)::int from stock_watch w join customer c on c.id = w.customer_id and ${reachable}
                where w.product_id = p.id and w.told_at is null) as waiting
         from product p where p.id = ?`,
      [at, productId],
    );
    if (!counts || counts.free === 0 || counts.waiting === 0) return { customerIds: [], wakeAt: null };
    const count = countToTell(counts);
    const told: { customer_id: string }[] = await tx.execute(
      `with picked as (
         select w.id from stock_watch w join customer c on c.id = w.customer_id and ${reachable}
          where w.product_id = ? and w.told_at is null order by w.asked_at, w.id limit ? for update of w),
       told as (update stock_watch w set told_at = ? from picked where w.id = picked.id returning w.*),
       noted as (
         insert into notice (shop_id, customer_id, key, content)
         select shop_id, customer_id, 'stockBack:' || id || ':' || times, ?::jsonb from told order by asked_at, id
         on conflict (shop_id, key) do nothing)
       select customer_id from told order by asked_at, id`,
      [productId, count, at, JSON.stringify({ kind: 'stockBack', productId, title: found.title })],
    );
    const customerIds = told.map(({ customer_id }) => Number(customer_id));
    if (counts.waiting <= customerIds.length) return { customerIds, wakeAt: null };
    const [next]: { at: Date | string | null }[] = await tx.execute(
      `select min(told_at) as at from stock_watch where product_id = ? and told_at > ?::timestamptz - interval '${headStartSeconds} seconds'`,
      [productId, at],
    );
    const from = next?.at == null ? at.getTime() : new Date(next.at).getTime();
    return { customerIds, wakeAt: from + headStartSeconds * 1000 };
  });
}

/** Products of open shops whose watchers are due: more units are free than people have a head start for. By the database's clock. */
export async function listDueWatches(em: EntityManager, { limit }: { readonly limit: number }): Promise<number[]> {
  const rows: { product_id: string }[] = await em.execute(
    `select w.product_id from (
       select distinct w.product_id from stock_watch w join customer c on c.id = w.customer_id and ${reachable} where w.told_at is null) w
       join product p on p.id = w.product_id and ${onSale} join shop s on s.id = p.shop_id and s.open and s.bot_token is not null
      where exists (select from free_unit f where f.product_id = w.product_id) and ${freeOf('w.product_id')} > ${aheadOf('w.product_id')}
      order by w.product_id limit ?`,
    [new Date(), limit],
  );
  return rows.map(({ product_id }) => Number(product_id));
}
