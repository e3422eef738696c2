/** The contract of telling a customer their notices. It carries no facts: the rows have them. */
import { defineSignal } from '@temporalio/workflow';

export interface NoticeInput {
  readonly customerId: number;
}

/** There is something to tell. */
export const noticeRingSignal = defineSignal<[]>('ring');

/** Workflow id of a customer's notices: one at a time tells them. */
export function noticeWorkflowId(customerId: number): string {
  return `notice:${customerId}`;
}
