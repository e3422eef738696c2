/** Stripe's API under `/v1`: keys, form bodies, idempotency, lists, expansion and errors as the real one has them. */
import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import { withoutHidden } from './core.ts';
import { sandboxApiVersion } from './demo.ts';
import { fromZod, invalid, missing, StripeFarError } from './errors.ts';
import { type FarEnd, farEndOf } from './far-end.ts';
import { withFaults } from './faults.ts';
import { FormError, parseForm } from './form.ts';
import { makeId, type StoredIntent, type StoredSession } from './objects.ts';
import * as params from './params.ts';
import type { StoredObject, StripeAccount } from './store.ts';

type Env = { Variables: { account: StripeAccount; form: Record<string, unknown>; requestId: string } };
type Handler = (c: Context<Env>) => unknown;

export function createApi(context: SandboxContext): Hono<Env> {
  const farEnd = farEndOf(context);
  const { store } = farEnd;
  const app = new Hono<Env>();

  app.onError((err, c) => {
    if (err instanceof StripeFarError) return c.json({ error: err.body }, err.status);
    if (err instanceof FormError) return c.json({ error: invalid(err.message, err.param).body }, 400);
    throw err;
  });

  app.use(async (c, next) => {
    const requestId = makeId('req_', 14);
    c.set('requestId', requestId);
    c.header('request-id', requestId);
    c.header('stripe-version', versionOf(c));
    c.set('account', authenticate(farEnd, c.req.header('authorization')));
    farEnd.runDue();
    await next();
  });

  /** Runs a handler behind faults and, for POST, the idempotency key. */
  const route = (handler: Handler) => async (c: Context<Env>) => {
    const post = c.req.method === 'POST';
    const text = post ? await c.req.text() : new URL(c.req.url).search.slice(1);
    c.set('form', parseForm(text));
    const key = post ? c.req.header('idempotency-key') : undefined;
    const fingerprint = createHash('sha256').update(`${c.req.path}\n${text}`).digest('hex');
    const stored = key === undefined ? undefined : store.answer(c.get('account').id, key);
    if (key !== undefined) c.header('idempotency-key', key);
    if (stored) {
      if (stored.fingerprint !== fingerprint) throw spentKey(key ?? '');
      c.header('idempotent-replayed', 'true');
      c.header('original-request', stored.requestId);
      return c.body(stored.body, stored.status as 200, { 'content-type': 'application/json' });
    }
    return withFaults(context, c, (refusal) => {
      const answer = refusal ?? run(handler, c);
      // A refused parameter is not stored: nothing was begun. A stored 500 is repeated, as Stripe does for a day.
      const begun = answer.status < 400 || answer.status === 402 || answer.status >= 500;
      if (key !== undefined && begun) {
        store.saveAnswer(c.get('account').id, key, { fingerprint, ...answer, requestId: c.get('requestId') });
      }
      return c.body(answer.body, answer.status as 200, { 'content-type': 'application/json' });
    });
  };

  const read = <T extends z.ZodType>(schema: T, c: Context<Env>): z.infer<T> => {
    const parsed = schema.safeParse(c.get('form'));
    if (!parsed.success) throw fromZod(parsed.error, c.get('form'));
    return parsed.data;
  };
  const show = (c: Context<Env>, object: unknown, paths: readonly string[] = []) => {
    let shown = object;
    for (const path of paths) shown = expand(farEnd, c.get('account').id, shown, path.split('.'), path);
    return paths.includes('line_items') ? shown : withoutHidden(shown);
  };
  const retrieve = (kind: string) => (c: Context<Env>) => {
    const id = c.req.param('id') ?? '';
    const object = store.get(c.get('account').id, kind, id);
    if (!object) throw missing(kind, id, kind === 'checkout.session' ? 'session' : 'id');
    return show(c, object, read(params.expandParams, c).expand);
  };
  const list =
    (kind: string, schema: z.ZodType<ListParams>, keep: (object: Filterable, wanted: ListParams) => boolean) => (c: Context<Env>) => {
      const wanted = read(schema, c);
      const all = store.list<Filterable>(c.get('account').id, kind);
      const matching = all.filter((object) => isCreatedWithin(object.created, wanted.created) && keep(object, wanted));
      const { data, hasMore } = page(matching, wanted);
      const paths = (wanted.expand ?? []).map((path) => path.replace(/^data\./, ''));
      return {
        object: 'list',
        data: data.map((object) => show(c, object, paths)),
        has_more: hasMore,
        url: c.req.path.replace(/^.*\/v1/, '/v1'),
      };
    };
  const ofIntent = (object: Filterable, wanted: ListParams) => !wanted.payment_intent || object.payment_intent === wanted.payment_intent;

  app.post('/checkout/sessions', (c) =>
    route(() => {
      const wanted = read(params.sessionParams, c);
      const base = new URL(c.req.url).origin + c.req.path.replace(/\/v1\/.*$/, '');
      const session = farEnd.createSession(c.get('account').id, wanted, (id) => `${base}/pay/${id}`);
      return show(c, session, wanted.expand);
    })(c),
  );
  app.get(
    '/checkout/sessions',
    route(
      list(
        'checkout.session',
        params.sessionListParams,
        (object, wanted) => ofIntent(object, wanted) && (!wanted.status || object.status === wanted.status),
      ),
    ),
  );
  app.get('/checkout/sessions/:id', route(retrieve('checkout.session')));
  app.get(
    '/checkout/sessions/:id/line_items',
    route((c) => {
      const session = store.get<StoredSession>(c.get('account').id, 'checkout.session', c.req.param('id') ?? '');
      if (!session) throw missing('checkout.session', c.req.param('id') ?? '', 'session');
      return session.line_items;
    }),
  );
  app.post(
    '/checkout/sessions/:id/expire',
    route((c) => {
      const wanted = read(params.expandParams, c);
      return show(c, farEnd.expireSession(c.get('account').id, c.req.param('id') ?? ''), wanted.expand);
    }),
  );
  app.get('/payment_intents', route(list('payment_intent', params.intentListParams, () => true)));
  app.get(
    '/payment_intents/search',
    route((c) => {
      const wanted = read(params.searchParams, c);
      const matches = toMatcher(wanted.query);
      const found = store.list<StoredIntent>(c.get('account').id, 'payment_intent').filter(matches);
      const data = found.slice(0, wanted.limit ?? 10).map((object) => show(c, object, wanted.expand));
      return { object: 'search_result', data, has_more: false, next_page: null, url: '/v1/payment_intents/search' };
    }),
  );
  app.get('/payment_intents/:id', route(retrieve('payment_intent')));
  app.get('/charges', route(list('charge', params.chargeListParams, ofIntent)));
  app.get('/charges/:id', route(retrieve('charge')));
  app.post(
    '/refunds',
    route((c) => {
      const wanted = read(params.refundParams, c);
      return show(c, farEnd.createRefund(c.get('account').id, wanted), wanted.expand);
    }),
  );
  app.get(
    '/refunds',
    route(
      list(
        'refund',
        params.refundListParams,
        (object, wanted) => ofIntent(object, wanted) && (!wanted.charge || object.charge === wanted.charge),
      ),
    ),
  );
  app.get('/refunds/:id', route(retrieve('refund')));
  app.get('/disputes', route(list('dispute', params.chargeListParams, ofIntent)));
  app.get('/disputes/:id', route(retrieve('dispute')));
  app.get(
    '/balance_transactions',
    route(
      list(
        'balance_transaction',
        params.balanceListParams,
        (object, wanted) =>
          (!wanted.type || object.type === wanted.type) &&
          (!wanted.currency || object.currency === wanted.currency) &&
          (!wanted.source || object.source === wanted.source),
      ),
    ),
  );
  app.get('/balance_transactions/:id', route(retrieve('balance_transaction')));
  app.get('/events', route(list('event', params.eventListParams, (object, wanted) => !wanted.type || object.type === wanted.type)));
  app.get('/events/:id', route(retrieve('event')));
  app.get(
    '/account',
    route((c) => toAccountObject(c.get('account'))),
  );
  app.all('*', (c) => {
    const path = c.req.path.replace(/^.*\/v1/, '/v1');
    throw new StripeFarError(404, { type: 'invalid_request_error', message: `Unrecognized request URL (${c.req.method}: ${path}).` });
  });
  return app;
}

