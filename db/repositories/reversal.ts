/** Money that providers took back, as far as people are to be told of it. */
import { newsOf } from '../../domain/reversal.ts';
import { Reversal } from '../entities/reversal.ts';
import type { EntityManager } from '../orm.ts';

/** Whether the customer is still to be told of a row of `reversal`, in SQL; as `newsOf` says it. */
export const isUntoldReversal = (row: string) =>
  `(${row}.taken_at is not null and case when ${row}.returned_at is null then ${row}.told is distinct from 'taken' else ${row}.told = 'taken' end)`;

/** What a deposit's customer is still to be told of, the oldest first. */
export async function listUntoldReversals(em: EntityManager, depositId: number): Promise<Reversal[]> {
  const reversals = await em.find(Reversal, { depositId, takenAt: { $ne: null } }, { orderBy: { id: 'asc' }, refresh: true });
  return reversals.filter((reversal) => newsOf(reversal) !== undefined);
}

/** Notes what the customer was told. */
export async function markReversalTold(em: EntityManager, { id }: Pick<Reversal, 'id'>, news: Reversal['told']): Promise<void> {
  await em.execute('update reversal set told = ? where id = ?', [news, id]);
}
