/** What the sandbox's far ends hold, and what people do there. */
import { z } from 'zod';
import type { Database } from '../db/orm.ts';
import type { Tap } from './market.ts';

const button = z.looseObject({ url: z.string().optional() });
const message = z.looseObject({
  id: z.number(),
  text: z.string().default(''),
  replyMarkup: z.looseObject({ inline_keyboard: z.array(z.array(button)).default([]) }).optional(),
});
const session = z.looseObject({ status: z.string() });
const paid = z.object({ status: z.string(), error: z.string().optional() });

export interface FarEnds {
  /** State of a Checkout Session: `open`, `expired`, `complete`. */
  readSession(id: string): Promise<string>;
  /** The message the order is shown in: its text, and the address of its first button that opens something. */
  readScreen(tap: Tap): Promise<{ readonly text: string; readonly url: string | undefined }>;
  /** The customer presses pay and leaves after the shop's word. @returns whether the shop agreed, and in how many ms its word was here */
  askToPay(tap: Tap, slug: string): Promise<{ readonly agreed: boolean; readonly ms: number; readonly words: string }>;
}

export async function openFarEnds(db: Database, sandboxUrl: string): Promise<FarEnds> {
  const shops: { id: string; bot_username: string }[] = await db.em.fork().execute('select id, bot_username from shop');
  const bots = new Map(shops.map(({ id, bot_username }) => [Number(id), bot_username]));
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${sandboxUrl}/sandbox${path}`, body && { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`The sandbox answered ${path} with ${response.status} ${await response.text()}`);
    return await response.json();
  };
  return {
    readSession: async (id) => session.parse(await ask(`/stripe/sessions/${id}`)).status,

    async readScreen({ place, telegramUserId }) {
      const path = `/chats/${telegramUserId}/messages?bot=${bots.get(place.shopId)}&person=${telegramUserId}`;
      const found = z
        .array(message)
        .parse(await ask(path))
        .find(({ id }) => id === place.screen?.messageId);
      const url = found?.replyMarkup?.inline_keyboard.flat().find((one) => one.url !== undefined)?.url;
      return { text: found?.text ?? '', url };
    },

    async askToPay({ telegramUserId }, slug) {
      const begun = performance.now();
      const answer = paid.parse(await ask('/invoices/pay', { person: telegramUserId, slug, abandon: true }));
      const ms = performance.now() - begun;
      const words = answer.error ?? answer.status;
      return { agreed: words === 'You left before paying.', ms, words };
    },
  };
}
