/** The calls of the Bot API an order takes: the same ones, and as many, as Tillflow's. */
import type { PeerTap } from './shop.ts';

/** @param apiRoot without a slash at the end */
export function createBot(apiRoot: string) {
  const call = async <Result>(tap: PeerTap, method: string, body: object): Promise<Result> => {
    const response = await fetch(`${apiRoot}/bot${tap.botToken}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { ok: boolean; result: Result; description?: string };
    if (!answer.ok) throw new Error(`${method}: ${answer.description}`);
    return answer.result;
  };
  const edit = (tap: PeerTap, text: string) => call(tap, 'editMessageText', { chat_id: tap.chatId, message_id: tap.screenMessageId, text });

  return {
    /** @returns the message's id */
    async sendGoods(tap: PeerTap, goods: string): Promise<number> {
      const text = `Key\nOrder ${tap.orderCode}\n\n${goods}`;
      return (await call<{ message_id: number }>(tap, 'sendMessage', { chat_id: tap.chatId, text })).message_id;
    },

    /** The order's screen: how to pay. */
    async showInvoice(tap: PeerTap): Promise<void> {
      const prices = [{ label: 'Key', amount: tap.price }];
      const payload = `${tap.orderCode}-1`;
      const link = await call<string>(tap, 'createInvoiceLink', { title: 'Key', description: 'Key', payload, currency: 'XTR', prices });
      await edit(tap, `Order ${tap.orderCode}: pay ${link}`);
    },

    /** The order's screen: it is done. */
    async showDelivered(tap: PeerTap): Promise<void> {
      await edit(tap, `Order ${tap.orderCode}: delivered`);
    },
  };
}

export type Bot = ReturnType<typeof createBot>;
