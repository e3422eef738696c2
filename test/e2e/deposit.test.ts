/** Topping up the wallet in the chat, with a real worker, bot, API and Stripe's side of the sandbox. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { makeRefillLink } from '../../db/repositories/refill-link.ts';
import { findTimeline } from '../../db/repositories/timeline.ts';
import { cancelDeposit, openDeposit } from '../../temporal/deposit.ts';
import { depositWorkflowId } from '../../workflows/messages/deposit.ts';
import type { ChatMessage } from '../../sandbox/telegram/chat-contract.ts';
import { depositOf, depositOne, payCoins, payDeposit, walletOf } from '../support/deposits.ts';
import { resultOf } from '../support/ending.ts';
import { openPerson } from '../support/person.ts';
import { isGreen, placeOne, runBots, untilStatus } from '../support/story.ts';
import { newCode } from '../support/shop.ts';
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

const soon = { timeout: 15_000, interval: 100 };

/** The code of the customer's newest deposit. */
async function newestOf({ id }: Customer): Promise<string> {
  return waitFor(async () => {
    const rows: { code: string }[] = await world.db.em
      .fork()
      .execute('select code from deposit where customer_id = ? order by id desc', [id]);
    if (!rows[0]) throw new Error('There is no deposit yet');
    return rows[0].code;
  }, soon);
}

const labelsOf = ({ replyMarkup }: ChatMessage) =>
  replyMarkup && 'inline_keyboard' in replyMarkup ? replyMarkup.inline_keyboard.flat().map(({ text }) => text) : [];

const untilCash = (customer: Customer, cash: number) =>
  waitFor(async () => expect((await walletOf(world, customer)).cash).toBe(cash), soon);

