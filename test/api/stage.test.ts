/** Stages by HTTP: a token lets in to its shop and its scopes alone, while it is good; a message goes out once a key. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import type { Product } from '../../db/entities/product.ts';
import { createApiToken, listApiTokens, revokeApiToken } from '../../db/repositories/api-token.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { type ApiScope, apiScopes } from '../../domain/api-token.ts';
import { from, makeTestApi, type TestApi } from '../support/api.ts';
import { noLimits } from '../support/mini-app.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let api: TestApi;
let product: Product;
let ours: string;
let theirs: string;
const em = () => world.db.em.fork();
const hour = 3_600_000;

async function tokenOf(shopId: number, scopes: readonly ApiScope[] = apiScopes, expiresAt = new Date(Date.now() + hour)) {
  return createApiToken(em(), { shopId, name: 'Test', scopes: [...scopes], expiresAt, actor: 'cli', at: new Date() });
}

beforeAll(async () => {
  world = await makeTestShop();
  api = makeTestApi(world, { limits: { ...noLimits, token: 40 } });
  const other = await createShop(em(), world.secrets, { slug: 'other', title: 'Other', currency: 'PLN', actor: 'system' });
  product = await world.addProduct({ title: 'Key' });
  ours = (await tokenOf(world.shop.id)).token;
  theirs = (await tokenOf(other.id)).token;
});
afterAll(async () => {
  expect((await checkDatabase(em(), { now: new Date() })).findings).toEqual([]);
  await world.close();
});

async function call(token: string | undefined, method: string, path = '', body?: unknown, headers: Record<string, string> = {}) {
  const sent = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), 'content-type': 'application/json', ...headers };
  const init = { method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await api.app.request(`/api/stages${path}`, init, from('127.0.0.1'));
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}
const key = (text: string) => ({ 'idempotency-key': text });
let made: Record<string, unknown>;

test('a stage is made, shown with its price of now, changed, sent once a key, counted and removed', async () => {
  const created = await call(ours, 'POST', '', { productId: product.id, label: 'One key', startParameter: 'stage_summer' });
  expect([created.status, created.headers.get('cache-control')]).toEqual([201, 'no-store']);
  made = created.body;
  const link = `https://t.me/${world.shop.botUsername}?start=stage_summer`;
  expect(made).toMatchObject({ productId: product.id, title: 'Key', label: 'One key', stars: 2_500, link, removedAt: null });
  const at = `/${made.id}`;
  expect(await call(ours, 'POST', '', { productId: product.id })).toMatchObject({
    status: 409,
    body: { field: 'productId', reason: 'StageExists' },
  });
  expect(await call(ours, 'PATCH', at, { title: 'x'.repeat(33) })).toMatchObject({ status: 400, body: { field: 'title' } });
  expect(await call(ours, 'PATCH', at, {})).toMatchObject({ status: 400, body: { field: 'body' } });
  expect(await call(ours, 'PATCH', at, { startParameter: 'stage_other' })).toMatchObject({ status: 400 });
  await em().execute('update product set discount_percent = 20 where id = ?', [product.id]);
  expect(await call(ours, 'PATCH', at, { title: 'A key' })).toMatchObject({
    status: 200,
    body: { title: 'A key', label: 'One key', stars: 2_000 },
  });
  const customer = await world.addCustomer();
  const sends = await Promise.all(
    Array.from({ length: 4 }, () => call(ours, 'POST', `${at}/send`, { chat: customer.chatId }, key('campaign-1'))),
  );
  expect(new Set(sends.map(({ status, body }) => `${status} ${body.id} ${body.status}`)).size).toBe(1);
  expect(sends[0]).toMatchObject({ status: 200, body: { stageId: made.id, status: 'waiting' } });
  expect(api.door.started).toContain(`notice:${customer.id}`);
  expect(await world.one(`select count(*)::int as notices from notice where customer_id = ?`, [customer.id])).toEqual({ notices: 1 });
  expect(await call(ours, 'POST', `${at}/send`, { chat: 5 }, key('campaign-1'))).toMatchObject({
    status: 409,
    body: { field: 'idempotency-key' },
  });
  expect(await call(ours, 'POST', `${at}/send`, { chat: 'staff' }, key('campaign-2'))).toMatchObject({
    status: 409,
    body: { field: 'chat' },
  });
  expect(await call(ours, 'POST', `${at}/send`, { chat: customer.chatId })).toMatchObject({
    status: 400,
    body: { field: 'idempotency-key' },
  });
  expect(await call(ours, 'GET', `${at}/stats`)).toMatchObject({
    status: 200,
    body: { waiting: 1, opened: 0, revenue: [], conversionPercent: null },
  });
});

describe('another shop’s token', () => {
  test('knows none of its stages, products and chats, and changes nothing', async () => {
    const at = `/${made.id}`;
    const customer = await world.addCustomer();
    for (const [method, path, body] of [
      ['GET', at],
      ['PATCH', at, { title: 'Theirs' }],
      ['DELETE', at],
      ['GET', `${at}/stats`],
      ['POST', `${at}/send`, { chat: customer.chatId }],
    ] as const) {
      expect(await call(theirs, method, path, body, key('campaign-3')), `${method} ${path}`).toMatchObject({
        status: 404,
        body: { field: 'id' },
      });
    }
    expect((await call(theirs, 'GET', '?all=true')).body).toEqual({ stages: [], next: null });
    expect(await call(theirs, 'POST', '', { productId: product.id })).toMatchObject({ status: 409, body: { reason: 'ProductUnknown' } });
    expect((await call(ours, 'GET', at)).body).toMatchObject({ title: 'A key', removedAt: null });
    expect(await revokeApiToken(em(), { shopId: world.shop.id + 1, id: 1 }, { actor: 'cli', at: new Date() })).toBeUndefined();
  });
});

describe('a token', () => {
  test('lets in to what its scopes say alone', async () => {
    const at = `/${made.id}`;
    const reader = (await tokenOf(world.shop.id, ['stages:read'])).token;
    const sender = (await tokenOf(world.shop.id, ['stages:send'])).token;
    expect((await call(reader, 'GET')).status).toBe(200);
    for (const [token, method, path, body] of [
      [reader, 'POST', '', { productId: product.id }],
      [reader, 'PATCH', at, { title: 'x' }],
      [reader, 'DELETE', at],
      [reader, 'POST', `${at}/send`, { chat: 1 }],
      [sender, 'GET', at],
      [sender, 'DELETE', at],
    ] as const) {
      expect(await call(token, method, path, body, key('campaign-4'))).toMatchObject({
        status: 403,
        body: { field: 'authorization', reason: 'ScopeMissing' },
      });
    }
  });

  test('lets nobody in when it is over, revoked, changed or none, and is kept as a hash', async () => {
    const over = (await tokenOf(world.shop.id, apiScopes, new Date(Date.now() - 1))).token;
    const revoked = await tokenOf(world.shop.id);
    expect((await call(revoked.token, 'GET')).status).toBe(200);
    await revokeApiToken(em(), revoked.row, { actor: 'cli', at: new Date() });
    for (const token of [over, revoked.token, undefined, '', 'nobody', `${ours.slice(0, -1)}_`, ours.toUpperCase()]) {
      const refused = await call(token, 'GET');
      expect([token, refused.status]).toEqual([token, 401]);
      expect([refused.body.field, refused.headers.get('www-authenticate')]).toEqual(['authorization', 'Bearer']);
    }
    expect(JSON.stringify(await listApiTokens(em(), world.shop.id))).not.toContain(ours);
    const kept = await world.one(
      'select string_agg(t::text, chr(10)) as rows, (select string_agg(a::text, chr(10)) from audit a) as audit from api_token t',
    );
    for (const text of Object.values(kept)) expect(text).not.toContain(ours.slice('tillflow_'.length));
  });

  test('is asked to wait when it calls too often, another one is not', async () => {
    const [fast, slow] = [(await tokenOf(world.shop.id)).token, (await tokenOf(world.shop.id)).token];
    for (let count = 0; count < 40; count += 1) expect((await call(fast, 'GET')).status).toBe(200);
    const limited = await call(fast, 'GET');
    expect([limited.status, limited.body.field]).toEqual([429, 'token']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await call(slow, 'GET')).status).toBe(200);
  });
});

test('removed twice a stage is removed once, and says so to whoever still sends it', async () => {
  const at = `/${made.id}`;
  const first = await call(ours, 'DELETE', at);
  expect(first).toMatchObject({ status: 200, body: { removedAt: expect.any(String) } });
  expect((await call(ours, 'DELETE', at)).body).toEqual(first.body);
  expect(await call(ours, 'PATCH', at, { title: 'Late' })).toMatchObject({ status: 409, body: { field: 'id', reason: 'StageGone' } });
  const customer = await world.addCustomer();
  expect(await call(ours, 'POST', `${at}/send`, { chat: customer.chatId }, key('campaign-5'))).toMatchObject({
    status: 409,
    body: { reason: 'StageGone' },
  });
  expect((await call(ours, 'GET')).body).toEqual({ stages: [], next: null });
  expect((await call(ours, 'GET', '?all=true')).body).toMatchObject({ stages: [{ id: made.id }] });
});
