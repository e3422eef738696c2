/** What customers looked for last: a button has no room for it. */
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

export async function rememberSearch(em: EntityManager, customerId: number, text: string): Promise<void> {
  await run(
    em,
    'insert into last_search (customer_id, text) values ($1, $2) on conflict (customer_id) do update set text = excluded.text',
    [customerId, text],
  );
}

export async function recallSearch(em: EntityManager, customerId: number): Promise<string | undefined> {
  const [row] = await run<{ text: string }>(em, 'select text from last_search where customer_id = $1', [customerId]);
  return row?.text;
}
