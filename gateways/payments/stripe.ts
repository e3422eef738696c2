/**
 * Stripe by hosted Checkout: one session per payment, closed by expiring it, money known by its PaymentIntent.
 * @see MONEY.md section 6
 */
import Stripe from 'stripe';
import {
  GatewayError,
  type PaymentGateway,
  type PaymentRequest,
  type ProviderCredentials,
  type RefundRequest,
  type RefundResult,
} from './provider.ts';
import { fromStripeAmount, requireStripeAmount } from './stripe/amounts.ts';
import { isInvalidRequest, isSpentKey, toGatewayError } from './stripe/errors.ts';
import { paymentIdKey, readSession, refundIdKey, type SessionVariant, toSessionParams } from './stripe/session.ts';
import { readStatement } from './stripe/statement.ts';
import { apiVersion, parseWebhook } from './stripe/webhook.ts';

const timeoutMs = 10_000;
/** Clients are kept per key because building one is not free; a deployment has few. */
const mostClients = 200;
/** Fresh keys tried in one call after Stripe declared the one before spent. */
const mostRounds = 5;
/** A first try comes right after `openedAt`; later ones may follow a try whose answer was lost. */
const firstTrySeconds = 60;
const expand = ['payment_intent.latest_charge'];

/**
 * @param options.apiRoot where Stripe's `/v1` lives, with an optional path (`http://127.0.0.1:8081/stripe`); Stripe itself when absent.
 */
export function createStripeGateway(options: { apiRoot?: string | undefined } = {}): PaymentGateway {
  const clients = new Map<string, Stripe>();

  function clientOf(credentials: ProviderCredentials): Stripe {
    const secretKey = credentials.keys.secretKey;
    if (!secretKey) throw new GatewayError('secretKey: none is set for this Stripe account.', { retryable: false });
    const known = clients.get(secretKey);
    if (known) return known;
    if (clients.size >= mostClients) clients.clear();
    const client = createClient(secretKey, options.apiRoot);
    clients.set(secretKey, client);
    return client;
  }

  return {
    provider: 'stripe',
    open: (payment, credentials) => guard('open', () => openSession(clientOf(credentials), payment)),
    close: (payment, credentials) => guard('close', () => closeSession(clientOf(credentials), payment)),
    find: (payment, credentials) =>
      guard('find', async () => {
        const session = await findSession(clientOf(credentials), payment);
        return session ? readSession(session, payment) : { status: 'closed' as const, events: [] };
      }),
    refund: (request, credentials) => guard('refund', () => refundMoney(clientOf(credentials), request)),
    statement: (credentials, cursor) => guard('statement', () => readStatement(clientOf(credentials), cursor)),
    parse: (rawBody, headers, credentials, receivedAt) => parseWebhook(rawBody, headers, credentials.keys, receivedAt),
  };
}

async function guard<T>(verb: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (err) {
    throw toGatewayError(err, verb);
  }
}

function createClient(secretKey: string, apiRoot: string | undefined): Stripe {
  // Temporal retries, with the same idempotency keys; a second layer would only hide how long a call takes.
  const config = { apiVersion, timeout: timeoutMs, maxNetworkRetries: 0, telemetry: false } as const;
  if (apiRoot === undefined) return new Stripe(secretKey, config);
  const root = new URL(apiRoot);
  const prefix = root.pathname.replace(/\/$/, '');
  // The SDK takes a host but no path in front of `/v1`.
  const httpClient = Stripe.createFetchHttpClient((address: string | URL | Request, init?: RequestInit) => {
    const url = new URL(address instanceof Request ? address.url : address);
    return fetch(new URL(`${prefix}${url.pathname}${url.search}`, root.origin), { ...init, redirect: 'error' });
  });
  return new Stripe(secretKey, {
    ...config,
    httpClient,
    host: root.hostname,
    port: root.port || (root.protocol === 'https:' ? '443' : '80'),
    protocol: root.protocol === 'https:' ? 'https' : 'http',
  });
}

async function openSession(stripe: Stripe, payment: PaymentRequest) {
  const retried = payment.providerObject !== undefined || Date.now() - payment.openedAt > firstTrySeconds * 1000;
  const found = retried ? await findSession(stripe, payment) : undefined;
  const session = found ?? (await createSession(stripe, payment));
  return {
    // A session that is complete or expired has no page; the customer waits for the verdict.
    instructions: session.url ? { kind: 'link' as const, url: session.url } : { kind: 'nothing' as const },
    providerObject: session.id,
  };
}

/**
 * Creates the session under a key of its own. Another variant, with another key, is tried only when Stripe's answer proves that
 * none exists under the one before, so a payment never has two sessions.
 */
async function createSession(stripe: Stripe, payment: PaymentRequest): Promise<Stripe.Checkout.Session> {
  let variant: SessionVariant = { cardOnly: false, late: false, round: 1 };
  for (;;) {
    try {
      return await stripe.checkout.sessions.create(toSessionParams(payment, variant), { idempotencyKey: openKey(payment, variant) });
    } catch (err) {
      const next = await nextVariant(stripe, payment, variant, err);
      if ('session' in next) return next.session;
      variant = next;
    }
  }
}

