/** Waiting for a sold-out product, in the chat: asked on its card, told when it is back, taken off under the profile; staff are told as well. */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRelay } from '../../workers/relay.ts';
import { openPerson } from '../support/person.ts';
import { addUnits } from '../support/stock-endings.ts';
import { isGreen, runBots } from '../support/story.ts';
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

const labelsOf = (message: { replyMarkup?: unknown }) => JSON.stringify(message.replyMarkup ?? {});

describe('a sold-out product', () => {
  it('is waited for by a button, comes back with a message to whoever waited longest, and can be bought from it', async () => {
    const staff = await world.addPerson();
    await world.db.em.fork().execute('update shop set staff_chat_id = ? where id = ?', [staff.chatId, world.shop.id]);
    const product = await world.addProduct({ title: 'Scarce key', units: 1 });
    const buyer = openPerson(world, await world.addPerson({ cash: 5_000 }));
    await buyer.say(`/start p_${product.id}`);
    await buyer.press(/^Buy now/i);
    await buyer.press(/Wallet/);
    await buyer.see(/SECRET-/);

    const [first, second] = [openPerson(world, await world.addPerson({ cash: 5_000 })), openPerson(world, await world.addPerson())];
    for (const person of [first, second]) {
      await person.say(`/start p_${product.id}`);
      await person.press(/Tell me when it is back/);
      await waitFor(async () => expect(labelsOf(await person.see(/Scarce key/))).toMatch(/Do not tell me any more/), { timeout: 15_000 });
    }
    const relay = startRelay({
      db: world.db,
      door: world.door,
      log: pino({ level: 'silent' }),
      intervalMs: 300,
      patienceMs: 0,
      stillMs: 500,
    });
    try {
      await openPerson(world, staff).see(/Scarce key is sold out/);
      await addUnits(world, product, 1);
      await first.see(/Scarce key is back/);
      await openPerson(world, staff).see(/Scarce key is back: 1 piece/);
      expect((await first.read()).filter(({ text }) => /Scarce key is back/.test(text ?? ''))).toHaveLength(1);
      await first.press(/Look at it/);
      await first.press(/^Buy now/i);
      await first.press(/Wallet/);
      await first.see(/Your goods: Scarce key/);
    } finally {
      await relay.stop();
    }
    expect((await second.read()).filter(({ text }) => /is back/.test(text ?? ''))).toEqual([]);

    await second.say('/profile');
    await second.press(/Waiting for products \(1\)/);
    await second.see(/Products you wait for/);
    await second.press(/Remove/);
    await second.see(/You wait for no product/);
    expect(await world.one('select count(*)::int as waiting from stock_watch where told_at is null', [])).toEqual({ waiting: 0 });
  }, 90_000);
});
