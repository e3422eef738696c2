/** A stage from its program to its money: sent by HTTP, opened by its link in the chat, paid in Stars, counted. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiToken } from '../../db/repositories/api-token.ts';
import { apiScopes } from '../../domain/api-token.ts';
import { openPerson } from '../support/person.ts';
import { invoiceOf, isGreen, payByStars, runBots, untilStatus } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld();
  stopBots = await runBots(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await isGreen(world);
  await world?.close();
});

it('a program sends a stage; whoever it was passed on to pays in Stars by its link, and the stage knows', async () => {
  const wish = {
    shopId: world.shop.id,
    name: 'Site',
    scopes: [...apiScopes],
    expiresAt: new Date(Date.now() + 600_000),
    actor: 'cli',
    at: new Date(),
  };
  const { token } = await createApiToken(world.db.em.fork(), wish);
  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const response = await fetch(`${world.apiOrigin}/api/stages${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await response.json()) as Record<string, unknown>;
  };
  const product = await world.addProduct({ title: 'Guide', price: 5_000, discountPercent: 20 });
  const { id, startParameter } = await call('POST', '', { productId: product.id, label: 'One guide', description: 'All of Warsaw.' });
  const [first, second] = [await world.addPerson(), await world.addPerson()];
  expect(await call('POST', `/${id}/send`, { chat: first.chatId })).toMatchObject({ status: 'waiting' });
  const receiver = openPerson(world, first);
  expect((await receiver.see(/Guide\nAll of Warsaw\./)).text).toMatch(/One guide.*2,500 ⭐.*2,000 ⭐, -20%/);
  // Passed on, it is a link for anybody.
  const link = new URL(await receiver.linkOf(/Buy in the shop/));
  expect([link.pathname, link.searchParams.get('start')]).toEqual([`/${world.shop.botUsername}`, startParameter]);
  const buyer = openPerson(world, second);
  await buyer.say(`/start ${link.searchParams.get('start')}`);
  await buyer.press(/2,000 ⭐/);
  const { code } = await waitFor(() => world.one('select code from "order" where customer_id = ?', [second.id]), { timeout: 15_000 });
  await payByStars(world, second, await invoiceOf(world, String(code)));
  await untilStatus(world, String(code), ['delivered']);
  await buyer.see(/Your goods: Guide/);
  expect(await call('GET', `/${id}/stats`)).toEqual({
    ...{ id, sent: 1, waiting: 0, unsent: 0, opened: 1, openedTimes: 1, orders: 1, paid: 1, refunded: 0, conversionPercent: 100 },
    revenue: [{ currency: 'XTR', amount: 2_000, refunded: 0 }],
  });
}, 90_000);
