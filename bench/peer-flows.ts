/** Buying from those Tillflow stands beside. Each gets the driver its documents would have, and the same taps. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Flow } from './flow.ts';
import type { BenchContext } from './harness/bench.ts';
import { RoundError } from './harness/correct.ts';
import { ensurePeers } from './harness/peers.ts';
import { countEvents } from './ours.ts';
import { openPeerStage, startPeerServer } from './peer-stage.ts';
import { naiveOrder, paidSignal, placedUpdate } from './peers/naive-temporal/workflow.ts';
import type { PeerTap } from './peers/shop.ts';
import type { Stage } from './stage.ts';
import { waitForPollers } from './stack.ts';

/** Paid from the wallet in the tap, or by a provider that tells later. */
export type PeerFlows = Readonly<Record<'wallet' | 'paid', Flow<PeerTap>>>;

const methodOf = { wallet: 'wallet', paid: 'card' } as const;

/** An activity a step, default options, a worker process of its own, on the server our orders run on. */
export async function openNaiveTemporal({ stack, door }: Stage, ctx: BenchContext): Promise<PeerFlows> {
  const stage = await openPeerStage(stack, ctx, 'naive_temporal', 1);
  const { temporal } = stack.config;
  const taskQueue = `${temporal.queuePrefix}naive`;
  const program = 'bench/peers/naive-temporal/worker.ts';
  const worker = stack.spawnNode('naive-temporal', [
    program,
    temporal.address,
    temporal.namespace,
    taskQueue,
    stage.ownerUrl,
    stage.botApi,
  ]);
  await waitForPollers(door, taskQueue, worker);
  const { workflow } = door.client;
  const idOf = ({ orderCode }: PeerTap) => `naive:${orderCode}`;
  return toFlows(({ method }) => ({
    makeTaps: (count) => stage.makeTaps(count, method),
    check: stage.check,
    countEvents: (tap) => countEvents(door, idOf(tap)),
    async accept(tap) {
      const startWorkflowOperation = new WithStartWorkflowOperation(naiveOrder, {
        workflowId: idOf(tap),
        taskQueue,
        args: [tap],
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
      await workflow.executeUpdateWithStart(placedUpdate, { startWorkflowOperation });
    },
    async finish(tap) {
      const handle = workflow.getHandle<typeof naiveOrder>(idOf(tap));
      if (method === 'card') await handle.signal(paidSignal);
      expectDelivered(tap, await handle.result());
    },
  }));
}

/** @param name of its folder in bench/peers */
export async function openPeerServer(
  { stack }: Stage,
  ctx: BenchContext,
  name: 'dbos' | 'graphile-worker',
  number: number,
): Promise<PeerFlows> {
  ensurePeers(ctx.say);
  const stage = await openPeerStage(stack, ctx, name.replace('-', '_'), number);
  const url = await startPeerServer(stack, name, stage);
  const ask = async (path: string, init?: RequestInit): Promise<{ status?: string }> => {
    const response = await fetch(`${url}${path}`, init);
    if (!response.ok) throw new RoundError(`${name} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as { status?: string };
  };
  return toFlows(({ method }) => ({
    makeTaps: (count) => stage.makeTaps(count, method),
    check: stage.check,
    async accept(tap) {
      await ask('/orders', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(tap) });
    },
    async finish(tap) {
      if (method === 'card') await ask(`/orders/${tap.orderCode}/pay`, { method: 'POST' });
      expectDelivered(tap, (await ask(`/orders/${tap.orderCode}/result`)).status);
    },
  }));
}

function toFlows(make: (how: { method: 'wallet' | 'card' }) => Flow<PeerTap>): PeerFlows {
  return { wallet: make({ method: methodOf.wallet }), paid: make({ method: methodOf.paid }) };
}

function expectDelivered({ orderCode }: PeerTap, status: string | undefined): void {
  if (status !== 'delivered') throw new RoundError(`The order ${orderCode} ended ${status}`);
}
