/** Whether a shop can take money by a provider now, and through which account. */
import type { ProviderName } from '../../domain/payment.ts';
import { ProviderAccount } from '../entities/provider-account.ts';
import type { EntityManager } from '../orm.ts';

/** The wallet needs no account; every other provider needs an enabled one with keys (Stars use the bot's token). */
export async function findUsableAccount(
  em: EntityManager,
  shopId: number,
  provider: ProviderName,
): Promise<{ usable: boolean; id: number | null }> {
  if (provider === 'wallet') return { usable: true, id: null };
  const account = await em.findOne(ProviderAccount, { shopId, provider });
  if (!account) return { usable: false, id: null };
  return { usable: account.enabled && (provider === 'stars' || account.keys != null), id: account.id };
}
