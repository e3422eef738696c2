/** Webhooks with a wrong secret, amount, currency or mode, in other bytes, thirty at once, to several endpoints: only what is true is counted, once. */
import assert from 'node:assert/strict';
import { saveAccount } from '../../../db/repositories/provider-account.ts';
import { createShop } from '../../../db/repositories/shop.ts';
import { payByCard, type Placed, placeOne, untilStatus, viewOf } from '../../support/story.ts';
import { waitFor } from '../../support/wait.ts';
import type { World } from '../../support/world.ts';
import type { Random } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { cashOf, countSecrets, openRelayedWorld } from './acts.ts';
import { alter, eventsOf, setEndpoints, untilTaken } from './stripe-events.ts';

const patience = { timeout: 30_000, interval: 50 };

/** Returns in the end to an account told of everything at its own address. */
type Lie = (world: World, random: Random) => Promise<void>;

async function isSoldOnce(world: World, { orderCode, customer }: Placed, cash = 0): Promise<void> {
  await untilStatus(world, orderCode, ['delivered'], 30_000);
  await waitFor(async () => assert.equal(await countSecrets(world, customer), 1), patience);
  assert.equal(await cashOf(world, customer), cash, `order ${orderCode}: the wallet`);
}

async function isUntouched(world: World, { orderCode, customer }: Placed): Promise<void> {
  assert.equal((await viewOf(world, orderCode)).status, 'awaitingPayment', `order ${orderCode} believed a lie`);
  assert.equal(await cashOf(world, customer), 0);
}

const countInbox = async (world: World, where: string, values: unknown[] = []) =>
  Number((await world.one(`select count(*)::int as n from inbox where ${where}`, values)).n);

const card = (world: World, more = {}) => placeOne(world, { method: 'card', deadlineMs: 60_000, ...more });

/** Every try of the sender is spoiled this often; nothing happens until the last, which is right. */
const spoiled =
  (kind: 'wrongSignature' | 'reserialised'): Lie =>
  async (world) => {
    const placed = await card(world);
    const before = await countInbox(world, "verdict = 'refused'");
    // Two events tell of one payment; both are spoiled twice.
    world.sandbox.faults.add({ target: 'webhook', kind, method: 'stripe', times: 4 });
    await payByCard(world, placed.orderCode);
    await waitFor(async () => assert.ok((await countInbox(world, "verdict = 'refused'")) > before, 'it was not refused'), patience);
    if (world.sandbox.faults.list().length > 0) await isUntouched(world, placed);
    await isSoldOnce(world, placed);
  };

/** An event of other money, rightly signed, that does not fit the order: laid aside. The true one settles. */
const unfit =
  (facts: { readonly currency?: string; readonly livemode?: boolean }, reason: RegExp): Lie =>
  async (world) => {
    const placed = await card(world);
    await setEndpoints(world, { told: false });
    const intent = await payByCard(world, placed.orderCode);
    await setEndpoints(world, { told: true });
    const [paid] = (await eventsOf(world, intent)).filter(({ type }) => type === 'payment_intent.succeeded');
    assert.ok(paid);
    const event = await alter(world, paid, { ...facts, object: `${intent}_lie` });
    await untilTaken(world, event);
    const row = await waitFor(async () => {
      const found = await world.one('select outcome, outcome_reason from inbox where event_id = ?', [event]);
      assert.notEqual(found.outcome, null);
      return found;
    }, patience);
    assert.equal(row.outcome, 'suspense');
    assert.match(String(row.outcome_reason), reason);
    await isUntouched(world, placed);
    await world.control(`/stripe/events/${paid.id}/resend`, {});
    await isSoldOnce(world, placed);
  };

