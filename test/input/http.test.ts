/** Every endpoint, every field, every nasty value: never a 5xx, nothing changed, and the answer names the field. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { createApiToken } from '../../db/repositories/api-token.ts';
import { apiScopes } from '../../domain/api-token.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { openWebhookSecret } from '../../db/repositories/shop.ts';
import type { Child } from '../../supervisor/children.ts';
import { createControl } from '../../supervisor/control.ts';
import { from, makeTestApi } from '../support/api.ts';
import { takeFingerprint } from '../support/fingerprint.ts';
import { noLimits, signFor } from '../support/mini-app.ts';
import { assigned, nastyTexts, nastyValues } from '../support/nasty.ts';
import { giveCoinAccount } from '../support/coins.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let open: Hono;
let live: Hono;
let telegramPath: string;
let secret: string;
let initData: string;
let token: string;

beforeAll(async () => {
  world = await makeTestShop();
  await giveCoinAccount(world.db.em.fork(), world.secrets, world.shop);
  open = makeTestApi(world, { limits: noLimits }).app;
  live = makeTestApi(world, { mode: 'live', statusToken: 'a-token-of-sixteen-and-more' }).app;
  const customer = await world.addCustomer();
  await world.db.em.fork().execute('insert into basket (customer_id) values (?)', [customer.id]);
  const allowed = { shopId: world.shop.id, name: 'Test', scopes: [...apiScopes], expiresAt: new Date(Date.now() + 3_600_000) };
  token = (await createApiToken(world.db.em.fork(), { ...allowed, actor: 'cli', at: new Date() })).token;
  initData = signFor(world.shop, customer);
  const place = world.placing(customer, await world.addProduct(), { method: 'stars' });
  await createOrderActivities({ db: world.db }).open({ orderCode: newCode(), place, at: Date.now() });
  telegramPath = `/webhooks/telegram/${world.shop.webhookEndpointId}`;
  secret = openWebhookSecret(world.secrets, world.shop) as string;
});
afterAll(() => world.close());

type Ask = { readonly path: string; readonly init?: RequestInit; readonly app?: Hono };

interface Field {
  /** The route as the application lists it. */
  readonly route: string;
  readonly field: string;
  readonly values: readonly { readonly name: string; readonly value: unknown }[];
  /** Undefined when the value cannot be written there. */
  ask(value: never): Ask | undefined;
  /** What may be answered besides a refusal. */
  readonly accepts?: readonly number[];
}

const local = { host: '127.0.0.1:8080' };
/** Inside one part of an address; a lone surrogate has no encoding. */
const encoded = (value: string) => encodeURIComponent(value.toWellFormed());
const json = (value: unknown) => JSON.stringify(value) ?? 'undefined';

function header(name: string, value: string): Record<string, string> | undefined {
  try {
    new Headers({ [name]: value });
    return { [name]: value };
  } catch {
    return undefined;
  }
}

const inHeader = (name: string, ask: (headers: Record<string, string>) => Ask) => (value: string) => {
  const headers = header(name, value);
  return headers && ask(headers);
};

const public_ = from('203.0.113.9');

/** The Mini App of one customer: whatever fits in it is refused for its nonce, which nobody gave out. */
const nobodysNonce = 'A'.repeat(43);
function inMiniApp(path: string, more: { headers?: Record<string, string>; body?: unknown; method?: string } = {}): Ask {
  const { headers = {}, body, method = 'POST' } = more;
  const call = { 'x-nonce': nobodysNonce, 'idempotency-key': 'a-key-of-ours', 'content-type': 'application/json' };
  const all = { 'x-telegram-init-data': initData, ...call, ...headers };
  return { path, init: { method, headers: all, ...(method === 'GET' ? {} : { body: json(body ?? {}) }) } };
}

