/** Five events of one payment come in every order, some thirty times at once: the money is counted once, and the end is the same. */
import assert from 'node:assert/strict';
import { askOrder } from '../../../temporal/order.ts';
import { requestRefund } from '../../../temporal/refund.ts';
import { payByCard, placeOne, type Placed, sessionOf, untilStatus, viewOf } from '../../support/story.ts';
import { waitFor } from '../../support/wait.ts';
import type { World } from '../../support/world.ts';
import type { Random } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { cashOf, countSecrets, eachOf, openRelayedWorld, permutationsOf, tally } from './acts.ts';
import { eventsOf, setEndpoints, type StripeEvent, untilTaken } from './stripe-events.ts';

interface Family {
  readonly name: string;
  /** The five, as Stripe names them. */
  readonly types: readonly string[];
  /** Makes them happen at Stripe while the shop is told nothing. @returns the PaymentIntent */
  happen(world: World, placed: Placed): Promise<string>;
  /** What must be in the end. */
  ends(world: World, placed: Placed): Promise<string>;
}

const patience = { timeout: 30_000 };
const paidTypes = ['payment_intent.succeeded', 'charge.succeeded'];

async function isDelivered(world: World, { orderCode, customer }: Placed): Promise<string> {
  await untilStatus(world, orderCode, ['delivered']);
  assert.equal(await cashOf(world, customer), 0, `${orderCode}: nothing is left over`);
  assert.equal(await countSecrets(world, customer), 1, `${orderCode}: the secret is shown once`);
  return 'delivered';
}

const families: readonly Family[] = [
  {
    name: 'declined, then paid',
    types: ['charge.failed', 'payment_intent.payment_failed', ...paidTypes, 'checkout.session.completed'],
    async happen(world, { orderCode }) {
      await payByCard(world, orderCode, { card: '4000000000009995' });
      return payByCard(world, orderCode);
    },
    ends: isDelivered,
  },
  {
    name: 'on its way, then paid',
    types: ['payment_intent.processing', 'checkout.session.completed', ...paidTypes, 'checkout.session.async_payment_succeeded'],
    async happen(world, { orderCode }) {
      const intent = await payByCard(world, orderCode, { async: true });
      await world.control(`/stripe/payment-intents/${intent}/finish`, { outcome: 'succeeded' });
      return intent;
    },
    ends: isDelivered,
  },
  {
    name: 'expired, then paid all the same',
    types: ['payment_intent.payment_failed', 'checkout.session.expired', ...paidTypes, 'checkout.session.completed'],
    async happen(world, { orderCode }) {
      await payByCard(world, orderCode, { card: '4000000000009995' });
      const { id } = await sessionOf(world, orderCode);
      await world.control(`/stripe/sessions/${id}/expire`, {});
      return payByCard(world, orderCode, { force: true });
    },
    ends: isDelivered,
  },
  {
    name: 'paid and given back',
    types: ['payment_intent.succeeded', 'checkout.session.completed', 'refund.created', 'charge.refunded', 'refund.updated'],
    async happen(world, { orderCode }) {
      const intent = await payByCard(world, orderCode, { card: '4000000000007726' });
      // Nobody told the shop: it asks, and pays back, before the first event arrives.
      await askOrder(world.door, orderCode);
      await untilStatus(world, orderCode, ['delivered']);
      await requestRefund(world.door, { orderCode, number: 1, actor: 'cli', reason: 'faults' });
      await waitFor(async () => assert.equal((await viewOf(world, orderCode)).refunds[0]?.status, 'sent'), patience);
      await waitFor(async () => assert.ok((await eventsOf(world, intent)).some(({ type }) => type === 'refund.updated')), patience);
      return intent;
    },
    async ends(world, { orderCode, customer }) {
      await waitFor(
        async () =>
          assert.deepEqual(
            (await viewOf(world, orderCode)).refunds.map((one) => one.status),
            ['succeeded'],
          ),
        patience,
      );
      await untilStatus(world, orderCode, ['refunded']);
      assert.equal(await cashOf(world, customer), 0);
      return 'refunded';
    },
  },
  {
    name: 'paid, disputed and won',
    types: [
      'payment_intent.succeeded',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ],
    async happen(world, { orderCode }) {
      const intent = await payByCard(world, orderCode);
      const { id } = await world.control<{ id: string }>(`/stripe/payment-intents/${intent}/dispute`, {});
      await world.control(`/stripe/disputes/${id}/close`, { status: 'won' });
      return intent;
    },
    async ends(world, placed) {
      // What was kept back while it was disputed is sent once it is won.
      const end = await isDelivered(world, placed);
      await waitFor(async () => assert.deepEqual(await bornBy(world, placed), { disputed: false, loss: 0 }), patience);
      return end;
    },
  },
  {
    name: 'paid, given back in part by the owner at Stripe, disputed in part and lost',
    types: [
      'checkout.session.completed',
      'refund.created',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'radar.early_fraud_warning.created',
    ],
    async happen(world, { orderCode }) {
      const intent = await payByCard(world, orderCode);
      await world.control(`/stripe/payment-intents/${intent}/warn`, {});
      await world.control(`/stripe/payment-intents/${intent}/refund`, { amount: 1_000 });
      await world.control(`/stripe/payment-intents/${intent}/dispute`, { amount: 3_000 });
      return intent;
    },
    async ends(world, placed) {
      const { orderCode, customer } = placed;
      await untilStatus(world, orderCode, ['paid', 'delivered']);
      await waitFor(async () => {
        const { refunds } = await viewOf(world, orderCode);
        assert.deepEqual([refunds.map(({ amount }) => amount), await bornBy(world, placed)], [[1_000], { disputed: true, loss: 3_000 }]);
      }, patience);
      assert.equal(await cashOf(world, customer), 0);
      return 'taken back';
    },
  },
];

