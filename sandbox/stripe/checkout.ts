/** Checkout Sessions and the payments made through them. */
import { type Card, otherMethod, testCards } from './cards.ts';
import type { Core } from './core.ts';
import { invalid, missing } from './errors.ts';
import { buildCharge, buildIntent, buildSession, type StoredCharge, type StoredIntent, type StoredSession } from './objects.ts';
import type { SessionParams } from './params.ts';

/** Stripe's usual price for a card of the country. */
const feeOf = (amount: number) => Math.round(amount * 0.015) + 25;

/** What becomes of a session's money, kept beside the session until its PaymentIntent exists. */
interface IntentData {
  readonly id: string;
  readonly object: 'intent_data';
  readonly created: number;
  readonly data: SessionParams['payment_intent_data'];
}

export interface PayOptions {
  readonly card?: Card;
  readonly method?: string;
  /** Receive this amount instead of the session's (Stripe's minor units). */
  readonly amountOverride?: number | undefined;
  /** The money is on its way: complete, unpaid, until `finish`. */
  readonly async?: boolean | undefined;
  /** Pay even an expired session: money that comes after all. */
  readonly force?: boolean | undefined;
  readonly authenticated?: boolean;
  readonly email?: string | undefined;
}

export type PayResult =
  | { readonly outcome: 'paid' | 'processing' | 'requiresAction'; readonly paymentIntent: string }
  | { readonly outcome: 'declined'; readonly paymentIntent: string; readonly code: string; readonly message: string }
  | { readonly outcome: 'closed'; readonly status: 'complete' | 'expired' };

/**
 * @param schedule called when something was made that ends by itself
 * @param disputePayment what the holder of the disputing test card does next
 */
