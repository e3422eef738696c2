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
import { isUnpaid, settlementAskSeconds } from '../domain/order.ts';
import { createAlarm } from './alarm.ts';
import { untilAnswered } from './answer.ts';
import {
  askSignal,
  cancelUpdate,
  type OrderAnswer,
  type OrderInput,
  type OrderOutcome,
  type OrderRow,
  type PayWish,
  payUpdate,
  placeUpdate,
  ringSignal,
  ringUpdate,
} from './messages/order.ts';
import { orderStatusAttribute, providerAttribute } from './messages/search-attributes.ts';
import { checkCancelWish, checkOrderInput, checkPayWish } from './messages/validate.ts';
import { askOutside, closeOutside, openOutside, tellOnce } from './order-outside.ts';
import { startRefunds, steps } from './steps.ts';
import { describeOrder } from './words.ts';

type Event =
  | { readonly type: 'ring' }
  | { readonly type: 'choose'; readonly wish: PayWish; readonly answer: (answer: OrderAnswer) => void }
  | { readonly type: 'cancel'; readonly by: 'customer' | 'staff'; readonly actor: string; readonly answer: (answer: OrderAnswer) => void }
  | { readonly type: 'ask' }
  | { readonly type: 'cancelInUi' };

const askAgainAfterMs = 3_000;

/** Runs one order. Its id is `order:<code>`; started again without `place` it goes on from its row. */
export async function orderWorkflow(input: OrderInput): Promise<OrderOutcome> {
  checkOrderInput(input);
  const { orderCode } = input;
  const events: Event[] = [];
  let placed: OrderAnswer | undefined;

  // Handlers only enqueue and await an answer; the story alone runs activities.
  setHandler(placeUpdate, () => untilAnswered(() => placed));
  setHandler(payUpdate, (wish) => new Promise<OrderAnswer>((answer) => events.push({ type: 'choose', wish, answer })), {
    validator: checkPayWish,
  });
  setHandler(cancelUpdate, ({ by, actor }) => new Promise<OrderAnswer>((answer) => events.push({ type: 'cancel', by, actor, answer })), {
    validator: checkCancelWish,
  });
  const ring = () => void events.push({ type: 'ring' });
  setHandler(ringSignal, ring);
  setHandler(ringUpdate, ring);
  // Whoever presses "I have paid" all the time is asked for once in a while: a history has an end.
  let askedAt = 0;
  setHandler(askSignal, () => {
    if (Date.now() - askedAt < askAgainAfterMs) return;
    askedAt = Date.now();
    events.push({ type: 'ask' });
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
    answerRest(events, row);
    await condition(allHandlersFinished);
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
    telling = tellOnce(row).then((answer) => {
      told = answer;
      telling = undefined;
    });
  };

  for (;;) {
    if (row.refunds.length > 0) await startRefunds({ orderCode, refundIds: row.refunds });
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
      if ((await closeOutside(row)).learned) events.push({ type: 'ring' });
    }
    if (!isUnpaid(row.status) && !row.untold && !telling && !told && events.length === 0) {
      // A wish that arrives now is still answered: who asks hears how the order stands.
      await condition(() => allHandlersFinished() || events.length > 0);
      if (events.length === 0) return row;
    }
    alarm.set(nextLook(row));
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
      return settle(orderCode);
    case 'ask':
      await askOutside(orderCode);
      return settle(orderCode);
    case 'choose': {
      const { method, coin, customerId, attempt } = event.wish;
      let row = await steps.choose({ orderCode, method, coin, customerId, attempt, at: Date.now() });
      const [opened, closed] = await Promise.all([openOutside(row), closeOutside(row)]);
      row = closed.learned ? await steps.settle({ orderCode, at: Date.now() }) : { ...opened, closing: closed.left };
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

/** Somebody rang. What failed while its verdict was awaited ends the order, once nothing of it can be paid any more. */
async function settle(orderCode: string): Promise<OrderRow> {
  const row = await steps.settle({ orderCode, at: Date.now() });
  return row.mustClose ? wake(orderCode) : row;
}

/** When to look again: what may be told by nobody is looked for now and then. */
function nextLook({ wakeAt, polled }: OrderRow): number | null {
  return polled && wakeAt !== null ? Math.min(wakeAt, Date.now() + settlementAskSeconds * 1000) : wakeAt;
}

/** Time passed. Before an order ends unpaid its invoice is closed: what is found complete settles it instead. */
async function wake(orderCode: string): Promise<OrderRow> {
  const row = await steps.wake({ orderCode, at: Date.now() });
  if (row.mustAsk) {
    await askOutside(orderCode);
    return steps.settle({ orderCode, at: Date.now() });
  }
  if (!row.mustClose) return row;
  await closeOutside(row);
  return steps.wake({ orderCode, at: Date.now(), closed: true });
}

function answerRest(events: Event[], row: OrderRow): void {
  for (const event of events.splice(0)) if ('answer' in event) event.answer(toAnswer(row));
}

function toAnswer(row: OrderRow): OrderAnswer {
  const { existing, existingStatus = 'awaitingPayment' } = row;
  if (existing) return { ok: true, orderCode: existing, status: existingStatus, version: row.version, existing };
  if (row.rejected) return { ok: false, rejected: row.rejected, ...row.facts };
  return { ok: true, orderCode: row.orderCode, status: row.status, version: row.version };
}

function show(row: OrderRow): void {
  setCurrentDetails(describeOrder(row));
}
