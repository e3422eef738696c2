/** Verified money that fits nothing of ours: booked aside once, so that a person finds it; whatever else does not fit only keeps its reason. */
import { moneyKey, postSuspense } from '../../domain/ledger.ts';
import { isExternal, providerTraits } from '../../domain/payment.ts';
import { ProviderAccount } from '../../db/entities/provider-account.ts';
import type { EntityManager } from '../../db/orm.ts';
import { isPosted, post } from '../../db/repositories/ledger.ts';
import type { WaitingRow } from '../../db/repositories/order-rows.ts';

/**
 * Books the row's money as suspense when it reached this shop's account, in its currency and mode, and is not booked yet. Money for a payment
 * of another shop is that shop's: two shops may share an account with a provider, and both are told of everything.
 */
export async function laySuspense(
  em: EntityManager,
  shop: { readonly id: number; readonly currency: string },
  row: WaitingRow,
  at: Date,
  orderId?: number,
): Promise<void> {
  const { provider, amount } = row;
  if (!isExternal(provider) || row.kind !== 'settled' || amount == null || amount <= 0 || row.shopId !== shop.id) return;
  const currency = providerTraits[provider].currency === 'XTR' ? 'XTR' : shop.currency;
  const account = row.accountId == null ? null : await em.findOne(ProviderAccount, { id: row.accountId });
  const rightMode = row.liveMode == null || account?.liveMode === row.liveMode;
  if (row.currency !== currency || !rightMode || account?.shopId !== shop.id) return;
  const elsewhere: unknown[] = await em.execute('select 1 from payment where id = ? and shop_id <> ?', [row.paymentId ?? null, shop.id]);
  const key = moneyKey(row);
  if (elsewhere.length > 0 || (await isPosted(em, key))) return;
  await post(em, {
    shopId: shop.id,
    currency,
    key,
    legs: postSuspense(provider, amount),
    actor: `provider:${provider}`,
    reason: 'suspense',
    orderId,
    at,
  });
}