/** A call of the Mini App: where it goes, and what fits in each of its fields. */
interface Door {
  readonly method: string;
  readonly path: string;
  /** As the application lists it, if more of it varies. */
  readonly route?: string;
  /** The part of the address that varies, and what fits there. */
  readonly part?: readonly [name: string, fits: string];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** It moves money: it has a nonce and a key. */
  readonly money?: boolean;
  /** Anybody may. */
  readonly open?: boolean;
  /** What fits is answered, and changes nothing. */
  readonly accepts?: readonly number[];
}

const payment = ['id', 'AAAAAAAA-1'] as const;
const order = ['code', 'AAAAAAAA'] as const;
const doors: readonly Door[] = [
  { method: 'POST', path: '/payment/nonce' },
  {
    method: 'POST',
    path: '/payment/create',
    money: true,
    body: { type: 'product', productId: 1, quantity: 1, amount: 1, method: 'card', currency: 'PLN', shownTotal: 5_000 },
  },
  {
    method: 'POST',
    path: '/payment/create',
    money: true,
    body: { type: 'basket', lines: [{ productId: 1, quantity: 1 }], method: 'card', shownTotal: 5_000 },
  },
  { method: 'POST', path: '/payment/refill', money: true, body: { amount: 5_000, method: 'card', currency: 'PLN' } },
  { method: 'GET', path: '/payment/status/:id', part: payment },
  { method: 'GET', path: '/payment/status/:id/events', part: payment },
  { method: 'GET', path: '/shop' },
  { method: 'GET', path: '/districts', query: { city: 'Warsaw' }, accepts: [200] },
  {
    method: 'GET',
    path: '/products',
    query: { q: 'Key', city: 'Warsaw', district: 'Center', category: '1', kind: 'digital', cursor: '1' },
    accepts: [200],
  },
  { method: 'GET', path: '/products/:id', part: ['id', '999999'] },
  { method: 'GET', path: '/photos/:id', part: ['id', '999999'], open: true },
  { method: 'GET', path: '/basket' },
  { method: 'PUT', path: '/basket', body: { lines: [{ productId: 999_999, quantity: 1 }] }, accepts: [200] },
  { method: 'PUT', path: '/basket/lines/:productId', part: ['productId', '999999'], body: { quantity: 1 }, accepts: [200] },
  { method: 'POST', path: '/basket/code', body: { code: 'NO-SUCH-CODE' } },
  { method: 'DELETE', path: '/basket/code' },
  { method: 'GET', path: '/quote', query: { lines: '999999x1' }, accepts: [200] },
  { method: 'GET', path: '/orders', query: { cursor: '1' }, accepts: [200] },
  { method: 'GET', path: '/orders/:code', part: order },
  { method: 'POST', path: '/orders/:code/cancel', part: order },
  { method: 'POST', path: '/orders/:code/resend', part: order },
  { method: 'POST', path: '/orders/:code/pay', part: order, money: true, body: { method: 'wallet', currency: 'PLN', attempt: 2 } },
  { method: 'POST', path: '/orders/AAAAAAAA/lines/:lineId/show', route: '/orders/:code/lines/:lineId/show', part: ['lineId', '1'] },
  { method: 'GET', path: '/orders/AAAAAAAA/photos/:id', route: '/orders/:code/photos/:id', part: ['id', '1'] },
  { method: 'GET', path: '/wallet', query: { cursor: '1' }, accepts: [200] },
  { method: 'GET', path: '/orders/:code/claims', part: order },
  {
    method: 'POST',
    path: '/orders/:code/claims',
    part: order,
    body: { lineId: 1, unitId: 1, description: 'It does not open.' },
  },
  { method: 'POST', path: '/orders/AAAAAAAA/claims/:id/withdraw', route: '/orders/:code/claims/:id/withdraw', part: ['id', '1'] },
  { method: 'PUT', path: '/products/:id/watch', part: ['id', '999999'] },
  { method: 'DELETE', path: '/products/:id/watch', part: ['id', '999999'], accepts: [200] },
  { method: 'POST', path: '/payment/status/:id/ask', part: payment },
  { method: 'GET', path: '/gifts' },
  { method: 'POST', path: '/gifts', money: true, body: { amount: 5_000 } },
  { method: 'POST', path: '/gifts/:id/back', part: ['id', '999999'] },
  { method: 'POST', path: '/vouchers/redeem', body: { code: 'NO-SUCH-CODE' } },
  { method: 'GET', path: '/refills' },
  { method: 'GET', path: '/coins', query: { method: 'crypto' }, accepts: [200] },
  { method: 'GET', path: '/referrals' },
  { method: 'GET', path: '/settings' },
  { method: 'PATCH', path: '/settings', body: { language: 'en' }, accepts: [200] },
];
const wishes = doors.flatMap(({ body = {} }) => Object.keys(body));

