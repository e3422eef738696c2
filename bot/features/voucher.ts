/** Gift links and vouchers in the chat: made from the wallet, passed on, taken back; and brought by a link or a code. */
import type { Composer } from 'grammy';
import { takeConfirmCodes } from '../../db/repositories/confirm-code.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { askForCode } from '../../db/repositories/promo-code.ts';
import {
  askGiftBack,
  type Claimed,
  claimGiftLink,
  claimVoucherCode,
  draftGiftLink,
  findGiftLink,
  listOpenGiftLinks,
} from '../../db/repositories/voucher.ts';
import { botLink, linkPayload } from '../../domain/link.ts';
import { giftableOf, suggestGifts } from '../../domain/voucher.ts';
import { isLater } from '../../temporal/deadline.ts';
import { lookAtVoucher } from '../../temporal/voucher.ts';
import { encodeCallback } from '../../texts/callback.ts';
import { rejectionText } from '../../texts/screens/rejection.ts';
import { claimRefusalText, giftScreen, giftsScreen, redeemScreen } from '../../texts/screens/voucher.ts';
import { type BotContext, type CustomerVisit, guestOf } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';
import { showWallet } from './orders.ts';

async function openGifts(ctx: BotContext, notice?: string): Promise<void> {
  const guest = guestOf(ctx);
  const { em, shop, customer, services, texts } = guest;
  const giftable = giftableOf(await readWallet(em(), shop, customer.id));
  const amounts = suggestGifts(giftable, shop.currency);
  const wishes = amounts.map((amount) => `gift:${amount}`);
  const giftCodes = await takeConfirmCodes(em(), { customerId: customer.id, wishes }, new Date());
  const open = await listOpenGiftLinks(em(), services.secrets, customer.id);
  await show(ctx, giftsScreen(texts, { currency: shop.currency, giftable, amounts, giftCodes, open }, notice));
}

/** @returns false when the customer has no such link */
async function openGiftLink(ctx: BotContext, id: number): Promise<boolean> {
  const { em, shop, customer, services, texts } = guestOf(ctx);
  const gift = await findGiftLink(em(), services.secrets, { id, customerId: customer.id });
  if (!gift) return false;
  const link = botLink(shop.botUsername ?? '', linkPayload({ to: 'gift', payload: gift.payload }));
  await show(ctx, giftScreen(texts, { ...gift, currency: shop.currency, link, shop: shop.title }));
  return true;
}

/** Has the row looked at; what is not answered in time goes on, and is told by a message of its own. */
async function look({ services, shop }: CustomerVisit, voucherId: number) {
  const row = await lookAtVoucher(services.door, { voucherId, shopId: shop.id }).catch((err: unknown) => {
    services.log.warn({ err, shopId: shop.id, voucherId }, 'a voucher was not looked at');
    return undefined;
  });
  return row === undefined || isLater(row) ? undefined : row;
}

async function make(ctx: BotContext, giftCode: string, amount: number): Promise<void> {
  const guest = guestOf(ctx);
  const { em, shop, customer, services, texts } = guest;
  const draft = { shopId: shop.id, customerId: customer.id, code: giftCode, amount, at: new Date() };
  const voucherId = amount > 0 ? await draftGiftLink(em(), services.secrets, draft) : undefined;
  if (voucherId === undefined) return openGifts(ctx, texts.say('gift-too-many'));
  const row = await look(guest, voucherId);
  if (!row) return openGifts(ctx, texts.say('order-later'));
  if (row.rejected) return openGifts(ctx, rejectionText(row.rejected, texts));
  await openGiftLink(ctx, voucherId);
}

/** What came of bringing a link or a code; the money itself is told by a message of its own. */
async function settleClaim(ctx: BotContext, claimed: Claimed): Promise<void> {
  const guest = guestOf(ctx);
  if (!claimed.ok) return showWallet(ctx, 0, claimRefusalText(guest.texts, claimed.why));
  await look(guest, claimed.voucherId);
  await showWallet(ctx, 0);
}

/** A friend's gift link was opened. */
export async function openGift(ctx: BotContext, payload: string): Promise<void> {
  const { em, shop, customer, services } = guestOf(ctx);
  const claimer = { shopId: shop.id, customerId: customer.id, at: new Date() };
  await settleClaim(ctx, await claimGiftLink(em(), services.secrets, payload, claimer));
}

/** A voucher's code was written. */
export async function redeem(ctx: BotContext, text: string): Promise<void> {
  const { em, shop, customer } = guestOf(ctx);
  await settleClaim(ctx, await claimVoucherCode(em(), text, { shopId: shop.id, customerId: customer.id, at: new Date() }));
}

export function createVoucherFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'gifts', (ctx) => openGifts(ctx));
  onTap(feature, 'giftMake', (ctx, { giftCode, amount }) => make(ctx, giftCode, amount));
  onTap(feature, 'gift', async (ctx, { voucherId }) => {
    if (!(await openGiftLink(ctx, voucherId))) await openGifts(ctx);
  });
  onTap(feature, 'giftBack', async (ctx, { voucherId }) => {
    const guest = guestOf(ctx);
    const isOpen = await askGiftBack(guest.em(), { id: voucherId, customerId: guest.customer.id, at: new Date() });
    if (isOpen) await look(guest, voucherId);
    await openGifts(ctx);
  });
  onTap(feature, 'redeem', async (ctx) => {
    const { em, customer, texts } = guestOf(ctx);
    await askForCode(em(), { customerId: customer.id, askedFor: encodeCallback({ to: 'redeem' }), at: new Date() });
    await show(ctx, redeemScreen(texts));
  });
  return feature;
}
