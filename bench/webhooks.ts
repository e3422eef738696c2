/** `npm run bench -- webhooks`: the product's own app process beside a bare route with the same insert, in the same cluster. */
import { endProcess } from '../supervisor/process.ts';
import { alternate, type Contestant } from './harness/alternate.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { type Figure, makeFigure } from './harness/figure.ts';
import { percentile } from './numbers.ts';
import { startBenchStack } from './stack.ts';
import { createLoad, type Load, type Target } from './webhooks-load.ts';
import { type Addressees, planPosts, type Post } from './webhooks-plan.ts';
import { expectRows, openInbox, startBare } from './webhooks-shop.ts';

/** Answers awaited at once when as many as possible are posted. */
const width = 32;

export const bench: Bench = {
  name: 'webhooks',
  summary: 'signed Stripe and Telegram bodies, 10 % again, 5 % with a wrong signature, beside a bare route with the same insert',
  async run(ctx) {
    const events = pickSize(ctx.options, 'events', 6_000, 200);
    ctx.say('Starting PostgreSQL, Temporal, the sandbox and the app...');
    const env = { TILLFLOW_UPDATES: 'webhook' };
    const stack = await startBenchStack(ctx.folder, ctx.say, { app: true, env, temporal: ctx.options.temporal });
    ctx.onCleanUp(stack.stop);
    // Orders stay open: a ring waits for an answer, has none, and is left as a signal. What rings cost is measured by `orders`.
    await endProcess(stack.worker.child.pid as number, 'SIGTERM', 10_000);
    const inbox = await openInbox(ctx, stack);
    const load = createLoad(256);
    ctx.onCleanUp(async () => load.close());
    const bareTarget = await startBare(stack, inbox);
    const values = await alternate(ctx, [
      makeContestant('tillflow', load, inbox.target, inbox.addressees, events, (posts) => expectRows(inbox, posts)),
      makeContestant('bare route', load, bareTarget, inbox.addressees, events, async () => undefined),
    ]);
    return toFigures(values);
  },
};

function makeContestant(
  name: string,
  load: Load,
  target: Target,
  addressees: Addressees,
  count: number,
  expectStored: (posts: readonly Post[]) => Promise<void>,
): Contestant {
  const plan = (round: string, posts: number) => planPosts(`${name.replace(' ', '_')}_${round}`, posts, addressees);
  return {
    name,
    async warmUp() {
      await load.postAll(target, plan('warm', Math.min(count, 1_000)), width);
    },
    async round(index) {
      const fast = plan(`fast_${index}`, count);
      const perSecond = await load.postAll(target, fast, width);
      await expectStored(fast);
      const paced = plan(`paced_${index}`, count);
      const took = await load.postAtPace(target, paced, perSecond / 2);
      await expectStored(paced);
      return { perSecond, p50: percentile(took, 0.5), p99: percentile(took, 0.99) };
    },
  };
}

function toFigures(values: Awaited<ReturnType<typeof alternate>>): Figure[] {
  const [ours, theirs] = [values.get('tillflow'), values.get('bare route')];
  const peer = (measure: string) => (theirs?.[measure] ? { peer: { name: 'bare route', values: theirs[measure] } } : {});
  if (!ours) return [];
  const figure = (name: string, unit: string, measure: string, aim?: Parameters<typeof makeFigure>[0]['aim']) =>
    makeFigure({ name: `webhooks.${name}`, unit, ours: ours[measure] ?? [], ...peer(measure), ...(aim ? { aim } : {}) });
  return [
    figure('rate', 'posts/s', 'perSecond', { on: 'ratio', op: '>=', value: 0.7 }),
    figure('half.p50', 'ms', 'p50'),
    figure('half.p99', 'ms', 'p99', { on: 'ours', op: '<=', value: 25 }),
  ];
}
