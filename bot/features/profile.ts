/** `/profile`: the customer at a glance, and ways to all that is theirs. */
import type { Composer } from 'grammy';
import { balanceOf } from '../../domain/ledger.ts';
import { listAchievements } from '../../db/repositories/achievement.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { Order } from '../../db/entities/order.ts';
import { readTierDiscount } from '../../db/repositories/quote.ts';
import { countWatched } from '../../db/repositories/stock-watch.ts';
import { summariseReferrals } from '../../db/repositories/referral.ts';
import { profileScreen } from '../../texts/screens/profile.ts';
import { type BotContext, guestOf } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';

async function showProfile(ctx: BotContext): Promise<void> {
  const { em, shop, customer, texts } = guestOf(ctx);
  const [balances, orders, { friends, earnings }, achievements, watched] = await Promise.all([
    readWallet(em(), shop, customer.id),
    em().count(Order, { customerId: customer.id }),
    summariseReferrals(em(), customer.id),
    listAchievements(em(), customer.id),
    countWatched(em(), customer.id),
  ]);
  const discount = await readTierDiscount(em(), shop, earnings);
  const { currency } = shop;
  const profile = { balance: balanceOf(balances), currency, orders, friends, earnings, discount, watched, achievements };
  await show(ctx, profileScreen(texts, profile));
}

export function createProfileFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.command('profile', showProfile);
  onTap(feature, 'profile', showProfile);
  return feature;
}
