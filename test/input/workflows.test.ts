/** Hostile messages straight to Temporal, which has no sign-in of its own: no workflow is wedged, no row changes, the field is named. */
import { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerInTime } from '../../temporal/deadline.ts';
import { cancelOrder, payOrder } from '../../temporal/order.ts';
import { cancelUpdate, orderWorkflowId, payUpdate } from '../../workflows/messages/order.ts';
import { eventNames, historyOf } from '../support/history.ts';
import { takeFingerprint } from '../support/fingerprint.ts';
import { lighterValues } from '../support/nasty.ts';
import { isGreen, type Placed, placeOne, viewOf } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let waiting: Placed;

beforeAll(async () => {
  world = await startWorld();
  waiting = await placeOne(world, { method: 'stars', cash: 5_000 });
}, 120_000);
afterAll(() => world?.close());

/** A thousand keys are the same to a server as two; what is tried costs a run each. */
const values = lighterValues.filter(({ name }) => !/^(very|many|nested)/.test(name));
const messageOf = (err: unknown) => String((err as { cause?: { message?: string } }).cause?.message ?? err);

/** Runs a workflow to its end. @returns what became of it */
async function run(type: string, workflowId: string, args: unknown[]): Promise<string> {
  const handle = await world.door.client.workflow.start(type, {
    workflowId,
    taskQueue: world.door.queues.orders,
    args,
    // A wedged one ends as what it is: not in time.
    workflowExecutionTimeout: '20 seconds',
  });
  try {
    return `ended: ${JSON.stringify(await handle.result())}`;
  } catch (err) {
    return err instanceof WorkflowFailedError ? messageOf(err) : String(err);
  }
}

async function inTurns<Value, Answer>(list: readonly Value[], work: (value: Value) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < list.length; at += 24) answers.push(...(await Promise.all(list.slice(at, at + 24).map(work))));
  return answers;
}

describe('a start with nonsense', () => {
  const good = () => ({ orderCode: waiting.orderCode });
  test.each([
    ['orderWorkflow', (value: unknown) => ({ ...good(), place: value }), /null/],
    ['orderWorkflow', (value: unknown) => ({ orderCode: value }), /^$/],
    ['refundWorkflow', (value: unknown) => ({ ...good(), refundId: value, request: { actor: 'cli', reason: 'x' } }), /^$/],
    ['depositWorkflow', (value: unknown) => ({ depositCode: 'K7Q4MX2P', open: value }), /null/],
    ['depositWorkflow', (value: unknown) => ({ depositCode: value }), /^$/],
    ['payoutWorkflow', (value: unknown) => ({ payoutCode: value }), /^$/],
    ['payoutWorkflow', (value: unknown) => ({ payoutCode: 'K7Q4MX2P-p1', request: value }), /null/],
    ['deliveryWorkflow', (value: unknown) => ({ ...good(), actor: value }), /null/],
    ['handoverWorkflow', (value: unknown) => ({ ...good(), orderLineId: value, actor: 'cli' }), /2\^31/],
    ['autoBuyWorkflow', (value: unknown) => ({ orderCode: 'K7Q4MX2P', wish: value }), /null/],
    ['autoBuyWorkflow', (value: unknown) => ({ orderCode: value }), /^$/],
    ['coinOffersWorkflow', (value: unknown) => ({ shopId: value, provider: 'nowpayments' }), /2\^31/],
    ['coinOffersWorkflow', (value: unknown) => ({ shopId: 1, provider: value }), /^$/],
    ['alertWorkflow', (value: unknown) => ({ shopId: value }), /2\^31/],
    ['chainWatchWorkflow', (value: unknown) => ({ coin: value, pauseSeconds: 2 }), /^$/],
    ['commissionWorkflow', (value: unknown) => ({ depositCode: value }), /^$/],
    [
      'adjustmentWorkflow',
      (value: unknown) => ({ adjustmentId: 'a', shopId: 1, customerId: value, kind: 'add', amount: 1, reason: 'x', actor: 'cli' }),
      /2\^31/,
    ],
    ['reconcileWorkflow', (value: unknown) => ({ dryRun: value }), /null|^(true|false)$/],
    ['claimWorkflow', (value: unknown) => ({ claimCode: value }), /^$/],
    ['stockWatchWorkflow', (value: unknown) => ({ productId: value }), /2\^31/],
    ['noticeWorkflow', (value: unknown) => ({ customerId: value }), /2\^31/],
    ['strayWorkflow', (value: unknown) => ({ shopId: value, provider: 'stripe', objectId: 'pi_1' }), /2\^31/],
  ] as const)(
    'ends %s by itself, and says which field',
    async (type, inputOf, fits) => {
      const before = await takeFingerprint(world.db.em.fork());
      const tried = values.filter(({ name, value }) => !fits.test(name) && JSON.stringify(value) !== 'null');
      const ends = await inTurns(tried, async ({ name, value }) => [
        name,
        await run(type, `nasty:${type}:${inputOf.length}:${Math.random()}`, [inputOf(value)]),
      ]);
      for (const [name, end] of ends) expect([name, end]).toEqual([name, expect.stringMatching(/^\w+: does not fit/)]);
      expect(await takeFingerprint(world.db.em.fork())).toEqual(before);
    },
    60_000,
  );
});