/** At the default shop's address, and at a shop's own. */
const miniApp: readonly Field[] = [
  { prefix: '/api', root: '/api' },
  { prefix: '/api/shops/:shop', root: '/api/shops/SLUG' },
].flatMap(({ prefix, root }) =>
  doors.flatMap(({ method, path, route: listed = path, part, query = {}, body, money, open: isOpen, accepts = [] }): Field[] => {
    const route = `${method} ${prefix}${listed}`;
    const at = (more: { part?: string; query?: Record<string, string>; root?: string } = {}) => {
      const address = part ? path.replace(`:${part[0]}`, () => encoded(more.part ?? part[1])) : path;
      const asked = Object.entries({ ...query, ...more.query }).map(([name, value]) => `${name}=${encoded(value)}`);
      return `${more.root ?? root.replace('SLUG', () => world.shop.slug)}${address}${asked.length > 0 ? `?${asked.join('&')}` : ''}`;
    };
    const inBody = (value: unknown, headers: Record<string, string> = {}) => inMiniApp(at(), { method, headers, body: value });
    const bodies = (): Field[] => [
      ...(body ? [...Object.keys(body), 'body'] : []).map((field) => ({
        route,
        field,
        values: nastyValues,
        ask: (value: unknown) => inBody(field === 'body' ? value : { ...body, [field]: value }),
        accepts,
      })),
      ...(body
        ? [
            {
              route,
              field: 'body',
              values: Object.keys(assigned)
                .filter((name) => !(name in body))
                .map((name) => ({ name, value: name })),
              ask: (name: string) => inBody({ ...body, [name]: assigned[name] }),
            },
          ]
        : []),
    ];
    const headers = [...(isOpen ? [] : ['x-telegram-init-data', 'origin']), ...(money ? ['x-nonce', 'idempotency-key'] : [])];
    return [
      ...[...headers, ...(body ? ['content-type'] : [])].map((field) => ({
        route,
        field,
        values: nastyTexts.filter(({ value }) => field !== 'origin' || value !== ''),
        ask: inHeader(field, (given) => inBody(body, given)),
      })),
      ...(prefix === '/api'
        ? []
        : [
            {
              route,
              field: 'shop',
              values: nastyTexts,
              ask: (value: string) => inMiniApp(at({ root: `/api/shops/${encoded(value)}` }), { method, body }),
            },
          ]),
      // The same handlers stand at a shop's own address.
      ...(prefix !== '/api' ? [] : bodies()),
      ...(part
        ? [{ route, field: part[0], values: nastyTexts, ask: (value: string) => inMiniApp(at({ part: value }), { method, body }), accepts }]
        : []),
      ...Object.keys(query).map((field) => ({
        route,
        field,
        values: nastyTexts,
        ask: (value: string) => inMiniApp(at({ query: { [field]: value } }), { method }),
        accepts,
      })),
    ];
  }),
);

