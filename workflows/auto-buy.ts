/** A basket that buys itself: waits for money in the wallet, places its order by the wallet once, or asks the customer. */
import { allHandlersFinished, CancellationScope, condition, log, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { createAlarm } from './alarm.ts';
import { untilAnswered } from './answer.ts';
import {
  type AutoBuyAnswer,
  type AutoBuyInput,
  type AutoBuyOutcome,
  type AutoBuyRow,
  giveUpUpdate,
  ringSignal,
  wishUpdate,
} from './messages/auto-buy.ts';
import { checkAutoBuyInput, checkGiveUp } from './messages/validate.ts';
import { placeAutoBuy, reasonOf, ringAutoBuys, steps, tellAutoBuy } from './steps.ts';
import { describeAutoBuy } from './words.ts';

type GiveUp = { readonly customerId: number | null; readonly answer: (answer: AutoBuyAnswer) => void };

/** Its id is `auto-buy:<order code>`; started again without `wish` it goes on from its row. */
export async function autoBuyWorkflow(input: AutoBuyInput): Promise<AutoBuyOutcome> {
  checkAutoBuyInput(input);
  const givenUp: GiveUp[] = [];
  let wished: AutoBuyAnswer | undefined;
  const rings = { count: 1 };
  // Handlers only enqueue and await an answer; the story alone runs activities.
  setHandler(wishUpdate, () => untilAnswered(() => wished));
  setHandler(giveUpUpdate, ({ customerId }) => new Promise<AutoBuyAnswer>((answer) => givenUp.push({ customerId, answer })), {
    validator: checkGiveUp,
  });
  setHandler(ringSignal, () => {
    rings.count += 1;
  });
  let cancelledInUi: unknown;
  CancellationScope.current().cancelRequested.catch((err: unknown) => {
    cancelledInUi = err;
    givenUp.push({ customerId: null, answer: () => undefined });
  });
  const row = await CancellationScope.nonCancellable(() => runAutoBuy(input, rings, givenUp, (answer) => (wished = answer)));
  if (cancelledInUi && row.status === 'ended') throw cancelledInUi;
  return { status: row.status };
}

async function runAutoBuy(
  { orderCode, wish }: AutoBuyInput,
  rings: { count: number },
  givenUp: GiveUp[],
  answerWish: (answer: AutoBuyAnswer) => void,
): Promise<AutoBuyRow> {
  let row = await steps.openAutoBuy({ orderCode, wish, at: Date.now() });
  answerWish(toAnswer(row));
  if (row.replaced.length > 0) await ringAutoBuys({ orderCodes: row.replaced }).catch(() => undefined);
  const alarm = createAlarm();
  while (row.rejected === null) {
    setCurrentDetails(describeAutoBuy(row));
    const wishToEnd = givenUp.shift();
    if (wishToEnd) {
      row = await steps.endAutoBuy({ orderCode, customerId: wishToEnd.customerId ?? undefined, at: Date.now() });
      wishToEnd.answer(toAnswer(row));
      // A stranger's wish changes nothing.
      row = { ...row, rejected: null };
    } else if (row.status === 'waiting' && (rings.count > 0 || alarm.hasRung())) {
      rings.count = 0;
      row = await steps.lookAutoBuy({ orderCode, at: Date.now() });
    } else if (row.status === 'buying') row = await buy(orderCode);
    else if (row.untold) row = await tell(orderCode);
    else if (row.status !== 'waiting') break;
    else {
      alarm.set(row.wakeAt);
      await condition(() => rings.count > 0 || givenUp.length > 0 || alarm.hasRung());
    }
  }
  setCurrentDetails(describeAutoBuy(row));
  for (const { answer } of givenUp.splice(0)) answer(toAnswer(row));
  await condition(allHandlersFinished);
  return row;
}

/** Places the order under its code until it is answered; what was refused is a question to the customer. */
async function buy(orderCode: string): Promise<AutoBuyRow> {
  const { rejected } = await placeAutoBuy({ orderCode });
  return steps.closeAutoBuy({ orderCode, rejected, at: Date.now() });
}

/** A customer who cannot be asked for an hour sees the money in the wallet, and the basket as it is. */
async function tell(orderCode: string): Promise<AutoBuyRow> {
  try {
    return await tellAutoBuy({ orderCode, at: Date.now() });
  } catch (err) {
    log.warn('not asked', { orderCode, reason: reasonOf(err) });
    return { ...(await steps.openAutoBuy({ orderCode, at: Date.now() })), untold: false };
  }
}

function toAnswer({ rejected, status }: AutoBuyRow): AutoBuyAnswer {
  return rejected === null ? { ok: true, status } : { ok: false, rejected };
}
