/** The deposit's contract: how it is opened, rung and cancelled. One object in, one out. */
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { NetworkCoin } from '../../domain/coin.ts';
import type { DepositRejection, DepositStatus } from '../../domain/deposit.ts';
import type { MethodName } from '../../domain/payment.ts';

/** The tap that opens the deposit. Amount in minor units of the shop's currency. */
export interface OpenDeposit {
  readonly shopId: number;
  readonly customerId: number;
  readonly amount: number;
  readonly method: MethodName;
  /** The coin it is paid in, with a method that takes coins. */
  readonly coin?: NetworkCoin | null | undefined;
  /** How long the customer has to pay, seconds. */
  readonly payWithinSeconds: number;
  readonly language: string;
  /** The message the deposit is shown in; absent when nobody draws it (command line). */
  readonly screen?: { readonly chatId: number; readonly messageId: number } | undefined;
}

/** `open` is absent when the relay starts the workflow again from its row. */
export interface DepositInput {
  readonly depositCode: string;
  readonly open?: OpenDeposit | undefined;
}

/** What a tap learns. */
export type DepositAnswer =
  | { readonly ok: true; readonly depositCode: string; readonly status: DepositStatus; readonly version: number }
  | { readonly ok: false; readonly rejected: DepositRejection };

/** How a deposit's workflow ended. */
export interface DepositOutcome {
  readonly status: DepositStatus;
}

export const openUpdate = defineUpdate<DepositAnswer, []>('open');
export const cancelUpdate = defineUpdate<DepositAnswer, [{ readonly by: 'customer' | 'staff'; readonly actor: string }]>('cancel');
/** A ring: something about this deposit is in the inbox. It carries no facts (MONEY.md section 2). */
export const ringSignal = defineSignal<[]>('ring');
/** The same ring, for whoever can wait until a worker has it: the server writes it down with the task it leads to, and not before. */
export const ringUpdate = defineUpdate<void, []>('ring');
/** "I have paid", or the customer came back from the provider's page. It carries no facts either. */
export const askSignal = defineSignal<[]>('ask');

/** Workflow id of a deposit: by its code, or by the output of the chain it came by (`deposit:btc:<txid>:<vout>`). */
export function depositWorkflowId(depositCode: string, chainOutput?: string | null): string {
  return `deposit:${chainOutput ?? depositCode}`;
}

/** The deposit's row as every step answers it: the workflow branches on this, never on its own flags. Times in ms since epoch. */
export interface DepositRow {
  readonly depositCode: string;
  readonly status: DepositStatus;
  readonly version: number;
  readonly provider: string;
  /** When to look again although nobody rings; null when nothing waits for time. */
  readonly wakeAt: number | null;
  /** The screen or a notice is unsent. */
  readonly untold: boolean;
  /** The payment, when it needs a call outside before the customer can pay it. */
  readonly opening: string | null;
  /** The payment, when its page could still be paid although nothing is awaited of it any more. */
  readonly closing: string | null;
  /** The step would end the deposit, but its page must be closed first; nothing was changed. */
  readonly mustClose: boolean;
  /** Its time has come to ask the provider again. */
  readonly mustAsk: boolean;
  /** What the commission of whoever brought the customer is reckoned from, `credited/reversed`; null when there is none. */
  readonly commissionFrom: string | null;
  /** Refunds that were decided and wait for their workflow. */
  readonly refunds?: readonly string[];
  /** Why the wish of this step was not granted. */
  readonly rejected: DepositRejection | null;
}
