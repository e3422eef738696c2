/** Everybody who sells in `orders` and `accept`, by the name `--only` takes. */
import type { Flow } from './flow.ts';
import type { BenchContext } from './harness/bench.ts';
import { buyFromUs, runEmptyWorkflows } from './ours.ts';
import { openNaiveTemporal, openPeerServer, type PeerFlows } from './peer-flows.ts';
import type { Stage } from './stage.ts';

/** What they are called in tables. */
export const contestantNames: Readonly<Record<string, string>> = {
  empty: 'empty workflow',
  wallet: 'Tillflow, wallet',
  stars: 'Tillflow, Stars',
  card: 'Tillflow, card',
  'naive-wallet': 'naive Temporal, wallet',
  'naive-paid': 'naive Temporal, paid by signal',
  'dbos-wallet': 'DBOS, wallet',
  'dbos-paid': 'DBOS, paid by message',
  'graphile-wallet': 'graphile-worker, wallet',
  'graphile-paid': 'graphile-worker, paid outside',
};

/** Opens those that take part; what nobody asked for is not even started. @param leaveOut names that play no part in this bench */
export async function openFlows(stage: Stage, ctx: BenchContext, leaveOut: readonly string[] = []): Promise<Map<string, Flow>> {
  const { only } = ctx.options;
  const takes = (name: string) => !leaveOut.includes(name) && (!only || only.includes(name));
  const flows = new Map<string, Flow>();
  // A flow is only ever given the taps it made.
  const add = (name: string, flow: unknown) => takes(name) && flows.set(name, flow as Flow);
  if (takes('empty')) add('empty', await runEmptyWorkflows(stage));
  for (const method of ['wallet', 'stars', 'card'] as const) add(method, buyFromUs(stage, method));
  const addPeer = async (prefix: string, open: () => Promise<PeerFlows>) => {
    const names = { wallet: `${prefix}-wallet`, paid: `${prefix}-paid` } as const;
    if (!takes(names.wallet) && !takes(names.paid)) return;
    ctx.say(`Starting ${prefix}...`);
    const peer = await open();
    for (const way of ['wallet', 'paid'] as const) add(names[way], peer[way]);
  };
  await addPeer('naive', () => openNaiveTemporal(stage, ctx));
  await addPeer('dbos', () => openPeerServer(stage, ctx, 'dbos', 2));
  await addPeer('graphile', () => openPeerServer(stage, ctx, 'graphile-worker', 3));
  return flows;
}
