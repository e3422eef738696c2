/** From a provider's raw request to inbox rows, and the ring after the answer. */
import type { ProviderAccount } from '../db/entities/provider-account.ts';
import {
  findPaymentOfObjects,
  hasPayment,
  type InboxRow,
  type InsertedRow,
  insertInboxRow,
  lockObject,
  markKnown,
  moneyNamedIn,
  refusedEventId,
} from '../db/repositories/inbox.ts';
import { openCredentials } from '../db/repositories/provider-account.ts';
import { findShop } from '../db/repositories/shop.ts';
import type { EntityManager } from '../db/orm.ts';
import type { PaymentGateway, ProviderEvent } from '../gateways/payments/provider.ts';
import { ringOrder } from '../temporal/order.ts';
import { startStray } from '../temporal/stray.ts';
import type { ApiContext } from './context.ts';
import { Problem } from './problem.ts';

/** What is kept of a request's headers: enough to explain a verdict, no secrets. */
const headersThatMatter = ['stripe-signature', 'user-agent', 'content-type'];

export interface Received {
  readonly account: ProviderAccount;
  readonly gateway: PaymentGateway;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** The address called, for the log and for refused rows. */
  readonly endpoint: string;
}

interface Stored extends InsertedRow {
  readonly event: ProviderEvent;
}

/**
 * Verifies a request and stores what it says. @returns the rows to ring for, once answered.
 * @throws Problem 400 when it is refused, and stored so; what cannot be stored is answered 503, so that the provider comes again
 */
export async function receiveEvents(context: ApiContext, received: Received): Promise<Stored[]> {
  const { account, gateway, body } = received;
  const { provider } = account;
  const em = context.db.em.fork();
  const receivedAt = Date.now();
  const shop = await findShop(em, account.shopId);
  const parsed = gateway.parse(body, received.headers, openCredentials(context.secrets, account, shop), receivedAt);
  if (parsed.verdict === 'refused') {
    context.metrics.webhooks.inc({ provider, verdict: 'refused' });
    await storeRefused(em, received, parsed.reason, receivedAt);
    throw new Problem(400, 'Refused', parsed.reason, { field: parsed.reason.split(':')[0] });
  }
  const stored: Stored[] = [];
  for (const event of parsed.events) {
    const row = await storeEvent(em, received, event, receivedAt);
    context.metrics.webhooks.inc({ provider, verdict: row.fresh ? 'verified' : 'repeated' });
    if (event.versionMismatch) context.log.warn({ provider, type: event.type, shopId: account.shopId }, 'event of another API version');
    stored.push({ ...row, event });
  }
  return stored;
}

async function storeRefused(em: EntityManager, received: Received, reason: string, receivedAt: number): Promise<void> {
  const { account, body, headers, endpoint } = received;
  await insertInboxRow(em, {
    shopId: account.shopId,
    provider: account.provider,
    accountId: account.id,
    source: 'webhook',
    eventId: refusedEventId(body, endpoint, receivedAt),
    type: 'refused',
    verdict: 'refused',
    reason,
    kind: 'other',
    objectId: '',
    providerAt: new Date(receivedAt),
    body,
    headers: pickHeaders(headers),
  });
}

async function storeEvent(em: EntityManager, received: Received, event: ProviderEvent, receivedAt: number): Promise<InsertedRow> {
  const { account, body, headers } = received;
  const { shopId, provider } = account;
  const asks = event.kind === 'disputed' || event.kind === 'refunded' || event.kind === 'refundFailed';
  const paymentId =
    event.paymentId ??
    (asks
      ? await findPaymentOfObjects(em, { shopId, provider, objectIds: [event.objectId, ...moneyNamedIn(body).filter(isPlain)] })
      : undefined);
  const row: InboxRow = {
    shopId,
    provider,
    accountId: account.id,
    source: 'webhook',
    eventId: event.eventId,
    type: event.type,
    verdict: 'verified',
    reason: event.versionMismatch ? 'another API version than ours' : null,
    ...(await outcomeAtReceipt(em, shopId, event, paymentId)),
    kind: event.kind,
    objectId: event.objectId,
    paymentId: paymentId ?? null,
    amount: event.money?.amount ?? null,
    currency: event.money?.currency ?? null,
    liveMode: event.liveMode ?? null,
    providerAt: new Date(event.at),
    body,
    headers: pickHeaders(headers),
  };
  // Two events of one object may come in the same instant: one after the other they know of each other, and one ring is enough.
  return em.transactional(async (tx) => {
    await lockObject(tx, row);
    const stored = await insertInboxRow(tx, row);
    const known = stored.fresh && stored.waiting && (await markKnown(tx, stored.id, new Date(receivedAt)));
    return known ? { ...stored, waiting: false } : stored;
  });
}

/** Ids of providers are; the database cannot be asked for what is not. */
const isPlain = (id: string) => /^[\x21-\x7e]{1,255}$/.test(id);

/** Other systems may use the same account: what names no payment of ours is kept and moves nothing. */
async function outcomeAtReceipt(
  em: EntityManager,
  shopId: number,
  event: ProviderEvent,
  paymentId: string | undefined,
): Promise<Pick<InboxRow, 'outcome' | 'outcomeReason'>> {
  if (paymentId === undefined) return { outcome: 'notOurs', outcomeReason: 'names no payment' };
  // Money for a payment we do not know is a matter of its own workflow; anything else about it is nothing of ours.
  if (event.kind !== 'settled' && !(await hasPayment(em, shopId, paymentId))) {
    return { outcome: 'notOurs', outcomeReason: 'names a payment this shop does not have' };
  }
  return { outcome: null };
}

/** Rings for stored rows; what fails is left to the relay. */
export async function ringFor(context: Pick<ApiContext, 'door' | 'log'>, account: ProviderAccount, rows: readonly Stored[]): Promise<void> {
  for (const row of rows.filter((candidate) => candidate.waiting)) {
    try {
      if (row.orderCode !== null && (await ringOrder(context.door, row.orderCode))) continue;
      await startStray(context.door, { provider: account.provider, objectId: row.event.objectId, shopId: account.shopId });
    } catch (err) {
      context.log.warn({ err, inboxId: row.id }, 'not rung; the relay will');
    }
  }
}

function pickHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    headersThatMatter.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name].slice(0, 1_000)]])),
  );
}
