/** Baskets: what a customer means to buy. */
import type { PlacedLine } from '../../domain/order.ts';
import type { EntityManager } from '../orm.ts';

/** Most lines a basket holds, and most pieces of one of them. */
export const basketLineLimit = 50;
export const basketQuantityLimit = 100;

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
