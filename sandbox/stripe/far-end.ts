/**
 * What Stripe does: sessions, payments, refunds, disputes, and the events that tell of them. Each operation is one transaction of the
 * sandbox's file, the webhook deliveries included, so a killed sandbox comes back with all or nothing of it.
 */
import type { StripeWorld } from './world.ts';
import { type Card, otherMethod, testCards } from './cards.ts';
import { demoSecretKey, demoWebhookSecret, sandboxApiVersion } from './demo.ts';
import { invalid, missing, StripeFarError } from './errors.ts';
import {
  buildCharge,
  buildDispute,
  buildEvent,
  buildIntent,
  buildRefund,
  buildSession,
  type StoredCharge,
  type StoredDispute,
  type StoredIntent,
  type StoredRefund,
  type StoredSession,
} from './objects.ts';
import type { RefundParams, SessionParams } from './params.ts';
import { openStripeStore, type StripeAccount } from './store.ts';
import { enqueueWebhook } from './webhooks.ts';

/** How long slow refunds of the test cards take. */
const refundSeconds = 3;
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

export type FarEnd = ReturnType<typeof openFarEnd>;
const farEnds = new WeakMap<StripeWorld, FarEnd>();

/** The one far end of a sandbox, shared by API, pages and control. */
export function farEndOf(world: StripeWorld): FarEnd {
  const known = farEnds.get(world);
  if (known) return known;
  const farEnd = openFarEnd(world);
  farEnds.set(world, farEnd);
  return farEnd;
}

