/**
 * The order, from the tap that places it to the goods, or to its compensation. Every event goes through one step that decides on the row
 * and answers it; the story branches on that answer, never on flags of its own.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { isUnpaid } from '../domain/order.ts';
import type { MethodName } from '../domain/payment.ts';
import { createAlarm } from './alarm.ts';
import {
  cancelUpdate,
  type OrderAnswer,
  type OrderInput,
  type OrderOutcome,
  type OrderRow,
  payUpdate,
  placeUpdate,
  ringSignal,
} from './messages/order.ts';
import { orderStatusAttribute, providerAttribute } from './messages/search-attributes.ts';
import { closing, opening, reasonOf, starting, steps, tellingGoods, tellingScreen } from './steps.ts';
import { describeOrder } from './words.ts';

type Event =
  | { readonly type: 'ring' }
  | { readonly type: 'choose'; readonly method: MethodName; readonly customerId: number; readonly answer: (answer: OrderAnswer) => void }
  | { readonly type: 'cancel'; readonly by: 'customer' | 'staff'; readonly actor: string; readonly answer: (answer: OrderAnswer) => void }
  | { readonly type: 'cancelInUi' };

/** Runs one order. Its id is `order:<code>`; started again without `place` it goes on from its row. */
export async function orderWorkflow(input: OrderInput): Promise<OrderOutcome> {
  const { orderCode } = input;
  const events: Event[] = [];
  let placed: OrderAnswer | undefined;

  // Handlers only enqueue and await an answer; the story alone runs activities.
  setHandler(placeUpdate, async () => {
    await condition(() => placed !== undefined);
    return placed as OrderAnswer;
  });
  setHandler(payUpdate, (wish) => new Promise<OrderAnswer>((answer) => events.push({ type: 'choose', ...wish, answer })));
  setHandler(cancelUpdate, (wish) => new Promise<OrderAnswer>((answer) => events.push({ type: 'cancel', ...wish, answer })));
  setHandler(ringSignal, () => {
    events.push({ type: 'ring' });
  });
  let cancelledInUi: unknown;
  CancellationScope.current().cancelRequested.catch((err: unknown) => {
    cancelledInUi = err;
    events.push({ type: 'cancelInUi' });
  });

  const row = await CancellationScope.nonCancellable(() => runOrder(input, events, (answer) => (placed = answer)));
  // Shown as Canceled only when the cancel is what ended it: a paid order stays paid.
  if (cancelledInUi && row.status === 'cancelled') throw cancelledInUi;
  log.debug('order closed', { orderCode, status: row.status });
  return { status: row.status };
}

async function runOrder({ orderCode, place }: OrderInput, events: Event[], answerPlace: (answer: OrderAnswer) => void): Promise<OrderRow> {
  let row = await steps.open({ orderCode, place, at: Date.now() });
  if (row.rejected) {
    answerPlace(toAnswer(row));
    await answerRest(events, row);
    return row;
  }
  row = await openOutside(row);
  answerPlace(toAnswer(row));
  show(row);

  let telling: Promise<void> | undefined;
  let told: OrderRow | undefined;
  let upserted = false;
  let closedRest = false;
  const alarm = createAlarm();
  const tell = () => {
    const { status } = row;
    telling = tellOnce(orderCode, status).then((answer) => {
      told = answer;
      telling = undefined;
    });
  };

  for (;;) {
    if (row.refunds.length > 0) await starting.startRefunds({ orderCode, refundIds: row.refunds });
    if (!upserted && !isUnpaid(row.status)) {
      upserted = true;
      upsertSearchAttributes([
        { key: orderStatusAttribute, value: row.status },
        { key: providerAttribute, value: row.provider },
      ]);
    }
    if (row.untold && !telling) tell();
    if (!isUnpaid(row.status) && row.closing.length > 0 && !closedRest) {
      closedRest = true;
      if (await closeOutside(row)) events.push({ type: 'ring' });
    }
    if (!isUnpaid(row.status) && !row.untold && !telling && !told && events.length === 0) {
      await condition(allHandlersFinished);
      return row;
    }
    alarm.set(row.wakeAt);
    await condition(() => events.length > 0 || told !== undefined || alarm.hasRung());
    const event = events.shift();
    if (told) {
      // What was told may be older than what a step answered meanwhile.
      if (told.version >= row.version) row = told;
      told = undefined;
    }
    if (event) row = await handle(orderCode, event);
    else if (alarm.hasRung()) {
      alarm.set(null);
      row = await wake(orderCode);
    }
    show(row);
  }
}

