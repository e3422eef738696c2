/** Telegram and Stripe answer 429, 500, or not at all, before and after they did what was asked: each order is sold once, each refund made once. */
import assert from 'node:assert/strict';
import type { MethodName } from '../../../domain/payment.ts';
import { requestRefund } from '../../../temporal/refund.ts';
import { orderWorkflowId } from '../../../workflows/messages/order.ts';
import { invoiceOf, payByCard, payByStars, type Placed, placeOne, runBots, viewOf } from '../../support/story.ts';
import { waitFor } from '../../support/wait.ts';
import type { World } from '../../support/world.ts';
import type { Random } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { cashOf, countSecrets, countUnits, eachOf, openRelayedWorld, tally } from './acts.ts';

const price = 5000;

interface Wish {
  readonly target: 'telegram' | 'stripe' | 'webhook';
  readonly methods: readonly string[];
  readonly kinds: readonly Parameters<World['sandbox']['faults']['add']>[0]['kind'][];
}

const troubles: readonly Wish[] = [
  {
    target: 'telegram',
    methods: ['sendMessage', 'editMessageText', 'createInvoiceLink', 'refundStarPayment'],
    kinds: ['429', '500', 'timeoutBefore', 'timeoutAfter', 'late'],
  },
  { target: 'telegram', methods: ['answerPreCheckoutQuery'], kinds: ['500', 'timeoutAfter', 'timeoutBefore'] },
  {
    target: 'stripe',
    methods: ['POST /v1/checkout/sessions', 'GET /v1/checkout/sessions', 'POST /v1/refunds', 'GET /v1/refunds'],
    kinds: ['429', '500', 'timeoutBefore', 'timeoutAfter'],
  },
  { target: 'webhook', methods: ['stripe'], kinds: ['lose', 'duplicate', 'late', 'timeoutAfter'] },
];

/** How long Telegram waits for the answer to a pre-checkout, ms. */
const checkoutMs = 10_000;

interface Trouble {
  readonly words: string[];
  /** How long answers to pre-checkouts that do not arrive keep a customer from paying, ms: that is Telegram's wait, not the shop's. */
  readonly checkoutsMs: number;
}

function trouble(world: World, random: Random, count: number): Trouble {
  let checkoutsMs = 0;
  const words = Array.from({ length: count }, () => {
    const { target, methods, kinds } = random.pick(troubles);
    const [method, kind] = [random.pick(methods), random.pick(kinds)];
    const times = kind === 'duplicate' ? 5 : random.whole(1, 2);
    world.sandbox.faults.add({ target, kind, method, times, seconds: 1 });
    if (method === 'answerPreCheckoutQuery') checkoutsMs += times * checkoutMs;
    return `${method} ${kind}`;
  });
  return { words, checkoutsMs };
}

async function pay(world: World, { orderCode, customer }: Placed, method: MethodName, checkoutsMs: number): Promise<void> {
  if (method === 'card') {
    // The page is there once Stripe has answered well.
    await waitFor(() => payByCard(world, orderCode), { timeout: 40_000, interval: 250 });
  }
  if (method === 'stars') {
    // Who is refused at the checkout taps Pay again, as people do.
    await waitFor(
      async () => {
        const { status } = await payByStars(world, customer, await invoiceOf(world, orderCode));
        assert.equal(status, 'paid');
      },
      { timeout: 60_000 + checkoutsMs, interval: 500 },
    );
  }
}

async function countSessions(world: World, orderCode: string): Promise<number> {
  return (await world.control<{ sessions: unknown[] }>(`/stripe/sessions?paymentId=${orderCode}-1&limit=500`)).sessions.length;
}

async function buy(world: World, method: MethodName, refunds: boolean, checkoutsMs: number): Promise<string> {
  const placed = await placeOne(world, { method, cash: method === 'wallet' ? price : 0, deadlineMs: 90_000 });
  const { orderCode, customer, product } = placed;
  await pay(world, placed, method, checkoutsMs);
  await world.door.client.workflow.getHandle(orderWorkflowId(orderCode)).result();
  const about = `${method} order ${orderCode}`;
  assert.equal((await viewOf(world, orderCode)).status, 'delivered', about);
  assert.deepEqual(await countUnits(world, product.id), { sold: 1 }, about);
  const goods = await countSecrets(world, customer);
  const shows = (await world.chat(customer)).filter((line) => line.text.startsWith('Your goods are here')).length;
  assert.ok(goods <= 1, `${about}: the secret is shown ${goods} times`);
  assert.ok(goods + shows >= 1, `${about}: the customer was never shown the goods`);
  if (method === 'card') assert.equal(await countSessions(world, orderCode), 1, `${about}: pages to pay on`);
  if (!refunds) return `${method} sold`;
  await requestRefund(world.door, { orderCode, number: 1, actor: 'cli', reason: 'faults' });
  await waitFor(
    async () =>
      assert.deepEqual(
        (await viewOf(world, orderCode)).refunds.map(({ status }) => status),
        ['succeeded'],
        about,
      ),
    { timeout: 90_000, interval: 200 },
  );
  if (method === 'card') {
    const answer = await world.control<{ refunds: { metadata: Record<string, string> }[] }>('/stripe/refunds');
    const made = answer.refunds.filter(({ metadata }) => metadata.tillflow_payment_id === `${orderCode}-1`);
    assert.equal(made.length, 1, `${about}: refunds at Stripe`);
  }
  assert.equal(await cashOf(world, customer), method === 'wallet' ? price : 0, about);
  return `${method} refunded`;
}

export const providerAnswers: Scenario = {
  name: 'provider-answers',
  summary: '429, 500, time-outs before and after the effect, from Telegram and Stripe: each order sold once, each refund made once',
  rounds: 4,
  async run(round) {
    const { random, short } = round;
    const world = await openRelayedWorld(round);
    await round.share('bots', async () => ({ close: await runBots(world) }));
    const methods: readonly MethodName[] = short ? ['wallet', 'stars', 'card'] : ['wallet', 'stars', 'card', 'wallet', 'stars', 'card'];
    const { words: troubled, checkoutsMs } = trouble(world, random, short ? 5 : 14);
    try {
      const ends = await eachOf(methods, 3, (method) => buy(world, method, random.chance(0.6), checkoutsMs));
      return `${tally(ends)}; ${troubled.join('; ')}`;
    } catch (err) {
      throw new Error(`${troubled.join('; ')}: ${err instanceof Error ? err.stack : String(err)}`, { cause: err });
    } finally {
      world.sandbox.faults.clear();
    }
  },
};
