/** What of a wallet's cash is which deposit's: the ledger read from its beginning. */
import { moneyKey } from '../../domain/ledger.ts';
import type { ExternalProvider } from '../../domain/payment.ts';
import { type CashMove, restsOf } from '../../domain/payout.ts';
import type { EntityManager } from '../orm.ts';

/**
 * What is left of each of a customer's deposits in their cash, by the deposit's code. Under the wallet's lock it stays so.
 * Deposits whose money is all gone may be missing.
 */
export async function readRests(
  em: EntityManager,
  { shopId, currency, customerId }: { readonly shopId: number; readonly currency: string; readonly customerId: number },
): Promise<ReadonlyMap<string, number>> {
  const deposits = await readKeys(em, customerId);
  const rows: { key: string; amount: string; order_id: string | null; other: string; owner: string }[] = await em.execute(
    `select t.key, case when t.credit_account_id = a.id then t.amount else -t.amount end as amount, t.order_id, o.kind as other, o.owner
       from account a join transfer t on t.credit_account_id = a.id or t.debit_account_id = a.id
       join account o on o.id = case when t.credit_account_id = a.id then t.debit_account_id else t.credit_account_id end
      where a.shop_id = ? and a.currency = ? and a.owner = ? and a.kind = 'cash'
      order by t.id`,
    [shopId, currency, `customer:${customerId}`],
  );
  const moves = rows.map(({ key, amount, order_id, other, owner }): CashMove => {
    // Money of an order that came from outside, or was to go there, was never this wallet's before.
    const isOwn = other === 'held' || other === 'revenue' || other === 'tax:payable';
    return {
      amount: Number(amount),
      depositCode: deposits.get(key.slice(0, key.indexOf('#'))) ?? null,
      // What comes back of a gift link is of the deposits it came from too; its number is no order's.
      orderId: other === 'voucher' ? -Number(owner.split(':')[1]) : isOwn && order_id !== null ? Number(order_id) : null,
    };
  });
  return restsOf(moves);
}

/** The keys of postings that are about one deposit's money, with its code. */
async function readKeys(em: EntityManager, customerId: number): Promise<ReadonlyMap<string, string>> {
  const rows: { code: string; shop_id: string; provider: ExternalProvider; object_id: string; ends: string[] }[] = await em.execute(
    `select d.code, i.shop_id, i.provider, i.object_id, array[''] as ends from deposit d join inbox i on i.deposit_id = d.id
      where d.customer_id = ? and i.kind = 'settled' and i.outcome = 'applied'
     union all
     select d.code, v.shop_id, v.provider, v.object_id, array[':taken', ':returned'] from deposit d join reversal v on v.deposit_id = d.id
      where d.customer_id = ?`,
    [customerId, customerId],
  );
  const payouts: { code: string; of: string }[] = await em.execute(
    'select p.code, d.code as of from payout p join deposit d on d.id = p.deposit_id where d.customer_id = ?',
    [customerId],
  );
  return new Map([
    ...rows.flatMap(({ code, shop_id, provider, object_id, ends }) =>
      ends.map((end) => [`${moneyKey({ provider, shopId: Number(shop_id), objectId: object_id })}${end}`, code] as const),
    ),
    ...payouts.flatMap(({ code, of }) => ['decided', 'failed'].map((end) => [`${code}:${end}`, of] as const)),
  ]);
}
