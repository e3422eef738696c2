/** Orders in the Mini App: the one stock and the one basket of the chat, the same story, and only one's own. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { Photo } from '../../db/entities/photo.ts';
import { PickupPoint } from '../../db/entities/pickup-point.ts';
import type { OrderAnswer } from '../../api/schemas/order.ts';
import { addToBasket, readBasket } from '../../db/repositories/basket.ts';
import { walletOf } from '../support/deposits.ts';
import { takeFingerprint } from '../support/fingerprint.ts';
import { noLimits, openMiniApp } from '../support/mini-app.ts';
import { openPerson } from '../support/person.ts';
import { aPicture } from '../support/shop.ts';
import { freeUnits, isGreen, payByCard, runBots, untilStatus } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld({ limits: noLimits });
  stopBots = await runBots(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
});
afterEach(() => isGreen(world));

const em = () => world.db.em.fork();

async function open(money: { cash?: number } = {}) {
  const customer = await world.addPerson(money);
  const app = await openMiniApp(world, customer);
  const ask = async (method: string, path: string, more: Parameters<typeof app.call>[2] = {}) =>
    app.tell(await app.call(method, path, more));
  const order = async (code: string) => (await ask('GET', `/orders/${code}`)).body as unknown as OrderAnswer;
  /** A call about money: with a nonce, and a key of its own unless one is given. */
  const pay = async (code: string, body: object, key: string = randomUUID()) =>
    ask('POST', `/orders/${code}/pay`, { body, headers: { 'x-nonce': await app.nonce(), 'idempotency-key': key } });
  return { customer, app, ask, order, pay, chat: openPerson(world, customer) };
}

const codeOf = (paymentId: unknown) => String(paymentId).replace(/-\d+$/, '');
const countOrders = async ({ id }: Customer) =>
  Number((await world.one('select count(*)::int as n from "order" where customer_id = ?', [id])).n);

describe('through bot and Mini App at once', () => {
  test('the last unit goes to one of two customers, who pays, and the other hears that it is sold', async () => {
    const product = await world.addProduct({ units: 1, methods: ['wallet'], title: 'Last one' });
    const [inChat, inApp] = await Promise.all([open({ cash: 5_000 }), open({ cash: 5_000 })]);
    await addToBasket(em(), inChat.customer.id, product.id);
    await inChat.chat.say('/basket');
    await inChat.chat.press(/^Order · /);
    await inChat.chat.see(/check your order/i);
    const wish = { type: 'product', productId: product.id, method: 'wallet', shownTotal: 5_000 };
    const [, told] = await Promise.all([inChat.chat.press(/wallet/i), inApp.app.pay('create', wish)]);
    const sold = (await Promise.all([countOrders(inChat.customer), countOrders(inApp.customer)])) as [number, number];
    const won = told.status === 200;
    if (!won) expect([told.status, told.body.reason]).toEqual([409, 'SoldOut']);
    await inChat.chat.see(won ? /just sold out/i : /Thank you for your purchase/i);
    expect([won ? 1 : 0, sold[1]]).toEqual([sold[1], won ? 1 : 0]);
    const money = await Promise.all([walletOf(world, inChat.customer), walletOf(world, inApp.customer)]);
    expect(money.map(({ cash }) => cash)).toEqual(won ? [5_000, 0] : [0, 5_000]);
    expect(await freeUnits(world, product.id)).toBe(0);
  });

  test('a basket bought by both doors of one customer is one order and one charge', async () => {
    const { customer, app, chat } = await open({ cash: 50_000 });
    const product = await world.addProduct({ methods: ['wallet'] });
    await addToBasket(em(), customer.id, product.id);
    await chat.say('/basket');
    await chat.press(/^Order · /);
    await chat.see(/check your order/i);
    const wish = { type: 'basket', lines: [{ productId: product.id, quantity: 1 }], method: 'wallet' };
    const [, ...told] = await Promise.all([chat.press(/wallet/i), app.pay('create', wish), app.pay('create', wish)]);
    for (const { status, body } of told) {
      if (status !== 200) expect([status, body.reason]).toEqual([409, 'BasketChanged']);
    }
    await chat.see(/Thank you for your purchase/i);
    await expect.poll(() => countOrders(customer)).toBe(1);
    expect(await walletOf(world, customer)).toMatchObject({ cash: 45_000 });
    expect(await readBasket(em(), customer.id)).toEqual([]);
    // What is put in again is another basket.
    await addToBasket(em(), customer.id, product.id);
    const again = await app.pay('create', wish);
    expect([again.status, again.body.paid]).toEqual([200, true]);
    expect([await countOrders(customer), (await walletOf(world, customer)).cash]).toEqual([2, 40_000]);
    await untilStatus(world, codeOf(again.body.payment_id), ['delivered']);
  });
});

