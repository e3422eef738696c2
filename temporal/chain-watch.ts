/** The door into the watches over chains. */
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { type Coin, coinTraits } from '../domain/chain.ts';
import { type ChainWatchInput, chainWatchWorkflowId, lookSignal } from '../workflows/messages/chain-watch.ts';
import { type Door, ownId } from './client.ts';
import { signalOpen } from './closed.ts';

type ChainWatchWorkflow = (input: ChainWatchInput) => Promise<void>;

/** Has a coin's chain watched, if it is not yet. */
export async function startChainWatch(door: Door, input: ChainWatchInput): Promise<void> {
  await door.client.workflow.start<ChainWatchWorkflow>('chainWatchWorkflow', {
    workflowId: ownId(door, chainWatchWorkflowId(input.coin)),
    taskQueue: door.queues.background,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: `The chain of ${coinTraits[input.coin].title}`,
    args: [input],
  });
}

/** Has a coin's watch look now. @returns false when there is none */
export function lookAtChain(door: Door, coin: Coin): Promise<boolean> {
  return signalOpen(door, ownId(door, chainWatchWorkflowId(coin)), lookSignal);
}
