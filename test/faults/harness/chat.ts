/** Buying by tapping in the chat, by somebody who does not know what happens behind it: if nothing moves, they tap again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MethodName } from '../../../domain/payment.ts';
import type { ChatMessage } from '../../../sandbox/telegram/chat-contract.ts';
import { type Callback, decodeCallback } from '../../../texts/callback.ts';
import type { Stall } from './market.ts';
import type { FaultStack } from './stack.ts';

interface ChatWish {
  readonly stall: Stall;
  readonly person: number;
  readonly method: MethodName;
  /** How long they wait for the screen to change before they tap again, ms. */
  readonly patienceMs: number;
  readonly until: number;
}

/** Opens the product by its link, buys it now, and taps the method. @returns the order's code, once its row is there */
export async function placeInChat(stack: FaultStack, { stall, person, method, patienceMs, until }: ChatWish): Promise<string> {
  const bot = stall.botUsername;
  const read = () => stack.control<ChatMessage[]>(`/chats/${person}/messages?person=${person}&bot=${bot}&limit=50`);
  const find = (messages: readonly ChatMessage[], fits: (callback: Callback) => boolean) => {
    for (const message of messages.toReversed()) {
      const rows = message.replyMarkup && 'inline_keyboard' in message.replyMarkup ? message.replyMarkup.inline_keyboard : [];
      for (const [row, buttons] of rows.entries()) {
        for (const [column, button] of buttons.entries()) {
          const callback = 'callback_data' in button ? decodeCallback(button.callback_data) : undefined;
          if (callback && fits(callback)) return { at: { chatId: person, messageId: message.id, row, column }, callback };
        }
      }
    }
    return undefined;
  };
  /** An order of these codes. Whoever taps again because nothing moves may have tapped another code's button before the first one's order stood. */
  const findPlaced = async (codes: Iterable<string>) => {
    const rows: { code: string }[] = await stack.db.em.fork().execute('select code from "order" where code in (?)', [[...codes]]);
    return rows[0]?.code;
  };

  const tapped = new Map<string, number>();
  const codes = new Set<string>();
  let seen: readonly ChatMessage[] = [];
  let failed: unknown;
  while (performance.now() < until) {
    try {
      const placed = codes.size > 0 ? await findPlaced(codes) : undefined;
      if (placed !== undefined) return placed;
      const messages = await read();
      seen = messages.slice(-3);
      const place = find(messages, (callback) => callback.to === 'place' && callback.method === method);
      const confirm = find(messages, (callback) => callback.to === 'confirm');
      const next = place ?? confirm;
      const key = next ? JSON.stringify(next.callback) : 'open';
      if (performance.now() - (tapped.get(key) ?? Number.NEGATIVE_INFINITY) > patienceMs) {
        if (next?.callback.to === 'place') codes.add(next.callback.orderCode);
        tapped.set(key, performance.now());
        if (next) await stack.control('/taps', { bot, person, ...next.at });
        else await stack.control('/messages', { bot, person, text: `/start p_${stall.product.id}` });
      }
    } catch (err) {
      // Whatever is away comes back.
      failed = err;
    }
    await sleep(250);
  }
  const last = seen.map(({ id, text, replyMarkup }) => ({ id, text, buttons: JSON.stringify(replyMarkup) }));
  const words = { tapped: Object.fromEntries(tapped), last, failed: failed instanceof Error ? failed.message : failed };
  throw new Error(`A customer could not place an order in the chat with @${bot}: ${JSON.stringify(words)}`);
}
