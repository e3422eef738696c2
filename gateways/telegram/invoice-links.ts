/** Links of invoices: an invoice's link stays the same for its payment, and asking for it again is a call too many. */
import type { Invoice } from '../../domain/payment.ts';
import { TelegramError } from './errors.ts';

const mostRemembered = 2_000;

/** @returns whose calls remember links in this process; undefined as an answer when Telegram gave none now, so ask again later */
export function createInvoiceLinks() {
  const links = new Map<string, string>();
  return async function linkOf(
    bot: { createInvoiceLink(invoice: Invoice): Promise<string> },
    botId: number,
    invoice: Invoice,
  ): Promise<string | undefined> {
    const key = `${botId}:${invoice.payload}`;
    const known = links.get(key);
    if (known !== undefined) return known;
    try {
      const url = await bot.createInvoiceLink(invoice);
      if (links.size >= mostRemembered) links.clear();
      links.set(key, url);
      return url;
    } catch (err) {
      if (err instanceof TelegramError) return undefined;
      throw err;
    }
  };
}