/** The calls of a shop's programs: whatever fits in them is refused for a stage or product there is not. */
const programs: readonly Pick<Door, 'method' | 'path' | 'query' | 'body' | 'money' | 'accepts'>[] = [
  { method: 'GET', path: '/api/stages', query: { cursor: '1', all: 'true' }, accepts: [200] },
  {
    method: 'POST',
    path: '/api/stages',
    body: {
      productId: 999_999,
      title: 'Key',
      description: 'Key',
      label: 'Key',
      photoUrl: 'https://a.example/b',
      startParameter: 'stage_a',
    },
  },
  { method: 'GET', path: '/api/stages/:id' },
  { method: 'PATCH', path: '/api/stages/:id', body: { title: 'Key', description: 'Key', label: 'Key', photoUrl: null } },
  { method: 'DELETE', path: '/api/stages/:id' },
  { method: 'POST', path: '/api/stages/:id/send', body: { chat: 'staff' }, money: true },
  { method: 'GET', path: '/api/stages/:id/stats' },
];
const stageFields: readonly Field[] = programs.flatMap(({ method, path, query = {}, body, money, accepts = [] }): Field[] => {
  const route = `${method} ${path}`;
  const ask = (more: { id?: string; query?: Record<string, string>; headers?: Record<string, string>; body?: unknown } = {}): Ask => {
    const asked = Object.entries({ ...query, ...more.query }).map(([name, value]) => `${name}=${encoded(value)}`);
    const usual = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(money ? { 'idempotency-key': 'a-key-of-ours' } : {}),
    };
    return {
      path: `${path.replace(':id', () => encoded(more.id ?? '999999'))}${asked.length > 0 ? `?${asked.join('&')}` : ''}`,
      init: { method, headers: { ...usual, ...more.headers }, ...(body ? { body: json('body' in more ? more.body : body) } : {}) },
    };
  };
  const headers = ['authorization', ...(money ? ['idempotency-key'] : []), ...(body ? ['content-type'] : [])];
  return [
    ...headers.map((field) => ({ route, field, values: nastyTexts, ask: inHeader(field, (given) => ask({ headers: given })) })),
    ...(path.includes(':id') ? [{ route, field: 'id', values: nastyTexts, ask: (value: string) => ask({ id: value }) }] : []),
    ...Object.keys(query).map((field) => ({
      route,
      field,
      values: nastyTexts,
      ask: (value: string) => ask({ query: { [field]: value } }),
      accepts,
    })),
    ...(body ? [...Object.keys(body), 'body'] : []).map((field) => ({
      route,
      field,
      values: nastyValues,
      ask: (value: unknown) => ask({ body: field === 'body' ? value : { ...body, [field]: value } }),
    })),
  ];
});
const stageWords = programs.flatMap(({ body = {} }) => Object.keys(body));

