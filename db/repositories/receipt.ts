/** Receipts and credit notes, numbered without gaps per shop, kind and year. */
import { Receipt } from '../entities/receipt.ts';
import type { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';

/** Draws the next number and writes the document; repeated for the same order or refund it does nothing. Call it last in a transaction. */
export async function issueReceipt(
  em: EntityManager,
  issue: {
    shop: Shop;
    kind: 'receipt' | 'creditNote';
    orderId: number;
    refundId?: string;
    currency: string;
    total: number;
    tax: number;
    at: Date;
  },
): Promise<void> {
  const { shop, kind, orderId, refundId, currency, total, tax, at } = issue;
  const already = await em.findOne(Receipt, refundId ? { refundId } : { orderId, kind });
  if (already) return;
  const year = yearIn(shop.timeZone, at);
  const [row]: { last: number }[] = await em.execute(
    `insert into receipt_counter (shop_id, kind, year, last) values (?, ?, ?, 1)
     on conflict (shop_id, kind, year) do update set last = receipt_counter.last + 1 returning last`,
    [shop.id, kind, year],
  );
  em.persist(
    em.create(Receipt, {
      shopId: shop.id,
      kind,
      year,
      number: row?.last ?? 1,
      orderId,
      refundId: refundId ?? null,
      currency,
      total,
      tax,
      issuedAt: at,
    }),
  );
  await em.flush();
}

/** The calendar year of `at` in a time zone. */
function yearIn(timeZone: string, at: Date): number {
  return Number(new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', calendar: 'gregory', numberingSystem: 'latn' }).format(at));
}
