/** Links of invoices: an invoice's link stays the same for its payment, and asking for it again is a call too many. */
import type { Invoice } from '../../domain/payment.ts';
import { TelegramError } from './errors.ts';

const mostRemembered = 2_000;

/** Makes links and remembers them in this process. @returns undefined as a link when Telegram gives none now: ask again later */
export function createInvoiceLinks() {
  const links = new Map<string, Promise<string | undefined>>();
  return function linkOf(
    bot: { createInvoiceLink(invoice: Invoice): Promise<string> },
    botId: number,
    invoice: Invoice,
  ): Promise<string | undefined> {
    const key = `${botId}:${invoice.payload}`;
    const known = links.get(key);
    if (known !== undefined) return known;
    const making = bot.createInvoiceLink(invoice).catch((err: unknown) => {
      links.delete(key);
      if (err instanceof TelegramError) return undefined;
      throw err;
    });
    if (links.size >= mostRemembered) links.clear();
    links.set(key, making);
    return making;
  };
}