const fields: readonly Field[] = [
  ...stageFields,
  ...['/', '/health', '/ready', '/docs', '/openapi.json'].map((path) => ({
    route: `GET ${path}`,
    field: 'query',
    values: nastyTexts,
    ask: (value: string) => ({ path: `${path}?q=${encoded(value)}&${encoded(value)}=1` }),
    accepts: [200],
  })),
  ...['/status', '/metrics'].map((path) => ({
    route: `GET ${path}`,
    field: 'authorization',
    values: nastyTexts,
    ask: inHeader('authorization', (headers) => ({ path, init: { headers }, app: live })),
  })),
  {
    route: 'GET /dev/timelines/:code',
    field: 'code',
    values: nastyTexts,
    ask: (value: string) => ({ path: `/dev/timelines/${encoded(value)}` }),
  },
  {
    route: 'GET /dev/timelines',
    field: 'telegramUserId',
    // A number somebody may have.
    values: nastyTexts.filter(({ name }) => name !== 'int4 and one'),
    ask: (value: string) => ({ path: `/dev/timelines?telegramUserId=${encoded(value)}` }),
  },
  {
    route: 'GET /dev/hold',
    field: 'origin',
    values: nastyTexts.filter(({ value }) => value !== ''),
    ask: inHeader('origin', (headers) => ({ path: '/dev/hold', init: { headers: { ...local, ...headers } } })),
  },
  {
    route: 'PUT /dev/hold',
    field: 'holdSeconds',
    values: nastyValues,
    ask: (value: unknown) => ({
      path: '/dev/hold',
      init: { method: 'PUT', body: json({ ...assigned, holdSeconds: value }), headers: local },
    }),
  },
  {
    route: 'PUT /dev/hold',
    field: 'body',
    values: nastyValues,
    ask: (value: unknown) => ({ path: '/dev/hold', init: { method: 'PUT', body: json(value), headers: local } }),
  },
  ...['/webhooks/telegram/', '/webhooks/stripe/', '/webhooks/nowpayments/'].map((path) => ({
    route: `POST ${path}:endpointId`,
    field: 'endpointId',
    values: nastyTexts,
    ask: (value: string) => ({ path: `${path}${encoded(value)}`, init: { method: 'POST', body: '{}' } }),
  })),
  {
    route: 'POST /webhooks/telegram/:endpointId',
    field: 'x-telegram-bot-api-secret-token',
    values: nastyTexts,
    ask: inHeader('x-telegram-bot-api-secret-token', (headers) => ({
      path: telegramPath,
      init: { method: 'POST', body: '{"update_id":1}', headers },
    })),
  },
  {
    route: 'POST /webhooks/telegram/:endpointId',
    field: 'body',
    values: nastyValues,
    ask: (value: unknown) => ({
      path: telegramPath,
      init: { method: 'POST', body: json(value), headers: { 'x-telegram-bot-api-secret-token': secret } },
    }),
  },
  {
    route: 'POST /webhooks/telegram/:endpointId',
    field: 'update_id',
    values: nastyValues.filter(({ name }) => !/the number (-?0|2\^31)$/.test(name)),
    ask: (value: unknown) => ({
      path: telegramPath,
      init: { method: 'POST', body: json({ ...assigned, update_id: value }), headers: { 'x-telegram-bot-api-secret-token': secret } },
    }),
  },
  ...(
    [
      ['/webhooks/stripe', 'stripe-signature'],
      ['/webhook', 'stripe-signature'],
      ['/webhooks/nowpayments', 'x-nowpayments-sig'],
    ] as const
  ).flatMap(([path, signature]) => [
    {
      route: `POST ${path}`,
      field: signature,
      values: nastyTexts,
      ask: inHeader(signature, (headers) => ({ path, init: { method: 'POST', body: '{}', headers } })),
    },
    {
      route: `POST ${path}`,
      field: 'body',
      values: nastyValues,
      ask: (value: unknown) => ({ path, init: { method: 'POST', body: json(value) } }),
    },
  ]),
  ...miniApp,
];

/** Fields whose refusal is told under another name than their own. */
const alsoNamed: Readonly<Record<string, RegExp>> = {
  // What is inside a body, or in front of it.
  body: /^(body|productId|chat|id|update_id|stripe-signature|x-nowpayments-sig|holdSeconds|type|amount|lines|quantity|code|language|method|lineId|unitId|description)/,
  update_id: /^(update_id|body)/,
  holdSeconds: /^(holdSeconds|body)/,
  // An empty part of an address is another address.
  shop: /^(shop|path)$/,
  id: /^(id|path|code)$/,
  // What would do is refused for its nonce.
  'idempotency-key': /^(idempotency-key|x-nonce|code|id)$/,
  'content-type': /^(content-type|x-nonce|productId|lines\.0|code|id)$/,
  ...Object.fromEntries(stageWords.map((field) => [field, new RegExp(`^(${field}|productId|id|body)$`)])),
  ...Object.fromEntries(wishes.map((field) => [field, new RegExp(`^(${field}|x-nonce|body)(\\.|$)`)])),
  code: /^(code|path|body|content-type)$/,
  // What would do is of an order nobody has.
  lineId: /^(lineId|path|code|body)$/,
  unitId: /^(unitId|code|body)$/,
  description: /^(description|code|productId|id|body)$/,
  type: /^(type|x-nonce|body|productId|quantity|amount|lines)$/,
  productId: /^(productId|x-nonce|path|body)$/,
  quantity: /^(quantity|x-nonce|body|productId)$/,
  endpointId: /^(endpointId|path|stripe-signature|x-nowpayments-sig)$/,
};

