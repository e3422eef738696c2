/** `tillflow stage`: made, listed, changed, sent once a key, counted and removed, with an audit entry for every act. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Product } from '../../db/entities/product.ts';
import { makeTestShop, testKeys, type TestShop } from '../support/shop.ts';
import { tillflow } from '../support/tillflow.ts';

let world: TestShop;
let product: Product;
beforeAll(async () => {
  world = await makeTestShop();
  product = await world.addProduct({ title: 'Key', discountPercent: 20 });
  vi.stubEnv('TILLFLOW_DATABASE_URL', world.database.appUrl);
  vi.stubEnv('TILLFLOW_KEYS', testKeys);
  // Whoever is to be told waits for the relay.
  vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

const stage = (verb: string, ...rest: string[]) => tillflow('stage', verb, '--shop', world.shop.slug, ...rest);
const json = async (verb: string, ...rest: string[]) => {
  const run = await stage(verb, ...rest, '--json');
  expect([verb, run.code, run.err]).toEqual([verb, 0, '']);
  return JSON.parse(run.out);
};

test('a stage is made, shown with its price of now, changed, sent once a key, counted, and removed with its numbers kept', async () => {
  const { sku } = await world.one('select sku from product where id = ?', [product.id]);
  const made = await json('create', '--product', String(sku), '--label', 'One key', '--start-parameter', 'stage_summer');
  const link = `https://t.me/${world.shop.botUsername}?start=stage_summer`;
  expect(made).toMatchObject({ productId: product.id, title: 'Key', label: 'One key', photoUrl: null, stars: 2_000, link });
  expect(await stage('create', '--product', String(sku))).toMatchObject({ code: 1, err: expect.stringContaining('has a stage already') });
  expect(await stage('create', '--product', 'no-such')).toMatchObject({ code: 1 });
  const id = String(made.id);
  const changed = await json('update', '--stage', id, '--title', 'A key', '--photo', 'https://shop.example/a.jpg');
  expect(changed).toMatchObject({ title: 'A key', photoUrl: 'https://shop.example/a.jpg', payload: made.payload });
  expect(await json('update', '--stage', id, '--photo', 'none')).toMatchObject({ photoUrl: null });
  expect(await stage('update', '--stage', id)).toMatchObject({ code: 2 });
  expect(await stage('update', '--stage', id, '--photo', 'http://shop.example/a.jpg')).toMatchObject({ code: 2 });
  const customer = await world.addCustomer();
  const send = ['--stage', id, '--chat', String(customer.chatId), '--key', 'campaign-1'];
  const sent = await json('send', ...send);
  expect(sent).toMatchObject({ status: 'waiting', key: 'campaign-1' });
  expect(await json('send', ...send)).toEqual(sent);
  expect(await stage('send', '--stage', id, '--chat', 'staff')).toMatchObject({ code: 1, err: expect.stringContaining('chat:') });
  expect(await json('stats', '--stage', id)).toMatchObject({
    waiting: 1,
    sent: 0,
    opened: 0,
    orders: 0,
    revenue: [],
    conversionPercent: null,
  });
  expect((await stage('stats', '--stage', id)).out).toContain('nobody came yet');
  expect((await stage('list')).out).toMatch(/A key\s+2000 XTR\s+https/);
  await json('remove', '--stage', id);
  await json('remove', '--stage', id);
  expect(await json('list')).toEqual([]);
  expect(await json('list', '--all')).toMatchObject([{ id: made.id, removedAt: expect.any(String) }]);
  expect(await json('stats', '--stage', id)).toMatchObject({ waiting: 1 });
  expect(await stage('update', '--stage', id, '--title', 'Late')).toMatchObject({ code: 1 });
  expect(await stage('send', ...send.slice(0, 4))).toMatchObject({ code: 1 });
  expect(await stage('show', '--stage', '999')).toMatchObject({ code: 1 });
  const acts: { action: string }[] = await world.db.em.fork().execute(`select action from audit where subject = 'stage' order by id`);
  expect(acts.map(({ action }) => action)).toEqual(['stage.create', 'stage.update', 'stage.update', 'stage.send', 'stage.remove']);
});

test('a token is shown once, listed without itself, and revoked', async () => {
  const token = (verb: string, ...rest: string[]) => tillflow('token', verb, '--shop', world.shop.slug, ...rest, '--json');
  const made = JSON.parse((await token('create', '--name', 'Site', '--scopes', 'stages:read,stages:send', '--days', '30')).out);
  expect(made).toMatchObject({
    name: 'Site',
    scopes: ['stages:read', 'stages:send'],
    state: 'good',
    token: expect.stringMatching(/^tillflow_[\w-]{43}$/),
  });
  expect(Date.parse(made.expiresAt) - Date.now()).toBeGreaterThan(29 * 86_400_000);
  const listed = await token('list');
  expect([JSON.parse(listed.out).length, listed.out.includes(made.token)]).toEqual([1, false]);
  expect(JSON.parse((await token('revoke', '--token', String(made.id))).out)).toMatchObject({ state: 'revoked' });
  expect(await token('revoke', '--token', '999')).toMatchObject({ code: 1 });
  expect(await token('create', '--name', 'Site', '--scopes', 'everything')).toMatchObject({ code: 2 });
});
