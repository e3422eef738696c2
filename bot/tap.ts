/** A press of a button: answered within a second, once. */
import type { CallbackQuery } from 'grammy/types';
import type { TelegramBot } from '../gateways/telegram.ts';

/** How long a handler may take to say something itself, ms. */
const patienceMs = 700;
/** What Telegram shows of an answer; longer it would not take it at all, and a shop words it itself. */
const answerLimit = 200;

export class Tap {
  readonly query: CallbackQuery;
  private readonly bot: TelegramBot;
  private answered: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(bot: TelegramBot, query: CallbackQuery) {
    this.bot = bot;
    this.query = query;
    this.timer = setTimeout(() => this.answer(), patienceMs);
  }

  /** The first answer counts. @returns false when the tap was answered before: say it on the screen then */
  answer(text?: string, alert = false): boolean {
    if (this.answered !== undefined) return false;
    clearTimeout(this.timer);
    // An answer that does not arrive changes nothing: the screen says it too.
    this.answered = this.bot.answerCallbackQuery(this.query.id, { text: text?.slice(0, answerLimit), alert }).catch(() => undefined);
    return true;
  }

  /** Ends the press, however its handler ended. */
  async finish(): Promise<void> {
    this.answer();
    await this.answered;
  }
}