describe('an order that waits', () => {
  const handle = () => world.door.client.workflow.getHandle(orderWorkflowId(waiting.orderCode));

  test.each([
    ['pay', 'method', payUpdate, { customerId: 1, attempt: 2 }],
    ['pay', 'customerId', payUpdate, { method: 'wallet', attempt: 2 }],
    ['pay', 'attempt', payUpdate, { method: 'wallet', customerId: 999_999 }],
    ['cancel', 'by', cancelUpdate, { actor: 'cli' }],
    ['cancel', 'actor', cancelUpdate, { by: 'staff' }],
  ] as const)(
    'refuses %s with a nonsense %s',
    async (_name, field, update, rest) => {
      const before = await takeFingerprint(world.db.em.fork());
      const answers = await inTurns(values, async ({ name, value }) => {
        const args = [{ ...rest, [field]: value }] as never;
        const answer = await answerInTime(world.door, 20_000, () => handle().executeUpdate(update as typeof payUpdate, { args })).catch(
          (err: unknown) => (err instanceof WorkflowUpdateFailedError ? messageOf(err) : err),
        );
        return [name, answer];
      });
      for (const [name, answer] of answers) {
        // A number that may be one is answered by the row: it is nobody's of this order.
        expect([name, answer]).toEqual([
          name,
          expect.toSatisfy((one) => /does not fit/.test(String(one)) || (one as { ok?: boolean }).ok === false),
        ]);
      }
      expect(await takeFingerprint(world.db.em.fork())).toEqual(before);
    },
    60_000,
  );

  test('hears no facts in a ring, an ask, or a signal and an update nobody knows', async () => {
    const before = await takeFingerprint(world.db.em.fork());
    for (const { value } of values.slice(0, 20)) {
      await handle().signal('ring', value);
      await handle().signal('paid', { orderCode: waiting.orderCode, amount: 5_000, value });
    }
    await handle().signal('ask', { status: 'paid', amount: 5_000 });
    await expect(handle().executeUpdate('settle', { args: [{ status: 'paid' }] })).rejects.toThrow();
    expect((await viewOf(world, waiting.orderCode)).status).toBe('awaitingPayment');
    expect(await takeFingerprint(world.db.em.fork())).toEqual(before);
  }, 60_000);

  test('goes on as if nothing had been sent, without a failed task', async () => {
    const wish = { method: 'wallet', customerId: waiting.customer.id, attempt: 2 } as const;
    expect(await payOrder(world.door, waiting.orderCode, wish)).toMatchObject({ ok: true });
    expect(await world.resultOf(waiting.orderCode)).toEqual({ status: 'delivered' });
    expect(eventNames(await historyOf(world, orderWorkflowId(waiting.orderCode)))).not.toContain('WorkflowTaskFailed');
    expect(await cancelOrder(world.door, waiting.orderCode, { by: 'staff', actor: 'cli' })).toEqual({ closed: true });
    await isGreen(world);
  }, 60_000);
});
