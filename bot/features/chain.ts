/** Topping up straight from a coin's chain: the customer's own address is shown, and nothing is started. */
import type { Composer } from 'grammy';
import QRCode from 'qrcode';
import { giveAddress } from '../../db/repositories/chain-key.ts';
import { listOfferedCoins, quoteAddress, readConfirmations } from '../../db/repositories/chain-offer.ts';
import { addressUri, type Coin } from '../../domain/chain.ts';
import { valueOfUnits } from '../../domain/rate.ts';
import { lookAtChain } from '../../temporal/chain-watch.ts';
import { coinAddressScreen, coinClosedScreen, coinQrCaption } from '../../texts/screens/chain.ts';
import { type BotContext, type CustomerVisit, guestOf } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';

/** The coins this customer is offered now. */
export function offeredCoins({ em, shop, customer }: CustomerVisit): Promise<Coin[]> {
  if (!shop.open || customer.bannedAt) return Promise.resolve([]);
  return listOfferedCoins(em(), { shopId: shop.id, customerId: customer.id, currency: shop.currency, at: new Date() });
}

/** The customer's address of a coin, made when it is asked for first; undefined when the coin is not offered. */
async function findAddress(guest: CustomerVisit, coin: Coin): Promise<{ readonly id: number; readonly address: string } | undefined> {
  if (!(await offeredCoins(guest)).includes(coin)) return undefined;
  const { em, shop, customer, services } = guest;
  const given = await giveAddress(em(), services.secrets, { shopId: shop.id, customerId: customer.id, coin, at: new Date() });
  return given.address;
}

async function openAddress(ctx: BotContext, coin: Coin, notice?: string): Promise<void> {
  const guest = guestOf(ctx);
  const { em, shop, texts } = guest;
  const found = await findAddress(guest, coin);
  const quote = found && (await quoteAddress(em(), { addressId: found.id, coin, currency: shop.currency, at: new Date() }));
  if (!found || !quote) return void (await show(ctx, coinClosedScreen(texts, coin)));
  const rate = { amount: valueOfUnits('1', quote.rate, shop.currency), currency: shop.currency };
  const confirmations = await readConfirmations(em(), shop.id, coin);
  const shown = { coin, address: found.address, rate, until: quote.until.getTime(), confirmations };
  await show(ctx, coinAddressScreen(texts, shown, notice));
}

export function createChainFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'coin', (ctx, { coin }) => openAddress(ctx, coin));
  // Whoever has paid need not wait for the next look.
  onTap(feature, 'coinLook', async (ctx, { coin }) => {
    const { services, texts } = guestOf(ctx);
    ctx.tap?.answer(texts.say('chain-looking'));
    await openAddress(ctx, coin, texts.say('chain-looked'));
    await lookAtChain(services.door, coin);
  });
  onTap(feature, 'coinQr', async (ctx, { coin }) => {
    const guest = guestOf(ctx);
    const found = await findAddress(guest, coin);
    if (!found) return void ctx.tap?.answer(guest.texts.say('coin-qr-over'), true);
    ctx.tap?.answer('');
    const bytes = await QRCode.toBuffer(addressUri(coin, found.address), { errorCorrectionLevel: 'M', margin: 4, width: 512 });
    await guest.bot.sendPhoto(
      guest.chatId,
      { bytes, mediaType: 'image/png' },
      coinQrCaption(guest.texts, { coin, address: found.address }),
    );
  });
  return feature;
}
