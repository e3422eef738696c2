/** Claims and stock watches in the Mini App: the chat's rows and refusals, said once however often they are sent. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { checkDatabase } from '../../db/check.ts';
import { judgeClaim } from '../../db/repositories/claim.ts';
import { claimDelivery, markSent } from '../../db/repositories/delivery.ts';
import { isWatching } from '../../db/repositories/stock-watch.ts';
import { makeTestApi, type TestApi } from '../support/api.ts';
import { callAs, noLimits } from '../support/mini-app.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let app: Hono;
let api: TestApi;
const em = () => world.db.em.fork();
beforeAll(async () => {
  world = await makeTestShop({ poolSize: 4 });
  api = makeTestApi(world, { limits: noLimits });
  app = api.app;
});
afterAll(() => world.close());

/** Somebody who bought pieces under warranty and has them. */
async function buy(quantity: number, warranty: { warrantyDays?: number } = { warrantyDays: 14 }) {
  const customer = await world.addCustomer({ cash: 50_000 });
  const product = await world.addProduct({ title: 'Key', units: quantity, ...warranty });
  const code = newCode();
  const place = world.placing(customer, product, { lines: [{ productId: product.id, quantity }] });
  await createOrderActivities({ db: world.db }).open({ orderCode: code, place, at: Date.now() });
  const { id } = await world.one(
    'select d.id from delivery d join order_line l on l.id = d.order_line_id join "order" o on o.id = l.order_id where o.code = ?',
    [code],
  );
  const at = new Date();
  await claimDelivery(em(), { id: Number(id), status: 'waiting', shownAt: null });
  await markSent(em(), { id: Number(id), messageId: 1, sentAt: at, shownAt: at });
  const call = callAs(app, world.shop, customer);
  const claims = call.orders[':code'].claims;
  return { customer, product, code, call, claims, read: async () => (await claims.$get({ param: { code } })).json() };
}
const reasonOf = async (response: { status: number; json(): Promise<unknown> }) => [
  response.status,
  ((await response.json()) as { reason?: string }).reason,
];

test('a piece under warranty is reported once, shown as it stands, and taken back until staff have judged it', async () => {
  const { customer, code, call, claims, read } = await buy(2);
  expect(await (await call.orders[':code'].$get({ param: { code } })).json()).toMatchObject({ canClaim: true });
  const before = await read();
  expect(before).toMatchObject({
    claims: [],
    pieces: [
      { title: 'Key', piece: 1 },
      { title: 'Key', piece: 2 },
    ],
  });
  const [first, second] = before.pieces;
  if (!first || !second) throw new Error('no pieces');
  const report = ({ lineId, unitId }: typeof first, description: string) =>
    claims.$post({ param: { code }, json: { lineId, unitId, description } });
  for (const words of ['  It was used already. ', 'Sent again']) {
    expect(await (await report(first, words)).json()).toEqual({
      pieces: [second],
      claims: [expect.objectContaining({ status: 'open', piece: 1, description: 'It was used already.', canWithdraw: true })],
    });
  }
  expect(api.door.started).toEqual([`claim:${code}-c1`]);
  const [claim] = (await read()).claims;
  const withdraw = (id: number) => claims[':id'].withdraw.$post({ param: { code, id: String(id) } });
  await judgeClaim(em(), {
    id: claim?.id ?? 0,
    shopId: world.shop.id,
    verdict: 'refuse',
    reason: 'works',
    by: { actor: 'staff:1' },
    at: new Date(),
  });
  expect(await reasonOf(await withdraw(claim?.id ?? 0))).toEqual([409, 'AlreadyJudged']);
  expect((await report(second, 'This one too')).status).toBe(200);
  const [other] = (await read()).claims;
  expect((await withdraw(other?.id ?? 0)).status).toBe(200);
  expect(
    await world.one('select count(*)::int as taken from claim where customer_id = ? and withdrawn_at is not null', [customer.id]),
  ).toEqual({
    taken: 1,
  });
});

test('more customers report at once than there are connections, and each is heard', async () => {
  const buyers = await Promise.all(Array.from({ length: 8 }, () => buy(1)));
  const reports = await Promise.all(
    buyers.map(async ({ code, claims, read }) => {
      const [piece] = (await read()).pieces;
      if (!piece) throw new Error('no pieces');
      const json = { lineId: piece.lineId, unitId: piece.unitId, description: 'It does not work' };
      return (await claims.$post({ param: { code }, json })).json();
    }),
  );
  expect(reports.map((report) => ('claims' in report ? report.claims.map(({ status }) => status) : report))).toEqual(
    buyers.map(() => ['open']),
  );
});

test('what is under no warranty, and an order of somebody else, is not reported', async () => {
  const { code, call, read } = await buy(1, {});
  expect(await read()).toEqual({ pieces: [], claims: [] });
  expect(await (await call.orders[':code'].$get({ param: { code } })).json()).toMatchObject({ canClaim: false });
  const mine = await buy(1);
  const [piece] = (await mine.read()).pieces;
  const json = { lineId: piece?.lineId ?? 0, unitId: piece?.unitId ?? null, description: 'x' };
  expect(await reasonOf(await call.orders[':code'].claims.$post({ param: { code }, json }))).toEqual([409, 'WarrantyOver']);
  expect((await call.orders[':code'].claims.$post({ param: { code: mine.code }, json })).status).toBe(404);
  const blank = await mine.claims.$post({ param: { code: mine.code }, json: { ...json, description: '  ' } });
  expect([blank.status, await blank.json()]).toEqual([400, expect.objectContaining({ field: 'description' })]);
  expect(await mine.read()).toMatchObject({ claims: [] });
});

test('a sold-out product is waited for, one that is there is not, and its card says so', async () => {
  const customer = await world.addCustomer();
  const call = callAs(app, world.shop, customer).products[':id'];
  const [soldOut, there] = [await world.addProduct({ units: 0 }), await world.addProduct({ units: 1 })];
  const param = { id: String(soldOut.id) };
  for (let times = 0; times < 2; times += 1) expect(await (await call.watch.$put({ param })).json()).toEqual({ watching: true });
  expect(await (await call.$get({ param })).json()).toMatchObject({ watching: true, stock: 0 });
  expect(await reasonOf(await call.watch.$put({ param: { id: String(there.id) } }))).toEqual([409, 'InStock']);
  for (let times = 0; times < 2; times += 1) expect(await (await call.watch.$delete({ param })).json()).toEqual({ watching: false });
  expect(await isWatching(em(), { customerId: customer.id, productId: soldOut.id })).toBe(false);
  expect(await (await call.$get({ param })).json()).toMatchObject({ watching: false });
});

test('leaves nothing that must not be', async () => {
  expect((await checkDatabase(em(), { now: new Date() })).findings).toEqual([]);
});
