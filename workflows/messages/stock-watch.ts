/** The contract of telling those who wait for a product. It carries no facts: the rows have them. */
import { defineSignal } from '@temporalio/workflow';

export interface StockWatchInput {
  readonly productId: number;
}

/** Units came. */
export const stockWatchRingSignal = defineSignal<[]>('ring');

/** Workflow id of a product's watchers: one at a time tells them. */
export function stockWatchWorkflowId(productId: number): string {
  return `stock-watch:${productId}`;
}