async function handle(orderCode: string, event: Event): Promise<OrderRow> {
  switch (event.type) {
    case 'ring':
      return steps.settle({ orderCode, at: Date.now() });
    case 'choose': {
      const { method, customerId } = event;
      let row = await steps.choose({ orderCode, method, customerId, at: Date.now() });
      const [opened, learned] = await Promise.all([openOutside(row), closeOutside(row)]);
      row = learned ? await steps.settle({ orderCode, at: Date.now() }) : opened;
      event.answer(toAnswer(row));
      return row;
    }
    case 'cancel':
    case 'cancelInUi': {
      const by = event.type === 'cancel' ? event.by : 'temporal';
      const actor = event.type === 'cancel' ? event.actor : 'temporal';
      let row = await steps.cancel({ orderCode, by, actor, at: Date.now() });
      if (row.mustClose) {
        await closeOutside(row);
        row = await steps.cancel({ orderCode, by, actor, at: Date.now(), closed: true });
      }
      if (event.type === 'cancel') event.answer(toAnswer(row));
      return row;
    }
  }
}

/** Time passed. Before an order ends unpaid its invoice is closed: what is found complete settles it instead. */
async function wake(orderCode: string): Promise<OrderRow> {
  const row = await steps.wake({ orderCode, at: Date.now() });
  if (!row.mustClose) return row;
  await closeOutside(row);
  return steps.wake({ orderCode, at: Date.now(), closed: true });
}

/** Opens the payment in force where that takes a call; a provider that will not makes the customer choose again. */
async function openOutside(row: OrderRow): Promise<OrderRow> {
  const { orderCode, opening: paymentId } = row;
  if (!paymentId) return row;
  try {
    await opening.openPayment({ orderCode, paymentId, at: Date.now() });
  } catch (err) {
    log.warn('payment not opened', { orderCode, reason: reasonOf(err) });
    await steps.failPayment({ orderCode, paymentId, at: Date.now() });
    return steps.settle({ orderCode, at: Date.now() });
  }
  return { ...row, opening: null };
}

/** Closes invoices that could still be paid. @returns whether one turned out paid or on its way */
async function closeOutside({ orderCode, closing: paymentIds }: OrderRow): Promise<boolean> {
  const results = await Promise.all(
    paymentIds.map(async (paymentId) => {
      try {
        return (await closing.closePayment({ orderCode, paymentId, at: Date.now() })).learned;
      } catch (err) {
        log.warn('invoice not closed', { orderCode, reason: reasonOf(err) });
        return false;
      }
    }),
  );
  return results.includes(true);
}

/** Sends what is unsent. Goods that stay refused become a staff task; a screen nobody can be shown is left. */
async function tellOnce(orderCode: string, status: OrderRow['status']): Promise<OrderRow> {
  const telling = isUnpaid(status) || status === 'expired' || status === 'cancelled' ? tellingScreen : tellingGoods;
  try {
    return await telling.tell({ orderCode, at: Date.now() });
  } catch (err) {
    log.warn('not told', { orderCode, reason: reasonOf(err) });
    const row = await steps.leaveToStaff({ orderCode, at: Date.now() });
    const left = { ...row, untold: false };
    return row.untold ? tellingScreen.tell({ orderCode, at: Date.now() }).catch(() => left) : left;
  }
}

async function answerRest(events: Event[], row: OrderRow): Promise<void> {
  for (const event of events.splice(0)) if ('answer' in event) event.answer(toAnswer(row));
}

function toAnswer(row: OrderRow): OrderAnswer {
  if (row.existing) return { ok: true, orderCode: row.existing, status: 'awaitingPayment', version: row.version, existing: row.existing };
  if (row.rejected) return { ok: false, rejected: row.rejected };
  return { ok: true, orderCode: row.orderCode, status: row.status, version: row.version };
}

function show(row: OrderRow): void {
  setCurrentDetails(describeOrder(row));
}
