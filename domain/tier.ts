/** Tiers: what a customer's earnings by friends make them, and the discount that comes with it. Pure. */
import { currencyDecimals } from './money.ts';
import type { SettingKey } from './setting.ts';

/** From the least to the highest. */
export const tierNames = ['bronze', 'silver', 'gold', 'platinum', 'diamond'] as const;
export type TierName = (typeof tierNames)[number];

/** Earnings a tier begins at, in whole units of the shop's currency. */
export const tierBegins: Readonly<Record<TierName, number>> = { bronze: 0, silver: 100, gold: 500, platinum: 1_000, diamond: 5_000 };

/** Earnings a tier begins at, minor units of `currency`. */
export function tierThreshold(tier: TierName, currency: string): number {
  return tierBegins[tier] * 10 ** currencyDecimals(currency);
}

/** The tier of earnings in minor units of `currency`; exactly its beginning is it already. */
export function tierOf(earnings: number, currency: string): TierName {
  return tierNames.findLast((tier) => earnings >= tierThreshold(tier, currency)) ?? 'bronze';
}

/** The tier after this one; undefined after the highest. */
export function nextTier(tier: TierName): TierName | undefined {
  return tierNames[tierNames.indexOf(tier) + 1];
}

/** The shop's setting of a tier's discount, whole percent. */
export const tierDiscountKeys: Readonly<Record<TierName, SettingKey>> = {
  bronze: 'bronzeDiscount',
  silver: 'silverDiscount',
  gold: 'goldDiscount',
  platinum: 'platinumDiscount',
  diamond: 'diamondDiscount',
};
