/** What every part of the far end stands on: its store, its events, its clock. */

import type { SandboxContext } from '../context.ts';
import { demoSecretKey, demoWebhookSecret, sandboxApiVersion } from './demo.ts';
import { missing } from './errors.ts';
import {
  buildBalanceTransaction,
  buildEvent,
  type StoredBalanceTransaction,
  type StoredCharge,
  type StoredIntent,
  type StoredSession,
} from './objects.ts';
import { openStripeStore, type StripeAccount } from './store.ts';
import { enqueueWebhook, usualEvents } from './webhooks.ts';

export type Core = ReturnType<typeof openCore>;

export function openCore(context: SandboxContext) {
  const store = openStripeStore(context);
  /** Unix time in seconds. */
  const now = () => Math.floor(context.clock() / 1000);
  if (!store.account(demoSecretKey)) {
    const webhookUrl = `http://127.0.0.1:${context.config.ports.app}/webhooks/stripe`;
    store.saveAccount({ secretKey: demoSecretKey, webhookSecret: demoWebhookSecret, webhookUrl, enabledEvents: usualEvents });
  }

  /** Tells the account what happened, in the transaction in which it happens. */
  function emit(accountId: string, type: string, object: unknown): void {
    const account = store.accountById(accountId) as StripeAccount;
    const shown = withoutHidden(object);
    const event = buildEvent(type, shown, { seconds: now(), apiVersion: sandboxApiVersion, request: null });
    store.put(accountId, event);
    if (account.enabledEvents.includes(type)) send(account, event);
  }

  /** Sends an event's webhook, once more when it was sent before. */
  function send(account: StripeAccount, event: { readonly id: string }, delaySeconds = 0): void {
    enqueueWebhook(context, { ...account, endpoints: store.endpoints(account.id) }, event.id, JSON.stringify(event, null, 2), delaySeconds);
  }

  /** Moves the account's balance. */
  function moveBalance(accountId: string, about: Parameters<typeof buildBalanceTransaction>[0]): StoredBalanceTransaction {
    const transaction = buildBalanceTransaction(about, now());
    store.put(accountId, transaction);
    return transaction;
  }

  function requireSession(id: string) {
    const found = store.find<StoredSession>('checkout.session', id);
    if (!found) throw missing('checkout.session', id, 'session');
    return { accountId: found.accountId, session: found.object };
  }

  function requireIntent(intentId: string) {
    const found = store.find<StoredIntent>('payment_intent', intentId);
    if (!found) throw missing('payment_intent', intentId, 'intent');
    const { accountId, object: intent } = found;
    const charge = intent.latest_charge ? store.get<StoredCharge>(accountId, 'charge', intent.latest_charge) : undefined;
    return { accountId, intent, charge };
  }

  return { context, store, now, emit, send, moveBalance, requireSession, requireIntent };
}

/** Line items are part of a session only when asked for. */
export function withoutHidden(object: unknown): unknown {
  if (typeof object !== 'object' || object === null || !('line_items' in object)) return object;
  const { line_items: _, ...shown } = object;
  return shown;
}
