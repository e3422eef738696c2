/** Two or three people give the same money back at once, each with a refund of their own: never more goes back than was paid. */
import assert from 'node:assert/strict';
import type { MethodName } from '../../../domain/payment.ts';
import { requestRefund } from '../../../temporal/refund.ts';
import { orderWorkflowId } from '../../../workflows/messages/order.ts';
import { invoiceOf, payByCard, payByStars, type Placed, placeOne, runBots, viewOf } from '../../support/story.ts';
import { waitFor } from '../../support/wait.ts';
import type { World } from '../../support/world.ts';
import type { Random } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { cashOf, eachOf, openRelayedWorld, tally } from './acts.ts';

const price = 5000;
/** Whole Stars, as the ledger counts them. */
const starsPrice = 2500;

async function buy(world: World, method: MethodName): Promise<Placed> {
  const placed = await placeOne(world, { method, cash: method === 'wallet' ? price : 0, deadlineMs: 60_000 });
  if (method === 'card') await payByCard(world, placed.orderCode);
  if (method === 'stars') await payByStars(world, placed.customer, await invoiceOf(world, placed.orderCode));
  await world.door.client.workflow.getHandle(orderWorkflowId(placed.orderCode)).result();
  return placed;
}

/** What each of them asks for: all that is left, or a part. Stars go back whole only. */
function drawAmounts(method: MethodName, random: Random): (number | undefined)[] {
  const count = random.whole(2, 3);
  return Array.from({ length: count }, () => (method === 'stars' || random.chance(0.4) ? undefined : random.whole(1, price)));
}

async function refundAtOnce(world: World, method: MethodName, random: Random): Promise<string> {
  const { orderCode, customer } = await buy(world, method);
  const amounts = drawAmounts(method, random);
  const answers = await Promise.all(
    amounts.map((amount, index) => requestRefund(world.door, { orderCode, number: index + 1, actor: 'cli', reason: 'faults', amount })),
  );
  const about = `${method} ${orderCode}, asked for ${amounts.join(', ')}: ${JSON.stringify(answers)}`;
  assert.ok(!answers.some((answer) => 'later' in answer), about);
  assert.ok(
    answers.some((answer) => 'ok' in answer && answer.ok),
    about,
  );
  const paid = method === 'stars' ? starsPrice : price;
  const view = await waitFor(
    async () => {
      const seen = await viewOf(world, orderCode);
      assert.ok(
        seen.refunds.every((refund) => refund.status === 'succeeded'),
        `${about}: ${JSON.stringify(seen.refunds)}`,
      );
      return seen;
    },
    { timeout: 40_000 },
  );
  const back = view.refunds.reduce((sum, refund) => sum + refund.amount, 0);
  assert.ok(back <= paid, `${about}: ${back} of ${paid} went back`);
  assert.equal(await receivedBack(world, method, orderCode, customer), back, `${about}: the provider gave back what our rows say`);
  assert.equal(view.status === 'refunded', back === paid, `${about}: ${view.status}`);
  return `${view.refunds.length} of ${amounts.length}`;
}

async function receivedBack(world: World, method: MethodName, orderCode: string, customer: Placed['customer']): Promise<number> {
  if (method === 'wallet') return cashOf(world, customer);
  if (method === 'card') {
    const { refunds } = await world.control<{ refunds: { amount: number; status: string; metadata: Record<string, string> }[] }>(
      '/stripe/refunds',
    );
    return refunds
      .filter((refund) => refund.status === 'succeeded' && refund.metadata.tillflow_payment_id === `${orderCode}-1`)
      .reduce((sum, refund) => sum + refund.amount, 0);
  }
  const payments = world.sandbox.store.db
    .prepare('SELECT sum(amount) AS sum FROM payment WHERE payload = ? AND refunded_at IS NOT NULL')
    .get(`${orderCode}-1`);
  return Number(payments?.sum ?? 0);
}

export const twoRefunds: Scenario = {
  name: 'two-refunds',
  summary: 'two or three refunds of one order with different keys at once, whole and in parts: never more goes back than was paid',
  rounds: 20,
  async run(round) {
    const { random, short } = round;
    const world = await openRelayedWorld(round);
    await round.share('bots', async () => ({ close: await runBots(world) }));
    const methods: readonly MethodName[] = short ? ['wallet', 'card', 'stars'] : ['wallet', 'wallet', 'card', 'card', 'stars', 'stars'];
    return `refunds granted: ${tally(await eachOf(methods, 3, (method) => refundAtOnce(world, method, random)))}`;
  },
};
