/** How low stock is: staff are told when it falls to the alarm, when it is out, and when it is back, once a change. */
import { settings } from '../../domain/setting.ts';
import { type StockLevel, stockAlert, stockLevel } from '../../domain/stock.ts';
import { Audit } from '../entities/audit.ts';
import { Product } from '../entities/product.ts';
import type { EntityManager } from '../orm.ts';
import { raiseAlert } from './alert.ts';

/** From how many on staff are told, of a product `p`: its own number, or the shop's. */
const lowAtOf = `coalesce(p.low_stock_at, (select t.value from setting t where t.shop_id = p.shop_id and t.key = 'lowStockAt'), ${settings.lowStockAt.fallback})`;

/** Units of `p` that are not sold, counted no further than the alarm. What is kept for an order counts: it may come back. */
const leftOf = `(select count(*)::int from (
   select from unit u where u.product_id = p.id and u.state in ('free', 'held') limit greatest(${lowAtOf}, 0) + 1) u)`;

/** Ids of the products of an order `o` that are at their alarm, or past it, and of which staff may not know, as JSON; null for none. */
export const fallenOf = `(
  select jsonb_agg(p.id) from order_line l join product p on p.id = l.product_id left join stock_alarm a on a.product_id = p.id
   where l.order_id = o.id and p.stock_mode <> 'unlimited' and coalesce(a.level, 'enough') <> 'out'
     and ${leftOf} <= case when a.level = 'low' then 0 else ${lowAtOf} end)`;

/** Products whose alarm is raised and that are not as they were then. */
export async function listRisen(em: EntityManager, { limit }: { readonly limit: number }): Promise<number[]> {
  const rows: { id: string }[] = await em.execute(
    `select p.id from stock_alarm a join product p on p.id = a.product_id
      where a.level <> 'enough' and p.active
        and a.level <> case when ${leftOf} = 0 then 'out' when ${leftOf} <= ${lowAtOf} then 'low' else 'enough' end
      order by p.id limit ?`,
    [limit],
  );
  return rows.map(({ id }) => Number(id));
}

/** Looks at a product's stock under the lock of its alarm, and raises an alert when its level is another. `at`: of whoever looks. */
export async function judgeStock(em: EntityManager, productId: number, at: Date): Promise<StockLevel> {
  return em.transactional(async (tx) => {
    await tx.execute(
      `insert into stock_alarm (product_id, shop_id) select id, shop_id from product where id = ? on conflict (product_id) do nothing`,
      [productId],
    );
    const [before]: { level: StockLevel; changes: number }[] = await tx.execute(
      'select level, changes from stock_alarm where product_id = ? for update',
      [productId],
    );
    // Counted under the lock: whoever waited for it sees what the other saw, or what has happened since.
    const [now]: { shop_id: string; title: string; left: number; low_at: number }[] = await tx.execute(
      `select p.shop_id, p.title, ${leftOf} as left, ${lowAtOf} as low_at from product p where p.id = ?`,
      [productId],
    );
    if (!before || !now) return 'enough';
    const level = stockLevel(now.left, now.low_at);
    const kind = stockAlert(before.level, level);
    if (!kind) return level;
    const changes = before.changes + 1;
    await tx.execute('update stock_alarm set level = ?, changes = ?, changed_at = ? where product_id = ?', [level, changes, at, productId]);
    const params = { product: now.title, left: now.left };
    await raiseAlert(tx, { shopId: Number(now.shop_id), key: `stock:${productId}:${changes}`, kind, params, at });
    return level;
  });
}

/** From how many units on staff are told of this product; `null`: as the shop's setting says. @returns what it was, undefined when there is no such product */
export async function setLowStock(
  em: EntityManager,
  { shopId, productId, lowAt, actor, at }: { shopId: number; productId: number; lowAt: number | null; actor: string; at: Date },
): Promise<{ readonly title: string; readonly before: number | null } | undefined> {
  return em.transactional(async (tx) => {
    const product = await tx.findOne(Product, { id: productId, shopId });
    if (!product) return undefined;
    const before = product.lowStockAt ?? null;
    product.lowStockAt = lowAt;
    const change = { action: 'lowStockAt', subject: 'product', subjectId: String(productId), before, after: lowAt };
    if (before !== lowAt) tx.persist(tx.create(Audit, { shopId, actor, ...change, at }));
    return { title: product.title, before };
  });
}

export interface StockRow {
  readonly productId: number;
  readonly title: string;
  readonly free: number;
  readonly held: number;
  readonly sold: number;
  readonly withdrawn: number;
  /** Who waits for it. */
  readonly waiting: number;
  /** From how many on staff are told, and whether that is the product's own number. */
  readonly lowAt: number;
  readonly own: boolean;
  readonly level: StockLevel;
}

/** What a shop has of everything that can run out. */
export async function listStock(em: EntityManager, shopId: number): Promise<StockRow[]> {
  return em.execute<StockRow[]>(
    `select p.id::int as "productId", p.title, ${(['free', 'held', 'sold', 'withdrawn'] as const)
      .map((state) => `count(u.id) filter (where u.state = '${state}')::int as ${state}`)
      .join(', ')},
            (select count(*)::int from stock_watch w where w.product_id = p.id and w.told_at is null) as waiting,
            ${lowAtOf}::int as "lowAt", p.low_stock_at is not null as own,
            case when count(u.id) filter (where u.state in ('free', 'held')) = 0 then 'out'
                 when count(u.id) filter (where u.state in ('free', 'held')) <= ${lowAtOf} then 'low' else 'enough' end as level
       from product p left join unit u on u.product_id = p.id
      where p.shop_id = ? and p.active and p.options is null and p.stock_mode <> 'unlimited'
      group by p.id order by p.position, p.id`,
    [shopId],
  );
}
