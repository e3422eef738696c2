/** The customer at a glance: tier, wallet, orders, friends, badges. */
import { type AchievementName, achievementNames } from '../../domain/achievement.ts';
import type { Texts } from '../bundle.ts';
import { bold, lines } from '../rich-text.ts';
import { tierLines } from './referral.ts';
import { homeButton, makeScreen, type Screen, tapButton } from './screen.ts';

/** Amounts in minor units of `currency`. */
export interface ShownProfile {
  readonly balance: number;
  readonly currency: string;
  readonly orders: number;
  readonly friends: number;
  readonly earnings: number;
  /** What the tier takes off every price, whole percent. */
  readonly discount: number;
  /** Sold-out products they wait for. */
  readonly watched: number;
  readonly achievements: readonly AchievementName[];
}

export function profileScreen(texts: Texts, profile: ShownProfile): Screen {
  const { balance, currency, orders, friends, achievements } = profile;
  const left = achievementNames.length - achievements.length;
  const content = lines([
    bold(texts.say('profile-title')),
    '',
    ...tierLines(texts, profile),
    '',
    texts.say('profile-wallet', { amount: texts.money(balance, currency) }),
    texts.say('profile-orders', { count: orders }),
    texts.say('profile-friends', { count: friends }),
    texts.say('profile-language', { language: texts.say('language-name') }),
    '',
    bold(texts.say('profile-badges')),
    ...(achievements.length === 0 ? [texts.say('profile-badges-none')] : []),
    ...achievements.map((name) => texts.say(`achievement-${name}`)),
    achievements.length > 0 && left > 0 ? texts.say('profile-badges-left', { count: left }) : undefined,
  ]);
  return makeScreen(content, [
    [tapButton(texts.say('menu-wallet'), { to: 'wallet', page: 0 }), tapButton(texts.say('menu-orders'), { to: 'orders', page: 0 })],
    [tapButton(texts.say('menu-referrals'), { to: 'referrals' }), tapButton(texts.say('menu-language'), { to: 'language' })],
    [tapButton(texts.say('stock-watch-list', { count: profile.watched }), { to: 'watches' })],
    [homeButton(texts)],
  ]);
}
