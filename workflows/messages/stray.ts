/** The contract of money that found no open order. It carries no facts: the inbox has them. */
import { defineSignal } from '@temporalio/workflow';

export interface StrayInput {
  readonly shopId: number;
  readonly provider: string;
  /** Id of the money at the provider. */
  readonly objectId: string;
}

/** What this money's rows name. `depositCodes` is absent in histories from before deposits. */
export interface StraySorted {
  readonly orderCodes: readonly string[];
  readonly depositCodes?: readonly string[];
}

/** Something more about this money is in the inbox. */
export const strayRingSignal = defineSignal<[]>('ring');

/** Workflow id of stray money: the same object is one story, however often it is told. */
export function strayWorkflowId(provider: string, objectId: string): string {
  return `stray:${provider}:${objectId}`;
}
