/** A wish about an order or a deposit, from the tap to what came of it, however long the answer takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RejectionFacts } from '../domain/order.ts';
import { TelegramError } from '../gateways/telegram.ts';
import { isLater, type Later } from '../temporal/deadline.ts';
import type { Closed } from '../temporal/closed.ts';
import type { Callback } from '../texts/callback.ts';
import { makeScreen, type Screen, tapButton } from '../texts/screens/screen.ts';
import { rich } from '../texts/rich-text.ts';
import type { CustomerVisit } from './context.ts';
import { placeAt } from './show.ts';

/** What a workflow answers to a wish. */
type Answer = { readonly ok: true } | ({ readonly ok: false; readonly rejected: string } & RejectionFacts);

export interface Wish<Told extends Answer> {
  /** Of the order or deposit. */
  readonly code: string;
  /** The button, to be offered again when no answer comes. */
  readonly callback: Callback;
  /** The message everything happens in. */
  readonly messageId: number | undefined;
  /** Asking again with the same ids is safe. */
  ask(): Promise<Told | Later | Closed>;
  /** Draws what came of it, as its row says; without an answer when its workflow is over. @returns false when there is no such row */
  draw(put: (screen: Screen) => Promise<unknown>, answer?: Extract<Told, { ok: true }>): Promise<boolean>;
  /** Shows why it was not granted. */
  rejected(type: string, facts?: RejectionFacts): Promise<unknown>;
}

/** After this the buttons show that something is happening, ms. */
const busyAfterMs = 900;
/** How long an answer is awaited behind "I will write here". */
const laterPatienceMs = 15 * 60_000;
const laterPauseMs = 2_000;

/** Ends what is awaited in the background; aborted when the process stops. */
export interface Patience {
  readonly signal: AbortSignal;
  watch(work: Promise<void>): void;
}

export async function carryOutWish<Told extends Answer>(guest: CustomerVisit, wish: Wish<Told>, patience: Patience): Promise<void> {
  const busy = showBusy(guest, wish.messageId);
  let answer: Told | Later | Closed;
  try {
    answer = await wish.ask();
  } catch (err) {
    guest.services.log.error({ err, shopId: guest.shop.id, code: wish.code }, 'a wish was not answered');
    await busy.end();
    return sayAgain(guest, wish, 'error-general');
  }
  await busy.end();
  if (!isLater(answer)) return showAnswer(guest, wish, answer);
  await sayAgain(guest, wish, 'order-later');
  patience.watch(awaitLater(guest, wish, patience.signal));
}

async function showAnswer<Told extends Answer>(guest: CustomerVisit, wish: Wish<Told>, answer: Told | Closed): Promise<void> {
  // Its workflow is over: what stands in the row is the answer.
  const told: Answer | undefined = 'closed' in answer ? undefined : answer;
  if (told?.ok === false) return void (await wish.rejected(told.rejected, told));
  if (!(await wish.draw(placeAt(guest, wish.messageId), told as Extract<Told, { ok: true }> | undefined))) await wish.rejected('other');
}

/** A sentence, and the same button for whoever would rather press again: it carries the same ids. */
async function sayAgain(guest: CustomerVisit, wish: Pick<Wish<Answer>, 'callback' | 'messageId'>, textId: string): Promise<void> {
  const again = tapButton(guest.texts.say('order-later-again'), wish.callback);
  await placeAt(guest, wish.messageId)(makeScreen(rich(guest.texts.say(textId)), [[again]]));
}

async function awaitLater<Told extends Answer>(guest: CustomerVisit, wish: Wish<Told>, signal: AbortSignal): Promise<void> {
  const until = performance.now() + laterPatienceMs;
  while (!signal.aborted && performance.now() < until) {
    await sleep(laterPauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const answer = await wish.ask();
      if (!isLater(answer)) return await showAnswer(guest, wish, answer);
    } catch (err) {
      guest.services.log.warn({ err, shopId: guest.shop.id, code: wish.code }, 'still waiting for an answer');
    }
  }
  if (signal.aborted) return;
  await sayAgain(guest, wish, 'order-later-failed');
}

/** Buttons turn into "…" when the answer takes long. What is drawn afterwards brings the right ones back. */
function showBusy({ bot, chatId, texts }: CustomerVisit, messageId: number | undefined) {
  let editing: Promise<unknown> = Promise.resolve();
  const timer = setTimeout(() => {
    if (messageId === undefined) return;
    const keyboard = { inline_keyboard: [[tapButton(texts.say('order-working'), { to: 'nothing' })]] };
    editing = bot.api.editMessageReplyMarkup(chatId, messageId, { reply_markup: keyboard }).catch((err: unknown) => {
      // It only decorates.
      if (!(err instanceof TelegramError)) return undefined;
    });
  }, busyAfterMs);
  return {
    /** Waits for an edit on its way, so that it cannot land on top of the answer. */
    async end(): Promise<void> {
      clearTimeout(timer);
      await editing;
    },
  };
}