type Filterable = StoredObject & {
  payment_intent?: string;
  charge?: string;
  status?: string;
  type?: string;
  currency?: string;
  source?: string;
};
interface ListParams {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
  expand?: string[] | undefined;
  created?: number | { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined } | undefined;
  payment_intent?: string | undefined;
  charge?: string | undefined;
  status?: string | undefined;
  type?: string | undefined;
  currency?: string | undefined;
  source?: string | undefined;
}

function run(handler: Handler, c: Context<Env>): { status: number; body: string } {
  try {
    return { status: 200, body: JSON.stringify(handler(c), null, 2) };
  } catch (err) {
    if (err instanceof StripeFarError) return { status: err.status, body: JSON.stringify({ error: err.body }, null, 2) };
    throw err;
  }
}

function versionOf(c: Context): string {
  const version = c.req.header('stripe-version') ?? sandboxApiVersion;
  if (!/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) throw invalid(`Invalid Stripe API version: ${version}`);
  return version;
}

function authenticate(farEnd: FarEnd, header: string | undefined): StripeAccount {
  const [scheme, value = ''] = (header ?? '').split(' ');
  const key = scheme?.toLowerCase() === 'basic' ? Buffer.from(value, 'base64').toString().split(':')[0] : value;
  if (!key) {
    throw new StripeFarError(401, {
      type: 'invalid_request_error',
      message:
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    });
  }
  const account = farEnd.store.account(key);
  if (account) return account;
  const shown = key.length > 12 ? `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}` : '****';
  throw new StripeFarError(401, { type: 'invalid_request_error', message: `Invalid API Key provided: ${shown}` });
}

