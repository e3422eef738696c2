/** The least that can be topped up: 5.00 EUR, or what that is in the shop's currency today. */
import { depositMinimumEuro } from '../../domain/deposit.ts';
import { convert } from '../../domain/rate.ts';
import { settings } from '../../domain/setting.ts';
import { Setting } from '../entities/setting.ts';
import type { EntityManager } from '../orm.ts';
import { readDayRate } from './rate.ts';

/**
 * Minor units of the shop's currency, rounded up. It goes by the first rate of the day (UTC), else by the last before it, however old: it prices
 * nothing, and a minimum that moved every ten minutes would refuse what was offered a moment ago. While no rate is known at all it is 5.00 of
 * whatever currency. A shop's own setting raises it; without any rate it is taken as it is.
 */
export async function readDepositMinimum(
  em: EntityManager,
  shop: { readonly id: number; readonly currency: string },
  at: Date,
): Promise<number> {
  const own = (await em.findOne(Setting, { shopId: shop.id, key: 'depositMinimum' }))?.value;
  const rate = await readDayRate(em, { base: 'EUR', quote: shop.currency, at });
  if (rate === undefined) return own ?? settings.depositMinimum.fallback;
  return Math.max(own ?? 0, convert(depositMinimumEuro, { from: 'EUR', to: shop.currency, rate, round: 'up' }));
}
