import { createTelegram as create, type Telegram, type TelegramOptions } from '../../gateways/telegram.ts';
import { dieAt } from './kill-point.ts';

/** The product's Telegram; a send may reach the chat and never be noted. */
export function createTelegram(options: TelegramOptions): Telegram {
  const telegram = create(options);
  return {
    bot(token) {
      const bot = telegram.bot(token);
      return {
        ...bot,
        async sendMessage(...message) {
          const id = await bot.sendMessage(...message);
          dieAt('after:sendMessage');
          return id;
        },
      };
    },
  };
}
