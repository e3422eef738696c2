/** What every webhook asks of PostgreSQL, for many at once: how fast that is, is how fast providers are answered. */
import type { Payable } from '../../domain/payment.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import type { ProviderAccount } from '../entities/provider-account.ts';
import { cut, type InboxRow, type InsertedRow } from './inbox.ts';

/** A verified event of a webhook. What it is about and its outcome are found where it is stored. */
export type ToldEvent = Pick<
  InboxRow,
  | 'eventId'
  | 'type'
  | 'reason'
  | 'kind'
  | 'objectId'
  | 'paymentId'
  | 'moneyObject'
  | 'amount'
  | 'currency'
  | 'liveMode'
  | 'coins'
  | 'providerAt'
  | 'body'
  | 'headers'
> & { readonly receivedAt: Date };

interface Row {
  readonly place: string;
  readonly inbox_id: string;
  readonly is_fresh: boolean;
  readonly is_waiting: boolean;
  readonly about_noun: Payable['noun'] | null;
  readonly about_code: string | null;
}

/** A verified event and the account whose keys verified it. */
export interface ReceivedEvent {
  readonly account: ProviderAccount;
  readonly event: ToldEvent;
}

/** The arguments of `receive_event`, in its order. */
const columns: readonly { readonly type: string; readonly of: (received: ReceivedEvent) => unknown }[] = [
  { type: 'bigint', of: ({ account }) => account.id },
  { type: 'text', of: ({ account }) => account.endpointId },
  { type: 'bytea', of: ({ account }) => account.keys ?? null },
  { type: 'bigint', of: ({ account }) => account.shopId },
  { type: 'text', of: ({ account }) => account.provider },
  { type: 'text', of: ({ event }) => cut(event.eventId, 255) },
  { type: 'text', of: ({ event }) => cut(event.type, 255) },
  { type: 'text', of: ({ event }) => (event.reason == null ? null : cut(event.reason, 500)) },
  { type: 'text', of: ({ event }) => event.kind },
  { type: 'text', of: ({ event }) => cut(event.objectId, 255) },
  { type: 'text', of: ({ event }) => event.paymentId ?? null },
  { type: 'bigint', of: ({ event }) => event.amount ?? null },
  { type: 'text', of: ({ event }) => event.currency ?? null },
  { type: 'boolean', of: ({ event }) => event.liveMode ?? null },
  { type: 'timestamptz', of: ({ event }) => event.providerAt },
  { type: 'timestamptz', of: ({ event }) => event.receivedAt },
  { type: 'bytea', of: ({ event: { body } }) => Buffer.from(body.buffer, body.byteOffset, body.byteLength) },
  { type: 'jsonb', of: ({ event }) => JSON.stringify(event.headers ?? {}) },
  { type: 'jsonb', of: ({ event }) => (event.coins == null ? null : JSON.stringify(event.coins)) },
  { type: 'text', of: ({ event }) => (event.moneyObject == null ? null : cut(event.moneyObject, 255)) },
];
const names = columns.map((_, index) => `a${index + 1}`).join(', ');
const receiving = `select e.place, r.* from unnest(${columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')})
  with ordinality as e(${names}, place) cross join lateral receive_event(${names.replaceAll('a', 'e.a')}) r`;

/**
 * Stores events once: the same event id again answers the first row. Events of one object are stored one after the other, so that money
 * told twice is known the second time, and so is the end of a payment that has ended. All are stored, or none.
 * @returns for each its row; undefined when its account is no longer as it was read: what its keys verified is then to be verified anew
 */
export async function receiveAll(em: EntityManager, all: readonly ReceivedEvent[]): Promise<(InsertedRow | undefined)[]> {
  // Each object of money is locked until all are stored. Processes that store the same objects take them in the same order, or they would meet.
  const sorted = [...all.keys()].sort((one, other) => compare(objectOf(all[one]), objectOf(all[other])) || one - other);
  const rows = await run<Row>(
    em,
    receiving,
    columns.map(({ of }) => sorted.map((index) => of(all[index] as ReceivedEvent))),
  );
  const found: (InsertedRow | undefined)[] = all.map(() => undefined);
  for (const { place, inbox_id, is_fresh, is_waiting, about_noun: noun, about_code: code } of rows) {
    const about = noun === null || code === null ? null : { noun, code };
    found[sorted[Number(place) - 1] as number] = { id: Number(inbox_id), fresh: is_fresh, waiting: is_waiting, about };
  }
  return found;
}

const objectOf = (received: ReceivedEvent | undefined) => received?.event.moneyObject ?? received?.event.objectId ?? '';
const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

const accountKeys = `select a.place, p.keys from unnest($1::bigint[], $2::bigint[], $3::text[]) with ordinality as a(id, shop_id, endpoint_id, place)
  join provider_account p on p.id = a.id and p.shop_id = a.shop_id and p.endpoint_id = a.endpoint_id`;

/** Of each account whether its address and its keys are as it was read. */
export async function areAsRead(em: EntityManager, accounts: readonly ProviderAccount[]): Promise<boolean[]> {
  const rows = await run<{ place: string; keys: Buffer | null }>(em, accountKeys, [
    accounts.map(({ id }) => id),
    accounts.map(({ shopId }) => shopId),
    accounts.map(({ endpointId }) => endpointId),
  ]);
  const standing = accounts.map(() => false);
  for (const { place, keys: now } of rows) {
    const { keys = null } = accounts[Number(place) - 1] as ProviderAccount;
    standing[Number(place) - 1] = now === null || keys === null ? now === keys : now.equals(keys);
  }
  return standing;
}

const webhookSecrets = `select a.place, s.webhook_secret from unnest($1::bigint[], $2::text[]) with ordinality as a(shop_id, endpoint_id, place)
  join shop s on s.id = a.shop_id and s.webhook_endpoint_id = a.endpoint_id`;

/** The sealed secrets of shops' Telegram webhooks, each undefined when it has none, or another address. */
export async function readWebhookSecrets(
  em: EntityManager,
  addresses: readonly { readonly shopId: number; readonly endpointId: string }[],
): Promise<(Buffer | undefined)[]> {
  const rows = await run<{ place: string; webhook_secret: Buffer | null }>(em, webhookSecrets, [
    addresses.map(({ shopId }) => shopId),
    addresses.map(({ endpointId }) => endpointId),
  ]);
  const found: (Buffer | undefined)[] = addresses.map(() => undefined);
  for (const { place, webhook_secret } of rows) found[Number(place) - 1] = webhook_secret ?? undefined;
  return found;
}
