/** Somebody reaches Temporal, which has no login: whatever they signal, update or start, nothing becomes free, and the order goes on. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Client, WorkflowIdConflictPolicy } from '@temporalio/client';
import { orderWorkflowId } from '../../../workflows/messages/order.ts';
import { newCode } from '../../support/shop.ts';
import { payByCard, type Placed, placeOne, untilStatus, viewOf } from '../../support/story.ts';
import type { World } from '../../support/world.ts';
import type { Random } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { cashOf, countSecrets, countUnits, eachOf, openRelayedWorld, tally, untilClosed } from './acts.ts';

interface Target {
  readonly world: World;
  readonly client: Client;
  readonly queue: string;
  readonly victim: Placed;
  /** A customer with money, who has no part in it. */
  readonly rich: Placed['customer'];
}

/** How long an answer to a forged command is awaited; many never get one. */
const answerMs = 2_000;

const facts = { paid: true, status: 'paid', amount: 5000, currency: 'PLN', covered: true, objectId: 'pi_forged' };

type Forgery = (target: Target) => Promise<unknown>;

const handleOf = ({ client, victim }: Target) => client.workflow.getHandle(orderWorkflowId(victim.orderCode));
const soon = (work: Promise<unknown>) => Promise.race([work, new Promise((done) => setTimeout(done, answerMs))]);

const start =
  (type: string, makeId: (target: Target) => string, makeInput: (target: Target) => object): Forgery =>
  (target) => {
    const options = { taskQueue: target.queue, workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL, args: [makeInput(target)] };
    return target.client.workflow.start(type, { ...options, workflowId: makeId(target), workflowExecutionTimeout: '20 seconds' });
  };
const ring =
  (payload: unknown): Forgery =>
  (target) =>
    handleOf(target).signal('ring', payload);
const update =
  (name: string, makePayload: (target: Target) => unknown): Forgery =>
  (target) =>
    soon(handleOf(target).executeUpdate(name, { args: [makePayload(target)] }));

const forgeries: Readonly<Record<string, Forgery>> = {
  'ring with facts': ring(facts),
  'ring with a row': ring({ row: { ...facts, version: 999, wakeAt: null, untold: true } }),
  'ring with nothing': ring(null),
  'ring by update with facts': update('ring', () => facts),
  'ask with facts': (target) => handleOf(target).signal('ask', facts),
  'unknown signals': async (target) => {
    for (const name of ['settle', 'paid', 'payment_intent.succeeded', 'told', '__proto__', 'constructor'])
      await handleOf(target).signal(name, facts);
  },
  'pay from another wallet': update('pay', ({ rich }) => ({ method: 'wallet', customerId: rich.id, attempt: 2 })),
  'pay from an empty wallet': update('pay', ({ victim }) => ({ method: 'wallet', customerId: victim.customer.id, attempt: 2 })),
  'pay by a method there is not': update('pay', ({ victim }) => ({ method: 'free', customerId: victim.customer.id, attempt: 2 })),
  'place again for nothing': update('place', () => ({ shownTotal: 0 })),
  'an update there is not': update('settle', () => facts),
  'goods sent again': start(
    'deliveryWorkflow',
    ({ victim }) => `delivery:${victim.orderCode}`,
    ({ victim }) => ({ orderCode: victim.orderCode, actor: 'cli' }),
  ),
  'goods handed over': start(
    'handoverWorkflow',
    ({ victim }) => `handover:${victim.orderCode}:1`,
    ({ victim }) => ({ orderCode: victim.orderCode, orderLineId: 1, actor: 'cli' }),
  ),
  'money of nobody': start(
    'strayWorkflow',
    () => `stray:stripe:pi_${randomBytes(4).toString('hex')}`,
    ({ world }) => ({ shopId: world.shop.id, provider: 'stripe', ...facts }),
  ),
  'a refund of what is not paid': start(
    'refundWorkflow',
    ({ victim }) => `refund:${victim.orderCode}-r1`,
    ({ victim }) => ({ refundId: `${victim.orderCode}-r1`, orderCode: victim.orderCode, request: { actor: 'cli', reason: 'x' } }),
  ),
  'a second story of the order': start(
    'orderWorkflow',
    ({ victim }) => `order:${victim.orderCode}:again`,
    ({ victim }) => ({ orderCode: victim.orderCode }),
  ),
  'an order for nothing': start('orderWorkflow', orderId, ({ world, victim }) => ({
    orderCode: newCode(),
    place: { ...world.placing(victim.customer, victim.product), shownTotal: 0 },
  })),
  'an order of less than nothing': start('orderWorkflow', orderId, ({ world, victim }) => ({
    orderCode: newCode(),
    place: world.placing(victim.customer, victim.product, { lines: [{ productId: victim.product.id, quantity: -1 }], shownTotal: -5000 }),
  })),
};

