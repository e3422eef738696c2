/** Achievements: badges a customer gets once and keeps. Pure. */
import { currencyDecimals } from './money.ts';
import { type TierName, tierNames } from './tier.ts';

/** In the order they are shown; the words and the badge of each are in texts/. */
export const achievementNames = [
  'firstPurchase',
  'firstTopUp',
  'firstFriend',
  'tenFriends',
  'bigSpender',
  'silver',
  'gold',
  'platinum',
  'diamond',
] as const;
export type AchievementName = (typeof achievementNames)[number];

/** What orders must have come to for `bigSpender`, in whole units of the shop's currency. */
export const bigSpenderBegins = 1_000;

/** The same in minor units of `currency`. */
export function bigSpenderThreshold(currency: string): number {
  return bigSpenderBegins * 10 ** currencyDecimals(currency);
}

/** What as many friends bring. */
export function achievementsOfFriends(count: number): AchievementName[] {
  return [...(count >= 1 ? (['firstFriend'] as const) : []), ...(count >= 10 ? (['tenFriends'] as const) : [])];
}

/** What reaching a tier brings: those below it as well, since one commission may pass over them. */
export function achievementsOfTier(tier: TierName): AchievementName[] {
  const reached = tierNames.slice(0, tierNames.indexOf(tier) + 1);
  return reached.filter((name) => name !== 'bronze');
}
