/** What went wrong at Telegram, in the kinds our code branches on. Messages never hold an address or a token. */
import { GrammyError, HttpError } from 'grammy';

/**
 * `retryAfter`: too many calls, come back after `retryAfter` seconds. `blocked`: the person blocked the bot, or the chat cannot be written
 * to. `notModified`: the message already looks so. `gone`: the message or query no longer exists. `refused`: Telegram will never take this
 * request. `unreachable`: no answer, or Telegram's own failure; the call may have had its effect.
 */
export type TelegramErrorKind = 'retryAfter' | 'blocked' | 'notModified' | 'gone' | 'refused' | 'unreachable';

export class TelegramError extends Error {
  readonly kind: TelegramErrorKind;
  /** The Bot API method, e.g. `sendMessage`. */
  readonly method: string;
  /** Seconds to wait, with `retryAfter` only. */
  readonly retryAfter: number | undefined;
  constructor(kind: TelegramErrorKind, method: string, description: string, retryAfter?: number) {
    super(`Telegram ${method}: ${stripTokens(description)}`);
    this.name = 'TelegramError';
    this.kind = kind;
    this.method = method;
    this.retryAfter = retryAfter;
  }
}

/** Takes bot tokens and addresses out of a text. */
export function stripTokens(text: string): string {
  return text.replace(/\b\w+:\/\/\S+/g, '[address]').replace(/\d{5,}:[\w-]{30,}/g, '[token]');
}

/** Puts whatever a call threw into our words. Errors that are not Telegram's are faults of ours and stay as they are. */
export function toTelegramError(err: unknown, method: string): unknown {
  if (err instanceof TelegramError) return err;
  if (err instanceof GrammyError) {
    const seconds = err.error_code === 429 ? (err.parameters.retry_after ?? 1) : undefined;
    return new TelegramError(kindOf(err.error_code, err.description), method, `${err.error_code} ${err.description}`, seconds);
  }
  if (err instanceof HttpError) {
    const timedOut = err.error instanceof Error && /timed out|abort/i.test(err.error.message);
    return new TelegramError('unreachable', method, timedOut ? 'no answer in time' : 'no connection');
  }
  return err;
}

function kindOf(code: number, description: string): TelegramErrorKind {
  if (code === 429) return 'retryAfter';
  if (code >= 500) return 'unreachable';
  if (code === 403) return 'blocked';
  if (/message is not modified/i.test(description)) return 'notModified';
  if (/chat not found|user not found|PEER_ID_INVALID|USER_IS_BLOCKED|user is deactivated/i.test(description)) return 'blocked';
  if (
    /message to (edit|delete) not found|message can't be (edited|deleted)|MESSAGE_ID_INVALID|query is too old|QUERY_ID_INVALID/i.test(
      description,
    )
  ) {
    return 'gone';
  }
  return 'refused';
}
