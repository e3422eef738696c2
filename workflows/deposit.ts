/**
 * The deposit, from the tap that opens it to the credit, or to its end without money. Money that comes after its end is credited all the
 * same, by the story of stray money.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { isOpen } from '../domain/deposit.ts';
import { createAlarm } from './alarm.ts';
import { untilAnswered } from './answer.ts';
import { askOutside, closeOutside, openOutside, tellOnce } from './deposit-outside.ts';
import {
  askSignal,
  cancelUpdate,
  type DepositAnswer,
  type DepositInput,
  type DepositOutcome,
  type DepositRow,
  openUpdate,
  ringSignal,
  ringUpdate,
} from './messages/deposit.ts';
import { orderStatusAttribute } from './messages/search-attributes.ts';
import { checkCancelWish, checkDepositInput } from './messages/validate.ts';
import { startCommission, startRefunds, steps } from './steps.ts';
import { describeDeposit } from './words.ts';

type Event =
  | { readonly type: 'ring' }
  | { readonly type: 'ask' }
  | { readonly type: 'cancel'; readonly by: 'customer' | 'staff'; readonly actor: string; readonly answer: (answer: DepositAnswer) => void }
  | { readonly type: 'cancelInUi' };

const askAgainAfterMs = 3_000;

/** Runs one deposit. Its id is `deposit:<code>`; started again without `open` it goes on from its row. */
export async function depositWorkflow(input: DepositInput): Promise<DepositOutcome> {
  checkDepositInput(input);
  const events: Event[] = [];
  let opened: DepositAnswer | undefined;

  // Handlers only enqueue and await an answer; the story alone runs activities.
  setHandler(openUpdate, () => untilAnswered(() => opened));
  setHandler(cancelUpdate, ({ by, actor }) => new Promise<DepositAnswer>((answer) => events.push({ type: 'cancel', by, actor, answer })), {
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

  const row = await CancellationScope.nonCancellable(() => runDeposit(input, events, (answer) => (opened = answer)));
  // Shown as Canceled only when the cancel is what ended it: what is credited stays credited.
  if (cancelledInUi && row.status === 'expired') throw cancelledInUi;
  return { status: row.status };
}

async function runDeposit(
  { depositCode, open }: DepositInput,
  events: Event[],
  answerOpen: (answer: DepositAnswer) => void,
): Promise<DepositRow> {
  let row = await steps.openDeposit({ depositCode, open, at: Date.now() });
  if (row.rejected) {
    answerOpen(toAnswer(row));
    for (const event of events.splice(0)) if ('answer' in event) event.answer(toAnswer(row));
    await condition(allHandlersFinished);
    return row;
  }
  row = await openOutside(row);
  answerOpen(toAnswer(row));
  show(row);

  let telling = false;
  let told: DepositRow | undefined;
  let upserted = false;
  let commissionFrom: string | null = null;
  const refunding = new Set<string>();
  const alarm = createAlarm();
  for (;;) {
    const isOver = !isOpen(row.status);
    if (isOver && !upserted) {
      upserted = true;
      upsertSearchAttributes([{ key: orderStatusAttribute, value: row.status }]);
    }
    if (row.untold && !telling) {
      telling = true;
      void tellOnce(row).then((answer) => {
        told = answer;
        telling = false;
      });
    }
    if (row.commissionFrom != null && row.commissionFrom !== commissionFrom) {
      ({ commissionFrom } = row);
      await startCommission({ depositCode });
    }
    const refundIds = (row.refunds ?? []).filter((refundId) => !refunding.has(refundId));
    if (refundIds.length > 0) {
      for (const refundId of refundIds) refunding.add(refundId);
      await startRefunds({ depositCode, refundIds });
    }
    if (isOver && !row.untold && !telling && !told && events.length === 0) {
      // A wish that arrives now is still answered.
      await condition(() => allHandlersFinished() || events.length > 0);
      if (events.length === 0) return row;
    }
    alarm.set(row.wakeAt);
    await condition(() => events.length > 0 || told !== undefined || alarm.hasRung());
    const event = events.shift();
    if (told) {
      // What was told may be older than what a step answered meanwhile.
      if (told.version >= row.version) row = told;
      told = undefined;
    }
    if (event) row = await handle(depositCode, event);
    else if (alarm.hasRung()) {
      alarm.set(null);
      row = await wake(depositCode);
    }
    show(row);
  }
}

async function handle(depositCode: string, event: Event): Promise<DepositRow> {
  switch (event.type) {
    case 'ring':
      return steps.settleDeposit({ depositCode, at: Date.now() });
    case 'ask':
      await askOutside(depositCode);
      return steps.settleDeposit({ depositCode, at: Date.now() });
    case 'cancel':
    case 'cancelInUi': {
      const { by, actor } = event.type === 'cancel' ? event : { by: 'temporal' as const, actor: 'temporal' };
      let row = await steps.cancelDeposit({ depositCode, by, actor, at: Date.now() });
      if (row.mustClose && row.closing) {
        await closeOutside(depositCode, row.closing);
        row = await steps.cancelDeposit({ depositCode, by, actor, at: Date.now(), closed: true });
      }
      if (event.type === 'cancel') event.answer(toAnswer(row));
      return row;
    }
  }
}

/** Time passed. Before a deposit ends without money its page is closed: what is found complete is credited instead. */
async function wake(depositCode: string): Promise<DepositRow> {
  const row = await steps.wakeDeposit({ depositCode, at: Date.now() });
  if (row.mustAsk) {
    await askOutside(depositCode);
    return steps.settleDeposit({ depositCode, at: Date.now() });
  }
  if (!row.mustClose || !row.closing) return row;
  await closeOutside(depositCode, row.closing);
  return steps.wakeDeposit({ depositCode, at: Date.now(), closed: true });
}

function toAnswer(row: DepositRow): DepositAnswer {
  if (row.rejected) return { ok: false, rejected: row.rejected };
  return { ok: true, depositCode: row.depositCode, status: row.status, version: row.version };
}

function show(row: DepositRow): void {
  setCurrentDetails(describeDeposit(row));
}
