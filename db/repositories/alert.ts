/** Alerts to a shop's staff: raised once by their key, told once. */
import type { AlertKind, AlertParams } from '../../domain/alert.ts';
import { Alert } from '../entities/alert.ts';
import type { EntityManager } from '../orm.ts';

export interface RaisedAlert {
  readonly shopId: number;
  /** What it is about: the same twice is one. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly params: AlertParams;
  readonly at: Date;
}

/** Writes it once by shop and key, in the caller's transaction if there is one. Whoever can starts `alert:<shop>` then; the relay does anyway. */
export async function raiseAlert(em: EntityManager, { shopId, key, kind, params, at }: RaisedAlert): Promise<void> {
  await em.execute(
    `insert into alert (shop_id, key, kind, params, raised_at) values (?, ?, ?, ?::jsonb, ?) on conflict (shop_id, key) do nothing`,
    [shopId, key, kind, JSON.stringify(params), at],
  );
}

/** The oldest alerts the staff were not told. */
export function listUntold(em: EntityManager, shopId: number, limit: number): Promise<Alert[]> {
  return em.find(Alert, { shopId, toldAt: null }, { orderBy: { id: 'asc' }, limit });
}

/** Notes that it was told; `messageId` is null when the chat cannot be written to. */
export async function markTold(
  em: EntityManager,
  { id, at, messageId }: { id: number; at: Date; messageId: number | null },
): Promise<void> {
  await em.execute('update alert set told_at = ?, message_id = ? where id = ? and told_at is null', [at, messageId, id]);
}

/** The newest alerts of a shop, or of all. */
export function listAlerts(em: EntityManager, { shopId, limit }: { shopId?: number | undefined; limit: number }): Promise<Alert[]> {
  return em.find(Alert, shopId === undefined ? {} : { shopId }, { orderBy: { id: 'desc' }, limit });
}
