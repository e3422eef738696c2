/** Message credits: how many a customer has. */
import { creditCurrency } from '../../domain/ledger.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** Unspent credits of a customer. */
export async function readCredits(em: EntityManager, { shopId, customerId }: { shopId: number; customerId: number }): Promise<number> {
  const [row] = await run<{ balance: string }>(
    em,
    "select balance from account where shop_id = $1 and currency = $2 and kind = 'credits' and owner = $3",
    [shopId, creditCurrency, `customer:${customerId}`],
  );
  return Number(row?.balance ?? 0);
}

/** The same, locked until the end of the transaction. */
export async function lockCredits(em: EntityManager, { shopId, customerId }: { shopId: number; customerId: number }): Promise<number> {
  const [row] = await run<{ balance: string }>(em, 'select balance from lock_named_accounts($1, $2, $3, $4)', [
    shopId,
    creditCurrency,
    ['credits'],
    [`customer:${customerId}`],
  ]);
  return Number(row?.balance ?? 0);
}
