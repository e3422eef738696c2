/** What every handler of a bot works with. */
import type { Context } from 'grammy';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Customer } from '../db/entities/customer.ts';
import type { Shop } from '../db/entities/shop.ts';
import type { Database, EntityManager } from '../db/orm.ts';
import type { AwaitedAnswers } from '../db/repositories/awaited-answer.ts';
import type { Secrets } from '../db/secrets.ts';
import type { Telegram, TelegramBot } from '../gateways/telegram.ts';
import type { Door } from '../temporal/client.ts';
import type { Texts } from '../texts/bundle.ts';
import type { Callback } from '../texts/callback.ts';
import type { Tap } from './tap.ts';

export interface BotServices {
  readonly config: Config;
  readonly db: Database;
  readonly secrets: Secrets;
  readonly door: Door;
  readonly telegram: Telegram;
  readonly log: Logger;
}

/** One update of one shop. */
export interface Visit {
  readonly services: BotServices;
  readonly shop: Shop;
  readonly bot: TelegramBot;
  /** A unit of work of its own; after a failed flush an EntityManager is finished. */
  em(): EntityManager;
}

/** A person in their private chat. */
export interface CustomerVisit extends Visit {
  readonly customer: Customer;
  readonly chatId: number;
  readonly texts: Texts;
  /** What their message may be the answer to: read once an update, when it is first asked for. */
  awaited(): Promise<AwaitedAnswers>;
}

export interface BotContext extends Context {
  visit: Visit;
  /** Set for updates of a private chat. */
  guest?: CustomerVisit;
  /** Set for presses of buttons. */
  tap?: Tap;
  callback?: Callback | undefined;
}

/** The customer of this update. @throws when the update is no customer's: a handler stands in the wrong place. */
export function guestOf(ctx: BotContext): CustomerVisit {
  if (!ctx.guest) throw new Error('This update has no customer');
  return ctx.guest;
}
