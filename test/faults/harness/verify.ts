/** What a customer and a provider would say of a purchase, which the shop's own rows cannot tell. */
import assert from 'node:assert/strict';
import type { ChatMessage } from '../../../sandbox/telegram/chat-contract.ts';
import { readWallet } from '../../../db/repositories/ledger.ts';
import { waitFor } from '../../support/wait.ts';
import { type Market, price, starsPrice } from './market.ts';
import type { Purchase } from './purchase.ts';

/**
 * The customer has this one order, its secret is in the chat once (after a crash in its sending, a button may stand for it), the provider took the money once, and those
 * who did not pay have nothing. @throws AssertionError naming the order
 */
export async function verifyPurchases({ stack }: Market, purchases: readonly Purchase[]): Promise<void> {
  const people = await stack.control<{ id: number; stars: number }[]>('/people');
  const starsOf = new Map(people.map(({ id, stars }) => [id, stars]));
  for (const one of purchases) {
    // The last messages may still be on their way.
    await waitFor(() => verifyPurchase(stack, one, starsOf), { timeout: 30_000, interval: 500 });
  }
}

async function verifyPurchase(stack: Market['stack'], purchase: Purchase, starsOf: ReadonlyMap<number, number>): Promise<void> {
  const { orderCode, customer, stall, method, status } = purchase;
  const person = customer.telegramUserId;
  const path = `/chats/${person}/messages?person=${person}&bot=${stall.botUsername}&limit=50`;
  const chat = (await stack.control<ChatMessage[]>(path)).map(({ text = '' }) => text);
  const secrets = chat.filter((text) => text.includes('SECRET-')).length;
  const shows = chat.filter((text) => text.startsWith('Your goods are here')).length;
  const delivered = status === 'delivered';
  assert.ok(secrets <= 1, `${orderCode}: the secret was sent ${secrets} times`);
  assert.ok(shows <= 1, `${orderCode}: a button for the goods was sent ${shows} times`);
  assert.ok(secrets + shows >= (delivered ? 1 : 0), `${orderCode}: nothing of it is in the chat`);
  assert.ok(delivered || secrets === 0, `${orderCode} is ${status} and its secret was sent`);

  const [{ units } = { units: 0 }]: { units: number }[] = await stack.db.em.fork().execute(
    `select count(*)::int as units from unit u join order_line l on l.id = u.order_line_id join "order" o on o.id = l.order_id
      where o.code = ?`,
    [orderCode],
  );
  assert.equal(units, delivered ? 1 : 0, `${orderCode}: units of it`);
  const codes: { code: string }[] = await stack.db.em.fork().execute('select code from "order" where customer_id = ?', [customer.id]);
  assert.deepEqual(codes, [{ code: orderCode }], `${orderCode}: the orders of who wanted this one`);
  await verifyTopUp(stack, purchase, chat);
  if (method === 'stars') {
    const spent = 10_000 - (starsOf.get(person) ?? 0);
    assert.ok(spent === 0 || spent === starsPrice, `${orderCode}: ${spent} Stars were taken`);
  }
}

/** Whoever came without money topped up once, has what the order did not take, and was told (after a crash in its sending, twice). */
async function verifyTopUp(
  stack: Market['stack'],
  { customer, stall, status, depositCode }: Purchase,
  chat: readonly string[],
): Promise<void> {
  const em = stack.db.em.fork();
  // One whose page could not be opened has nothing.
  const deposits: { code: string; credited: string }[] = await em.execute(
    'select code, credited from deposit where customer_id = ? and credited > 0',
    [customer.id],
  );
  assert.deepEqual(
    deposits.map(({ code, credited }) => ({ code, credited: Number(credited) })),
    depositCode === undefined ? [] : [{ code: depositCode, credited: price }],
    `the deposits of customer ${customer.id}`,
  );
  if (depositCode === undefined) return;
  const { cash } = await readWallet(em, stall.shop, customer.id);
  assert.equal(cash, status === 'delivered' ? 0 : price, `${depositCode}: what is left of it`);
  const told = chat.filter((text) => text.includes('has arrived in your wallet')).length;
  assert.ok(told === 1 || told === 2, `${depositCode}: told ${told} times`);
}
