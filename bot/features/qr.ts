/** The QR code of an address to pay to: a picture of its own, because the order's or deposit's one message is a text. */
import type { Composer } from 'grammy';
import QRCode from 'qrcode';
import { findDepositView } from '../../db/repositories/deposit.ts';
import { coinUri } from '../../domain/coin.ts';
import type { Payable } from '../../domain/payment.ts';
import { qrCaption, type AddressToPay } from '../../texts/screens/coin.ts';
import { type BotContext, type CustomerVisit, guestOf } from '../context.ts';
import { findOwnOrder } from '../order-drawing.ts';
import { createFeature, onTap } from '../route.ts';

/** Where the customer is to pay now; undefined when there is nothing (any more) to pay to. */
async function findAddress(guest: CustomerVisit, { noun, code }: Payable): Promise<AddressToPay | undefined> {
  if (noun === 'order') {
    const order = await findOwnOrder(guest, code);
    const { payment } = order ?? {};
    const isOpen = order?.status === 'awaitingPayment' && payment?.status === 'pending';
    return isOpen && payment.instructions?.kind === 'address' ? payment.instructions : undefined;
  }
  const view = (await findDepositView(guest.em(), code))?.view;
  const isOpen = view?.customerId === guest.customer.id && view.status === 'waiting';
  return isOpen && view.instructions?.kind === 'address' ? view.instructions : undefined;
}

export function createQrFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'qr', async (ctx, { noun, code }) => {
    const guest = guestOf(ctx);
    const found = await findAddress(guest, { noun, code });
    if (!found) return void ctx.tap?.answer(guest.texts.say('coin-qr-over'), true);
    ctx.tap?.answer('');
    const bytes = await QRCode.toBuffer(coinUri(found), { errorCorrectionLevel: 'M', margin: 4, width: 512 });
    await guest.bot.sendPhoto(guest.chatId, { bytes, mediaType: 'image/png' }, qrCaption(guest.texts, found, { noun, code }));
  });
  return feature;
}
