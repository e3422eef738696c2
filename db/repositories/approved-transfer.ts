/** What staff approved, for whoever holds it against the bank's statement. */
import type { EntityManager } from '../orm.ts';

/** A transfer that staff approved: as it should stand in the bank's statement. Amount in minor units. */
export interface ApprovedTransfer {
  readonly shopId: number;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly depositCode: string;
  readonly at: number;
}

/** Approved since then, the latest first. */
export async function listApprovedTransfers(
  em: EntityManager,
  { since, limit }: { readonly since: Date; readonly limit: number },
): Promise<ApprovedTransfer[]> {
  const rows: { shop_id: string; reference: string; amount: string; currency: string; code: string; given_at: string | Date }[] =
    await em.execute(
      `select a.shop_id, a.reference, a.amount, d.currency, d.code, greatest(a.at, a.second_at) as given_at
         from approval a join deposit d on d.id = a.deposit_id
        where a.verdict = 'approve' and a.status = 'given' and greatest(a.at, a.second_at) >= ? order by given_at desc, a.id desc limit ?`,
      [since, limit],
    );
  return rows.map(({ shop_id, reference, amount, currency, code, given_at }) => ({
    shopId: Number(shop_id),
    reference,
    amount: Number(amount),
    currency,
    depositCode: code,
    at: new Date(given_at).getTime(),
  }));
}