describe('a customer tops up', () => {
  it('from the wallet: amount, method, page, and the one message says when the money is there', async () => {
    const customer = await world.addPerson();
    const person = openPerson(world, customer);
    await person.say('/wallet');
    await person.press(/Top up/);
    await person.see(/From 25.00 PLN to 10,000.00 PLN/);
    await person.press(/^50.00 PLN$/);
    await person.see(/50.00 PLN into your wallet/);
    await person.press(/Card/);
    const shown = await person.see(/Waiting for your payment/);
    expect(shown.text).toMatch(/Top-up [0-9A-Z]{4}-[0-9A-Z]{4}: 50.00 PLN/);
    expect(await person.linkOf(/^Pay 50.00 PLN$/)).toMatch(/^http/);
    const depositCode = await newestOf(customer);
    await payDeposit(world, depositCode);
    await untilCash(customer, 5_000);
    expect(await resultOf(world, depositWorkflowId(depositCode))).toBe('credited');
    const done = await person.see(/In your wallet\n/);
    expect(done.id, 'one message, edited in place').toBe(shown.id);
    await person.see(/50.00 PLN has arrived in your wallet/);
    await person.say('/wallet');
    const wallet = await person.see(/Balance: 50.00 PLN/);
    expect(wallet.text).toContain('Top-up');
    const timeline = await findTimeline(world.db.em.fork(), depositCode);
    expect(timeline).toMatchObject({ status: 'credited', total: { amount: 5_000, currency: 'PLN' } });
    const told = timeline?.steps.map(({ what }) => what) ?? [];
    expect(told).toEqual(expect.arrayContaining(['Deposit opened', 'Waiting for the customer', 'Money arrived', 'In the wallet']));
  });

  it('in coins: coin, address and exact units to copy, a QR code once asked for, and each wait in words of its own', async () => {
    const customer = await world.addPerson();
    const person = openPerson(world, customer);
    await person.say('/refill 50');
    await person.press(/Crypto/);
    const coins = await person.see(/In which coin/);
    expect(labelsOf(coins)).toContain('BTC');
    // 20.00 EUR are more than this is.
    expect(coins.text).toContain('USDT · TRC20: from 100.00 PLN');
    await person.press(/^BTC$/);
    const shown = await person.see(/Send exactly 0.00025 BTC/);
    expect(labelsOf(shown)).toEqual(expect.arrayContaining(['Copy the address', 'Copy 0.00025', 'QR code']));
    await person.press(/QR code/);
    await waitFor(async () => expect((await person.read()).filter(({ text }) => /Send exactly/.test(text ?? ''))).toHaveLength(2), soon);
    const depositCode = await newestOf(customer);
    const { payment_id: id } = await payCoins(world, depositCode, { until: 'confirming' });
    await person.see(/Your payment was seen\n/);
    await world.control(`/nowpayments/payments/${id}/become`, { status: 'sending' });
    await person.see(/Your payment is confirmed\n/);
    await world.control(`/nowpayments/payments/${id}/become`, { status: 'finished' });
    await untilCash(customer, 5_000);
    const done = await person.see(/In your wallet\n/);
    expect(done.id, 'one message, edited in place').toBe(shown.id);
  });

  it('in coins, told thirty times in any order and by many at once, and has it once', async () => {
    const { depositCode, customer } = await depositOne(world, { method: 'crypto', coin: 'BTC', amount: 10_000 });
    const { payment_id: id } = await payCoins(world, depositCode);
    await world.control(`/nowpayments/payments/${id}/repeat`, { times: 30 });
    await untilCash(customer, 10_000);
    expect(await resultOf(world, depositWorkflowId(depositCode))).toBe('credited');
    await waitFor(async () => expect(world.sandbox.deliveries.list().filter(({ target }) => target === 'nowpayments')).toEqual([]), {
      timeout: 30_000,
    });
    const rows: { told: number }[] = await world.db.em
      .fork()
      .execute(`select count(*)::int as told from inbox i join deposit d on d.id = i.deposit_id where d.code = ?`, [depositCode]);
    expect(rows[0]?.told).toBe(4);
    expect((await walletOf(world, customer)).cash).toBe(10_000);
  }, 60_000);

  it('in coins after wrongly signed, lost and late words', async () => {
    for (const kind of ['wrongSignature', 'late', 'reorder'] as const)
      world.sandbox.faults.add({ target: 'webhook', kind, method: 'nowpayments', times: 1, seconds: 1 });
    const { depositCode, customer } = await depositOne(world, { method: 'crypto', coin: 'BTC', amount: 10_000 });
    await payCoins(world, depositCode, { percent: 120 });
    await untilCash(customer, 12_000);
    world.sandbox.faults.clear();
  });

  it.each([
    ['/refill 75.50', /75.50 PLN into your wallet/],
    ['/refill 24.99', /less than can be topped up/],
    ['/refill 10000.01', /more than can be topped up/],
    ['/refill lots', /no amount I understand/],
    ['/refill', /Choose an amount/],
  ])('by writing %s', async (words, answer) => {
    const person = openPerson(world, await world.addPerson());
    await person.say(words);
    await person.see(answer);
  });

  it('by a link that is theirs; to anybody else, or with a strange amount, it says nothing of money', async () => {
    const [customer, stranger] = [await world.addPerson(), await world.addPerson()];
    const person = openPerson(world, customer);
    await person.say(`/start refill_${customer.id}_30`);
    await person.see(/30.00 PLN into your wallet/);
    await sleep(1_100);
    await person.say(`/start refill_${customer.id}_3050c`);
    await person.see(/30.50 PLN into your wallet/);
    const other = openPerson(world, stranger);
    await other.say(`/start refill_${customer.id}_30`);
    await other.see(/I do not know this link/);
    await sleep(1_100);
    const before = (await other.read()).length;
    await other.say(`/start refill_${stranger.id}_-5`);
    await waitFor(async () => expect((await other.read()).length).toBeGreaterThan(before + 1), soon);
    expect((await other.read()).at(-1)?.text).toContain('I do not know this link');
  });

  it('by a link that staff made, once; afterwards it leads to the amounts', async () => {
    const [customer, stranger] = [await world.addPerson(), await world.addPerson()];
    const wish = { shopId: world.shop.id, customerId: customer.id, amount: 4_990, actor: 'cli', at: new Date() };
    const { payload } = await makeRefillLink(world.db.em.fork(), world.secrets, wish);
    const other = openPerson(world, stranger);
    await other.say(`/start ${payload}`);
    await other.see(/I do not know this link/);
    const person = openPerson(world, customer);
    await person.say(`/start ${payload}`);
    await person.see(/49.90 PLN into your wallet/);
    await sleep(1_100);
    await person.say(`/start ${payload}`);
    await person.see(/opened before, or is older than a day/);
  });

  it('by tapping the method twice, and has one deposit', async () => {
    const customer = await world.addPerson();
    const person = openPerson(world, customer);
    await person.say('/refill 50');
    const { id } = await person.see(/50.00 PLN into your wallet/);
    await sleep(300);
    const tap = {
      bot: world.shop.botUsername,
      person: customer.telegramUserId,
      chatId: customer.telegramUserId,
      messageId: id,
      row: 0,
      column: 0,
    };
    await Promise.all([world.control('/taps', tap), world.control('/taps', tap)]);
    await person.see(/Waiting for your payment/);
    await sleep(500);
    const rows: unknown[] = await world.db.em.fork().execute('select 1 from deposit where customer_id = ?', [customer.id]);
    expect(rows).toHaveLength(1);
  });

  it('and cancels: nothing is charged, the page is closed, and what is paid there all the same is credited', async () => {
    const customer = await world.addPerson();
    const person = openPerson(world, customer);
    await person.say('/refill 50');
    await person.press(/Card/);
    await person.press(/Cancel the top-up/);
    await person.see(/You cancelled this top-up/);
    const depositCode = await newestOf(customer);
    expect(await resultOf(world, depositWorkflowId(depositCode))).toBe('expired');
    await payDeposit(world, depositCode, { force: true });
    await untilCash(customer, 5_000);
    await person.see(/50.00 PLN has arrived in your wallet/);
    await waitFor(async () => expect((await depositOf(world, depositCode)).status).toBe('credited'), soon);
  });

  it('and comes back from the page before anybody told us: the provider is asked', async () => {
    const customer = await world.addPerson();
    const person = openPerson(world, customer);
    world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'stripe', times: 10 });
    try {
      await person.say('/refill 50');
      await person.press(/Card/);
      await person.see(/Waiting for your payment/);
      const depositCode = await newestOf(customer);
      await payDeposit(world, depositCode);
      await sleep(1_100);
      await person.say(`/start deposit_${depositCode}`);
      await untilCash(customer, 5_000);
    } finally {
      world.sandbox.faults.clear();
    }
  });
});

