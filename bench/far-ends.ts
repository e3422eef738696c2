/** What the sandbox's far ends hold, and what people do there. */
import { z } from 'zod';
import { makePaymentId } from '../domain/payment.ts';
import type { Database } from '../db/orm.ts';
import { listShops, openBotToken } from '../db/repositories/shop.ts';
import type { Secrets } from '../db/secrets.ts';
import type { Tap } from './market.ts';

const message = z.looseObject({ id: z.number(), text: z.string().default('') });
const link = z.object({ result: z.string() });
const session = z.looseObject({ status: z.string() });
const paid = z.object({ status: z.string(), error: z.string().optional() });

export interface FarEnds {
  /** State of a Checkout Session: `open`, `expired`, `complete`. */
  readSession(id: string): Promise<string>;
  /** Text of the message the order is shown in. */
  readScreen(tap: Tap): Promise<string>;
  /** The invoice of an order in Stars, as the bot makes it for the pay button. @returns its slug */
  makeInvoice(tap: Tap): Promise<string>;
  /** The customer presses pay and leaves after the shop's word. @returns whether the shop agreed, and in how many ms its word was here */
  askToPay(tap: Tap, slug: string): Promise<{ readonly agreed: boolean; readonly ms: number; readonly words: string }>;
}

export async function openFarEnds(db: Database, secrets: Secrets, sandboxUrl: string): Promise<FarEnds> {
  const shops = await listShops(db.em.fork());
  const bots = new Map(shops.map((shop) => [shop.id, { username: shop.botUsername, token: openBotToken(secrets, shop) }]));
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${sandboxUrl}/sandbox${path}`, body && { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`The sandbox answered ${path} with ${response.status} ${await response.text()}`);
    return await response.json();
  };
  return {
    readSession: async (id) => session.parse(await ask(`/stripe/sessions/${id}`)).status,

    async readScreen({ place, telegramUserId }) {
      const path = `/chats/${telegramUserId}/messages?bot=${bots.get(place.shopId)?.username}&person=${telegramUserId}`;
      const found = z
        .array(message)
        .parse(await ask(path))
        .find(({ id }) => id === place.screen?.messageId);
      return found?.text ?? '';
    },

    async makeInvoice({ orderCode, place }) {
      const token = bots.get(place.shopId)?.token;
      const { shownStars: amount } = place;
      const invoice = {
        title: 'Key',
        description: 'Key',
        payload: makePaymentId(orderCode, 1),
        currency: 'XTR',
        prices: [{ label: 'Key', amount }],
      };
      const response = await fetch(`${sandboxUrl}/telegram/bot${token}/createInvoiceLink`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(invoice),
      });
      return link.parse(await response.json()).result.replace('https://t.me/$', '');
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
