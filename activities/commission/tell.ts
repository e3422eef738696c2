/** What a movement of a commission changes for the referrer: earnings, and with them perhaps the tier; both are to be told. */
import { achievementsOfTier } from '../../domain/achievement.ts';
import { tierNames, tierOf } from '../../domain/tier.ts';
import type { Commission } from '../../db/entities/commission.ts';
import type { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { award } from '../../db/repositories/achievement.ts';
import { addNotice } from '../../db/repositories/notice.ts';
import { readTierDiscount } from '../../db/repositories/quote.ts';
import { addEarnings } from '../../db/repositories/referral.ts';

/** Counts `difference` (minor units, below 0 when taken back) into the referrer's earnings. */
export async function tellEarnings(
  em: EntityManager,
  { commission, shop }: { readonly commission: Commission; readonly shop: Shop },
  difference: number,
  kind: 'commissionPaid' | 'commissionTakenBack' | 'commissionGivenAgain',
): Promise<void> {
  const { id, postings, referrerId: customerId } = commission;
  const { currency } = shop;
  const earnings = await addEarnings(em, customerId, difference);
  const notice = { shopId: shop.id, customerId };
  await addNotice(em, {
    ...notice,
    key: `commission:${id}:${postings}`,
    content: { kind, amount: Math.abs(difference), currency, earnings },
  });
  const [before, tier] = [tierOf(earnings - difference, currency), tierOf(earnings, currency)];
  if (before === tier) return;
  const isHigher = tierNames.indexOf(tier) > tierNames.indexOf(before);
  if (isHigher) await award(em, notice, achievementsOfTier(tier), { silently: true });
  const discount = await readTierDiscount(em, shop, earnings);
  await addNotice(em, { ...notice, key: `tier:${id}:${postings}`, content: { kind: 'tierChanged', tier, isHigher, discount } });
}
