/** Bringing friends in the chat, with a real worker, bot and relay. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findReferral, openReferralCode } from '../../db/repositories/referral.ts';
import { findCustomer } from '../../db/repositories/customer.ts';
import { startRelay } from '../../workers/relay.ts';
import { openPerson } from '../support/person.ts';
import { bringFriend, linkPayloadOf, makeStranger, noticesOf, untilTold } from '../support/referrals.ts';
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
  await world?.close();
});
afterEach(() => isGreen(world));

const em = () => world.db.em.fork();
const soon = { timeout: 15_000, interval: 100 };
const customerOf = ({ telegramUserId }: { telegramUserId: number }) =>
  waitFor(async () => {
    const customer = await findCustomer(em(), world.shop.id, telegramUserId);
    if (!customer) throw new Error('Nobody came yet');
    return customer;
  }, soon);

describe('a friend', () => {
  it('opens the link of a customer: is theirs, both are told, and a second link later changes nothing (A1)', async () => {
    const [a, c] = [await world.addPerson(), await world.addPerson()];
    const anna = openPerson(world, a);
    await anna.say('/referrals');
    const shown = await anna.see(/Nobody has come by your link yet/);
    const payload = await linkPayloadOf(world, a);
    expect(shown.text).toContain(`https://t.me/${world.shop.botUsername}?start=${payload}`);
    expect(await anna.linkOf(/Share/)).toContain(encodeURIComponent(`?start=${payload}`));

    const stranger = await makeStranger(world);
    const bea = openPerson(world, stranger);
    await bea.say(`/start ${payload}`);
    await bea.see(/Welcome to Test shop/);
    await bea.see(/A friend invited you here/);
    await anna.see(/Somebody opened the shop by your link: your first friend here/);
    const b = await customerOf(stranger);
    expect(await findReferral(em(), b.id)).toMatchObject({ referrerId: a.id });

    await bea.say(`/start ${await linkPayloadOf(world, c)}`);
    await bea.see(/counts at the very first visit only/);
    expect(await findReferral(em(), b.id)).toMatchObject({ referrerId: a.id });
    expect(await noticesOf(world, c)).toEqual([]);

    await anna.press(/Invite friends/);
    await anna.see(/1 friend has come by your link/);
    await anna.press(/Who came/);
    const list = await anna.see(/Who came by your link/);
    expect(list.text).toMatch(/Be…, since /);
    expect(list.text).not.toContain('Bea');
  });

  it('that is oneself, or was here before, is none; a link of nobody opens the shop all the same', async () => {
    const a = await world.addPerson();
    const anna = openPerson(world, a);
    await anna.say(`/start ${await linkPayloadOf(world, a)}`);
    await anna.see(/This is your own link/);
    const stranger = await makeStranger(world);
    await openPerson(world, stranger).say('/start ref_ZZZZZZZZZZZZ');
    await openPerson(world, stranger).see(/Welcome to Test shop/);
    expect(await findReferral(em(), (await customerOf(stranger)).id)).toBeUndefined();
    await sleep(1_100);
    await openPerson(world, stranger).say(`/start ref_${a.id}`);
    await openPerson(world, stranger).see(/I do not know this link/);
    expect(await noticesOf(world, a)).toEqual([]);
  });

  it('who opens two links at once belongs to one of their owners, whose friend they are told to be', async () => {
    const [a, c] = [await world.addPerson(), await world.addPerson()];
    const stranger = await makeStranger(world);
    const links = [await linkPayloadOf(world, a), await linkPayloadOf(world, c)];
    await Promise.all(links.map((payload) => openPerson(world, stranger).say(`/start ${payload}`)));
    const referral = await findReferral(em(), (await customerOf(stranger)).id);
    expect([a.id, c.id]).toContain(referral?.referrerId);
    await untilTold(world, a);
    await untilTold(world, c);
    expect((await noticesOf(world, a)).length + (await noticesOf(world, c)).length).toBe(1);
  });

  it('of a customer with a long list is found by turning its pages', async () => {
    const a = await world.addPerson();
    for (let count = 0; count < 11; count += 1) await bringFriend(world, a);
    const anna = openPerson(world, a);
    await anna.say('/referrals');
    await anna.see(/11 friends have come/);
    await anna.press(/Who came/);
    await anna.press(/›/);
    const last = await anna.see(/Who came by your link/);
    await waitFor(async () => expect((await anna.see(/Who came by your link/)).text?.match(/since/g)).toHaveLength(1), soon);
    expect(last.text).toContain('Be…');
  });
});

it('what nobody rang for is told by the relay, once', async () => {
  const a = await world.addPerson();
  const friend = await bringFriend(world, a);
  expect((await noticesOf(world, a)).map(({ content }) => content)).toEqual([{ kind: 'friendJoined', friends: 1 }]);
  const relay = startRelay({ db: world.db, door: world.door, log: pino({ level: 'silent' }), intervalMs: 300, patienceMs: 0 });
  try {
    await untilTold(world, a);
    await untilTold(world, friend);
    await sleep(1_000);
  } finally {
    await relay.stop();
  }
  const told = (await world.chat(a)).filter(({ text }) => text.includes('your first friend here'));
  expect(told).toHaveLength(1);
});

it('a link stays the same however often it is asked for', async () => {
  const { id } = await world.addPerson();
  const [one, other] = [await openReferralCode(em(), { shopId: world.shop.id, customerId: id }), await linkPayloadOf(world, { id })];
  expect(other).toBe(`ref_${one}`);
});
