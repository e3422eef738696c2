/** Bringing friends in the chat, with a real worker, bot and relay. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findReferral, openReferralCode } from '../../db/repositories/referral.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import { findTimeline } from '../../db/repositories/timeline.ts';
import type { SettingKey } from '../../domain/setting.ts';
import { commissionWorkflowId } from '../../workflows/messages/commission.ts';
import { createDepositActivities } from '../../activities/deposit.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { newCode } from '../support/shop.ts';
import { depositOne, payDeposit, walletOf } from '../support/deposits.ts';
import { resultOf } from '../support/ending.ts';
import { findCustomer } from '../../db/repositories/customer.ts';
import { startRelay } from '../../workers/relay.ts';
import { openPerson } from '../support/person.ts';
import { bringFriend, linkPayloadOf, makeStranger, noticesOf, untilCommission, untilTold } from '../support/referrals.ts';
import { isGreen, placeOne, runBots, untilStatus } from '../support/story.ts';
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
const change = (key: SettingKey, value: number) =>
  writeSetting(em(), { shopId: world.shop.id, key, value, actor: 'cli', mode: 'live', at: new Date() });
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

describe('a friend tops up', () => {
  it('100.00 by card: who brought them has 3.00 more, earnings of 3.00, and is told; so are both wallets (A2)', async () => {
    const a = await world.addPerson();
    const anna = openPerson(world, a);
    const friend = await bringFriend(world, a);
    const { depositCode } = await depositOne(world, { customer: friend, amount: 10_000 });
    await payDeposit(world, depositCode);
    await anna.see(/3.00 PLN for you: a friend of yours topped up/);
    expect(await walletOf(world, friend)).toEqual({ cash: 10_000, stars: 0, bonus: 0, debt: 0 });
    expect(await walletOf(world, a)).toEqual({ cash: 0, stars: 0, bonus: 300, debt: 0 });
    await openPerson(world, friend).see(/100.00 PLN has arrived in your wallet/);
    await anna.say('/referrals');
    const shown = await anna.see(/Earned so far: 3.00 PLN\n\n/);
    expect(shown.text).toMatch(/Your tier: 🥉 Bronze/);
    expect(shown.text).toMatch(/97.00 PLN to 🥈 Silver/);
    await anna.press(/Leaderboard/);
    expect((await anna.see(/Who earned the most/)).text).toMatch(/You – 3.00 PLN/);
    await sleep(1_100);
    await anna.say('/wallet');
    expect((await anna.see(/Balance: 3.00 PLN/)).text).toContain("Commission for a friend's top-up");
    const timeline = await findTimeline(em(), depositCode);
    expect(timeline?.steps.map(({ what }) => what)).toContain('Commission paid to whoever brought them');
  });

  it('and nobody started its commission: the relay does, once', async () => {
    const a = await world.addPerson();
    const friend = await bringFriend(world, a);
    const { db, secrets, telegram, shop } = world;
    // As a process that died between its credit and the start of the commission leaves it, with the store of Temporal lost.
    const steps = createDepositActivities({ db, secrets, telegram });
    const depositCode = newCode();
    const open = {
      shopId: shop.id,
      customerId: friend.id,
      amount: 5_000,
      method: 'card',
      payWithinSeconds: 1_800,
      language: 'en',
    } as const;
    await steps.openDeposit({ depositCode, open, at: Date.now() });
    await world.say(depositCode, { paymentId: depositPaymentId(depositCode) });
    expect(await steps.settleDeposit({ depositCode, at: Date.now() })).toMatchObject({ status: 'credited', commissionFrom: '5000/0' });
    const relay = startRelay({ db, door: world.door, log: pino({ level: 'silent' }), intervalMs: 3_600_000, patienceMs: 0 });
    try {
      await relay.pass();
      await untilCommission(world, depositCode);
      expect(await resultOf(world, commissionWorkflowId(depositCode))).toBe('paid');
      await relay.pass();
    } finally {
      await relay.stop();
    }
    expect((await walletOf(world, a)).bonus).toBe(150);
  });
});

describe('a tier', () => {
  it('lowers every price a customer is shown and pays by its discount, and says so; raised meanwhile it is said first', async () => {
    const customer = await world.addPerson({ cash: 100_000 });
    const product = await world.addProduct({ title: 'Tiered key', price: 10_000, units: 3 });
    await openReferralCode(em(), { shopId: world.shop.id, customerId: customer.id });
    const person = openPerson(world, customer);
    await person.say(`/start p_${product.id}`);
    expect((await person.see(/Tiered key/)).text).toContain('100.00 PLN');
    await person.press(/Buy now/);
    await person.see(/Please check your order/);
    await change('bronzeDiscount', 25);
    try {
      await person.press(/Wallet/);
      const again = await person.see(/The price has changed/);
      expect(again.text).toContain('100.00 PLN 75.00 PLN or 5,000 ⭐ 3,750 ⭐, -25%');
      await person.press(/Wallet · 75.00 PLN/);
      await waitFor(async () => expect((await walletOf(world, customer)).cash).toBe(92_500), soon);
    } finally {
      await change('bronzeDiscount', 0);
    }
  });
});

it('a badge is told once, and stands in the profile with tier, wallet, orders and friends', async () => {
  const a = await world.addPerson({ cash: 200_000 });
  const anna = openPerson(world, a);
  const relay = startRelay({ db: world.db, door: world.door, log: pino({ level: 'silent' }), intervalMs: 300, patienceMs: 0 });
  try {
    for (let count = 0; count < 10; count += 1) await bringFriend(world, a);
    for (const price of [99_999, 1]) {
      const product = await world.addProduct({ price, units: 1, methods: ['wallet'] });
      const { orderCode } = await placeOne(world, { method: 'wallet', customer: a, product });
      await untilStatus(world, orderCode, ['delivered']);
    }
    const { depositCode } = await depositOne(world, { customer: a });
    await payDeposit(world, depositCode);
    for (const badge of [
      /badge for you: 🤝 First friend/,
      /🎊 Ten friends/,
      /🛍 First purchase/,
      /🏆 Big spender/,
      /badge for you: 👛 First top-up/,
    ])
      await anna.see(badge);
    await untilTold(world, a);
  } finally {
    await relay.stop();
  }
  const told = (await world.chat(a)).filter(({ text }) => text.includes('A new badge for you'));
  expect(told).toHaveLength(5);
  await sleep(1_100);
  await anna.say('/profile');
  const { text = '' } = await anna.see(/Your profile/);
  expect(text).toMatch(/Your tier: 🥉 Bronze/);
  expect(text).toMatch(/In your wallet: 1,050.00 PLN\n📦 2 orders\n🤝 10 friends\n🌐 Language: English/);
  expect(text).toContain('🛍 First purchase\n👛 First top-up\n🤝 First friend\n🎊 Ten friends\n🏆 Big spender\n4 more to get');
}, 60_000);

describe('a friend’s top-up that is taken back', () => {
  it('takes its commission along: of ten friends’ 100.00 each one is disputed, and 27.00 of 30.00 stays; won, it is 30.00 again (A5)', async () => {
    const a = await world.addPerson();
    const anna = openPerson(world, a);
    const intents: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      const { depositCode } = await depositOne(world, { customer: await bringFriend(world, a), amount: 10_000 });
      intents.push(await payDeposit(world, depositCode));
    }
    await waitFor(async () => expect((await walletOf(world, a)).bonus).toBe(3_000), soon);
    await anna.see(/Earned so far: 30.00 PLN$/);
    await anna.say('/referrals');
    await anna.see(/Earned so far: 30.00 PLN\n\nYour tier: 🥉 Bronze/);
    const { id } = await world.control<{ id: string }>(`/stripe/payment-intents/${intents[4]}/dispute`, {});
    await waitFor(async () => expect((await walletOf(world, a)).bonus).toBe(2_700), soon);
    await anna.see(/3.00 PLN of your earnings with it.\nEarned so far: 27.00 PLN/);
    await sleep(1_100);
    await anna.say('/referrals');
    await anna.see(/Earned so far: 27.00 PLN\n\nYour tier: 🥉 Bronze/);
    await world.control(`/stripe/disputes/${id}/close`, { status: 'won' });
    await waitFor(async () => expect((await walletOf(world, a)).bonus).toBe(3_000), soon);
    await anna.see(/valid again: 3.00 PLN for you/);
  }, 90_000);
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
