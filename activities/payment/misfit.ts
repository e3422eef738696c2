/** Whether what a provider said may touch the payment it names. */
import type { EntityManager } from '../../db/orm.ts';
import { run } from '../../db/prepared.ts';
import type { PaymentInStep, WaitingRow } from '../../db/repositories/order-rows.ts';

/** Why a verified row may not touch `payment`, or undefined when it may. */
export async function findMisfit(
  em: EntityManager,
  row: WaitingRow,
  payment: Pick<PaymentInStep, 'shopId' | 'provider' | 'accountId' | 'currency'>,
): Promise<string | undefined> {
  if (row.shopId !== payment.shopId) return 'another shop';
  if (row.provider !== payment.provider) return 'another provider';
  if ((row.accountId ?? null) !== (payment.accountId ?? null)) return 'another provider account';
  if (row.liveMode != null && row.accountId != null) {
    const [account] = await run<{ live_mode: boolean }>(em, 'select live_mode from provider_account where id = $1', [row.accountId]);
    if (account && account.live_mode !== row.liveMode)
      return row.liveMode ? 'live money for a test account' : 'test money for a live account';
  }
  // What is told in coins is valued after this.
  if (row.kind === 'settled' && row.coins == null) {
    if (row.amount == null || row.currency == null) return 'money without amount';
    if (row.currency !== payment.currency) return `another currency: ${row.currency}`;
    if (row.amount <= 0) return 'no money';
  }
  return undefined;
}
