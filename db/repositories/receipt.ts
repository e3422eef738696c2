/** Receipts and credit notes, numbered without gaps per shop, kind and year. */
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

export interface ReceiptIssue {
  readonly shop: { readonly id: number; readonly timeZone: string };
  readonly kind: 'receipt' | 'creditNote';
  readonly orderId: number;
  /** Of a credit note. */
  readonly refundId?: string;
  readonly currency: string;
  readonly total: number;
  readonly tax: number;
  readonly at: Date;
}

/**
 * Draws the next number and writes the document; repeated for the same order or refund it does nothing. Call it last in a transaction: the
 * counter's row is locked until its end.
 */
export async function issueReceipt(em: EntityManager, issue: ReceiptIssue): Promise<void> {
  const { shop, kind, orderId, refundId = null, currency, total, tax, at } = issue;
  await run(
    em,
    `with drawn as (
       insert into receipt_counter (shop_id, kind, year, last)
       select $1::bigint, $2::text, $3::int, 1
        where not exists (select from receipt r where r.refund_id = $5)
          and not exists (select from receipt r where $5::text is null and r.order_id = $4 and r.kind = 'receipt')
       on conflict (shop_id, kind, year) do update set last = receipt_counter.last + 1
       returning last)
     insert into receipt (shop_id, kind, year, number, order_id, refund_id, currency, total, tax, issued_at)
     select $1, $2, $3, drawn.last, $4, $5, $6, $7, $8, $9 from drawn`,
    [shop.id, kind, yearIn(shop.timeZone, at), orderId, refundId, currency, total, tax, at],
  );
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar year of `at` in a time zone. */
function yearIn(timeZone: string, at: Date): number {
  let format = formats.get(timeZone);
  if (!format) {
    // Making one costs more than the statement it is for.
    format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', calendar: 'gregory', numberingSystem: 'latn' });
    formats.set(timeZone, format);
  }
  return Number(format.format(at));
}
