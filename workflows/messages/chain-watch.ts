/** The contract of the watch over one coin's chain. */
import { defineSignal } from '@temporalio/workflow';
import type { Coin } from '../../domain/chain.ts';

export interface ChainWatchInput {
  readonly coin: Coin;
  /** Between two looks, seconds. */
  readonly pauseSeconds: number;
}

/** Look now: somebody waits for a payment. It carries no facts. */
export const lookSignal = defineSignal<[]>('look');

/** Workflow id of a coin's watch; there is one in a deployment. */
export function chainWatchWorkflowId(coin: Coin): string {
  return `chain-watch:${coin}`;
}

/** What one look came to. */
export interface ChainLook {
  /** How far the chain was followed; null while no shop takes the coin. */
  readonly height: number | null;
  /** There are more blocks: look again at once. */
  readonly behind: boolean;
}
