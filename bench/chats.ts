/** What customers have in their chats: the proof that something was delivered, and delivered once. */
import { z } from 'zod';
import { expectEachOnce } from './harness/correct.ts';
import { runAtOnce } from './numbers.ts';

/** Goods of every contestant are texts like this; the order's code may end its first half with the same letters. */
const goodsPattern = /(?<!\w)KEY-[\w-]+/;
const creditPattern = /has arrived in your wallet/;
const messages = z.array(z.object({ text: z.string().optional(), from: z.object({ isBot: z.boolean() }).optional() }));

export interface Chat {
  /** Username of the bot. */
  readonly bot: string;
  /** The customer's Telegram id. */
  readonly person: number;
  /** Code of their order or deposit, for the words of a fault. */
  readonly code: string;
}

/** @throws RoundError unless each chat has goods exactly once, and no two the same */
export async function expectGoodsOnce(sandboxUrl: string, chats: readonly Chat[]): Promise<void> {
  const found = await findInChats(sandboxUrl, chats, goodsPattern);
  expectEachOnce(
    'orders delivered in chats',
    chats.map(({ code }) => code),
    found.map(({ code }) => code),
  );
  const goods = found.map(({ words }) => words);
  expectEachOnce('goods', [...new Set(goods)], goods);
}

/** @throws RoundError unless each chat was told exactly once that its money is there */
export async function expectCreditToldOnce(sandboxUrl: string, chats: readonly Chat[]): Promise<void> {
  const found = await findInChats(sandboxUrl, chats, creditPattern);
  expectEachOnce(
    'deposits told in chats',
    chats.map(({ code }) => code),
    found.map(({ code }) => code),
  );
}

/** What the bot's messages say that fits, with the code of whose chat it is in. */
async function findInChats(sandboxUrl: string, chats: readonly Chat[], pattern: RegExp): Promise<{ code: string; words: string }[]> {
  const found: { code: string; words: string }[] = [];
  await runAtOnce(chats.length, 8, async (index) => {
    const { bot, person, code } = chats[index] as Chat;
    const response = await fetch(`${sandboxUrl}/sandbox/chats/${person}/messages?bot=${bot}&person=${person}`);
    if (!response.ok) throw new Error(`The sandbox did not show the chat of ${code}: ${response.status} ${await response.text()}`);
    for (const { text = '', from } of messages.parse(await response.json())) {
      const words = from?.isBot && pattern.exec(text)?.[0];
      if (words) found.push({ code, words });
    }
  });
  return found;
}
