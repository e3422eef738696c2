/** Notices: written with what they are about, told by the workflow of their customer. */
import type { NoticeContent } from '../../domain/notice.ts';
import { Notice } from '../entities/notice.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

export interface NewNotice {
  readonly shopId: number;
  readonly customerId: number;
  /** Unique in the shop: the same is never told twice. */
  readonly key: string;
  readonly content: NoticeContent;
}

/** Adds a notice to this transaction, unless there is one with its key. */
export async function addNotice(em: EntityManager, { shopId, customerId, key, content }: NewNotice): Promise<void> {
  await run(em, 'insert into notice (shop_id, customer_id, key, content) values ($1, $2, $3, $4) on conflict (shop_id, key) do nothing', [
    shopId,
    customerId,
    key,
    JSON.stringify(content),
  ]);
}

/** What a customer was not told yet, oldest first. */
export function listUntold(em: EntityManager, customerId: number): Promise<Notice[]> {
  return em.find(Notice, { customerId, toldAt: null }, { orderBy: { id: 'asc' } });
}

export async function markTold(em: EntityManager, noticeId: number, at: Date): Promise<void> {
  await run(em, 'update notice set told_at = $2 where id = $1', [noticeId, at]);
}
