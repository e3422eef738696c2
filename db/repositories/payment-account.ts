/** Whether a shop can take money by a provider now, and through which account. */
import type { ProviderName } from '../../domain/payment.ts';
import { ProviderAccount } from '../entities/provider-account.ts';
import type { EntityManager } from '../orm.ts';

/** A burst of failed cards hides Stripe for that customer for a day (MONEY.md section 11). */
const mostFailedCards = 5;

/**
 * The wallet needs no account; every other provider needs an enabled one with keys (Stars use the bot's token).
 * `customer` at `at` is one whose failed cards are counted.
 */
export async function findUsableAccount(
  em: EntityManager,
  shopId: number,
  provider: ProviderName,
  customer?: { readonly id: number; readonly at: Date },
): Promise<{ usable: boolean; id: number | null }> {
  if (provider === 'wallet') return { usable: true, id: null };
  const account = await em.findOne(ProviderAccount, { shopId, provider });
  if (!account) return { usable: false, id: null };
  const usable = account.enabled && (provider === 'stars' || account.keys != null);
  const barred = usable && provider === 'stripe' && customer !== undefined && (await countFailedCards(em, customer)) >= mostFailedCards;
  return { usable: usable && !barred, id: account.id };
}

async function countFailedCards(em: EntityManager, { id, at }: { readonly id: number; readonly at: Date }): Promise<number> {
  const [row]: { failed: number }[] = await em.execute(
    `select count(*)::int as failed from inbox i join payment p on p.id = i.payment_id
      where p.customer_id = ? and p.provider = 'stripe' and i.type = 'payment_intent.payment_failed' and i.verdict = 'verified' and i.provider_at > ?`,
    [id, new Date(at.getTime() - 86_400_000)],
  );
  return row?.failed ?? 0;
}
