/** Money, the end of the hold, cancels and another method find no worker; the one that comes meets them all in one workflow task. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MethodName } from '../../../domain/payment.ts';
import { askOrder, cancelOrder, payOrder, ringOrder } from '../../../temporal/order.ts';
import { orderWorkflowId } from '../../../workflows/messages/order.ts';
import { type Placed, placeOne } from '../../support/story.ts';
import type { World } from '../../support/world.ts';
import type { Random } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { readTasks } from './histories.ts';
import { isSoldOrGivenBack } from './sold.ts';
import { eachOf, openRelayedWorld, tally, untilClosed } from './acts.ts';

const holdSeconds = 4;
const cash = 5000;

type Act = 'money' | 'second money' | 'seen' | 'cancel' | 'staff cancels' | 'cancel in UI' | 'another method' | 'ask' | 'ring';

/** What each order meets, in this order; the end of its hold comes last for those that wait for it. */
function drawActs(random: Random): Act[] {
  const all: Act[] = ['money', 'cancel', 'cancel in UI', 'staff cancels', 'another method', 'ask', 'ring', 'second money', 'seen'];
  // Money, cancel and the end of the hold in every order; the others now and then.
  return random.shuffle(all).slice(0, random.whole(2, 5));
}

async function act(world: World, { orderCode, customer }: Placed, method: MethodName, one: Act): Promise<void> {
  const provider = method === 'stars' ? 'stars' : 'stripe';
  const name = `${one.replaceAll(' ', '-')}-${orderCode}`;
  switch (one) {
    case 'money':
    case 'second money':
      await world.say(orderCode, { provider, eventId: name, ...(one === 'money' ? {} : { objectId: name }) });
      await ringOrder(world.door, orderCode);
      return;
    case 'seen':
      await world.say(orderCode, {
        provider,
        eventId: name,
        kind: 'seen',
        type: 'checkout.session.completed',
        amount: null,
        currency: null,
      });
      await ringOrder(world.door, orderCode);
      return;
    case 'ring':
      await ringOrder(world.door, orderCode);
      return;
    case 'ask':
      await askOrder(world.door, orderCode);
      return;
    case 'cancel in UI':
      await world.door.client.workflow.getHandle(orderWorkflowId(orderCode)).cancel();
      return;
    case 'cancel':
      await cancelOrder(world.door, orderCode, { by: 'customer', actor: `customer:${customer.id}` });
      return;
    case 'staff cancels':
      await cancelOrder(world.door, orderCode, { by: 'staff', actor: 'cli' });
      return;
    case 'another method':
      await payOrder(world.door, orderCode, { method: 'wallet', customerId: customer.id, attempt: 2 });
  }
}

async function fail(world: World, { orderCode }: Placed, method: MethodName): Promise<void> {
  const provider = method === 'stars' ? 'stars' : 'stripe';
  const type = 'checkout.session.async_payment_failed';
  await world.say(orderCode, { provider, eventId: `failed-${orderCode}`, kind: 'failed', type, amount: null, currency: null });
  await ringOrder(world.door, orderCode);
}

export const oneTask: Scenario = {
  name: 'one-task',
  summary: 'money, end of hold, cancels and another method while no worker runs: the next one meets them in one workflow task',
  rounds: 4,
  async run(round) {
    const { random, short } = round;
    const world = await openRelayedWorld(round);
    const placed = await eachOf(Array.from({ length: short ? 6 : 24 }), 8, async () => {
      const method = random.pick(['stars', 'stars', 'card'] as const);
      const one = await placeOne(world, { method, cash, holdSeconds, deadlineMs: 60_000 });
      return { one, method, acts: drawActs(random), waits: random.chance(0.6) };
    });
    await world.stopWorker();
    // Updates wait for a worker: nobody awaits them before there is one.
    const begun: Promise<void>[] = [];
    const acting = placed.map(async ({ one, method, acts }) => {
      for (const each of acts) {
        const acted = act(world, one, method, each);
        begun.push(acted);
        await Promise.race([acted, sleep(150)]);
      }
    });
    await Promise.all(acting);
    if (placed.some(({ waits }) => waits)) await sleep(holdSeconds * 1_000);
    await world.startWorker();
    const ends = await eachOf(placed, 8, async ({ one, method, acts }) => {
      // Money seen is awaited for minutes: here the provider has its verdict sooner.
      if (acts.includes('seen')) await fail(world, one, method);
      const status = await untilClosed(world, one.orderCode);
      await isSoldOrGivenBack(world, one, { status, cash, about: acts.join(', ') });
      return status;
    });
    // Each was answered, or its deadline is over: nothing is asked of a door that is closed.
    await Promise.allSettled(begun);
    const tasks = await eachOf(placed, 8, ({ one }) => readTasks(world, one.orderCode));
    const most = Math.max(...tasks.map(({ mostLocal }) => mostLocal));
    assert.ok(most >= 2, 'no task had two steps: the round proves nothing');
    return `${placed.length} orders, ${tally(ends)}; up to ${most} steps in a task, ${tasks.reduce((sum, { again }) => sum + again, 0)} tasks tried again`;
  },
};