it('an administrator’s cancel in the Temporal UI ends it, closes the page and tells the customer', async () => {
  const { depositCode, customer } = await depositOne(world);
  await world.door.client.workflow.getHandle(depositWorkflowId(depositCode)).cancel();
  expect(await resultOf(world, depositWorkflowId(depositCode))).toBe('cancelled in the UI');
  expect(await depositOf(world, depositCode)).toMatchObject({ status: 'expired', endedBy: 'temporal', credited: 0 });
  await openPerson(world, customer).see(/The time to pay is over/);
});

it('money, a cancel and the end of its time met by one task: it is credited, and the cancel is answered so', async () => {
  const { depositCode, customer } = await depositOne(world, { payWithinSeconds: 2 });
  const isOver = sleep(2_100);
  await world.stopWorker();
  await payDeposit(world, depositCode);
  const cancelling = cancelDeposit(world.door, depositCode, { by: 'customer', actor: `customer:${customer.id}` });
  // No later than it has to be: whoever is not answered for five seconds asks again, and then finds it closed.
  await isOver;
  await world.startWorker();
  expect(await cancelling).toMatchObject({ ok: false, rejected: 'AlreadyCredited' });
  expect(await resultOf(world, depositWorkflowId(depositCode))).toBe('credited');
  expect((await walletOf(world, customer)).cash).toBe(5_000);
});

it('what Stripe tells five times at once, before and after the return, is credited once (A9)', async () => {
  const { depositCode, customer } = await depositOne(world);
  const intent = await payDeposit(world, depositCode);
  const person = openPerson(world, customer);
  const { events } = await world.control<{
    events: { id: string; type: string; data: { object: { id: string; payment_intent?: string } } }[];
  }>('/stripe/events');
  const told = events.filter(({ type, data: { object } }) => {
    const isPaid = type === 'payment_intent.succeeded' || type === 'checkout.session.completed';
    return isPaid && (object.id === intent || object.payment_intent === intent);
  });
  expect(told).toHaveLength(2);
  const fiveTimes = () => Promise.all(told.map(({ id }) => world.control(`/stripe/events/${id}/resend`, { times: 5, parallel: true })));
  await fiveTimes();
  await person.say(`/start deposit_${depositCode}`);
  expect(await resultOf(world, depositWorkflowId(depositCode))).toBe('credited');
  await fiveTimes();
  const isTold = ({ key }: { key: string | undefined }) => !told.some(({ id }) => id === key);
  await waitFor(async () => expect(world.sandbox.deliveries.list().every(isTold)).toBe(true), soon);
  await waitFor(() => isGreen(world), soon);
  expect((await walletOf(world, customer)).cash).toBe(5_000);
  await person.see(/has arrived in your wallet/);
  expect((await person.read()).filter(({ text }) => /has arrived in your wallet/.test(text ?? ''))).toHaveLength(1);
});

