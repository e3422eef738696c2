/** The order's contract: how it is placed, rung, paid differently and cancelled. One object in, one out. */
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { NetworkCoin } from '../../domain/coin.ts';
import type { OrderStatus, PlacedLine, RejectionFacts, RejectionType } from '../../domain/order.ts';
import type { MethodName } from '../../domain/payment.ts';

/** The tap that places the order: all of it, so that the handler only awaits the outcome. Amounts in minor units. */
export interface PlaceOrder {
  readonly shopId: number;
  readonly customerId: number;
  readonly lines: readonly PlacedLine[];
  /** What the confirm screen showed, in the shop's currency; another price is rejected with `PriceChanged`. */
  readonly shownTotal: number;
  /** What it showed in Stars, when the tapped method is Stars. */
  readonly shownStars?: number | undefined;
  readonly method: MethodName;
  /** The promo code that what was shown reckons with, by its id. */
  readonly code?: number | null | undefined;
  /** The coin it is paid in, with a method that takes coins. */
  readonly coin?: NetworkCoin | null | undefined;
  /** Length of the hold, seconds. */
  readonly holdSeconds: number;
  readonly fromBasket: boolean;
  readonly language: string;
  /** The message the order is shown in; absent when nobody draws it (command line). */
  readonly screen?: { readonly chatId: number; readonly messageId: number } | undefined;
}

/** `place` is absent when the relay starts the workflow again from its row. */
export interface OrderInput {
  readonly orderCode: string;
  readonly place?: PlaceOrder | undefined;
}

/** What a tap learns. `existing` names an order of the same lines that is shown instead: unpaid and open, or bought from the same basket. */
export type OrderAnswer =
  | {
      readonly ok: true;
      readonly orderCode: string;
      readonly status: string;
      readonly version: number;
      readonly existing?: string | undefined;
    }
  | ({ readonly ok: false; readonly rejected: RejectionType } & RejectionFacts);

/** How an order's workflow ended. */
export interface OrderOutcome {
  readonly status: string;
}

export const placeUpdate = defineUpdate<OrderAnswer, []>('place');
/** `attempt`: number of the payment the button asks for, so that a tap that comes again begins no other. */
export interface PayWish {
  readonly method: MethodName;
  readonly coin?: NetworkCoin | null | undefined;
  readonly customerId: number;
  readonly attempt: number;
}

export const payUpdate = defineUpdate<OrderAnswer, [PayWish]>('pay');
export const cancelUpdate = defineUpdate<OrderAnswer, [{ readonly by: 'customer' | 'staff'; readonly actor: string }]>('cancel');
/** A ring: something about this order is in the inbox. It carries no facts (MONEY.md section 2). */
export const ringSignal = defineSignal<[]>('ring');
/** The same ring, for whoever can wait until a worker has it: the server writes it down with the task it leads to, and not before. */
export const ringUpdate = defineUpdate<void, []>('ring');

/** "I have paid", or the customer came back from the provider's page: ask what became of the payment. It carries no facts either. */
export const askSignal = defineSignal<[]>('ask');

/** Workflow id of an order. */
export function orderWorkflowId(orderCode: string): string {
  return `order:${orderCode}`;
}

/** The order's row as every step answers it: the workflow branches on this, never on its own flags. Times in ms since epoch. */
export interface OrderRow {
  readonly orderCode: string;
  readonly status: OrderStatus;
  readonly version: number;
  /** Provider of the payment in force, for the search attribute. */
  readonly provider: string;
  /** When to look again although nobody rings; null when nothing waits for time. */
  readonly wakeAt: number | null;
  /** Goods, a screen, the staff message or a notice are unsent. */
  readonly untold: boolean;
  /** A payment that needs a call outside before the customer can pay it. */
  readonly opening: string | null;
  /** Invoices to be closed outside. */
  readonly closing: readonly string[];
  /** The step would end the order, but its invoice must be closed first; nothing was changed. */
  readonly mustClose: boolean;
  /** What is awaited may be told by nobody: its provider is asked now and then. */
  readonly polled?: boolean;
  /** Its time has come to ask the provider again. */
  readonly mustAsk?: boolean;
  /** Refunds that are decided and whose workflow must run. */
  readonly refunds: readonly string[];
  /** Why the wish of this step was not granted. */
  readonly rejected: RejectionType | null;
  readonly facts?: RejectionFacts;
  /** An order of the same lines, unpaid or bought from the same basket, shown instead; and how it stands. */
  readonly existing: string | null;
  readonly existingStatus?: string;
}
