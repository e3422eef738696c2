/** Whether a shop can take money by a method now, and through which account. */
import { type MethodName, type ProviderName, providerOfMethod, takesCurrency } from '../../domain/payment.ts';
import { ProviderAccount } from '../entities/provider-account.ts';
import type { EntityManager } from '../orm.ts';
import { judgeMethod, type MethodVerdict } from './method-rule.ts';

/** A burst of failed cards hides Stripe for that customer for a day (MONEY.md section 11). */
const mostFailedCards = 5;

/** What decides whether an account may be used; `hasKeys` says that the shop gave keys for it. */
export interface AccountFacts {
  readonly id: number;
  readonly enabled: boolean;
  readonly hasKeys: boolean;
}

export interface UsableAccount {
  readonly usable: boolean;
  readonly id: number | null;
}

/** The wallet needs no account; every other provider needs an enabled one with keys (Stars use the bot's token, chains the shop's public keys). */
export function judgeAccount(provider: ProviderName, account: AccountFacts | null, failedCards: number): UsableAccount {
  if (provider === 'wallet') return { usable: true, id: null };
  if (!account) return { usable: false, id: null };
  const barred = provider === 'stripe' && failedCards >= mostFailedCards;
  return { usable: account.enabled && (provider === 'stars' || provider === 'chain' || account.hasKeys) && !barred, id: account.id };
}

export interface UsableMethod extends UsableAccount, MethodVerdict {}

/** Whether a method can be used now: its account, which may have been given enough for another one only, its currency, the shop's rule, how it fares, and the customer's own failed cards where one is named. */
export async function findUsableMethod(
  em: EntityManager,
  shop: { readonly id: number; readonly currency: string },
  method: MethodName,
  asked: { readonly customerId?: number | undefined; readonly at: Date },
): Promise<UsableMethod> {
  const provider = providerOfMethod[method];
  const verdict = await judgeMethod(em, shop, method, asked);
  if (provider === 'wallet') return { ...judgeAccount(provider, null, 0), ...verdict };
  const account = await em.findOne(ProviderAccount, { shopId: shop.id, provider });
  const facts = account && { id: account.id, enabled: account.enabled, hasKeys: account.keys != null };
  const { customerId, at } = asked;
  const failedCards = provider === 'stripe' && customerId !== undefined ? await countFailedCards(em, { id: customerId, at }) : 0;
  const { usable, id } = judgeAccount(provider, facts, failedCards);
  const isGiven = account?.methods == null || account.methods.includes(method);
  return { ...verdict, id, usable: usable && isGiven && takesCurrency(method, shop.currency) && verdict.barred === undefined };
}

async function countFailedCards(em: EntityManager, { id, at }: { readonly id: number; readonly at: Date }): Promise<number> {
  const [row]: { failed: number }[] = await em.execute(
    `select count(*)::int as failed from inbox i join payment p on p.id = i.payment_id
      where p.customer_id = ? and p.provider = 'stripe' and i.type = 'payment_intent.payment_failed' and i.verdict = 'verified' and i.provider_at > ?`,
    [id, new Date(at.getTime() - 86_400_000)],
  );
  return row?.failed ?? 0;
}
