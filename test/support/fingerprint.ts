/** What every table holds, in a few characters: the same before and after whatever must change nothing. */
import type { EntityManager } from '../../db/orm.ts';

/** Tables that hold money, orders, goods and rights. */
const kept = [
  'account',
  'achievement',
  'audit',
  'commission',
  'delivery',
  'free_unit',
  'notice',
  'order',
  'order_line',
  'payment',
  'pickup_point',
  'product',
  'provider_account',
  'receipt',
  'receipt_counter',
  'referral',
  'refund',
  'setting',
  'shop',
  'staff',
  'stage',
  'stage_send',
  'transfer',
  'unit',
] as const;

/** Rows of people, which a visit may add or touch. */
const personal = ['basket', 'basket_line', 'customer', 'referrer'] as const;

export type Fingerprint = Readonly<Record<string, string>>;

/**
 * Count and checksum of each table; of the inbox, of what is verified: a refused row may be stored and moves nothing.
 * @param options.people also the rows of people
 */
export async function takeFingerprint(em: EntityManager, { people = true }: { people?: boolean } = {}): Promise<Fingerprint> {
  const tables = [...kept, ...(people ? personal : [])].map((table) => ({ table, from: `"${table}" r` }));
  const selects = [...tables, { table: 'inbox', from: `inbox r where r.verdict = 'verified'` }].map(
    ({ table, from }) =>
      `select '${table}' as table, count(*) || ' ' || coalesce(md5(string_agg(r::text, '\n' order by r::text)), '') as sum from ${from}`,
  );
  const rows: { table: string; sum: string }[] = await em.execute(selects.join(' union all '));
  return Object.fromEntries(rows.map(({ table, sum }) => [table, sum]));
}
