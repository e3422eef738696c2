/** What a customer was asked to name an amount for. */
import type { EntityManager } from '../orm.ts';

/** How long a number alone is taken for the amount that was asked for, seconds. */
const patienceSeconds = 900;

/** The newest question counts. `at` by the bot's clock. */
export async function askAmount(
  em: EntityManager,
  { customerId, productId, at }: { customerId: number; productId: number; at: Date },
): Promise<void> {
  await em.execute(
    `insert into asked_amount (customer_id, product_id, asked_at) values (?, ?, ?)
     on conflict (customer_id) do update set product_id = excluded.product_id, asked_at = excluded.asked_at`,
    [customerId, productId, at],
  );
}

/** For which product an amount is awaited. */
export async function findAskedAmount(em: EntityManager, customerId: number, at: Date): Promise<number | undefined> {
  const [row]: { product_id: string }[] = await em.execute(
    `select product_id from asked_amount where customer_id = ? and asked_at > ?::timestamptz - interval '${patienceSeconds} seconds'`,
    [customerId, at],
  );
  return row && Number(row.product_id);
}

export async function dropAskedAmount(em: EntityManager, customerId: number): Promise<void> {
  await em.execute('delete from asked_amount where customer_id = ?', [customerId]);
}