async function nextVariant(
  stripe: Stripe,
  payment: PaymentRequest,
  variant: SessionVariant,
  err: unknown,
): Promise<SessionVariant | { session: Stripe.Checkout.Session }> {
  if (isSpentKey(err) && variant.round < mostRounds) {
    const session = await listedSession(stripe, payment);
    return session ? { session } : { ...variant, round: variant.round + 1 };
  }
  // An account without Link or BLIK still sells by card.
  if (isInvalidRequest(err) && err.param?.startsWith('payment_method_types') && !variant.cardOnly) return { ...variant, cardOnly: true };
  if (isInvalidRequest(err) && err.param === 'expires_at' && !variant.late) return { ...variant, late: true };
  throw err;
}

function openKey(payment: PaymentRequest, { cardOnly, late, round }: SessionVariant): string {
  return [payment.paymentId, 'open', cardOnly && 'card', late && 'late', round > 1 && round].filter(Boolean).join(':');
}

/** The payment's session with its money, or undefined when there is none. */
async function findSession(stripe: Stripe, payment: PaymentRequest): Promise<Stripe.Checkout.Session | undefined> {
  if (payment.providerObject === undefined) {
    // `open` may have died between Stripe's answer and our note of it.
    const listed = await listedSession(stripe, payment);
    return listed && (await stripe.checkout.sessions.retrieve(listed.id, { expand }));
  }
  return stripe.checkout.sessions.retrieve(payment.providerObject, { expand });
}

/** Looks through the sessions made while this payment could be opened; by then there are few. */
async function listedSession(stripe: Stripe, payment: PaymentRequest): Promise<Stripe.Checkout.Session | undefined> {
  const gte = Math.floor(payment.openedAt / 1000) - 300;
  const lte = Math.ceil(Math.max(payment.endsAt, payment.openedAt) / 1000) + 300;
  for await (const session of stripe.checkout.sessions.list({ created: { gte, lte }, limit: 100 })) {
    if (session.metadata?.[paymentIdKey] === payment.paymentId) return session;
  }
  return undefined;
}

async function closeSession(stripe: Stripe, payment: PaymentRequest) {
  const sessionId = payment.providerObject ?? (await listedSession(stripe, payment))?.id;
  if (sessionId === undefined) return { status: 'closed' as const, events: [] };
  try {
    await stripe.checkout.sessions.expire(sessionId);
    return { status: 'closed' as const, events: [] };
  } catch (err) {
    if (!isInvalidRequest(err)) throw err;
    // It cannot be expired any more: ask what became of it.
    const { status, events } = readSession(await stripe.checkout.sessions.retrieve(sessionId, { expand }), payment);
    if (status !== 'pending') return { status, events };
    throw new GatewayError('Stripe close: the session is open but could not be expired just now.', { retryable: true });
  }
}

async function refundMoney(stripe: Stripe, request: RefundRequest): Promise<RefundResult> {
  const amount = requireStripeAmount(request.amount, 'amount');
  const metadata = { [refundIdKey]: request.refundId, [paymentIdKey]: request.paymentId };
  for (let round = 1; ; round++) {
    const earlier = await listedRefund(stripe, request);
    if (earlier) return toRefundResult(earlier, request);
    const idempotencyKey = `${request.refundId}:refund${round > 1 ? `:${round}` : ''}`;
    try {
      const refund = await stripe.refunds.create({ payment_intent: request.objectId, amount, metadata }, { idempotencyKey });
      return toRefundResult(refund, request);
    } catch (err) {
      if (isSpentKey(err) && round < mostRounds) continue;
      // Refused for good (already refunded, disputed, too much): a verdict, shown to staff.
      if (isInvalidRequest(err) || err instanceof Stripe.errors.StripeCardError) {
        return { status: 'failed', reason: toGatewayError(err, 'refund').message };
      }
      throw err;
    }
  }
}

async function listedRefund(stripe: Stripe, request: RefundRequest): Promise<Stripe.Refund | undefined> {
  for await (const refund of stripe.refunds.list({ payment_intent: request.objectId, limit: 100 })) {
    if (refund.metadata?.[refundIdKey] === request.refundId) return refund;
  }
  return undefined;
}

function toRefundResult(refund: Stripe.Refund, request: RefundRequest): RefundResult {
  if (refund.status === 'failed' || refund.status === 'canceled') {
    return { status: 'failed', reason: `Stripe: ${refund.failure_reason ?? refund.status}` };
  }
  if (refund.status !== 'succeeded') return { status: 'sent', refundId: refund.id };
  return {
    status: 'succeeded',
    refundId: refund.id,
    event: {
      eventId: `${refund.id}:succeeded`,
      kind: 'refunded',
      objectId: refund.id,
      paymentId: request.paymentId,
      money: fromStripeAmount(refund.amount, refund.currency),
      at: refund.created * 1000,
      type: 'asked.succeeded',
    },
  };
}
