/** Buying from Tillflow, through its own doors and with its real worker; and the empty workflow on the same server. */
import { randomUUID } from 'node:crypto';
import type { MethodName } from '../domain/payment.ts';
import { checkDatabase } from '../db/check.ts';
import type { Door } from '../temporal/client.ts';
import { placeOrder, ringOrder } from '../temporal/order.ts';
import { orderWorkflowId } from '../workflows/messages/order.ts';
import type { Flow } from './flow.ts';
import { expectEachOnce, RoundError } from './harness/correct.ts';
import type { Tap } from './market.ts';
import type { Stage } from './stage.ts';
import { waitForPollers } from './stack.ts';

/** A customer is told to wait after 8 s; here the answer itself is awaited, however busy the machine is. */
const patienceMs = 120_000;

/** @param known customers who bought before; not for orders that stay unpaid */
export function buyFromUs({ db, door, market }: Stage, method: MethodName, { known = true } = {}): Flow<Tap> {
  return {
    makeTaps: (count) => market.makeTaps(count, method, known ? 'firstPurchase' : undefined),

    async accept({ orderCode, place }) {
      let answer = await placeOrder(door, orderCode, place, patienceMs);
      // "I will write here": the same tap learns it later.
      while ('later' in answer) answer = await placeOrder(door, orderCode, place, patienceMs);
      if (!('ok' in answer && answer.ok)) throw new RoundError(`The order ${orderCode} was answered ${JSON.stringify(answer)}`);
    },

    async finish(tap) {
      const { orderCode, place } = tap;
      if (place.method !== 'wallet') {
        await market.payOutside(tap);
        if (!(await ringOrder(door, orderCode, 'update'))) throw new RoundError(`The order ${orderCode} closed before it was paid`);
      }
      const outcome = (await door.client.workflow.getHandle(orderWorkflowId(orderCode)).result()) as { status: string };
      if (outcome.status !== 'delivered') throw new RoundError(`The order ${orderCode} ended ${outcome.status}`);
    },

    countEvents: ({ orderCode }) => countEvents(door, orderWorkflowId(orderCode)),

    async check(taps) {
      await market.expectDelivered(taps);
      const codes = taps.map(({ orderCode }) => orderCode);
      const rows: { code: string }[] = await db.em.fork().execute(
        `select o.code from "order" o join order_line l on l.order_id = o.id join unit u on u.order_line_id = l.id and u.state = 'sold'
            where o.status = 'delivered' and o.code in (${codes.map(() => '?').join(',')})`,
        codes,
      );
      expectEachOnce(
        'units sold to orders',
        codes,
        rows.map(({ code }) => code),
      );
      const { ok, findings } = await checkDatabase(db.em.fork(), { now: new Date(), settledGraceMs: 0 });
      const [first] = findings;
      if (!ok) throw new RoundError(`The database has ${findings.length} faults: ${first?.rule}: ${first?.subject}: ${first?.detail}`);
    },
  };
}

/** How many events the history of a workflow has. */
export async function countEvents({ client }: Door, workflowId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return events?.length ?? 0;
}

/** A workflow that does nothing, as far as it can be called an order. */
export async function runEmptyWorkflows({ door, stack }: Stage): Promise<Flow<string>> {
  const taskQueue = `${stack.config.temporal.queuePrefix}empty`;
  const worker = stack.spawnNode('empty-worker', ['bench/empty-worker.ts', taskQueue]);
  await waitForPollers(door, taskQueue, worker);
  return {
    makeTaps: async (count) => Array.from({ length: count }, () => `empty:${randomUUID()}`),
    accept: async () => undefined,
    finish: async (workflowId) => {
      await door.client.workflow.execute('emptyWorkflow', { taskQueue, workflowId });
    },
  };
}