it('disputed at the bank leaves the wallet as a debt that the customer is told of, and that a top-up pays first', async () => {
  const customer = await world.addPerson();
  const person = openPerson(world, customer);
  const { depositCode } = await depositOne(world, { customer });
  const intent = await payDeposit(world, depositCode);
  expect(await resultOf(world, depositWorkflowId(depositCode))).toBe('credited');
  const product = await world.addProduct({ price: 3_000, methods: ['wallet'] });
  const bought = await placeOne(world, { customer, product, method: 'wallet' });
  await untilStatus(world, bought.orderCode, ['delivered']);
  const { id } = await world.control<{ id: string }>(`/stripe/payment-intents/${intent}/dispute`, {});
  await waitFor(async () => expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 3_000 }), soon);
  await person.see(/took back 50.00 PLN of top-up[\s\S]*You owe the shop 30.00 PLN/);
  await person.see(/Taken back\n/);
  await person.say('/wallet');
  await person.see(/Balance: 0.00 PLN\nYou owe the shop 30.00 PLN/);
  const again = await depositOne(world, { customer });
  await payDeposit(world, again.depositCode);
  await untilCash(customer, 2_000);
  await person.see(/50.00 PLN has arrived[\s\S]*30.00 PLN paid what you owed the shop, 20.00 PLN is in your wallet now/);
  // Won in the end, all of it is theirs again.
  await world.control(`/stripe/disputes/${id}/close`, { status: 'won' });
  await untilCash(customer, 7_000);
  await person.see(/gave 50.00 PLN of top-up .* back to you/);
  expect((await depositOf(world, depositCode)).status).toBe('credited');
});

it('given back in the dashboard of Stripe leaves the wallet', async () => {
  const customer = await world.addPerson();
  const { depositCode } = await depositOne(world, { customer });
  const intent = await payDeposit(world, depositCode);
  await untilCash(customer, 5_000);
  await world.control(`/stripe/payment-intents/${intent}/refund`, { amount: 2_000 });
  await untilCash(customer, 3_000);
  await openPerson(world, customer).see(/took back 20.00 PLN of top-up/);
  expect(await depositOf(world, depositCode)).toMatchObject({ status: 'credited', reversed: 2_000 });
});

it('twenty deposits of one customer, paid at once, are all in the wallet', async () => {
  const customer = await world.addPerson();
  const codes: string[] = [];
  for (let wave = 0; wave < 6; wave += 1) {
    const opened = await Promise.all([1, 2, 3].map(() => depositOne(world, { customer, amount: 2_500 })));
    expect(opened.map(({ answer }) => answer.ok)).toEqual([true, true, true]);
    await Promise.all(opened.map(({ depositCode }) => payDeposit(world, depositCode)));
    await Promise.all(opened.map(({ depositCode }) => resultOf(world, depositWorkflowId(depositCode))));
    codes.push(...opened.map(({ depositCode }) => depositCode));
  }
  expect((await walletOf(world, customer)).cash).toBe(45_000);
  expect(new Set(codes).size).toBe(18);
  // Whoever begins payment after payment is slowed down.
  await depositOne(world, { customer, amount: 2_500 });
  await depositOne(world, { customer, amount: 2_500 });
  const { answer } = await depositOne(world, { customer, amount: 2_500 });
  expect(answer).toEqual({ ok: false, rejected: 'TooManyOpenPayments' });
});

it("another customer's deposit is as unknown as none", async () => {
  const [{ depositCode }, stranger] = [await depositOne(world), await world.addPerson()];
  const actor = `customer:${stranger.id}`;
  expect(await cancelDeposit(world.door, depositCode, { by: 'customer', actor })).toEqual({ ok: false, rejected: 'NotYours' });
  const open = {
    shopId: world.shop.id,
    customerId: stranger.id,
    amount: 5_000,
    method: 'card',
    payWithinSeconds: 60,
    language: 'en',
  } as const;
  const answer = await openDeposit(world.door, depositCode, open);
  // The same update id answers the first tap; the row stays its customer's.
  expect(answer).toMatchObject({ ok: true });
  expect((await depositOf(world, depositCode)).customerId).not.toBe(stranger.id);
  const person = openPerson(world, stranger);
  await person.say(`/start deposit_${depositCode}`);
  await person.see(/There is no top-up/);
  expect(await openDeposit(world.door, newCode(), { ...open, customerId: stranger.id + 1_000 })).toEqual({
    ok: false,
    rejected: 'NotYours',
  });
});
