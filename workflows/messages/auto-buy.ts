/** The contract of a basket that buys itself: how it is wished for, rung and given up. One object in, one out. */
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AutoBuyStatus } from '../../domain/auto-buy.ts';
import type { PlacedLine } from '../../domain/order.ts';

/** The tap that wishes for it. Amounts in minor units of the shop's currency. */
export interface AutoBuyWish {
  readonly shopId: number;
  readonly customerId: number;
  readonly lines: readonly PlacedLine[];
  /** What the confirm screen showed; it is never bought for more. */
  readonly shownTotal: number;
  /** The promo code that the total reckons with, by its id. */
  readonly code?: number | null | undefined;
  readonly fromBasket: boolean;
  readonly language: string;
}

/** `wish` is absent when the relay starts the workflow again from its row. `orderCode`: of the order it will be. */
export interface AutoBuyInput {
  readonly orderCode: string;
  readonly wish?: AutoBuyWish | undefined;
}

export type AutoBuyRejection = 'NotYours' | 'UnknownOrder' | 'AlreadyPlaced' | 'EmptyBasket';

/** What a tap learns. */
export type AutoBuyAnswer =
  | { readonly ok: true; readonly status: AutoBuyStatus }
  | { readonly ok: false; readonly rejected: AutoBuyRejection };

export const wishUpdate = defineUpdate<AutoBuyAnswer, []>('wish');
export const giveUpUpdate = defineUpdate<AutoBuyAnswer, [{ readonly customerId: number }]>('giveUp');
/** A ring: money came into the customer's wallet. It carries no facts (MONEY.md section 2). */
export const ringSignal = defineSignal<[]>('ring');

/** Workflow id of a basket that buys itself, by the code of the order it will be. */
export function autoBuyWorkflowId(orderCode: string): string {
  return `auto-buy:${orderCode}`;
}

/** How its workflow ended. */
export interface AutoBuyOutcome {
  readonly status: AutoBuyStatus;
}

/** Its row as every step answers it. Times in ms since epoch. */
export interface AutoBuyRow {
  readonly orderCode: string;
  readonly status: AutoBuyStatus;
  readonly wakeAt: number | null;
  /** The customer is to be asked, and was not. */
  readonly untold: boolean;
  /** Earlier wishes of the customer that ended by this one, whose workflows are to be rung. */
  readonly replaced: readonly string[];
  readonly rejected: AutoBuyRejection | null;
}
