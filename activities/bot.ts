/** The bot an activity speaks through. */
import { asyncLocalStorage } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Shop } from '../db/entities/shop.ts';
import { openBotToken } from '../db/repositories/shop.ts';
import type { TelegramBot } from '../gateways/telegram.ts';
import type { ActivityContext } from './context.ts';

/** What a first try within a workflow's own task waits for its bot's turn at most, ms. */
const localPatienceMs = 300;

/**
 * The bot of a shop, asked for before anything is changed. Within a workflow's own task, which others await the answer of, only while it has its turn
 * soon: what many wait to send is left to the regular activity, which has all the time.
 * @throws ApplicationFailure TelegramRefused when the shop has no bot: what is to be told waits, visible to staff, until it has one again
 * @throws ApplicationFailure TelegramBusy
 */
export function botOf(
  { secrets, telegram }: Pick<ActivityContext, 'secrets' | 'telegram'>,
  shop: Pick<Shop, 'id' | 'botToken'>,
): TelegramBot {
  const token = openBotToken(secrets, shop);
  if (token === undefined) throw ApplicationFailure.create({ message: 'The shop has no bot token', type: 'TelegramRefused' });
  const bot = telegram.bot(token);
  const isLocal = asyncLocalStorage.getStore()?.info.isLocal ?? false;
  if (isLocal && bot.turnWaitMs() > localPatienceMs) {
    throw ApplicationFailure.create({ message: 'Many messages of this bot wait for their turn', type: 'TelegramBusy' });
  }
  return bot;
}
