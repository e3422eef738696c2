/** What every webhook asks of PostgreSQL, one call each: how fast that is, is how fast providers are answered. */
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import type { ProviderAccount } from '../entities/provider-account.ts';
import { cut, type InboxRow, type InsertedRow } from './inbox.ts';

/** A verified event of a webhook. Its order and outcome are found where it is stored. */
export type ToldEvent = Pick<
  InboxRow,
  'eventId' | 'type' | 'reason' | 'kind' | 'objectId' | 'paymentId' | 'amount' | 'currency' | 'liveMode' | 'providerAt' | 'body' | 'headers'
> & { readonly receivedAt: Date };

interface Row {
  readonly inbox_id: string;
  readonly is_fresh: boolean;
  readonly is_waiting: boolean;
  readonly order_code: string | null;
}

const receiving = `select * from receive_event(${Array.from({ length: 18 }, (_, index) => `$${index + 1}`).join(', ')})`;

/**
 * Stores an event once: the same event id again answers the first row. Events of one object are stored one after the other, so that money
 * told twice is known the second time, and so is the end of a payment that has ended.
 * @returns undefined when `account` is no longer as it was read: what its keys verified is then to be verified anew
 */
export async function receiveEvent(em: EntityManager, account: ProviderAccount, event: ToldEvent): Promise<InsertedRow | undefined> {
  const [row] = await run<Row>(em, receiving, [
    account.id,
    account.endpointId,
    account.keys ?? null,
    account.shopId,
    account.provider,
    cut(event.eventId, 255),
    cut(event.type, 255),
    event.reason == null ? null : cut(event.reason, 500),
    event.kind,
    cut(event.objectId, 255),
    event.paymentId ?? null,
    event.amount ?? null,
    event.currency ?? null,
    event.liveMode ?? null,
    event.providerAt,
    event.receivedAt,
    Buffer.from(event.body.buffer, event.body.byteOffset, event.body.byteLength),
    JSON.stringify(event.headers ?? {}),
  ]);
  return row && { id: Number(row.inbox_id), fresh: row.is_fresh, waiting: row.is_waiting, orderCode: row.order_code };
}

const webhookSecret = 'select webhook_secret from shop where id = $1 and webhook_endpoint_id = $2';

/** The sealed secret of a shop's Telegram webhook; undefined when it has none, or another address. */
export async function readWebhookSecret(em: EntityManager, shopId: number, endpointId: string): Promise<Buffer | undefined> {
  const [row] = await run<{ webhook_secret: Buffer | null }>(em, webhookSecret, [shopId, endpointId]);
  return row?.webhook_secret ?? undefined;
}
