/** What customers have in their chats: the proof that something was delivered, and delivered once. */
import { z } from 'zod';
import { expectEachOnce } from './harness/correct.ts';
import { runAtOnce } from './numbers.ts';

/** Goods of every contestant are texts like this; the order's code may end its first half with the same letters. */
const goodsPattern = /(?<!\w)KEY-[\w-]+/;
const messages = z.array(z.object({ text: z.string().optional(), from: z.object({ isBot: z.boolean() }).optional() }));

export interface Chat {
  /** Username of the bot. */
  readonly bot: string;
  /** The customer's Telegram id. */
  readonly person: number;
  /** What they bought, for the words of a fault. */
  readonly order: string;
}

/** @throws RoundError unless each chat has goods exactly once, and no two the same */
export async function expectGoodsOnce(sandboxUrl: string, chats: readonly Chat[]): Promise<void> {
  const goods: string[] = [];
  const delivered: string[] = [];
  await runAtOnce(chats.length, 8, async (index) => {
    const { bot, person, order } = chats[index] as Chat;
    const response = await fetch(`${sandboxUrl}/sandbox/chats/${person}/messages?bot=${bot}&person=${person}`);
    if (!response.ok) throw new Error(`The sandbox did not show the chat of ${order}: ${response.status} ${await response.text()}`);
    for (const { text = '', from } of messages.parse(await response.json())) {
      const key = from?.isBot && goodsPattern.exec(text)?.[0];
      if (!key) continue;
      goods.push(key);
      delivered.push(order);
    }
  });
  expectEachOnce(
    'orders delivered in chats',
    chats.map(({ order }) => order),
    delivered,
  );
  expectEachOnce('goods', [...new Set(goods)], goods);
}
