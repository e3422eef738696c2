/** Batches of voucher codes as staff make, export and revoke them; each act leaves an audit entry. */
import { randomBytes } from 'node:crypto';
import { endingLength, makeVoucherCode } from '../../domain/voucher.ts';
import { Audit } from '../entities/audit.ts';
import { VoucherBatch } from '../entities/voucher.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { hashOfSecret } from './voucher.ts';

export interface BatchWish {
  readonly shopId: number;
  readonly name: string;
  /** Of each code, minor units of the shop's currency. */
  readonly amount: number;
  readonly count: number;
  readonly expiresAt: Date | null;
  readonly actor: string;
  readonly at: Date;
}

/** Makes a batch. Its codes are answered now and never again: only their hashes are kept. */
export async function createBatch(
  em: EntityManager,
  wish: BatchWish,
): Promise<{ readonly batch: VoucherBatch; readonly codes: readonly string[] }> {
  const { actor, at, ...fields } = wish;
  const codes = Array.from({ length: wish.count }, () => makeVoucherCode(randomBytes(20)));
  return em.transactional(async (tx) => {
    const batch = tx.create(VoucherBatch, { ...fields, createdAt: at });
    tx.persist(batch);
    await tx.flush();
    await run(
      tx,
      `insert into voucher (shop_id, kind, status, hash, amount, batch_id, ending, expires_at, created_at)
       select $1, 'code', 'open', c.hash, $2, $3, c.ending, $4, $5 from unnest($6::text[], $7::text[]) c (hash, ending)`,
      [wish.shopId, wish.amount, batch.id, wish.expiresAt, at, codes.map(hashOfSecret), codes.map((code) => code.slice(-endingLength))],
    );
    record(tx, batch, { actor, action: 'voucherBatch.create', after: { name: wish.name, amount: wish.amount, count: wish.count }, at });
    await tx.flush();
    return { batch, codes };
  });
}

/** Revokes what of a batch nobody has claimed. @returns how many codes */
export async function revokeBatch(em: EntityManager, batch: VoucherBatch, { actor, at }: { actor: string; at: Date }): Promise<number> {
  return em.transactional(async (tx) => {
    const rows = await run(
      tx,
      `update voucher set status = 'revoked', closed_at = $2 where batch_id = $1 and status = 'open' returning id`,
      [batch.id, at],
    );
    await run(tx, 'update voucher_batch set revoked_at = coalesce(revoked_at, $2) where id = $1', [batch.id, at]);
    record(tx, batch, { actor, action: 'voucherBatch.revoke', after: { revoked: rows.length }, at });
    await tx.flush();
    return rows.length;
  });
}

export async function findBatch(em: EntityManager, shopId: number, id: number): Promise<VoucherBatch | undefined> {
  return (await em.findOne(VoucherBatch, { id, shopId }, { refresh: true })) ?? undefined;
}

/** The codes of a batch by their endings, with what became of them. */
export async function listBatchCodes(
  em: EntityManager,
  batchId: number,
): Promise<{ readonly ending: string; readonly status: string; readonly claimedAt: Date | null }[]> {
  const rows = await run<{ ending: string; status: string; claimed_at: Date | null }>(
    em,
    'select ending, status, claimed_at from voucher where batch_id = $1 order by id',
    [batchId],
  );
  return rows.map(({ ending, status, claimed_at }) => ({ ending, status, claimedAt: claimed_at === null ? null : new Date(claimed_at) }));
}

/** How batches have done; amounts in minor units of the shop's currency. */
export interface BatchStats {
  readonly id: number;
  readonly name: string;
  readonly amount: number;
  readonly count: number;
  readonly open: number;
  readonly claimed: number;
  readonly revoked: number;
  readonly paidOut: number;
}

/** The newest batches of a shop. */
export async function readBatchStats(em: EntityManager, shopId: number): Promise<BatchStats[]> {
  const rows = await run<Record<keyof BatchStats, string | number>>(
    em,
    `select b.id, b.name, b.amount, b.count, count(*) filter (where v.status = 'open')::int as open,
            count(*) filter (where v.status = 'claimed')::int as claimed, count(*) filter (where v.status = 'revoked')::int as revoked,
            coalesce(sum(v.amount) filter (where v.booked_at is not null), 0) as "paidOut"
       from voucher_batch b join voucher v on v.batch_id = b.id where b.shop_id = $1 group by b.id order by b.id desc limit 200`,
    [shopId],
  );
  return rows.map((row) => ({ ...row, id: Number(row.id), amount: Number(row.amount), paidOut: Number(row.paidOut) }) as BatchStats);
}

function record(em: EntityManager, { shopId, id }: VoucherBatch, entry: { actor: string; action: string; after: unknown; at: Date }): void {
  em.persist(em.create(Audit, { shopId, subject: 'voucherBatch', subjectId: String(id), before: null, ...entry }));
}
