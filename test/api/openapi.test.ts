/** The published description beside the running server: every route is described, and every described call answers as it says. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PickupPoint } from '../../db/entities/pickup-point.ts';
import { createPromoCode } from '../../db/repositories/promo-code-staff.ts';
import { createBatch } from '../../db/repositories/voucher-batch.ts';
import { Photo } from '../../db/entities/photo.ts';
import { Product } from '../../db/entities/product.ts';
import { createApiToken } from '../../db/repositories/api-token.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { openWebhookSecret } from '../../db/repositories/shop.ts';
import { apiScopes } from '../../domain/api-token.ts';
import { aPicture } from '../support/shop.ts';
import { makeTestApi } from '../support/api.ts';
import { coinKeysOf } from '../support/coins.ts';
import { noLimits, openMiniApp } from '../support/mini-app.ts';
import { untilStatus } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

interface Described {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, { content?: object }>> }>>>
  >;
}

let world: World;
let document: Described;
let ajv: Ajv2020;
beforeAll(async () => {
  world = await startWorld({ limits: noLimits });
  document = (await (await fetch(`${world.apiOrigin}/openapi.json`)).json()) as Described;
  // Words for people, such as examples, are not the validator's.
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
}, 120_000);
afterAll(() => world?.close());

const toPattern = (path: string) => path.replace(/:(\w+)/g, '{$1}');

/** What a live deployment serves; the sandbox's own addresses are nobody else's. */
function routes(): string[] {
  const app: Hono = makeTestApi(world, { mode: 'live' }).app;
  return [...new Set(app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${toPattern(path)}`))];
}
const described = () =>
  Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((verb) => `${verb.toUpperCase()} ${path}`));

const exercised = new Set<string>();

/** Calls, and holds the answer against what is described for its status. */
async function ask(verb: string, path: string, response: Response): Promise<[number, unknown]> {
  const operation = document.paths[path]?.[verb.toLowerCase()];
  const told = operation?.responses[response.status];
  expect([verb, path, response.status, told !== undefined]).toEqual([verb, path, response.status, true]);
  exercised.add(`${verb} ${path} ${response.status}`);
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const text = type === 'text/event-stream' ? '' : await response.text();
  if (type === 'text/event-stream') await response.body?.cancel();
  if (told?.content === undefined) {
    expect(text).toBe('');
    return [response.status, undefined];
  }
  expect(Object.keys(told.content)).toContain(type);
  if (!type.endsWith('json')) return [response.status, text];
  const escaped = [path, verb.toLowerCase(), 'responses', String(response.status), 'content', type].map((part) =>
    part.replace(/~/g, '~0').replace(/\//g, '~1'),
  );
  const validate = ajv.compile({ $ref: `document#/paths/${escaped.join('/')}/schema` });
  const body: unknown = JSON.parse(text);
  expect([validate(body), validate.errors ?? []], text).toEqual([true, []]);
  return [response.status, body];
}

const promoCode = (root: string) => ({
  shopId: world.shop.id,
  code: root === '/api' ? 'SPRING' : 'SUMMER',
  description: '',
  kind: 'percent' as const,
  value: 10,
  useLimit: null,
  customerLimit: null,
  firstOrderOnly: false,
  productId: null,
  categoryId: null,
  minimumTotal: 0,
  startsAt: null,
  endsAt: null,
  customerIds: [],
  actor: 'cli',
  at: new Date(),
});

const sign = (body: string) => {
  const at = Math.floor(Date.now() / 1_000);
  const digest = createHmac('sha256', `whsec_${world.shop.botId}`).update(`${at}.${body}`).digest('hex');
  return `t=${at},v1=${digest}`;
};

describe('the description', () => {
  test('is OpenAPI, by the specification’s own schema', async () => {
    expect(await new Validator().validate(document as unknown as Record<string, unknown>)).toMatchObject({ valid: true });
  });

  test('holds every route there is, and no other', () => {
    expect(described().sort()).toEqual(routes().sort());
    expect(described().length).toBeGreaterThan(20);
  });

  test('a validator that lets everything pass would be seen', () => {
    const validate = ajv.compile({ $ref: 'document#/components/schemas/Payment' });
    const right = { payment_id: 'K7Q4MX2P-1', method: 'card', expires_at: '2026-11-26T17:15:00.000Z', url: 'https://a.example' };
    expect(validate(right)).toBe(true);
    for (const wrong of [
      { ...right, payment_id: 'x' },
      { ...right, method: 'cash' },
      { ...right, expires_at: 'soon' },
      { ...right, secret: 1 },
      {},
    ]) {
      expect(validate(wrong), JSON.stringify(wrong)).toBe(false);
    }
  });
});

describe('every described call answers as its schema says', () => {
  test('what watches', async () => {
    for (const path of ['/', '/health', '/ready', '/status', '/metrics', '/openapi.json', '/docs']) {
      expect((await ask('GET', path, await fetch(`${world.apiOrigin}${path}`)))[0], path).toBe(200);
    }
    const live = makeTestApi(world, { mode: 'live' });
    for (const path of ['/status', '/metrics']) expect((await ask('GET', path, await live.app.request(path)))[0]).toBe(401);
    live.door.away = true;
    expect((await ask('GET', '/ready', await live.app.request('/ready')))[0]).toBe(503);
  });

  test('webhooks', async () => {
    const stripe = await findAccount(world.db.em.fork(), world.shop.id, 'stripe');
    const event = JSON.stringify({
      id: `evt_${randomUUID()}`,
      object: 'event',
      type: 'payment_intent.succeeded',
      created: Math.floor(Date.now() / 1_000),
      livemode: false,
      api_version: '2026-08-26.dahlia',
      data: { object: { id: `pi_${randomUUID()}`, amount_received: 5_000, currency: 'pln', metadata: {} } },
    });
    const post = (path: string, body: string, headers: Record<string, string>) =>
      fetch(`${world.apiOrigin}${path}`, { method: 'POST', body, headers });
    const addresses = { '/webhooks/stripe/{endpointId}': stripe?.endpointId, '/webhooks/stripe': '', '/webhook': '' };
    for (const [path, endpointId] of Object.entries(addresses)) {
      const address = path.replace('{endpointId}', endpointId ?? '');
      expect((await ask('POST', path, await post(address, event, { 'stripe-signature': sign(event) })))[0]).toBe(200);
      expect((await ask('POST', path, await post(address, event, { 'stripe-signature': 't=1,v1=00' })))[0]).toBe(400);
    }
    const coins = await findAccount(world.db.em.fork(), world.shop.id, 'nowpayments');
    const notice =
      '{"order_id":"RGDBP-1","pay_amount":1,"pay_currency":"btc","payment_id":1,"payment_status":"waiting","price_amount":1,"price_currency":"eur"}';
    const signature = createHmac('sha512', coinKeysOf(world.shop).ipnSecret).update(notice).digest('hex');
    for (const path of ['/webhooks/nowpayments/{endpointId}', '/webhooks/nowpayments']) {
      const address = path.replace('{endpointId}', coins?.endpointId ?? '');
      expect((await ask('POST', path, await post(address, notice, { 'x-nowpayments-sig': signature })))[0]).toBe(200);
      expect((await ask('POST', path, await post(address, notice, { 'x-nowpayments-sig': '0'.repeat(128) })))[0]).toBe(400);
    }
    const telegram = '/webhooks/telegram/{endpointId}';
    const secret = openWebhookSecret(world.secrets, world.shop) as string;
    const update = (endpointId: string, body: string, token: string) =>
      post(`/webhooks/telegram/${endpointId}`, body, { 'x-telegram-bot-api-secret-token': token });
    const ours = world.shop.webhookEndpointId;
    expect((await ask('POST', telegram, await update(ours, '{"update_id":1}', secret)))[0]).toBe(200);
    expect((await ask('POST', telegram, await update(ours, '{}', secret)))[0]).toBe(400);
    expect((await ask('POST', telegram, await update(ours, '{"update_id":1}', 'x')))[0]).toBe(403);
    expect((await ask('POST', telegram, await update('nowhere', '{}', secret)))[0]).toBe(404);
    expect((await ask('POST', telegram, await update(ours, 'x'.repeat(2 ** 20 + 1), secret)))[0]).toBe(413);
  });

  test('stages', async () => {
    const product = await world.addProduct();
    const customer = await world.addCustomer();
    const scopes = [...apiScopes];
    const wish = { shopId: world.shop.id, name: 'Test', scopes, expiresAt: new Date(Date.now() + 60_000), actor: 'cli', at: new Date() };
    const { token } = await createApiToken(world.db.em.fork(), wish);
    const call = async (verb: string, path: string, id: unknown = '', body?: unknown, more: Record<string, string> = {}) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more };
      const init = { method: verb, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return ask(verb, path, await fetch(`${world.apiOrigin}${path.replace('{id}', String(id))}`, init));
    };
    const [made, stage] = await call('POST', '/api/stages', '', { productId: product.id });
    const id = (stage as { id: number }).id;
    const key = { 'idempotency-key': 'campaign-1' };
    expect(made).toBe(201);
    for (const [verb, path, status, body, more] of [
      ['POST', '/api/stages', 409, { productId: product.id }],
      ['POST', '/api/stages', 400, {}],
      ['GET', '/api/stages', 200],
      ['GET', '/api/stages', 401, undefined, { authorization: 'Bearer nobody' }],
      ['GET', '/api/stages/{id}', 200],
      ['PATCH', '/api/stages/{id}', 200, { title: 'New' }],
      ['PATCH', '/api/stages/{id}', 415, { title: 'New' }, { 'content-type': 'text/plain' }],
      ['POST', '/api/stages/{id}/send', 200, { chat: customer.chatId }, key],
      ['POST', '/api/stages/{id}/send', 409, { chat: 1 }, key],
      ['GET', '/api/stages/{id}/stats', 200],
      ['DELETE', '/api/stages/{id}', 200],
    ] as const) {
      expect([verb, path, (await call(verb, path, id, body, more))[0]]).toEqual([verb, path, status]);
    }
    expect((await call('GET', '/api/stages/{id}', 999_999))[0]).toBe(404);
  });

  test.each(['/api', '/api/shops/{shop}'])('the Mini App under %s', async (root) => {
    const mini = await openMiniApp(world, await world.addPerson({ cash: 20_000 }), root.replace('{shop}', world.shop.slug));
    const call = async (verb: string, path: string, id = '', more: { body?: unknown; headers?: Record<string, string> } = {}) =>
      ask(verb, `${root}${path}`, await mini.call(verb, path.replace('{id}', id), more));
    const nonce = async () => String(((await call('POST', '/payment/nonce'))[1] as { nonce: string }).nonce);
    const pay = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
      call('POST', path, '', { body, headers: { 'x-nonce': await nonce(), 'idempotency-key': randomUUID(), ...headers } });
    const product = await world.addProduct({ units: 2, warrantyDays: 14 });
    const soldOut = await world.addProduct({ units: 0 });
    const wish = { type: 'product', productId: product.id };
    const inCoins = { type: 'product', productId: (await world.addProduct({ price: 10_000, methods: ['crypto'] })).id };
    const ids: string[] = [];
    for (const [path, body] of [
      ['/payment/create', { ...wish, method: 'wallet' }],
      ['/payment/create', { ...wish, method: 'stars' }],
      ['/payment/create', { ...inCoins, method: 'crypto', currency: 'BTC' }],
      ['/payment/refill', { amount: 5_000, method: 'card' }],
    ] as const) {
      const [status, told] = await pay(path, body);
      expect([status, told]).toEqual([200, expect.objectContaining({ payment_id: expect.any(String) })]);
      ids.push((told as { payment_id: string }).payment_id);
    }
    for (const id of ids) {
      expect((await call('GET', '/payment/status/{id}', id))[0]).toBe(200);
      expect((await call('POST', '/payment/status/{id}/ask', id))[0]).toBe(200);
      expect((await call('GET', '/payment/status/{id}/events', id))[0]).toBe(200);
    }
    for (const path of ['/payment/create', '/payment/refill']) {
      const fits = path.endsWith('create') ? { ...wish, method: 'wallet', shownTotal: 1 } : { amount: 1, method: 'card' };
      expect((await pay(path, fits))[0]).toBe(409);
      expect((await pay(path, {}))[0]).toBe(400);
      expect((await pay(path, fits, { 'content-type': 'text/plain' }))[0]).toBe(415);
      expect((await pay(path, { ...fits, more: 'x'.repeat(65_536) }))[0]).toBe(413);
      expect((await pay(path, fits, { origin: 'https://evil.example' }))[0]).toBe(403);
      expect((await pay(path, fits, { 'x-telegram-init-data': 'x' }))[0]).toBe(401);
    }
    const photo = world.db.em.fork();
    const picture = photo.create(Photo, { shopId: world.shop.id, mediaType: 'image/png', bytes: aPicture(), telegramFileId: null });
    await photo.persist(picture).flush();
    await photo.nativeUpdate(Product, { id: product.id }, { photoId: picture.id });
    const at = async (verb: string, path: string, query = '', id = '', body?: unknown) => {
      const address = path.replace(/\{\w+\}/, id) + query;
      return (await ask(verb, `${root}${path}`, await mini.call(verb, address, body === undefined ? {} : { body })))[0];
    };
    const [line, itsId] = [{ productId: product.id, quantity: 1 }, String(product.id)];
    for (const [verb, path, query, id, body] of [
      ['GET', '/shop'],
      ['GET', '/districts', '?city=Warsaw'],
      ['GET', '/products', '?q=Key'],
      ['GET', '/products/{id}', '', itsId],
      ['GET', '/photos/{id}', '', String(picture.id)],
      ['PUT', '/basket', '', '', { lines: [line] }],
      ['PUT', '/basket/lines/{productId}', '', itsId, { quantity: 2 }],
      ['GET', '/basket'],
      ['GET', '/quote'],
      ['DELETE', '/basket/code'],
      ['GET', '/orders'],
      ['PUT', '/products/{id}/watch', '', String(soldOut.id)],
      ['DELETE', '/products/{id}/watch', '', String(soldOut.id)],
      ['GET', '/wallet'],
      ['GET', '/gifts'],
      ['GET', '/refills'],
      ['GET', '/coins', '?method=crypto'],
      ['GET', '/referrals'],
      ['GET', '/settings'],
      ['PATCH', '/settings', '', '', { language: 'en' }],
    ] as const) {
      expect([path, await at(verb, path, query, id, body)]).toEqual([path, 200]);
    }
    const [made, gift] = await pay('/gifts', { amount: 1_000 });
    expect([made, await call('POST', '/gifts/{id}/back', String((gift as { id: number }).id))]).toEqual([
      200,
      [200, expect.objectContaining({ gifts: [] })],
    ]);
    expect((await pay('/gifts', { amount: 1_000_000 }))[0]).toBe(409);
    const batch = { shopId: world.shop.id, name: '', amount: 500, count: 1, expiresAt: null, actor: 'cli', at: new Date() };
    const { codes } = await createBatch(world.db.em.fork(), batch);
    expect(await at('POST', '/vouchers/redeem', '', '', { code: codes[0] })).toBe(200);
    expect(await at('POST', '/vouchers/redeem', '', '', { code: 'NO-SUCH-CODE' })).toBe(409);
    await createPromoCode(world.db.em.fork(), promoCode(root));
    expect(await at('POST', '/basket/code', '', '', { code: promoCode(root).code })).toBe(200);
    expect(await at('DELETE', '/basket/code')).toBe(200);
    const [bought = '', unpaid = ''] = ids.map((paymentId) => paymentId.slice(0, 8));
    const { lines } = await untilStatus(world, bought, ['delivered']);
    const visitAt = async (verb: string, path: string, address: string, more: Parameters<typeof mini.call>[2] = {}) =>
      (await ask(verb, `${root}${path}`, await mini.call(verb, address, more)))[0];
    expect(await visitAt('GET', '/orders/{code}', `/orders/${bought}`)).toBe(200);
    expect(await visitAt('POST', '/orders/{code}/lines/{lineId}/show', `/orders/${bought}/lines/${lines[0]?.id}/show`)).toBe(200);
    expect(await visitAt('POST', '/orders/{code}/resend', `/orders/${bought}/resend`)).toBe(200);
    const claims = '/orders/{code}/claims';
    const [, told] = await ask('GET', `${root}${claims}`, await mini.call('GET', `/orders/${bought}/claims`));
    const [piece] = (told as { pieces: { lineId: number; unitId: number }[] }).pieces;
    const report = { body: { lineId: piece?.lineId, unitId: piece?.unitId, description: 'It does not open.' } };
    const [, reported] = await ask('POST', `${root}${claims}`, await mini.call('POST', `/orders/${bought}/claims`, report));
    const [claim] = (reported as { claims: { id: number }[] }).claims;
    expect(await visitAt('POST', `${claims}/{id}/withdraw`, `/orders/${bought}/claims/${claim?.id}/withdraw`)).toBe(200);
    const once = { 'x-nonce': await nonce(), 'idempotency-key': randomUUID() };
    expect(
      await visitAt('POST', '/orders/{code}/pay', `/orders/${unpaid}/pay`, { body: { method: 'card', attempt: 2 }, headers: once }),
    ).toBe(200);
    expect(await visitAt('POST', '/orders/{code}/cancel', `/orders/${unpaid}/cancel`)).toBe(200);
    expect(await visitAt('POST', '/orders/{code}/cancel', `/orders/${bought}/cancel`)).toBe(409);
    const place = { shopId: world.shop.id, city: 'Łódź', district: 'Center', name: 'Point', address: 'Street 1', hours: '9-17' };
    const point = photo.create(PickupPoint, { ...place, photoId: picture.id });
    await photo.persist(point).flush();
    const collected = await world.addProduct({ kind: 'pickup', stockMode: 'counter', pickupPointId: point.id });
    const [, paid] = await pay('/payment/create', { type: 'product', productId: collected.id, method: 'wallet' });
    const collecting = (paid as { payment_id: string }).payment_id.slice(0, 8);
    expect(await visitAt('GET', '/orders/{code}', `/orders/${collecting}`)).toBe(200);
    expect(await visitAt('GET', '/orders/{code}/photos/{id}', `/orders/${collecting}/photos/${picture.id}`)).toBe(200);
    for (const [verb, path, query, id, body, status] of [
      ['GET', '/products', '?q=', '', undefined, 400],
      ['GET', '/products/{id}', '', '999999', undefined, 404],
      ['GET', '/photos/{id}', '', '999999', undefined, 404],
      ['PUT', '/basket', '', '', { lines: [{ ...line, productId: 999_999 }] }, 409],
      ['PUT', '/basket/lines/{productId}', '', itsId, {}, 400],
      ['GET', '/quote', '?lines=1', '', undefined, 400],
      ['POST', '/basket/code', '', '', { code: 'NO-SUCH-CODE' }, 409],
      ['GET', '/orders/{code}', '', 'AAAAAAAA', undefined, 404],
      ['PUT', '/products/{id}/watch', '', '999999', undefined, 409],
      ['GET', '/wallet', '?cursor=x', '', undefined, 400],
    ] as const) {
      expect([path, await at(verb, path, query, id, body)]).toEqual([path, status]);
    }
    for (const path of ['/payment/status/{id}', '/payment/status/{id}/events']) {
      expect((await call('GET', path, 'AAAAAAAA-1'))[0]).toBe(404);
      expect((await call('GET', path, 'what'))[0]).toBe(400);
      expect((await call('GET', path, 'AAAAAAAA-1', { headers: { 'x-telegram-init-data': 'x' } }))[0]).toBe(401);
    }
  });

  test('none is left out', () => {
    const successful = [...exercised].filter((one) => / 2\d\d$/.test(one)).map((one) => one.replace(/ \d+$/, ''));
    expect(described().filter((one) => !successful.includes(one))).toEqual([]);
  });
});

test('the page runs no script, loads nothing from elsewhere, and its policy allows its style alone', async () => {
  const response = await fetch(`${world.apiOrigin}/docs`);
  const page = await response.text();
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(|style="|\son\w+="/i);
  expect(page.match(/https?:\/\/[^"'< ]+/g) ?? []).toEqual([]);
  const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? '';
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  for (const path of Object.keys(document.paths)) expect(page).toContain(`<code>${path}</code>`);
});
