/** What a customer was asked to name an amount for. */
import type { EntityManager } from '../orm.ts';

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

export async function dropAskedAmount(em: EntityManager, customerId: number): Promise<void> {
  await em.execute('delete from asked_amount where customer_id = ?', [customerId]);
}