const lies: Readonly<Record<string, Lie>> = {
  'wrong secret': spoiled('wrongSignature'),
  'other bytes': spoiled('reserialised'),
  'wrong currency': unfit({ currency: 'usd' }, /currency/),
  'wrong mode': unfit({ livemode: true }, /live money/),
  'thirty at once': async (world) => {
    const placed = await card(world);
    for (let times = 0; times < 2; times += 1)
      world.sandbox.faults.add({ target: 'webhook', kind: 'duplicate', method: 'stripe', times: 30 });
    await payByCard(world, placed.orderCode);
    await isSoldOnce(world, placed);
  },
  'lost, late and reordered': async (world, random) => {
    const placed = await card(world);
    for (const kind of random.shuffle(['lose', 'late', 'reorder'] as const).slice(0, 2)) {
      world.sandbox.faults.add({ target: 'webhook', kind, method: 'stripe', times: 1, seconds: 1 });
    }
    await payByCard(world, placed.orderCode);
    await isSoldOnce(world, placed);
  },
  'taken, and not heard of': async (world) => {
    const placed = await card(world);
    world.sandbox.faults.add({ target: 'webhook', kind: 'timeoutAfter', method: 'stripe', times: 3 });
    await payByCard(world, placed.orderCode);
    await isSoldOnce(world, placed);
  },
  'too little': async (world) => {
    const placed = await card(world, { holdSeconds: 3 });
    await payByCard(world, placed.orderCode, { amountOverride: 4999 });
    await untilStatus(world, placed.orderCode, ['expired'], 30_000);
    assert.equal(await cashOf(world, placed.customer), 4999);
    assert.equal(await countSecrets(world, placed.customer), 0);
  },
  'too much': async (world) => {
    const placed = await card(world);
    await payByCard(world, placed.orderCode, { amountOverride: 6000 });
    await isSoldOnce(world, placed, 1000);
  },
  'several endpoints of one shop': async (world) => {
    const placed = await card(world);
    const secret = `whsec_${world.shop.botId}`;
    const urls = ['/webhook', '/webhooks/stripe'].map((path) => `${world.apiOrigin}${path}`);
    await setEndpoints(world, {
      told: true,
      endpoints: [...urls.map((url) => ({ url, secret })), { url: urls[0] as string, secret: 'whsec_other' }],
    });
    const before = await countInbox(world, "verdict = 'refused'");
    const intent = await payByCard(world, placed.orderCode);
    await isSoldOnce(world, placed);
    await waitFor(
      async () => assert.ok((await countInbox(world, "verdict = 'refused'")) > before, 'another secret was not refused'),
      patience,
    );
    assert.equal(await countInbox(world, `object_id = ? and outcome = 'applied' and kind = 'settled'`, [intent]), 1);
    await setEndpoints(world, { told: true });
    // The refused ones would come again for three days.
    world.sandbox.store.db.exec("DELETE FROM delivery WHERE secret = 'whsec_other'");
  },
  'the endpoint of another shop': async (world) => {
    const placed = await card(world);
    const other = await addNeighbour(world);
    await setEndpoints(world, {
      told: true,
      endpoints: [{ url: `${world.apiOrigin}/webhooks/stripe/${other.endpointId}`, secret: other.secret }],
    });
    const intent = await payByCard(world, placed.orderCode);
    await isSoldOnce(world, placed);
    const told = () => countInbox(world, 'shop_id = ? and object_id = ? and outcome is not null', [other.shopId, intent]);
    await waitFor(async () => assert.ok((await told()) > 0, 'the other shop was not told'), patience);
    const moved = await world.one(
      'select count(*)::int as n from transfer t join account a on a.id = t.debit_account_id where a.shop_id = ?',
      [other.shopId],
    );
    assert.equal(moved.n, 0, 'the other shop booked it');
    await setEndpoints(world, { told: true });
  },
  'a forged update of Telegram': async (world) => {
    const placed = await placeOne(world, { method: 'stars', deadlineMs: 60_000 });
    const endpointId = world.shop.webhookEndpointId;
    const before = await countInbox(world, 'true');
    for (const secret of ['', 'wrong', 'x'.repeat(300)]) {
      const response = await fetch(`${world.apiOrigin}/webhooks/telegram/${endpointId}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
        body: JSON.stringify({
          update_id: 1,
          message: { successful_payment: { invoice_payload: `${placed.orderCode}-1`, total_amount: 2500 } },
        }),
      });
      assert.equal(response.status, 403);
    }
    assert.equal(await countInbox(world, 'true'), before);
    await isUntouched(world, placed);
  },
};

let neighbours = 0;

/** A second shop with the same Stripe account behind an endpoint of its own. */
async function addNeighbour(world: World): Promise<{ shopId: number; endpointId: string; secret: string }> {
  const em = world.db.em.fork();
  const botId = Number(world.shop.botId) + ++neighbours;
  const shop = await createShop(em, world.secrets, {
    slug: `neighbour-${botId}`,
    title: 'Neighbour',
    currency: 'PLN',
    timeZone: 'Europe/Warsaw',
    botToken: `${botId}:${'n'.repeat(35)}`,
    botUsername: `neighbour_${botId}_bot`,
    actor: 'system',
  });
  await em.flush();
  const secret = `whsec_neighbour${botId}`;
  const keys = { secretKey: `sk_test_${world.shop.botId}`, webhookSecret: secret };
  const account = await saveAccount(em, world.secrets, { shopId: shop.id, provider: 'stripe', liveMode: false, keys });
  return { shopId: shop.id, endpointId: account.endpointId, secret };
}

export const webhookLies: Scenario = {
  name: 'webhook-lies',
  summary: 'wrong secret, amount, currency, mode, bytes, thirty at once, several endpoints: only what is true is counted, once',
  rounds: 3,
  async run(round) {
    const { random, short } = round;
    const world = await openRelayedWorld(round);
    const names = random.shuffle(Object.keys(lies)).slice(0, short ? 3 : undefined);
    for (const name of names) {
      try {
        await (lies[name] as Lie)(world, random);
      } catch (err) {
        throw new Error(`${name}: ${err instanceof Error ? err.stack : String(err)}`, { cause: err });
      }
      world.sandbox.faults.clear();
    }
    return names.join('; ');
  },
};
