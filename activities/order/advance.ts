/** The step every event of an order goes through: look into the inbox, decide, carry it out, answer the row. One transaction. */
import type { NetworkCoin } from '../../domain/coin.ts';
import { decide, type OrderEvent, reminderAt } from '../../domain/order.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { OrderRow } from '../../workflows/messages/order.ts';
import { endUnpaid } from './end.ts';
import { applyInbox, applyMoneyBack } from './inbox.ts';
import { Rejected } from './rejected.ts';
import { chooseMethod } from './pay.ts';
import {
  answerRow,
  changeStatus,
  currentPayment,
  inOrder,
  isPolled,
  type LockedOrder,
  readState,
  rejectedRow,
  unclosedPayments,
} from './row.ts';
import { holdGoods } from '../reversal/hold.ts';
import { settleIfCovered } from './settle.ts';

export interface Advance {
  readonly orderCode: string;
  readonly event: OrderEvent;
  /** Workflow time, ms since epoch. */
  readonly at: number;
  /** Who, for the audit: `customer:<id>`, `staff:<id>`, `cli`, `system`. */
  readonly actor: string;
  /** For wishes of customers: whose order it must be. */
  readonly customerId?: number | undefined;
  /** With a choice: number of the attempt the button asked for; absent when asked without a button. */
  readonly attempt?: number | undefined;
  /** With a choice of a method that takes coins. */
  readonly coin?: NetworkCoin | null | undefined;
  /** Its invoices were closed just now, or closing was tried long enough. */
  readonly closed?: boolean | undefined;
}

/** Carries out what `event` means for the order as it stands. A paid order is never released: whoever ends one looks for money first. */
export async function advanceOrder(em: EntityManager, advance: Advance): Promise<OrderRow> {
  const { orderCode } = advance;
  try {
    return await inOrder(em, orderCode, async (tx, locked) => {
      if (!locked) return rejectedRow(orderCode, 'UnknownOrder');
      if (advance.customerId !== undefined && locked.order.customerId !== advance.customerId) {
        return answerRow(locked, { rejected: 'NotYours' });
      }
      return carryOut(tx, locked, advance);
    });
  } catch (err) {
    if (!(err instanceof Rejected)) throw err;
    // The wish was refused and its transaction undone; the row is answered as it stands.
    return inOrder(em.fork(), orderCode, async (_, locked) =>
      locked ? answerRow(locked, { rejected: err.type }) : rejectedRow(orderCode, err.type),
    );
  }
}

async function carryOut(
  em: EntityManager,
  locked: LockedOrder,
  { event, at, actor, attempt, coin, closed = false }: Advance,
): Promise<OrderRow> {
  const { order } = locked;
  const time = new Date(at);
  await applyInbox(em, locked, time, closed);
  const decision = decide(readState(locked, at), event);
  if (decision.do === 'settle') await settleIfCovered(em, locked, time);
  await applyMoneyBack(em, locked, time);
  await holdGoods(em, locked, time);
  switch (decision.do) {
    case 'settle':
      return answerRow(locked, event.type === 'cancel' || event.type === 'choose' ? { rejected: 'AlreadyPaid' } : {});
    case 'end':
      if (!closed && unclosedPayments(locked).length > 0) return answerRow(locked, { mustClose: true });
      await endUnpaid(em, locked, { ...decision, actor }, time);
      return answerRow(locked);
    case 'awaitSettlement':
      order.settleBy = new Date(decision.settleBy);
      changeStatus(locked, 'awaitingSettlement', actor, time);
      return answerRow(locked);
    case 'choose':
      await chooseMethod(em, locked, { method: decision.method, coin: coin ?? null }, attempt ?? Number.POSITIVE_INFINITY, time);
      await settleIfCovered(em, locked, time);
      await holdGoods(em, locked, time);
      return answerRow(locked);
    case 'reject':
      return answerRow(locked, isOwnEffect(locked, event, attempt) ? {} : { rejected: decision.type });
    case 'nothing': {
      const reminder = reminderAt({ placedAt: order.placedAt.getTime(), holdEndsAt: order.holdEndsAt.getTime() });
      const due =
        event.type === 'wake' && order.status === 'awaitingPayment' && order.remindedAt == null && reminder !== undefined && at >= reminder;
      if (due) {
        order.remindedAt = time;
        order.version += 1;
      }
      return answerRow(locked, { mustAsk: event.type === 'wake' && order.status === 'awaitingSettlement' && isPolled(locked) });
    }
  }
}

/**
 * Whether the order is paid by the very attempt this choice asks for: a step whose worker died before it could answer is repeated, and finds
 * what it did.
 */
function isOwnEffect(locked: LockedOrder, event: OrderEvent, attempt: number | undefined): boolean {
  const current = currentPayment(locked);
  return event.type === 'choose' && current?.status === 'settled' && current.method === event.method && current.attempt === attempt;
}
