/** Faulty goods, in the chat: the customer says what is wrong, staff replace it by two presses, and the other piece arrives. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Staff } from '../../db/entities/staff.ts';
import { openPerson } from '../support/person.ts';
import { isGreen, runBots } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld();
  stopBots = await runBots(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
});
afterEach(() => isGreen(world));

/** Somebody with a role, in the shop's staff chat. */
async function addManager(role: 'manager' | 'support' = 'manager') {
  const person = await world.addPerson();
  const em = world.db.em.fork();
  em.persist(em.create(Staff, { shopId: world.shop.id, telegramUserId: person.telegramUserId, role }));
  await em.flush();
  await em.execute('update shop set staff_chat_id = ? where id = ?', [person.chatId, world.shop.id]);
  return openPerson(world, person);
}

/** A customer who bought one piece under warranty, and says that it is faulty. */
async function complain(units: number) {
  const product = await world.addProduct({ title: `Key ${units}`, units, warrantyDays: 14 });
  const customer = openPerson(world, await world.addPerson({ cash: 5_000 }));
  await customer.say(`/start p_${product.id}`);
  await customer.press(/^Buy now/i);
  await customer.press(/Wallet/);
  await customer.see(/SECRET-/);
  await customer.press(/Something is wrong/);
  await customer.press(new RegExp(`^.?Key ${units}`));
  await customer.see(/write in one message/);
  await customer.say('It says that it was used already.');
  await customer.see(/The shop has your message/);
  return customer;
}

describe('faulty goods', () => {
  it('are replaced by two presses of staff: the other piece arrives, and the chat says so', async () => {
    const manager = await addManager();
    const customer = await complain(2);
    await manager.see(/Faulty goods[\s\S]*It says that it was used already/);
    await manager.press(/Replace/);
    await manager.press(/Yes, replace/);
    await manager.see(/Faulty goods[\s\S]*Replaced/);
    await customer.see(/You get another piece instead/);
    const secrets = new Set((await customer.read()).flatMap(({ text }) => text?.match(/SECRET-\d+-\d+/g) ?? []));
    await customer.see(new RegExp([...secrets].at(-1) ?? 'SECRET-'));
    expect(await world.one(`select count(*)::int as withdrawn from unit where state = 'withdrawn'`)).toEqual({ withdrawn: 1 });
  }, 90_000);

  it('are refused with a reason the customer reads, by a manager and not by support', async () => {
    const support = await addManager('support');
    const customer = await complain(1);
    await support.press(/Refuse/);
    expect((await support.see(/Faulty goods/)).text).toMatch(/Waits for a decision/);
    await world.db.em.fork().execute(`update staff set role = 'manager' where role = 'support'`);
    await support.press(/Refuse/);
    await support.press(/It works/);
    await customer.see(/does not take it back[\s\S]*works as described/);
    await support.see(/Refused/);
  }, 90_000);
});