function spentKey(key: string): StripeFarError {
  return new StripeFarError(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}

function isCreatedWithin(created: number, wanted: ListParams['created']): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'number') return created === wanted;
  const { gt = -1, gte = 0, lt = Number.MAX_SAFE_INTEGER, lte = Number.MAX_SAFE_INTEGER } = wanted;
  return created > gt && created >= gte && created < lt && created <= lte;
}

function page<T extends StoredObject>(all: T[], wanted: ListParams): { data: T[]; hasMore: boolean } {
  const limit = wanted.limit ?? 10;
  if (wanted.ending_before !== undefined) {
    const end = all.findIndex((object) => object.id === wanted.ending_before);
    if (end < 0) throw missing('object', wanted.ending_before, 'ending_before');
    return { data: all.slice(Math.max(0, end - limit), end), hasMore: end > limit };
  }
  const after = wanted.starting_after === undefined ? -1 : all.findIndex((object) => object.id === wanted.starting_after);
  if (wanted.starting_after !== undefined && after < 0) throw missing('object', wanted.starting_after, 'starting_after');
  return { data: all.slice(after + 1, after + 1 + limit), hasMore: all.length > after + 1 + limit };
}

function expand(farEnd: FarEnd, accountId: string, object: unknown, parts: string[], path: string): unknown {
  const [name, ...rest] = parts;
  if (name === undefined || object === null || object === undefined) return object;
  const holder = object as Record<string, unknown>;
  if (typeof object !== 'object' || !(name in holder)) throw invalid(`This property cannot be expanded (${path}).`, 'expand');
  const value = holder[name];
  const whole = typeof value === 'string' ? (farEnd.store.getAny(accountId, value) ?? value) : value;
  return { ...holder, [name]: expand(farEnd, accountId, whole, rest, path) };
}

/** The part of Stripe's search language that integrations use: `metadata["key"]:"value"` and `status:"value"`, joined by AND. */
function toMatcher(query: string): (intent: StoredIntent) => boolean {
  const clauses = query.split(/\s+AND\s+/i).map((clause) => {
    const match = /^(?:metadata\[["']([^"']+)["']\]|(status|currency))\s*:\s*["']([^"']*)["']$/.exec(clause.trim());
    if (!match) throw invalid(`We were unable to parse the query: ${clause}`, 'query');
    const [, key, field, value] = match;
    return (intent: StoredIntent) => (key === undefined ? intent[field as 'status' | 'currency'] : intent.metadata[key]) === value;
  });
  return (intent) => clauses.every((matches) => matches(intent));
}

function toAccountObject(account: StripeAccount) {
  return {
    id: account.id,
    object: 'account',
    business_profile: { name: 'Sandbox, no real money' },
    business_type: 'company',
    capabilities: { card_payments: 'active', link_payments: 'active', blik_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    country: 'PL',
    default_currency: 'pln',
    details_submitted: true,
    email: null,
    metadata: {},
    payouts_enabled: true,
    settings: { dashboard: { display_name: 'Sandbox, no real money', timezone: 'Europe/Warsaw' } },
    type: 'standard',
  };
}