const routesOf = (app: Hono) => new Set(app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`));

describe('the API', () => {
  test('has no endpoint that is not tried', () => {
    expect([...routesOf(open)].sort()).toEqual([...new Set(fields.map(({ route }) => route))].sort());
  });

  test.each(fields)('$route refuses what does not fit in $field', async ({ field, values, ask, accepts = [] }) => {
    const before = await takeFingerprint(world.db.em.fork());
    for (const { name, value } of values) {
      const asked = ask(value as never);
      if (!asked) continue;
      const { path, init = { headers: local }, app = open } = asked;
      const response = await app.request(path, init, app === live ? public_ : from('127.0.0.1'));
      const told = await response.text();
      if (accepts.includes(response.status)) continue;
      expect([name, response.status], told.slice(0, 300)).toEqual([name, expect.toSatisfy(isRefusal)]);
      expect(response.headers.get('content-type'), name).toBe('application/problem+json');
      const problem = JSON.parse(told) as { field?: string; status: number };
      expect(problem.field ?? '', `${name}: ${told.slice(0, 300)}`).toMatch(alsoNamed[field] ?? new RegExp(`^${field}$`));
    }
    expect(await takeFingerprint(world.db.em.fork())).toEqual(before);
  });

  test('a broken address is refused, whatever is broken in it', async () => {
    for (const path of [
      '/dev/timelines/%',
      '/webhooks/stripe/%E0%A4%A',
      '/webhooks/telegram/%00',
      '/%00',
      '/..%2f..',
      '//evil',
      '/\\evil',
    ]) {
      const response = await open.request(
        `http://127.0.0.1:8080${path}`,
        { method: path.includes('webhooks') ? 'POST' : 'GET', headers: local },
        from('127.0.0.1'),
      );
      expect([path, response.status]).toEqual([path, expect.toSatisfy(isRefusal)]);
      expect(await response.json()).toHaveProperty('field');
    }
  });

  test('more than a megabyte is not read, whatever its headers claim', async () => {
    const body = 'x'.repeat(5 * 1024 * 1024);
    const account = await findAccount(world.db.em.fork(), world.shop.id, 'stripe');
    for (const path of [telegramPath, `/webhooks/stripe/${account?.endpointId}`, '/webhook']) {
      const headers = { 'x-telegram-bot-api-secret-token': secret, 'content-length': '2' };
      const response = await open.request(path, { method: 'POST', body, headers }, from('127.0.0.1'));
      expect([path, response.status]).toEqual([path, 413]);
      expect(await response.json()).toMatchObject({ field: 'body' });
    }
  });

  test('nothing of ours was polluted by a prototype’s key', () => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('the control port', () => {
  const acts: string[] = [];
  const child = {
    name: 'worker',
    report: () => ({ name: 'worker' }),
    kill: () => acts.push('kill') > 0,
    restart: async () => void acts.push('restart'),
  } as unknown as Child;
  const control = createControl({ port: 8082, children: [child], sandboxOrigin: 'http://127.0.0.1:8081' });
  const ask = (path: string, headers: Record<string, string> = {}) =>
    control.request(path, { method: 'POST', headers: { host: '127.0.0.1:8082', ...headers } });

  test.each([
    ['name', (value: string) => `/children/${encoded(value)}/kill`],
    ['verb', (value: string) => `/children/worker/${encoded(value)}`],
  ])('does nothing for a %s it does not know, and names it', async (field, pathOf) => {
    for (const { name, value } of nastyTexts) {
      const response = await ask(pathOf(value));
      expect([name, response.status]).toEqual([name, 404]);
      expect([name, ((await response.json()) as { error: string }).error]).toEqual([name, expect.stringMatching(`^(${field}|path):`)]);
    }
    expect(acts).toEqual([]);
  });

  test('does nothing for an origin or a host it does not know', async () => {
    for (const { value } of nastyTexts.filter((one) => one.value.trim() !== '')) {
      for (const headers of [header('origin', value), header('host', value)]) {
        if (headers) expect((await ask('/children/worker/kill', headers)).status).toBe(403);
      }
    }
    expect(acts).toEqual([]);
  });
});

function isRefusal(status: unknown): boolean {
  return typeof status === 'number' && status >= 400 && status < 500;
}