function openFarEnd(world: StripeWorld) {
  const store = openStripeStore(world);
  const now = () => Math.floor(world.clock() / 1000);
  const { atomically } = store;
  if (!store.account(demoSecretKey)) {
    const webhookUrl = `http://127.0.0.1:${world.appPort}/webhooks/stripe`;
    store.saveAccount({ secretKey: demoSecretKey, webhookSecret: demoWebhookSecret, webhookUrl });
  }

  function emit(accountId: string, type: string, object: unknown): void {
    const account = store.accountById(accountId) as StripeAccount;
    const shown = withoutHidden(object);
    const event = buildEvent(type, shown, { seconds: now(), apiVersion: sandboxApiVersion, request: null });
    store.put(accountId, event);
    enqueueWebhook(world, account, event.id, JSON.stringify(event, null, 2));
  }

  function requireSession(id: string) {
    const found = store.find<StoredSession>('checkout.session', id);
    if (!found) throw missing('checkout.session', id, 'session');
    return { accountId: found.accountId, session: found.object };
  }

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
      if (card.outcome === 'dispute') dispute(intent.id, 'fraudulent');
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

  function requireIntent(intentId: string) {
    const found = store.find<StoredIntent>('payment_intent', intentId);
    if (!found) throw missing('payment_intent', intentId, 'intent');
    const { accountId, object: intent } = found;
    const charge = intent.latest_charge ? store.get<StoredCharge>(accountId, 'charge', intent.latest_charge) : undefined;
    return { accountId, intent, charge };
  }

  function createRefund(accountId: string, params: RefundParams): StoredRefund {
    return atomically(() => {
      const charge = chargeToRefund(accountId, params);
      const left = charge.amount_captured - charge.amount_refunded;
      if (charge.disputed) {
        throw new StripeFarError(400, {
          type: 'invalid_request_error',
          code: 'charge_disputed',
          charge: charge.id,
          message: `Charge ${charge.id} has been charged back; cannot issue a refund.`,
        });
      }
      if (left === 0) {
        throw new StripeFarError(400, {
          type: 'invalid_request_error',
          code: 'charge_already_refunded',
          charge: charge.id,
          message: `Charge ${charge.id} has already been refunded.`,
        });
      }
      const amount = params.amount ?? left;
      if (amount > left) throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, 'amount');
      const outcome = cardOf(charge)?.outcome;
      const status = outcome === 'refundPending' ? 'pending' : 'succeeded';
      const refund = buildRefund(charge, { amount, metadata: params.metadata ?? {}, reason: params.reason ?? null }, status, now());
      charge.amount_refunded += amount;
      charge.refunded = charge.amount_refunded === charge.amount_captured;
      store.put(accountId, charge);
      const slow = outcome === 'refundPending' || outcome === 'refundFails';
      store.put(accountId, refund, slow ? world.clock() + refundSeconds * 1000 : null);
      emit(accountId, 'refund.created', refund);
      emit(accountId, 'charge.refunded', charge);
      schedule();
      return refund;
    });
  }

  function chargeToRefund(accountId: string, params: RefundParams): StoredCharge {
    const intent = params.payment_intent ? store.get<StoredIntent>(accountId, 'payment_intent', params.payment_intent) : undefined;
    if (params.payment_intent && !intent) throw missing('payment_intent', params.payment_intent, 'payment_intent');
    const chargeId = intent ? intent.latest_charge : (params.charge ?? null);
    const charge = chargeId ? store.get<StoredCharge>(accountId, 'charge', chargeId) : undefined;
    if (intent && (!charge || intent.status !== 'succeeded')) {
      throw invalid(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, 'payment_intent');
    }
    if (!charge) throw missing('charge', chargeId ?? '', 'charge');
    return charge;
  }

  /** What the bank says of a refund in the end. */
  function finishRefund(refundId: string, outcome: 'succeeded' | 'failed'): StoredRefund {
    return atomically(() => {
      const found = store.find<StoredRefund>('refund', refundId);
      if (!found) throw missing('refund', refundId, 'refund');
      const { accountId, object: refund } = found;
      if (refund.status === 'failed') throw invalid('The refund has failed already.');
      refund.status = outcome;
      if (outcome === 'failed') {
        refund.failure_reason = 'expired_or_canceled_card';
        const charge = store.get<StoredCharge>(accountId, 'charge', refund.charge);
        if (charge) {
          charge.amount_refunded -= refund.amount;
          charge.refunded = false;
          store.put(accountId, charge);
        }
      }
      store.put(accountId, refund);
      emit(accountId, 'refund.updated', refund);
      if (outcome === 'failed') emit(accountId, 'refund.failed', refund);
      return refund;
    });
  }

  function dispute(intentId: string, reason: string): StoredDispute {
    return atomically(() => {
      const { accountId, charge } = requireIntent(intentId);
      if (charge?.status !== 'succeeded') throw invalid('Only a paid PaymentIntent can be disputed.');
      if (charge.disputed) throw invalid('The payment is disputed already.');
      charge.disputed = true;
      store.put(accountId, charge);
      const made = buildDispute(charge, reason, now());
      store.put(accountId, made);
      emit(accountId, 'charge.dispute.created', made);
      emit(accountId, 'charge.dispute.funds_withdrawn', made);
      return made;
    });
  }

  function closeDispute(disputeId: string, status: 'won' | 'lost'): StoredDispute {
    return atomically(() => {
      const found = store.find<StoredDispute>('dispute', disputeId);
      if (!found) throw missing('dispute', disputeId, 'dispute');
      const { accountId, object: made } = found;
      if (made.status === 'won' || made.status === 'lost') throw invalid(`The dispute is ${made.status} already.`);
      made.status = status;
      store.put(accountId, made);
      if (status === 'won') emit(accountId, 'charge.dispute.funds_reinstated', made);
      emit(accountId, 'charge.dispute.closed', made);
      return made;
    });
  }

  /** What happens by itself: sessions expire, slow refunds end. */
  function runDue(): void {
    for (const due of store.due(world.clock())) {
      if (due.kind === 'checkout.session') expireSession(due.account, due.id);
      else if (due.kind === 'refund') {
        const refund = store.get<StoredRefund>(due.account, 'refund', due.id);
        finishRefund(due.id, refund?.status === 'pending' ? 'succeeded' : 'failed');
      }
    }
    schedule();
  }

  let timer: NodeJS.Timeout | undefined;
  function schedule(): void {
    clearTimeout(timer);
    const at = store.firstDueAt();
    if (at === undefined) return;
    // Not longer than a minute, so that a clock set forward is noticed.
    timer = setTimeout(runDue, Math.min(Math.max(at - world.clock(), 100), 60_000));
    timer.unref();
  }

  function cardOf(charge: StoredCharge): Card | undefined {
    const last4 = charge.payment_method_details?.card?.last4;
    return testCards.find((card) => card.number.slice(-4) === last4);
  }

  runDue();
  return {
    store,
    createSession,
    expireSession,
    pay,
    finish,
    createRefund,
    finishRefund,
    dispute,
    closeDispute,
    requireSession,
    runDue,
    /** Stops acting by itself. */
    stop: () => clearTimeout(timer),
  };
}

/** Line items are part of a session only when asked for. */
export function withoutHidden(object: unknown): unknown {
  if (typeof object !== 'object' || object === null || !('line_items' in object)) return object;
  const { line_items: _, ...shown } = object;
  return shown;
}