describe('an order', () => {
  test('tells its story, its goods once they were shown, and is sent again', async () => {
    const { app, ask, order } = await open({ cash: 5_000 });
    const product = await world.addProduct({ units: 1, title: 'Key' });
    const paid = await app.pay('create', { type: 'product', productId: product.id, method: 'wallet' });
    const code = codeOf(paid.body.payment_id);
    await untilStatus(world, code, ['delivered']);
    const told = await order(`${code.slice(0, 4)}-${code.slice(4)}`.toLowerCase());
    expect(told).toMatchObject({ code, status: 'delivered', total: 5_000, canCancel: false, canResend: true, methods: [], payUntil: null });
    expect(told.lines).toMatchObject([
      {
        title: 'Key',
        quantity: 1,
        delivery: 'sent',
        goods: [{ kind: 'text', text: expect.stringMatching(/^SECRET-/) }],
        handoverCode: null,
      },
    ]);
    expect(told.timeline.map(({ step, by }) => `${step} ${by}`)).toEqual([
      'placed customer',
      'paid shop',
      'goodsSent shop',
      'delivered shop',
    ]);
    expect(told.payment).toMatchObject({ status: 'settled', final: true, paid: true });
    const again = await ask('POST', `/orders/${code}/resend`);
    expect([again.status, again.body.code]).toEqual([200, code]);
    await untilStatus(world, code, ['delivered']);
    expect((await ask('GET', '/orders')).body).toMatchObject({ orders: [{ code, lines: [{ title: 'Key', quantity: 1 }] }], next: null });
    const refused = await ask('POST', `/orders/${code}/cancel`);
    expect([refused.status, refused.body.reason, refused.body.field]).toEqual([409, 'AlreadyPaid', 'code']);
  });

  test('shows where it is collected and by which code once it is paid, not before; the picture to its customer alone', async () => {
    const fork = em();
    const photo = fork.create(Photo, { shopId: world.shop.id, mediaType: 'image/png', bytes: aPicture(), telegramFileId: null });
    await fork.persist(photo).flush();
    const where = { city: 'Łódź', district: 'Center', name: 'Point', address: 'Street 1', hours: '9-17', instructions: 'Ring twice' };
    const point = fork.create(PickupPoint, { shopId: world.shop.id, ...where, photoId: photo.id });
    await fork.persist(point).flush();
    const product = await world.addProduct({ kind: 'pickup', stockMode: 'counter', methods: ['card'], pickupPointId: point.id });
    const { app, ask, order } = await open();
    const placed = await app.pay('create', { type: 'product', productId: product.id, method: 'card' });
    const code = codeOf(placed.body.payment_id);
    const before = await order(code);
    expect(before).toMatchObject({ status: 'awaitingPayment', canCancel: true, payment: { url: placed.body.url } });
    expect(before.lines).toMatchObject([{ delivery: null, place: null, handoverCode: null, goods: [], canShow: false }]);
    const picture = (by = ask) => by('GET', `/orders/${code}/photos/${photo.id}`).catch(() => ({ status: 200 }));
    expect((await picture()).status).toBe(404);
    await payByCard(world, code);
    await untilStatus(world, code, ['delivered']);
    const [line] = (await order(code)).lines;
    expect(line).toMatchObject({ place: { ...where, photoId: photo.id }, handoverCode: expect.any(String) });
    const shown = await app.call('GET', `/orders/${code}/photos/${photo.id}`);
    expect([shown.status, shown.headers.get('content-type'), shown.headers.get('cache-control')]).toEqual([
      200,
      'image/png',
      'private, max-age=31536000, immutable',
    ]);
    const stranger = await open();
    expect((await picture(stranger.ask)).status).toBe(404);
    expect((await app.call('GET', `/photos/${photo.id}`)).status).toBe(404);
  });

  test('unpaid is paid by another method, once however often that is sent, or given up', async () => {
    const { customer, app, ask, order, pay } = await open({ cash: 5_000 });
    const product = await world.addProduct({ units: 1 });
    const placed = await app.pay('create', { type: 'product', productId: product.id, method: 'card' });
    const code = codeOf(placed.body.payment_id);
    const shown = await order(code);
    expect(shown.attempt).toBe(2);
    expect(shown.methods).toEqual(expect.arrayContaining([expect.objectContaining({ method: 'wallet', amount: 5_000, offered: true })]));
    const stale = await pay(code, { method: 'stars', attempt: 1 });
    expect([stale.status, stale.body.field]).toEqual([400, 'attempt']);
    const key = randomUUID();
    const stars = await Promise.all([1, 2, 3].map(() => pay(code, { method: 'stars', attempt: 2 }, key)));
    expect(stars.map(({ status, body }) => [status, body.payment_id, body.invoice_link])).toEqual(
      stars.map(() => [200, `${code}-2`, stars[0]?.body.invoice_link]),
    );
    expect((await pay(code, { method: 'wallet', attempt: 3 }, key)).body.reason).toBe('KeyOfAnotherCall');
    const given = await Promise.all([ask('POST', `/orders/${code}/cancel`), ask('POST', `/orders/${code}/cancel`)]);
    expect(given.map(({ status, body }) => [status, body.status])).toEqual([
      [200, 'cancelled'],
      [200, 'cancelled'],
    ]);
    const late = await pay(code, { method: 'wallet', attempt: 3 });
    expect([late.status, late.body.reason]).toEqual([409, 'AlreadyEnded']);
    expect([await walletOf(world, customer), await freeUnits(world, product.id)]).toMatchObject([{ cash: 5_000 }, 1]);
    expect((await order(code)).timeline.map(({ step }) => step)).toEqual(['placed', 'methodChosen', 'cancelled']);
  });

  test('of somebody else is as unknown as none, by every door', async () => {
    const { app } = await open({ cash: 5_000 });
    const product = await world.addProduct({ units: 1 });
    const paid = await app.pay('create', { type: 'product', productId: product.id, method: 'wallet' });
    const code = codeOf(paid.body.payment_id);
    await untilStatus(world, code, ['delivered']);
    const lineId = Number(
      (await world.one('select l.id from order_line l join "order" o on o.id = l.order_id where o.code = ?', [code])).id,
    );
    const { ask, pay } = await open({ cash: 5_000 });
    const before = await takeFingerprint(em(), { people: false });
    for (const told of [
      await ask('GET', `/orders/${code}`),
      await ask('POST', `/orders/${code}/cancel`),
      await ask('POST', `/orders/${code}/resend`),
      await ask('POST', `/orders/${code}/lines/${lineId}/show`),
      await ask('GET', `/orders/${code}/photos/1`),
      await pay(code, { method: 'wallet', attempt: 2 }),
    ]) {
      expect([told.status, told.body.field]).toEqual([404, 'code']);
      expect(JSON.stringify(told.body)).not.toContain('SECRET');
    }
    expect((await ask('GET', '/orders')).body).toMatchObject({ orders: [] });
    expect(await takeFingerprint(em(), { people: false })).toEqual(before);
  });
});
