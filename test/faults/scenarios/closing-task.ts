/** A ring or a cancel arrives while the workflow task that may close the order is at work: its steps run again, and nothing happens twice. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { MethodName } from '../../../domain/payment.ts';
import { placeOrder, ringOrder } from '../../../temporal/order.ts';
import { orderWorkflowId } from '../../../workflows/messages/order.ts';
import { newCode } from '../../support/shop.ts';
import type { World } from '../../support/world.ts';
import { waitFor } from '../../support/wait.ts';
import type { Random } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { countUnits, eachOf, openRelayedWorld, tally, untilClosed, untilGone } from './acts.ts';
import { readTasks } from './histories.ts';
import { isSoldOrGivenBack } from './sold.ts';

const cash = 5000;
/** Under a worker's limit for locks: the step waits rather than fails. */
const heldMs = 700;

type Moment = 'open' | 'end of hold';

/** Holds a row as a slow transaction would, so that the step that needs it is at work for as long. */
async function holdRow(world: World, sql: string, value: unknown): Promise<() => Promise<void>> {
  const client = new pg.Client(world.database.ownerUrl);
  await client.connect();
  await client.query('begin');
  await client.query(sql, [value]);
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

async function disturb(world: World, orderCode: string, random: Random): Promise<string> {
  const handle = world.door.client.workflow.getHandle(orderWorkflowId(orderCode));
  const kinds = random.pick([
    ['ring'],
    ['ring', 'ring', 'ring'],
    ['ring by update'],
    ['ring by update', 'ring', 'cancel in UI'],
    ['cancel in UI'],
    ['ring', 'cancel in UI'],
    ['cancel in UI', 'ring'],
  ]);
  for (const kind of kinds) {
    // A workflow that closed meanwhile has nothing to hear.
    if (kind === 'ring') await ringOrder(world.door, orderCode);
    // Answered with the task, which waits for what is held here.
    else if (kind === 'ring by update') ringOrder(world.door, orderCode, 'update').catch(() => undefined);
    else await handle.cancel().catch(() => undefined);
  }
  return kinds.join(', ');
}

async function live(world: World, moment: Moment, random: Random) {
  const method: MethodName = moment === 'open' ? random.pick(['wallet', 'wallet', 'stars', 'card']) : random.pick(['stars', 'card']);
  const soldOut = moment === 'open' && random.chance(0.3);
  const product = await world.addProduct({ units: soldOut ? 0 : 1 });
  const customer = await world.addPerson({ cash });
  const orderCode = newCode();
  const holdSeconds = 3;
  const place = world.placing(customer, product, { method, holdSeconds });
  const free = moment === 'open' ? await holdRow(world, 'select id from customer where id = $1 for update', customer.id) : undefined;
  // Answered whatever else it meets: a tap never fails because somebody cancels in the Temporal UI.
  const placing = placeOrder(world.door, orderCode, place, 60_000);
  placing.catch(() => undefined);
  let letGo = free;
  if (moment === 'end of hold') {
    await placing;
    await sleep(holdSeconds * 1_000 - 400);
    letGo = await holdRow(world, 'select id from "order" where code = $1 for update', orderCode);
    await sleep(400);
  }
  await sleep(random.whole(50, heldMs - 300));
  // The workflow begins a moment after the tap.
  const met = await waitFor(() => disturb(world, orderCode, random), { timeout: 10_000, interval: 20 });
  await sleep(random.whole(0, 200));
  await letGo?.();
  const answer = await placing;
  if (soldOut) {
    // Given again after its task failed, the tap may find the workflow closed: no row is as much a refusal.
    const refused = 'closed' in answer || ('ok' in answer && !answer.ok && answer.rejected === 'SoldOut');
    assert.ok(refused, `order ${orderCode} met ${met}: ${JSON.stringify(answer)}`);
    await untilGone(world, orderCode);
    assert.deepEqual(await countUnits(world, product.id), {});
    return { end: 'rejected', tasks: await readTasks(world, orderCode) };
  }
  const status = await untilClosed(world, orderCode);
  const placed = { orderCode, customer, product, answer: { ok: true as const, orderCode, status, version: 1 } };
  await isSoldOrGivenBack(world, placed, { status, cash, about: `${met} at ${moment} by ${method}` });
  if (method === 'wallet') assert.notEqual(status, 'expired');
  return { end: status, tasks: await readTasks(world, orderCode) };
}

export const closingTask: Scenario = {
  name: 'closing-task',
  summary: 'rings and cancels land in a workflow task at work, also the one that closes the order: its steps run again, nothing twice',
  rounds: 4,
  async run(round) {
    const { random, short } = round;
    const world = await openRelayedWorld(round);
    const lives = await eachOf(Array.from({ length: short ? 9 : 30 }), 6, (_, index) =>
      live(world, index % 3 === 0 ? 'end of hold' : 'open', random),
    );
    const again = lives.reduce((sum, { tasks }) => sum + tasks.again, 0);
    const most = Math.max(...lives.map(({ tasks }) => tasks.mostLocal));
    return `${tally(lives.map(({ end }) => end))}; ${again} tasks tried again, up to ${most} steps in one`;
  },
};
