/** A person before the chat with a world's bot: reads, writes, presses buttons. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ChatMessage } from '../../sandbox/telegram/chat-contract.ts';
import { waitFor } from './wait.ts';
import type { World } from './world.ts';

export interface ChatPerson {
  say(text: string): Promise<void>;
  /** Messages of the chat, oldest first. */
  read(): Promise<ChatMessage[]>;
  /** Waits for a message whose text fits; the newest such. */
  see(text: RegExp): Promise<ChatMessage>;
  /** Waits for a button whose label fits, in the newest message that has one, and presses it. @returns the message */
  press(label: RegExp): Promise<ChatMessage>;
  /** Waits for a button whose label fits. @returns where it links to */
  linkOf(label: RegExp): Promise<string>;
}

const breakable = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('\u00a0', ' ')) as T;

/** Between two messages: a third within a second is not read, and `/start` may have been one of them. */
const messagePauseMs = 1_000;

export function openPerson(world: World, { telegramUserId: id }: { telegramUserId: number }): ChatPerson {
  const bot = world.shop.botUsername;
  const read = async () => {
    const path = `/chats/${id}/messages?person=${id}&bot=${bot}&limit=100`;
    const answer = await world.control<ChatMessage[] | { messages: ChatMessage[] }>(path);
    // A test's words need not say where lines may end.
    return (Array.isArray(answer) ? answer : answer.messages).map(breakable);
  };
  const wait = <T>(look: () => Promise<T>) => waitFor(look, { timeout: 15_000, interval: 100 });

  const find = (label: RegExp) =>
    wait(async () => {
      const messages = await read();
      for (const message of messages.toReversed()) {
        const markup = message.replyMarkup;
        const rows = markup && 'inline_keyboard' in markup ? markup.inline_keyboard : [];
        for (const [row, buttons] of rows.entries()) {
          const column = buttons.findIndex((button) => label.test(button.text));
          const button = buttons[column];
          if (button) return { message, row, column, button };
        }
      }
      const shown = messages.slice(-3).map((message) => `${message.text} ${JSON.stringify(message.replyMarkup ?? {})}`);
      throw new Error(`No button ${label} in: ${shown.join('\n')}`);
    });

  // Whoever joined a moment ago has just written `/start`.
  let nextMessageAt = performance.now() + messagePauseMs;
  return {
    read,
    async say(text) {
      await sleep(Math.max(0, nextMessageAt - performance.now()));
      nextMessageAt = performance.now() + messagePauseMs;
      await world.control('/messages', { bot, person: id, text });
    },
    see: (text) =>
      wait(async () => {
        const messages = await read();
        const found = messages.findLast((message) => text.test(message.text ?? ''));
        if (!found) expect.fail(`No ${text} in: ${messages.map((message) => message.text).join(' | ')}`);
        return found;
      }),
    async press(label) {
      // A person presses no faster; who does is throttled.
      await sleep(250);
      const { message, row, column } = await find(label);
      await world.control('/taps', { bot, person: id, chatId: id, messageId: message.id, row, column });
      return message;
    },
    async linkOf(label) {
      const { button } = await find(label);
      if (!('url' in button)) throw new Error(`The button ${button.text} is no link`);
      return button.url;
    },
  };
}
