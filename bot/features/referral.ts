/** Bringing friends: `/referrals`, the customer's link and what it brought, the shop's board, and what a link does that somebody opens. */
import type { Composer } from 'grammy';
import { readTierDiscount } from '../../db/repositories/quote.ts';
import {
  findPlace,
  findReferral,
  listFriends,
  listLeaders,
  openReferralCode,
  readEarnings,
  summariseReferrals,
} from '../../db/repositories/referral.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { botLink } from '../../domain/link.ts';
import { parseReferralPayload, referralPayload } from '../../domain/referral.ts';
import { ringNotice } from '../../temporal/notice.ts';
import { friendsScreen, leadersScreen, referralsScreen } from '../../texts/screens/referral.ts';
import { type BotContext, guestOf } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';
import { showMenu } from './menu.ts';

const friendPageSize = 10;
const leaderCount = 10;

async function showReferrals(ctx: BotContext): Promise<void> {
  const { em, shop, customer, texts } = guestOf(ctx);
  const code = await openReferralCode(em(), { shopId: shop.id, customerId: customer.id });
  const summary = await summariseReferrals(em(), customer.id);
  const [rate, discount] = await Promise.all([
    readSetting(em(), shop.id, 'commissionRate'),
    readTierDiscount(em(), shop, summary.earnings),
  ]);
  // A shop that was never reached has no name at Telegram yet, and so nobody to show this to.
  const link = botLink(shop.botUsername ?? '', referralPayload(code));
  await show(ctx, referralsScreen(texts, { ...summary, link, shop: shop.title, currency: shop.currency, rate, discount }));
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

async function showLeaders(ctx: BotContext): Promise<void> {
  const { em, shop, customer, texts, services } = guestOf(ctx);
  const [leaders, earnings] = await Promise.all([
    listLeaders(em(), services.secrets, shop.id, leaderCount),
    readEarnings(em(), customer.id),
  ]);
  const own = earnings > 0 ? { customerId: customer.id, name: '', earnings, place: await findPlace(em(), shop.id, earnings) } : undefined;
  await show(ctx, leadersScreen(texts, { leaders, own, currency: shop.currency, customerId: customer.id }));
}

/** Somebody opened a link. What it does was done, or not, when they became a customer; here it is said. */
async function openReferralLink(ctx: BotContext, code: string): Promise<void> {
  const { em, shop, customer, texts, services } = guestOf(ctx);
  const referral = await findReferral(em(), customer.id);
  if (referral?.code !== code) {
    const own = await openReferralCode(em(), { shopId: shop.id, customerId: customer.id });
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
  onTap(feature, 'leaders', showLeaders);
  return feature;
}