export function createCheckout(
  { store, now, emit, moveBalance, requireSession, requireIntent }: Core,
  schedule: () => void,
  disputePayment: (intentId: string, wish: { reason: string }) => void,
) {
  const { atomically } = store;

  function saveSession(accountId: string, session: StoredSession): void {
    store.put(accountId, session, session.status === 'open' ? session.expires_at * 1000 : null);
  }

  function createSession(accountId: string, params: SessionParams, payUrl: (id: string) => string): StoredSession {
    const seconds = now();
    const { expires_at: expiresAt } = params;
    if (expiresAt !== undefined && expiresAt < seconds + 30 * 60) {
      throw invalid('The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.', 'expires_at');
    }
    if (expiresAt !== undefined && expiresAt > seconds + 24 * 3600) {
      throw invalid('The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.', 'expires_at');
    }
    const currencies = new Set(params.line_items.map((item) => item.price_data.currency));
    if (currencies.size > 1) throw invalid('All line items must have the same currency.', 'line_items');
    if (params.payment_method_types?.includes('blik') && !currencies.has('pln')) {
      throw invalid('The currency provided is invalid for blik. Payments with blik support: pln.', 'payment_method_types');
    }
    return atomically(() => {
      const session = buildSession(params, seconds, payUrl);
      if (session.amount_total === 0) throw invalid("The Checkout Session's total amount due must be greater than zero.", 'line_items');
      saveSession(accountId, session);
      const data: IntentData = { id: `${session.id}:data`, object: 'intent_data', created: seconds, data: params.payment_intent_data };
      store.put(accountId, data);
      schedule();
      return session;
    });
  }

  function expireSession(accountId: string, id: string): StoredSession {
    return atomically(() => {
      const session = store.get<StoredSession>(accountId, 'checkout.session', id);
      if (!session) throw missing('checkout.session', id, 'session');
      if (session.status !== 'open') {
        throw invalid(
          `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
        );
      }
      session.status = 'expired';
      session.url = null;
      saveSession(accountId, session);
      const intent = session.payment_intent ? store.get<StoredIntent>(accountId, 'payment_intent', session.payment_intent) : undefined;
      if (intent) {
        intent.status = 'canceled';
        intent.canceled_at = now();
        store.put(accountId, intent);
        emit(accountId, 'payment_intent.canceled', intent);
      }
      emit(accountId, 'checkout.session.expired', session);
      return session;
    });
  }

  function pay(sessionId: string, options: PayOptions = {}): PayResult {
    return atomically(() => {
      const { accountId, session } = requireSession(sessionId);
      if (session.status !== 'open' && !(options.force && session.status === 'expired')) {
        return { outcome: 'closed', status: session.status === 'complete' ? 'complete' : 'expired' };
      }
      const card = options.card ?? (options.method && options.method !== 'card' ? otherMethod : (testCards[0] as Card));
      const intent = intentOf(accountId, session);
      if (options.amountOverride !== undefined) {
        intent.amount = options.amountOverride;
        session.amount_total = options.amountOverride;
      }
      if (card.outcome === 'authenticate' && !options.authenticated) {
        intent.status = 'requires_action';
        intent.next_action = { type: 'use_stripe_sdk' } as StoredIntent['next_action'];
        store.put(accountId, intent);
        saveSession(accountId, session);
        emit(accountId, 'payment_intent.requires_action', intent);
        return { outcome: 'requiresAction', paymentIntent: intent.id };
      }
      const charge = buildCharge(intent, card, options.method ?? 'card', now());
      intent.latest_charge = charge.id;
      intent.next_action = null;
      intent.payment_method = charge.payment_method;
      store.put(accountId, charge);
      if (card.outcome === 'decline') {
        intent.status = 'requires_payment_method';
        intent.last_payment_error = {
          type: 'card_error',
          code: 'card_declined',
          decline_code: card.declineCode,
          message: card.message,
        } as StoredIntent['last_payment_error'];
        store.put(accountId, intent);
        saveSession(accountId, session);
        emit(accountId, 'charge.failed', charge);
        emit(accountId, 'payment_intent.payment_failed', intent);
        return { outcome: 'declined', paymentIntent: intent.id, code: card.declineCode ?? 'generic_decline', message: card.message };
      }
      session.status = 'complete';
      session.url = null;
      session.customer_details = { email: options.email ?? 'customer@example.com' } as StoredSession['customer_details'];
      if (options.async) {
        intent.status = 'processing';
        store.put(accountId, intent);
        saveSession(accountId, session);
        emit(accountId, 'payment_intent.processing', intent);
        emit(accountId, 'checkout.session.completed', session);
        return { outcome: 'processing', paymentIntent: intent.id };
      }
      succeed(accountId, session, intent, charge, 'checkout.session.completed');
      if (card.outcome === 'dispute') disputePayment(intent.id, { reason: 'fraudulent' });
      return { outcome: 'paid', paymentIntent: intent.id };
    });
  }

  function intentOf(accountId: string, session: StoredSession): StoredIntent {
    const known = session.payment_intent && store.get<StoredIntent>(accountId, 'payment_intent', session.payment_intent);
    if (known) return known;
    const data = store.get<IntentData>(accountId, 'intent_data', `${session.id}:data`)?.data;
    const intent = buildIntent(session, data, now());
    session.payment_intent = intent.id;
    store.put(accountId, intent);
    emit(accountId, 'payment_intent.created', intent);
    return intent;
  }

  function succeed(accountId: string, session: StoredSession, intent: StoredIntent, charge: StoredCharge, type: string): void {
    Object.assign(charge, { status: 'succeeded', paid: true, captured: true, amount_captured: charge.amount });
    Object.assign(intent, { status: 'succeeded', amount_received: charge.amount, last_payment_error: null });
    session.payment_status = 'paid';
    if (typeof charge.balance_transaction === 'string') {
      const { amount, currency, balance_transaction: id } = charge;
      moveBalance(accountId, { id, amount, fee: feeOf(amount), currency, type: 'charge', category: 'charge', source: charge.id });
    }
    store.put(accountId, charge);
    store.put(accountId, intent);
    saveSession(accountId, session);
    emit(accountId, 'charge.succeeded', charge);
    emit(accountId, 'payment_intent.succeeded', intent);
    emit(accountId, type, session);
  }

  /** The verdict of money that was on its way. */
  function finish(intentId: string, outcome: 'succeeded' | 'failed'): StoredIntent {
    return atomically(() => {
      const { accountId, intent, charge } = requireIntent(intentId);
      if (intent.status !== 'processing' || !charge) throw invalid(`The PaymentIntent is ${intent.status}, not processing.`);
      const session = store.list<StoredSession>(accountId, 'checkout.session').find((each) => each.payment_intent === intentId);
      if (!session) throw missing('checkout.session', intentId);
      if (outcome === 'succeeded') {
        succeed(accountId, session, intent, charge, 'checkout.session.async_payment_succeeded');
        return intent;
      }
      Object.assign(charge, { status: 'failed', failure_code: 'payment_failed', failure_message: 'The payment failed.' });
      Object.assign(intent, { status: 'requires_payment_method' });
      store.put(accountId, charge);
      store.put(accountId, intent);
      emit(accountId, 'charge.failed', charge);
      emit(accountId, 'payment_intent.payment_failed', intent);
      emit(accountId, 'checkout.session.async_payment_failed', session);
      return intent;
    });
  }

  return { createSession, expireSession, pay, finish };
}
