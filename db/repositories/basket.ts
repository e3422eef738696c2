/** Baskets: what a customer means to buy. */
import { basketLineLimit, basketQuantityLimit, type PlacedLine } from '../../domain/order.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

interface BasketOwner {
  readonly shop: { readonly id: number };
  readonly customerId: number;
}

/** Lines in the order they were added. */
export async function readBasket(em: EntityManager, customerId: number): Promise<PlacedLine[]> {
  const rows: { product_id: string; quantity: number }[] = await em.execute(
    `select l.product_id, l.quantity from basket_line l join basket b on b.id = l.basket_id where b.customer_id = ? order by l.id`,
    [customerId],
  );
  return rows.map((row) => ({ productId: Number(row.product_id), quantity: row.quantity }));
}

/** How many pieces are in it. */
export async function countBasket(em: EntityManager, customerId: number): Promise<number> {
  const lines = await readBasket(em, customerId);
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** Adds one piece of a product. @returns false when the basket takes no more of it. */
export async function addToBasket(em: EntityManager, customerId: number, productId: number): Promise<boolean> {
  return em.transactional(async (tx) => {
    const basketId = await lockBasket(tx, customerId);
    const rows: { product_id: string; quantity: number }[] = await tx.execute(
      'select product_id, quantity from basket_line where basket_id = ?',
      [basketId],
    );
    const line = rows.find((row) => Number(row.product_id) === productId);
    if (line ? line.quantity >= basketQuantityLimit : rows.length >= basketLineLimit) return false;
    await tx.execute(
      `insert into basket_line (basket_id, product_id, quantity) values (?, ?, 1)
       on conflict (basket_id, product_id) do update set quantity = basket_line.quantity + 1`,
      [basketId, productId],
    );
    return true;
  });
}

/**
 * Makes a basket these lines, of products of the shop on sale; what stays keeps its place.
 * @returns the first product that is not on sale, and then nothing changes
 */
export async function replaceBasket(em: EntityManager, owner: BasketOwner, lines: readonly PlacedLine[]): Promise<number | undefined> {
  const ids = lines.map(({ productId }) => productId);
  return em.transactional(async (tx) => {
    const onSale = await findOnSale(tx, owner, ids);
    const gone = ids.find((id) => !onSale.has(id));
    if (gone !== undefined) return gone;
    const basketId = await lockBasket(tx, owner.customerId);
    await run(tx, 'delete from basket_line where basket_id = $1 and product_id <> all($2::bigint[])', [basketId, ids]);
    await run(
      tx,
      `insert into basket_line (basket_id, product_id, quantity)
       select $1, line.product_id, line.quantity from unnest($2::bigint[], $3::int[]) with ordinality as line (product_id, quantity, position)
        order by line.position
       on conflict (basket_id, product_id) do update set quantity = excluded.quantity`,
      [basketId, ids, lines.map((line) => line.quantity)],
    );
    return undefined;
  });
}

/** Sets how many pieces of a product are in a basket, whether it was there or not; 0 takes it out. @returns why nothing changed */
export async function putInBasket(
  em: EntityManager,
  owner: BasketOwner,
  { productId, quantity }: PlacedLine,
): Promise<'ProductGone' | 'BasketFull' | undefined> {
  if (quantity === 0) return void (await setBasketQuantity(em, owner.customerId, productId, 0));
  return em.transactional(async (tx) => {
    if (!(await findOnSale(tx, owner, [productId])).has(productId)) return 'ProductGone';
    const basketId = await lockBasket(tx, owner.customerId);
    const rows = await run<{ product_id: string }>(tx, 'select product_id from basket_line where basket_id = $1', [basketId]);
    if (rows.length >= basketLineLimit && !rows.some((row) => Number(row.product_id) === productId)) return 'BasketFull';
    await run(
      tx,
      `insert into basket_line (basket_id, product_id, quantity) values ($1, $2, $3)
       on conflict (basket_id, product_id) do update set quantity = excluded.quantity`,
      [basketId, productId, quantity],
    );
    return undefined;
  });
}

/** What of these may be put into a basket: on sale, chosen among its options, at a price of the shop's. */
async function findOnSale(em: EntityManager, { shop }: BasketOwner, ids: readonly number[]): Promise<Set<number>> {
  const rows = await run<{ id: string }>(
    em,
    `select p.id from product p where p.id = any($1::bigint[]) and p.shop_id = $2 and p.active and p.options is null and p.donation_minimum is null
        and (p.variant_of is null or exists (select from product s where s.id = p.variant_of and s.active))`,
    [ids, shop.id],
  );
  return new Set(rows.map((row) => Number(row.id)));
}

/** Sets the quantity of a line that is in the basket; 0 removes it. A line that is not there stays away. */
export async function setBasketQuantity(em: EntityManager, customerId: number, productId: number, quantity: number): Promise<void> {
  const wanted = Math.min(quantity, basketQuantityLimit);
  const ofLine = 'product_id = ? and basket_id in (select id from basket where customer_id = ?)';
  if (wanted <= 0) await em.execute(`delete from basket_line where ${ofLine}`, [productId, customerId]);
  else await em.execute(`update basket_line set quantity = ? where ${ofLine}`, [wanted, productId, customerId]);
}

export async function clearBasket(em: EntityManager, customerId: number): Promise<void> {
  await em.execute('delete from basket_line where basket_id in (select id from basket where customer_id = ?)', [customerId]);
}

async function lockBasket(em: EntityManager, customerId: number): Promise<number> {
  await em.execute('insert into basket (customer_id) values (?) on conflict do nothing', [customerId]);
  const [row]: { id: string }[] = await em.execute('select id from basket where customer_id = ? for update', [customerId]);
  if (!row) throw new Error('The basket is gone');
  return Number(row.id);
}
