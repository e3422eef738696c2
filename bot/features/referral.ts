/** Bringing friends: `/referrals`, the customer's link and whom it brought, and what a link does that somebody opens. */
import type { Composer } from 'grammy';
import { findReferral, listFriends, openReferralCode } from '../../db/repositories/referral.ts';
import { parseReferralPayload, referralPayload } from '../../domain/referral.ts';
import { ringNotice } from '../../temporal/notice.ts';
import { friendsScreen, referralsScreen } from '../../texts/screens/referral.ts';
import { type BotContext, guestOf } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';
import { showMenu } from './menu.ts';

const friendPageSize = 10;

async function showReferrals(ctx: BotContext): Promise<void> {
  const { em, shop, customer, texts, services } = guestOf(ctx);
  const code = await openReferralCode(em(), { shopId: shop.id, customerId: customer.id });
  const { total: friends } = await listFriends(em(), services.secrets, customer.id, { limit: 0, offset: 0 });
  // A shop that was never reached has no name at Telegram yet, and so nobody to show this to.
  const link = `https://t.me/${shop.botUsername ?? ''}?start=${referralPayload(code)}`;
  await show(ctx, referralsScreen(texts, { link, shop: shop.title, friends }));
}

async function showFriends(ctx: BotContext, wanted: number): Promise<void> {
  const { em, customer, texts, services } = guestOf(ctx);
  const load = (page: number) => listFriends(em(), services.secrets, customer.id, { limit: friendPageSize, offset: page * friendPageSize });
  let page = wanted;
  let found = await load(page);
  const pages = Math.max(1, Math.ceil(found.total / friendPageSize));
  if (page >= pages) {
    page = pages - 1;
    found = await load(page);
  }
  await show(ctx, friendsScreen(texts, { rows: found.friends, page, pages }));
}

/** Somebody opened a link. What it does was done, or not, when they became a customer; here it is said. */
async function openReferralLink(ctx: BotContext, code: string): Promise<void> {
  const guest = guestOf(ctx);
  const { em, customer, texts, services } = guest;
  const referral = await findReferral(em(), customer.id);
  if (referral?.code !== code) {
    const own = await openReferralCode(em(), { shopId: guest.shop.id, customerId: customer.id });
    return showMenu(ctx, texts.say(own === code ? 'referral-own-link' : 'referral-no-newcomer'));
  }
  await showMenu(ctx);
  // Sooner than the relay would. It is written already: nothing is lost when this is.
  const ringing = [customer.id, referral.referrerId].map((id) => ringNotice(services.door, id));
  for (const { reason } of (await Promise.allSettled(ringing)).filter((one) => one.status === 'rejected'))
    services.log.warn({ err: reason }, 'notices are left to the relay');
}

export function createReferralFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.command('start', (ctx, next) => {
    const code = parseReferralPayload(ctx.match.trim());
    return code === undefined ? next() : openReferralLink(ctx, code);
  });
  feature.command('referrals', showReferrals);
  onTap(feature, 'referrals', showReferrals);
  onTap(feature, 'friends', (ctx, { page }) => showFriends(ctx, page));
  return feature;
}