function orderId(): string {
  return `order:${newCode()}`;
}

async function forge(world: World, random: Random): Promise<number> {
  const victim = await placeOne(world, { method: 'card', deadlineMs: 60_000 });
  const rich = await world.addPerson({ cash: 100_000 });
  const target = { world, client: world.door.client, queue: world.door.queues.orders, victim, rich };
  const names = random.shuffle(Object.keys(forgeries));
  const tried = await Promise.all(
    names.map((name) =>
      (forgeries[name] as Forgery)(target).then(
        () => undefined,
        (err: unknown) => err,
      ),
    ),
  );
  const about = `order ${victim.orderCode} after ${names.join('; ')}`;
  const view = await viewOf(world, victim.orderCode);
  assert.equal(view.status, 'awaitingPayment', about);
  assert.deepEqual(await countUnits(world, victim.product.id), { held: 1 }, about);
  assert.equal(await countSecrets(world, victim.customer), 0, about);
  assert.equal(await cashOf(world, rich), 100_000, about);
  assert.equal(await cashOf(world, victim.customer), 0, about);
  // And it is still an order like any other.
  await payByCard(world, victim.orderCode);
  await untilStatus(world, victim.orderCode, ['delivered'], 30_000);
  assert.equal(await untilClosed(world, victim.orderCode), 'delivered', about);
  assert.equal(await countSecrets(world, victim.customer), 1, about);
  return tried.filter((err) => err instanceof Error).length;
}

/** Commands whose fields are no fields at all: whoever can reach Temporal may cancel, but not keep an order from its end. */
const garbage: readonly (readonly [string, unknown])[] = [
  ['cancel', null],
  ['cancel', { by: 'nobody' }],
  ['cancel', { by: 'customer', actor: 7 }],
  ['cancel', { by: 'customer', actor: 'customer:none' }],
  ['cancel', { by: 'staff', actor: null }],
  ['pay', null],
  ['pay', { method: 'wallet', customerId: 'none', attempt: 1e21 }],
  ['pay', { method: ['wallet'], customerId: {}, attempt: -1 }],
];

/** @returns how the order ended */
async function feedGarbage(world: World, [name, payload]: readonly [string, unknown]): Promise<string> {
  const placed = await placeOne(world, { method: 'stars', holdSeconds: 4, deadlineMs: 60_000 });
  const handle = world.door.client.workflow.getHandle(orderWorkflowId(placed.orderCode));
  await soon(handle.executeUpdate(name, { args: [payload] }).catch(() => undefined));
  const view = await untilStatus(world, placed.orderCode, ['expired', 'cancelled'], 20_000).catch((err: unknown) => {
    throw new Error(`${name} with ${JSON.stringify(payload)} keeps order ${placed.orderCode} from its end`, { cause: err });
  });
  assert.deepEqual(await countUnits(world, placed.product.id), { free: 1 });
  return view.status;
}

export const forgedSignal: Scenario = {
  name: 'forged-signal',
  summary: `${Object.keys(forgeries).length} forged signals, updates and starts sent straight to Temporal: nothing becomes free, and the order goes on`,
  rounds: 10,
  async run(round) {
    const world = await openRelayedWorld(round);
    const refused = await eachOf(round.short ? [1, 2] : [1, 2, 3, 4, 5, 6, 7, 8], 2, () => forge(world, round.random));
    return `${refused.length} orders, ${refused.reduce((sum, count) => sum + count, 0)} forgeries refused at once, the others in vain`;
  },
};

export const forgedGarbage: Scenario = {
  name: 'forged-garbage',
  summary: `${garbage.length} commands whose fields are none, sent straight to Temporal: the order ends when its hold does`,
  rounds: 1,
  async run(round) {
    const world = await openRelayedWorld(round);
    return `orders ended ${tally(await eachOf(round.random.shuffle(garbage), 4, (one) => feedGarbage(world, one)))}`;
  },
};
