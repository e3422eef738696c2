/** Drawing an order: from its row, again when it changed meanwhile. */
import { findOrderView } from '../db/repositories/order.ts';
import type { OrderView } from '../domain/order.ts';
import { createInvoiceLinks } from '../gateways/telegram/invoice-links.ts';
import { orderScreen } from '../texts/screens/order.ts';
import type { Screen } from '../texts/screens/screen.ts';
import { wordingOf } from '../texts/wording.ts';
import type { CustomerVisit } from './context.ts';

/** How often a screen is drawn again because the order changed while it was drawn. */
const redrawLimit = 4;

/** The order of this customer, or undefined: a code of somebody else is as unknown as none. */
export async function findOwnOrder(guest: CustomerVisit, orderCode: string): Promise<OrderView | undefined> {
  const view = await findOrderView(guest.em(), orderCode);
  return view && view.shopId === guest.shop.id && view.customerId === guest.customer.id ? view : undefined;
}

/**
 * Draws the order through `put` until what stands there is what the row says: a payment may be faster than the screen it is on.
 * @returns false when the customer has no such order
 */
export async function drawOrder(
  guest: CustomerVisit,
  orderCode: string,
  put: (screen: Screen) => Promise<unknown>,
  notice?: string,
): Promise<boolean> {
  let view = await findOwnOrder(guest, orderCode);
  if (!view) return false;
  for (let drawn = 0; drawn < redrawLimit; drawn += 1) {
    const screen = orderScreen(view, {
      now: Date.now(),
      notice,
      invoiceUrl: await invoiceUrlOf(guest, view),
      overrides: wordingOf(guest.shop, view.language),
    });
    await put(screen);
    const after = await findOwnOrder(guest, orderCode);
    if (!after || after.version === view.version) break;
    view = after;
  }
  return true;
}

const linkOf = createInvoiceLinks();

/** Without its link the screen still offers the other methods; opened again it asks anew. */
async function invoiceUrlOf({ bot, shop }: CustomerVisit, view: OrderView): Promise<string | undefined> {
  const { payment } = view;
  if (view.status !== 'awaitingPayment' || payment?.instructions?.kind !== 'invoice') return undefined;
  return linkOf(bot, shop.botId ?? 0, payment.instructions.invoice);
}
