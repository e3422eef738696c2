/** What chats and Stripe say about all orders of a world. */
import assert from 'node:assert/strict';
import type { World } from '../../support/world.ts';

interface Told {
  readonly code: string;
  readonly status: string;
  readonly chat_id: string;
  readonly kind: string;
  /** How often it was sent again because somebody asked (who had no answer asks once more), or a unit of it was replaced. */
  readonly resent: number;
}

/** Goods are in the chat of those who paid, once (or behind one button after a crash), and one page was opened a payment. */
export async function isPaidFor(world: World): Promise<void> {
  const orders: Told[] = await world.db.em.fork().execute(
    `select o.code, o.status, c.chat_id, min(p.kind) as kind,
            (select count(*)::int from audit a where a.subject = 'order' and a.subject_id = o.code and a.action = 'resend')
              + (select count(*)::int from claim where claim.order_id = o.id and claim.status = 'replaced') as resent
       from "order" o join customer c on c.id = o.customer_id
       join order_line l on l.order_id = o.id join product p on p.id = l.product_id
      group by o.id, o.code, o.status, c.chat_id`,
  );
  for (const { code, status, chat_id, kind, resent } of orders) {
    const chat = await world.chat({ chatId: Number(chat_id) });
    const secrets = chat.filter(({ text }) => text.includes('SECRET-')).length;
    const shows = chat.filter(({ text }) => text.startsWith('Your goods are here')).length;
    const most = 1 + resent;
    assert.ok(secrets <= most, `${code} (${status}): the secret was sent ${secrets} times`);
    assert.ok(shows <= most, `${code} (${status}): a button for the goods was sent ${shows} times`);
    if (status === 'delivered' && kind === 'digital') assert.ok(secrets + shows >= 1, `${code}: nothing of it is in the chat`);
    if (status === 'expired' || status === 'cancelled') assert.equal(secrets, 0, `${code} is ${status} and its secret was sent`);
  }
  const { sessions } = await world.control<{ sessions: { client_reference_id: string }[] }>('/stripe/sessions?limit=500');
  const pages = new Map<string, number>();
  for (const { client_reference_id: id } of sessions) pages.set(id, (pages.get(id) ?? 0) + 1);
  assert.deepEqual(
    [...pages].filter(([, count]) => count > 1),
    [],
    'one page to pay on a payment',
  );
}
