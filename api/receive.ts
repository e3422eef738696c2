/** From a provider's raw request to inbox rows, and the ring after the answer. */
import { cut, type InsertedRow, insertInboxRow, refusedEventId } from '../db/repositories/inbox.ts';
import { findPaymentOfObject } from '../db/repositories/payment.ts';
import type { PaymentGateway, ProviderEvent } from '../gateways/payments/provider.ts';
import type { KnownAccount } from './accounts.ts';
import type { ApiContext } from './context.ts';
import { Problem } from './problem.ts';

/** What is looked at and kept of a request's headers: enough to verify it and to explain a verdict, no secrets. */
const headersThatMatter = ['stripe-signature', 'x-nowpayments-sig', 'user-agent', 'content-type'];
/** How often an account may change under one request before it is asked for again. */
const mostTries = 3;

export interface Received {
  readonly found: KnownAccount;
  readonly gateway: PaymentGateway;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether what was found still holds. */
  readonly stands: (found: KnownAccount) => Promise<boolean>;
  /** The account as it stands now, when what was found proves to be old. */
  readonly readAgain: () => Promise<KnownAccount | undefined>;
}

interface Stored extends InsertedRow {
  readonly event: ProviderEvent;
}

/**
 * Verifies a request and stores what it says. @returns the rows to ring for, once answered.
 * @throws Problem 400 when it is refused, and stored so; what cannot be stored is answered 503, so that the provider comes again
 */
export async function receiveEvents(context: ApiContext, received: Received): Promise<Stored[]> {
  const { gateway, body, headers, stands, readAgain } = received;
  const receivedAt = Date.now();
  let found: KnownAccount | undefined = received.found;
  for (let tries = 0; found && tries < mostTries; tries += 1) {
    const parsed = gateway.parse(body, headers, found.credentials, receivedAt);
    if (parsed.verdict === 'verified') {
      const stored = await storeEvents(context, { ...received, found }, parsed.events, receivedAt);
      if (stored) return stored;
    } else if (!found.remembered || (await stands(found))) {
      context.metrics.webhooks.inc({ provider: found.account.provider, verdict: 'refused' });
      await storeRefused(context, { ...received, found }, parsed.reason, receivedAt);
      throw new Problem(400, 'Refused', parsed.reason, { field: parsed.reason.split(':')[0] });
    }
    found = await readAgain();
  }
  throw new Error('The account changed while an event of it was received');
}

/** @returns undefined when the account is no longer what the events were verified with; what is stored by then is stored once */
async function storeEvents(
  context: ApiContext,
  received: Received,
  events: readonly ProviderEvent[],
  receivedAt: number,
): Promise<Stored[] | undefined> {
  const { shopId, provider } = received.found.account;
  const stored: Stored[] = [];
  for (const event of events) {
    const row = await storeEvent(context, received, event, receivedAt);
    if (!row) return undefined;
    context.metrics.webhooks.inc({ provider, verdict: row.fresh ? 'verified' : 'repeated' });
    if (event.versionMismatch) context.log.warn({ provider, type: event.type, shopId }, 'event of another API version');
    stored.push({ ...row, event });
  }
  return stored;
}

async function storeRefused(context: ApiContext, { found, body, headers }: Received, reason: string, receivedAt: number): Promise<void> {
  const { account } = found;
  const eventId = refusedEventId(body, account.endpointId, receivedAt);
  if (context.refused.has(eventId)) return;
  await insertInboxRow(context.db.em.fork(), {
    shopId: account.shopId,
    provider: account.provider,
    accountId: account.id,
    source: 'webhook',
    eventId,
    type: 'refused',
    verdict: 'refused',
    reason,
    kind: 'other',
    objectId: '',
    providerAt: new Date(receivedAt),
    body,
    headers: cutHeaders(headers),
  });
  context.refused.add(eventId);
}

async function storeEvent(
  context: ApiContext,
  { found, body, headers }: Received,
  event: ProviderEvent,
  receivedAt: number,
): Promise<InsertedRow | undefined> {
  const { account } = found;
  const { shopId, provider } = account;
  const { parentObject } = event;
  const paymentId =
    event.paymentId ??
    (parentObject === undefined
      ? undefined
      : await findPaymentOfObject(context.db.em.fork(), { shopId, provider, providerObject: parentObject }));
  return context.storeEvent({
    account,
    event: {
      eventId: event.eventId,
      type: event.type,
      reason: event.versionMismatch ? 'another API version than ours' : null,
      kind: event.kind,
      objectId: event.objectId,
      paymentId,
      moneyObject: event.moneyObject,
      amount: event.money?.amount,
      currency: event.money?.currency,
      liveMode: event.liveMode,
      coins: event.coins,
      providerAt: new Date(event.at),
      receivedAt: new Date(receivedAt),
      body,
      headers: cutHeaders(headers),
    },
  });
}

/** Those of a request's headers that matter, as they came. */
export function pickHeaders(headers: Headers): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of headersThatMatter) {
    const value = headers.get(name);
    if (value !== null) picked[name] = value;
  }
  return picked;
}

function cutHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, cut(value, 1_000)]));
}
