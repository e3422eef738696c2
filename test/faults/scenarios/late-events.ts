/** What providers say comes seven days late, or with an old signature: it finds its order, or the wallet, or goes back. */
import assert from 'node:assert/strict';
import { invoiceOf, payByCard, payByStars, placeOne, runBots, untilStatus, viewOf } from '../../support/story.ts';
import { waitFor } from '../../support/wait.ts';
import type { World } from '../../support/world.ts';
import type { Scenario } from '../harness/scenario.ts';
import { cashOf, countSecrets, openRelayedWorld } from './acts.ts';
import { alter, eventsOf, setEndpoints, untilTaken } from './stripe-events.ts';

const weekMs = 7 * 24 * 3_600_000;
const patience = { timeout: 30_000, interval: 100 };
const price = 5000;

/** Pays while the shop is told nothing. @returns the event of the money */
async function payUnheard(world: World, orderCode: string, wish: { force?: boolean } = {}) {
  await setEndpoints(world, { told: false });
  const intent = await payByCard(world, orderCode, wish);
  await setEndpoints(world, { told: true });
  const paid = (await eventsOf(world, intent)).find(({ type }) => type === 'payment_intent.succeeded');
  assert.ok(paid);
  return paid;
}

/** A signature made a week ago is a replay: refused. The same event signed today is taken. */
async function oldSignature(world: World): Promise<void> {
  const placed = await placeOne(world, { method: 'card', deadlineMs: 60_000 });
  const paid = await payUnheard(world, placed.orderCode);
  world.setFarClock(Date.now() - weekMs);
  await world.control(`/stripe/events/${paid.id}/resend`, {});
  await waitFor(async () => {
    const refused = await world.one(`select count(*)::int as n from inbox where verdict = 'refused' and reason like '%s old'`);
    assert.ok(Number(refused.n) > 0, 'an old signature was not refused');
  }, patience);
  assert.equal((await viewOf(world, placed.orderCode)).status, 'awaitingPayment');
  world.setFarClock(Date.now());
  await world.control(`/stripe/events/${paid.id}/resend`, {});
  await untilStatus(world, placed.orderCode, ['delivered']);
  assert.equal(await countSecrets(world, placed.customer), 1);
}

/** Told a week after it happened, freshly signed: the provider's time counts, and the order is still open. */
async function oldMoney(world: World): Promise<void> {
  const placed = await placeOne(world, { method: 'card', deadlineMs: 60_000 });
  const paid = await payUnheard(world, placed.orderCode);
  await untilTaken(world, await alter(world, paid, { created: Math.floor((Date.now() - weekMs) / 1_000) }));
  await untilStatus(world, placed.orderCode, ['delivered']);
  assert.equal(await cashOf(world, placed.customer), 0);
}

/** The order is long over: its money goes to the wallet, once, and the customer hears of it. */
async function lateMoney(world: World): Promise<void> {
  const placed = await placeOne(world, { method: 'card', holdSeconds: 1, deadlineMs: 60_000 });
  await untilStatus(world, placed.orderCode, ['expired']);
  world.setFarClock(Date.now() + weekMs);
  try {
    const paid = await payUnheard(world, placed.orderCode, { force: true });
    await world.control(`/stripe/events/${paid.id}/resend`, { times: 30, parallel: true });
    await waitFor(async () => assert.equal(await cashOf(world, placed.customer), price), patience);
    await untilTaken(world, paid.id);
    await waitFor(async () => assert.ok((await world.chat(placed.customer)).some(({ text }) => /wallet/i.test(text))), patience);
    assert.equal(await cashOf(world, placed.customer), price);
  } finally {
    world.setFarClock(Date.now());
  }
}

/** Telegram takes the Stars a week after we approved: the order is over, they go back whole. */
async function lateStars(world: World): Promise<void> {
  const placed = await placeOne(world, { method: 'stars', holdSeconds: 2, deadlineMs: 60_000 });
  const person = placed.customer.telegramUserId;
  const slug = await invoiceOf(world, placed.orderCode);
  await payByStars(world, placed.customer, slug, { delaySeconds: weekMs / 1_000 });
  const starsOf = async () => {
    const people = await world.control<{ id: number; stars: number }[]>('/people');
    return people.find(({ id }) => id === person)?.stars;
  };
  const before = await starsOf();
  // Approved, so it is awaited for two minutes beyond its hold.
  await untilStatus(world, placed.orderCode, ['expired'], 180_000);
  world.setFarClock(Date.now() + weekMs + 1_000);
  try {
    await waitFor(
      async () => {
        const charged = world.sandbox.store.db.prepare('SELECT refunded_at FROM payment WHERE payload = ?').get(`${placed.orderCode}-1`);
        assert.ok(charged, 'the Stars were never taken');
        assert.notEqual(charged.refunded_at, null, 'the Stars did not go back');
      },
      { timeout: 90_000, interval: 500 },
    );
    assert.equal(await starsOf(), before);
  } finally {
    world.setFarClock(Date.now());
  }
}

export const lateEvents: Scenario = {
  name: 'late-events',
  summary: 'money a week late, an event a week old, a signature of last week: sold, or in the wallet, or given back, or refused',
  beside: true,
  rounds: 1,
  async run(round) {
    const world = await openRelayedWorld(round);
    await round.share('bots', async () => ({ close: await runBots(world) }));
    const acts = round.random.shuffle([oldSignature, oldMoney, lateMoney]);
    if (!round.short) acts.push(lateStars);
    for (const act of acts) await act(world);
    return acts.map(({ name }) => name).join(', ');
  },
};
