/** What Telegram shows of a bot beside its messages: commands behind "/", per language and role, and who it says it is. */
import type { BotCommandScope } from 'grammy/types';
import type { Shop } from '../db/entities/shop.ts';
import { languages } from '../domain/language.ts';
import { TelegramError, type TelegramBot } from '../gateways/telegram.ts';
import { cutRich } from '../texts/rich-text.ts';
import { textsOfShop } from '../texts/wording.ts';

const customerCommands = [
  'start',
  'shop',
  'basket',
  'orders',
  'wallet',
  'refill',
  'referrals',
  'profile',
  'language',
  'support',
  'help',
  'status',
  'paysupport',
  'terms',
  'privacy',
] as const;
const staffCommands = ['help', 'approve', 'sent'] as const;

interface Place {
  readonly scope: BotCommandScope;
  readonly commands: readonly string[];
}

/** Customers' commands for private chats, the staff's for their chat: a private one is the owner's, who is a customer too. */
function placesOf({ staffChatId }: Pick<Shop, 'staffChatId'>): Place[] {
  const everyone: Place = { scope: { type: 'all_private_chats' }, commands: customerCommands };
  if (staffChatId == null) return [everyone];
  const scope = { type: 'chat', chat_id: staffChatId } as const;
  return [everyone, { scope, commands: staffChatId < 0 ? staffCommands : [...new Set([...customerCommands, ...staffCommands])] }];
}

/** What is told, as one text: when it changes, it is told again. */
export function presentationOf({ title, texts, staffChatId, botId }: Shop): string {
  return JSON.stringify([botId, title, texts, staffChatId]);
}

/**
 * Tells Telegram all of it; the first language is for whoever speaks none of ours. `appUrl`: of the shop's Mini App, which the button beside the
 * input opens; undefined where Telegram could not open it. @throws TelegramError
 */
export async function presentBot(bot: TelegramBot, shop: Shop, appUrl: string | undefined): Promise<void> {
  for (const { scope, commands } of placesOf(shop)) {
    for (const language of languages) {
      const texts = textsOfShop(shop, language);
      const list = commands.map((command) => ({ command, description: texts.say(`command-${command}`) }));
      const isThere = await isKnown(() =>
        bot.setMyCommands(list, { scope, ...(language === languages[0] ? {} : { languageCode: language }) }),
      );
      // The bot is not in that chat (any more): whoever talks to it is served all the same.
      if (!isThere) break;
    }
  }
  for (const language of languages) {
    const texts = textsOfShop(shop, language);
    const languageCode = language === languages[0] ? undefined : language;
    const words = { shop: shop.title };
    await bot.setMyDescription(texts.say('bot-description', words), languageCode);
    await bot.setMyShortDescription(cutRich({ text: texts.say('bot-short-description', words), entities: [] }, 120).text, languageCode);
  }
  const text = textsOfShop(shop, shop.language).say('menu-app');
  await bot.setChatMenuButton(appUrl === undefined ? { type: 'commands' } : { type: 'web_app', text, web_app: { url: appUrl } });
}

async function isKnown(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (err) {
    if (err instanceof TelegramError && (err.kind === 'refused' || err.kind === 'gone' || err.kind === 'blocked')) return false;
    throw err;
  }
}