/** Whether the order is disputed now, and what its disputes cost the shop. */
async function bornBy(world: World, { orderCode }: Placed): Promise<{ disputed: boolean; loss: number }> {
  const [row]: { loss: string }[] = await world.db.em.fork().execute(
    `select coalesce(sum(v.loss), 0) as loss from reversal v join "order" o on o.id = v.order_id
      where o.code = ? and v.taken_at is not null and v.returned_at is null`,
    [orderCode],
  );
  return { disputed: (await viewOf(world, orderCode)).dispute !== null, loss: Number(row?.loss) };
}

/** Sends one event, sometimes thirty times in parallel, and waits until the shop has taken it. */
async function tell(world: World, event: StripeEvent, random: Random): Promise<void> {
  const times = random.chance(0.1) ? 30 : 1;
  await world.control(`/stripe/events/${event.id}/resend`, { times, parallel: true });
  await untilTaken(world, event.id);
}

export const eventOrders: Scenario = {
  name: 'event-orders',
  summary: 'five events of one payment in every order, some of them thirty times at once: the money counts once, the end is the same',
  rounds: families.length,
  async run(round) {
    const { seed, random, short } = round;
    const world = await openRelayedWorld(round);
    const family = families[seed % families.length] as Family;
    const orders = short ? random.shuffle(permutationsOf([0, 1, 2, 3, 4])).slice(0, 4) : permutationsOf([0, 1, 2, 3, 4]);
    await setEndpoints(world, { told: false });
    const bought = await eachOf(orders, 4, async (order) => {
      const placed = await placeOne(world, { method: 'card', deadlineMs: 60_000 });
      return { order, placed, intent: await family.happen(world, placed) };
    });
    await setEndpoints(world, { told: true });
    const ends = await eachOf(bought, 4, async ({ order, placed, intent }) => {
      const known = await eventsOf(world, intent);
      const five = family.types.map((type) => {
        const event = known.find((one) => one.type === type);
        assert.ok(event, `Stripe made no ${type}, but ${known.map((one) => one.type).join(', ')}`);
        return event;
      });
      for (const index of order) await tell(world, five[index] as StripeEvent, random);
      return family.ends(world, placed);
    });
    return `${family.name}: ${orders.length} orders of five events, ${tally(ends)}`;
  },
};
