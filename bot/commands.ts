/** What Telegram lists behind "/", per language and place. */
import type { BotCommandScope } from 'grammy/types';
import { languages } from '../domain/language.ts';
import type { TelegramBot } from '../gateways/telegram.ts';
import { textsOf } from '../texts/bundle.ts';

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

/** Customers' commands for private chats, the staff's for their group; the first language is for whoever speaks none of ours. */
export async function setCommands(bot: TelegramBot, staffChatId: number | null | undefined): Promise<void> {
  const places: { scope: BotCommandScope; commands: readonly string[] }[] = [
    { scope: { type: 'all_private_chats' }, commands: customerCommands },
    // A private staff chat is the owner's own, where they are a customer too.
    ...(staffChatId != null && staffChatId < 0
      ? [{ scope: { type: 'chat', chat_id: staffChatId } as const, commands: staffCommands }]
      : []),
  ];
  for (const { scope, commands } of places) {
    for (const language of languages) {
      const texts = textsOf(language);
      const list = commands.map((command) => ({ command, description: texts.say(`command-${command}`) }));
      await bot.setMyCommands(list, language === languages[0] ? { scope } : { scope, languageCode: language });
    }
  }
}
