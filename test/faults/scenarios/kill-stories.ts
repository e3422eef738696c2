/** Which story leads to which activity: read from the recorded histories, so that a new activity is killed at without anybody adding it. */
import { WorkflowNotFoundError } from '@temporalio/client';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createActivities } from '../../../activities/index.ts';
import type { ActivityContext } from '../../../activities/context.ts';
import { findAccount, saveAccount } from '../../../db/repositories/provider-account.ts';
import { askOrder } from '../../../temporal/order.ts';
import { depositWorkflowId } from '../../../workflows/messages/deposit.ts';
import { orderWorkflowId } from '../../../workflows/messages/order.ts';
import { depositOne } from '../../support/deposits.ts';
import { type Ending, resultOf } from '../../support/ending.ts';
import { endings } from '../../support/endings.ts';
import { readHistory } from '../../support/history.ts';
import { payByCard, placeOne, untilStatus, viewOf } from '../../support/story.ts';
import { waitFor } from '../../support/wait.ts';
import type { World } from '../../support/world.ts';

export type Story = Pick<Ending, 'name' | 'run'> & {
  /** It changes what all share, or API and bots begin a part of it: it needs a world of its own. */
  readonly alone?: boolean;
};

/** Stories of what has no ending of its own. */
const more: readonly (Story & { readonly activities: readonly string[] })[] = [
  {
    name: 'order-asked-then-delivered',
    activities: ['askPayments'],
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await askOrder(world.door, placed.orderCode);
      await payByCard(world, placed.orderCode);
      const workflowId = orderWorkflowId(placed.orderCode);
      return { workflowId, status: await resultOf(world, workflowId) };
    },
  },
  {
    name: 'order-refused-by-provider-then-expired',
    alone: true,
    activities: ['failPayment'],
    async run(world) {
      return withoutStripe(world, async () => {
        const placed = await placeOne(world, { method: 'card', holdSeconds: 20 });
        await waitFor(
          async () => {
            const { payment } = await viewOf(world, placed.orderCode);
            if (payment?.status !== 'failed') throw new Error(`The payment is ${payment?.status}`);
          },
          { timeout: 10_000 },
        );
        await untilStatus(world, placed.orderCode, ['expired'], 60_000);
        const workflowId = orderWorkflowId(placed.orderCode);
        return { workflowId, status: await resultOf(world, workflowId) };
      });
    },
  },
  {
    name: 'deposit-refused-by-provider',
    alone: true,
    activities: ['rejectDeposit'],
    run: (world) =>
      withoutStripe(world, async () => {
        const { depositCode } = await depositOne(world);
        const workflowId = depositWorkflowId(depositCode);
        return { workflowId, status: await resultOf(world, workflowId) };
      }),
  },
];

/** Does it while Stripe knows the shop's key no more. */
async function withoutStripe<Done>({ shop, secrets, db }: World, work: () => Promise<Done>): Promise<Done> {
  const account = { shopId: shop.id, provider: 'stripe' as const, liveMode: false };
  const keys = { secretKey: `sk_test_${shop.botId}`, webhookSecret: `whsec_${shop.botId}` };
  if (!(await findAccount(db.em.fork(), shop.id, 'stripe'))) throw new Error('The shop has no account');
  await saveAccount(db.em.fork(), secrets, { ...account, keys: { ...keys, secretKey: 'sk_test_nobody' } });
  try {
    return await work();
  } finally {
    await saveAccount(db.em.fork(), secrets, { ...account, keys });
  }
}

/**
 * Endings that change what all share, the faults, prices and blocks of the far end, the chat of the staff, the shop's settings, or look at all
 * there is; and money without an order, whose story API and bots start.
 */
const alone = (ending: string) =>
  ending.endsWith('-found-paid-when-closed') ||
  /^(deposit-transfer|deposit-chain|chain-watch|stray|rates|alert|reconcile|commission-cancelled|commission-taken)-/.test(ending);

/** What no story reaches within minutes, and why. */
export const unreached: Readonly<Record<string, string>> = {
  leaveToStaff: 'comes after seven days of refusals; test/workflows/delivery.test.ts goes there by skipping time',
};

const historyFolder = fileURLToPath(new URL('../../histories/', import.meta.url));

/** Names of all activities, as the product makes them. */
export function listActivities(): string[] {
  return Object.keys(createActivities({} as ActivityContext));
}

/** Stories that lead to an activity. @throws when there is none, and no reason for it */
export function storiesOf(activity: string): readonly Story[] {
  const found = [
    ...more.filter(({ activities }) => activities.includes(activity)),
    ...endings
      .filter((ending) => !ending.long && recordedIn(ending.name).has(activity))
      .map((ending) => ({ ...ending, run: (world: World) => orBroughtAlong(ending.run(world)), alone: alone(ending.name) })),
  ];
  if (found.length === 0 && unreached[activity] === undefined) throw new Error(`No story leads to ${activity}: give it one`);
  return found;
}

/**
 * Money that waits for its order may be brought along by another word about it (its page expired) before anybody rings for it: then its own
 * story never begins. What became of it is asked of the rows, after the round.
 */
async function orBroughtAlong(ended: ReturnType<Story['run']>): ReturnType<Story['run']> {
  try {
    return await ended;
  } catch (err) {
    const workflowId = err instanceof WorkflowNotFoundError ? err.workflowId : '';
    if (!workflowId.startsWith('stray:')) throw err;
    return { workflowId, status: 'brought along' };
  }
}

let known: Map<string, Set<string>> | undefined;

/** Activities that ran in a recorded ending. */
export function recordedIn(ending: string): ReadonlySet<string> {
  known ??= new Map(
    readdirSync(historyFolder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => [file.replace(/\.json$/, ''), activitiesIn(readFileSync(`${historyFolder}${file}`, 'utf8'))]),
  );
  return known.get(ending) ?? new Set();
}

function activitiesIn(json: string): Set<string> {
  const names = new Set<string>();
  for (const event of readHistory(json).events ?? []) {
    const regular = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (regular) names.add(regular);
    // A local activity leaves a marker that names it.
    const data = event.markerRecordedEventAttributes?.details?.data?.payloads?.[0]?.data;
    if (data) {
      const { activity_type: local } = JSON.parse(Buffer.from(data).toString('utf8')) as { activity_type?: string };
      if (local) names.add(local);
    }
  }
  return names;
}
