/** Scenarios of the main job through chat, API, worker and far ends, with the checker green after them. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Photo } from '../../db/entities/photo.ts';
import { PickupPoint } from '../../db/entities/pickup-point.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { drawPicture } from '../../db/seed/picture.ts';
import { createPromoCode, stopPromoCode } from '../../db/repositories/promo-code-staff.ts';
import { listOrderViews } from '../../db/repositories/order.ts';
import { cancelOrder, payOrder, placeOrder } from '../../temporal/order.ts';
import { requestRefund } from '../../temporal/refund.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { resultOf } from '../support/ending.ts';
import { openPerson } from '../support/person.ts';
import { newCode } from '../support/shop.ts';
import {
  freeUnits,
  invoiceOf,
  isGreen,
  payByCard,
  payByStars,
  placeOne,
  runBots,
  sessionOf,
  untilStatus,
  viewOf,
} from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld();
  stopBots = await runBots(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
});

const walletOf = async (customer: { id: number }) => (await readWallet(world.db.em.fork(), world.shop, customer.id)).cash;
const secretsIn = async (customer: { chatId: number }) =>
  (await world.chat(customer)).filter((line) => line.text.includes('SECRET-')).length;

async function addPickupPoint(): Promise<number> {
  const em = world.db.em.fork();
  const photo = em.create(Photo, {
    shopId: world.shop.id,
    mediaType: 'image/png',
    bytes: drawPicture({ motif: 'cup', from: [9, 9, 9], to: [99, 99, 99], main: [200, 0, 0], accent: [0, 200, 0] }),
  });
  em.persist(photo);
  await em.flush();
  const point = em.create(PickupPoint, {
    shopId: world.shop.id,
    city: 'Warsaw',
    district: 'Center',
    name: 'Corner shop',
    address: 'Nowy Swiat 1',
    hours: '10-18',
    latitude: 52.23,
    longitude: 21.01,
    photoId: photo.id,
    instructions: 'Ring twice at the green door.',
  });
  em.persist(point);
  await em.flush();
  return point.id;
}

describe('A3', () => {
  it('a discounted product is shown struck through, bought from the wallet, and its place comes with photo and instructions', async () => {
    const pickupPointId = await addPickupPoint();
    await world.addProduct({
      kind: 'pickup',
      title: 'Mug',
      price: 10_000,
      discountPercent: 20,
      methods: ['wallet'],
      pickupPointId,
      units: 1,
      stockMode: 'counter',
    });
    const customer = await world.addPerson({ cash: 8500 });
    const person = openPerson(world, customer);
    await person.press(/Shop/);
    await person.press(/Warsaw/);
    await person.press(/Center/);
    await person.press(/Mug/);
    const screen = await person.see(/100\.00.*80\.00/s);
    const struck = (screen.entities ?? []).filter((entity) => entity.type === 'strikethrough');
    expect(struck.map(({ offset, length }) => screen.text?.slice(offset, offset + length)).join()).toContain('100.00');
    expect(screen.text).toMatch(/20\s?%/);
    await person.press(/Buy now/);
    await person.press(/Wallet · 80\.00/);
    const place = await person.see(/Ring twice at the green door/);
    expect((await person.read()).some((message) => message.photo !== undefined)).toBe(true);
    expect(place.text).toMatch(/Corner shop/);
    const { orders } = await listOrderViews(world.db.em.fork(), { customerId: customer.id }, { limit: 5, offset: 0 });
    expect(orders).toHaveLength(1);
    const [order] = orders;
    expect(order?.lines[0]).toMatchObject({ basePrice: 10_000, discountPercent: 20, price: 8000, quantity: 1 });
    await untilStatus(world, order?.code ?? '', ['delivered']);
    expect(await walletOf(customer)).toBe(500);
  }, 60_000);

  it('with a code typed in the basket costs what every screen says, and a code that was stopped since says so before anything is charged', async () => {
    const { db, shop } = world;
    const code = async (text: string, value: number) =>
      createPromoCode(db.em.fork(), {
        ...{ shopId: shop.id, code: text, description: '', kind: 'percent', value, useLimit: 1, customerLimit: 1, minimumTotal: 0 },
        ...{
          firstOrderOnly: true,
          productId: null,
          categoryId: null,
          startsAt: null,
          endsAt: null,
          customerIds: [],
          actor: 'test',
          at: new Date(),
        },
      });
    await code('SPRING', 10);
    const doomed = await code('DOOMED', 50);
    await world.addProduct({ title: 'Lamp key', price: 10_000, discountPercent: 20, methods: ['wallet'], units: 1 });
    const customer = await world.addPerson({ cash: 8500 });
    const person = openPerson(world, customer);
    await person.press(/Shop/);
    await person.press(/other|all/i);
    await person.press(/Lamp key/);
    await person.press(/Add to basket/);
    await person.say('/basket');
    await person.press(/I have a code/);
    await person.see(/Which code/);
    await person.say('nonsense');
    await person.see(/There is no such code/);
    await person.press(/I have a code/);
    await person.say('doomed');
    await person.see(/Code DOOMED: −40\.00.*Total: 40\.00/s);
    await person.press(/Order · 40\.00/);
    if (doomed) await stopPromoCode(db.em.fork(), doomed, { actor: 'test', at: new Date() });
    await person.press(/Wallet · 40\.00/);
    await person.see(/This code is no longer valid/);
    expect(await walletOf(customer)).toBe(8500);
    await person.press(/Remove code DOOMED/);
    await person.say('/start code_SPRING');
    await person.see(/Code SPRING: −8\.00.*Total: 72\.00/s);
    await person.press(/Order · 72\.00/);
    await person.press(/Wallet · 72\.00/);
    await person.see(/SECRET-/);
    await person.see(/Code SPRING: −8\.00/);
    expect(await walletOf(customer)).toBe(1300);
    const { orders } = await listOrderViews(db.em.fork(), { customerId: customer.id }, { limit: 5, offset: 0 });
    expect(orders).toMatchObject([{ total: 7200, promo: { code: 'SPRING', saved: 800 } }]);
    await untilStatus(world, orders[0]?.code ?? '', ['delivered']);
  }, 60_000);
});

describe('Stars in the chat', () => {
  it('are asked for by a button, approved, and answered with the goods once', async () => {
    await world.addProduct({ title: 'Star key', price: 5000, methods: ['stars'], units: 1 });
    const customer = await world.addPerson();
    const person = openPerson(world, customer);
    await person.press(/Shop/);
    await person.press(/other|all/i);
    await person.press(/Star key/);
    await person.press(/Buy now/);
    await person.press(/Stars · /);
    const url = await person.linkOf(/Pay/);
    const slug = url.split('$').at(-1) as string;
    expect(await payByStars(world, customer, slug)).toMatchObject({ status: 'paid' });
    await person.see(/SECRET-/);
    expect(await payByStars(world, customer, slug)).toMatchObject({ status: 'refused' });
    expect(await secretsIn(customer)).toBe(1);
  }, 60_000);
});

describe('A4', () => {
  it('two customers in the same instant: one order, one charge, and the other keeps the money', async () => {
    for (let round = 0; round < 3; round += 1) {
      const product = await world.addProduct({ units: 1 });
      const buyers = await Promise.all([world.addPerson({ cash: 5000 }), world.addPerson({ cash: 5000 })]);
      const answers = await Promise.all(buyers.map((customer) => placeOne(world, { method: 'wallet', product, customer })));
      expect(answers.map(({ answer }) => (answer.ok ? answer.status : answer.rejected)).sort()).toEqual(['SoldOut', 'paid']);
      expect((await Promise.all(buyers.map(walletOf))).sort()).toEqual([0, 5000]);
    }
  });

  it('200 customers and 50 units: exactly 50', async () => {
    const product = await world.addProduct({ units: 50 });
    const buyers = await Promise.all(Array.from({ length: 200 }, () => world.addPerson({ cash: 5000 })));
    const placed = await Promise.all(
      buyers.map((customer) => placeOne(world, { method: 'wallet', product, customer, deadlineMs: 90_000 })),
    );
    const sold = placed.filter(({ answer }) => answer.ok);
    expect(sold).toHaveLength(50);
    expect(placed.filter(({ answer }) => !answer.ok && answer.rejected === 'SoldOut')).toHaveLength(150);
    await Promise.all(sold.map(({ orderCode }) => resultOf(world, orderWorkflowId(orderCode))));
    expect(await freeUnits(world, product.id)).toBe(0);
    await isGreen(world);
  }, 120_000);

  it('two taps are one order', async () => {
    const product = await world.addProduct({ units: 2 });
    const customer = await world.addPerson({ cash: 10_000 });
    const orderCode = newCode();
    const place = world.placing(customer, product);
    const answers = await Promise.all([1, 2, 3].map(() => placeOrder(world.door, orderCode, place, 20_000)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await resultOf(world, orderWorkflowId(orderCode))).toBe('delivered');
    expect(await placeOrder(world.door, orderCode, place, 20_000)).toEqual(answers[0]);
    expect(await walletOf(customer)).toBe(5000);
    expect(await freeUnits(world, product.id)).toBe(1);
  });
});

interface StripeEvent {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly object: { readonly id: string; readonly payment_intent?: string } };
}

async function eventsAbout(intent: string): Promise<StripeEvent[]> {
  const { events } = await world.control<{ events: StripeEvent[] }>('/stripe/events');
  return events.filter(
    ({ type, data }) =>
      (type === 'payment_intent.succeeded' || type === 'checkout.session.completed') &&
      (data.object.id === intent || data.object.payment_intent === intent),
  );
}

describe('A9', () => {
  it('the webhook five times in parallel, before and after the return: one delivery', async () => {
    world.sandbox.faults.add({ target: 'webhook', kind: 'duplicate', method: 'stripe', times: 5 });
    const placed = await placeOne(world, { method: 'card' });
    const intent = await payByCard(world, placed.orderCode);
    const events = await eventsAbout(intent);
    expect(events.length).toBeGreaterThanOrEqual(2);
    const fiveTimes = () => Promise.all(events.map(({ id }) => world.control(`/stripe/events/${id}/resend`, { times: 5, parallel: true })));
    await fiveTimes();
    // The customer comes back from the page, which has the shop ask Stripe too.
    await openPerson(world, placed.customer).say(`/start order_${placed.orderCode}`);
    expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('delivered');
    await fiveTimes();
    await vi.waitFor(() => expect(world.sandbox.deliveries.list()).toEqual([]), { timeout: 10_000, interval: 100 });
    const rows: { outcome: string }[] = await world.db.em
      .fork()
      .execute(`select outcome from inbox where object_id = ? and kind = 'settled' order by outcome`, [intent]);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['applied', ...events.slice(1).map(() => 'duplicate')]);
    expect(await secretsIn(placed.customer)).toBe(1);
    expect(await walletOf(placed.customer)).toBe(0);
    await isGreen(world);
  });
});

describe('A10', () => {
  it('cancelled in the Temporal UI: units are back, the invoice is closed, the customer is told, the run shows Canceled', async () => {
    const placed = await placeOne(world, { method: 'card' });
    const handle = world.door.client.workflow.getHandle(orderWorkflowId(placed.orderCode));
    await handle.cancel();
    expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('cancelled in the UI');
    expect(await freeUnits(world, placed.product.id)).toBe(1);
    expect((await sessionOf(world, placed.orderCode)).status).toBe('expired');
    expect((await world.chat(placed.customer)).some((line) => /cancelled/i.test(line.text))).toBe(true);
  });

  it('money on its way at a cancel in the UI becomes stray and reaches the wallet', async () => {
    const placed = await placeOne(world, { method: 'card' });
    const intent = await payByCard(world, placed.orderCode, { async: true });
    await vi.waitFor(async () => expect((await viewOf(world, placed.orderCode)).onItsWay).toBe(true), { timeout: 10_000 });
    expect(await cancelOrder(world.door, placed.orderCode, { by: 'staff', actor: 'cli' })).toEqual({
      ok: false,
      rejected: 'PaymentOnItsWay',
    });
    await world.door.client.workflow.getHandle(orderWorkflowId(placed.orderCode)).cancel();
    expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('cancelled in the UI');
    await world.control(`/stripe/payment-intents/${intent}/finish`, { outcome: 'succeeded' });
    await vi.waitFor(async () => expect(await walletOf(placed.customer)).toBe(5000), { timeout: 10_000, interval: 100 });
  });
});

describe('what comes together', () => {
  const seed = Number(process.env.TILLFLOW_TEST_SEED ?? Date.now() % 1_000_000);
  let state = seed;
  // A small generator, so that a printed seed tells the order of things again.
  const draw = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };

  it(`payment, end of hold, cancel and change of method, landing in one moment, end every order consistently (seed ${seed})`, async () => {
    const rounds = Array.from({ length: 12 }, () => ({
      method: draw() < 0.5 ? ('card' as const) : ('stars' as const),
      delays: [draw(), draw(), draw()].map((one) => Math.floor(one * 400) + 1_300),
      wish: draw(),
    }));
    const results = await Promise.all(
      rounds.map(async ({ method, delays, wish }) => {
        const placed = await placeOne(world, { method, holdSeconds: 2, cash: 5000 });
        const from = Date.now() - 500;
        const at = (index: number) => new Promise((done) => setTimeout(done, Math.max(0, from + (delays[index] ?? 0) - Date.now())));
        const { orderCode, customer } = placed;
        const slug = method === 'stars' ? await invoiceOf(world, orderCode) : '';
        const paying = at(0).then<unknown>(() => (method === 'card' ? payByCard(world, orderCode) : payByStars(world, customer, slug)));
        const wishing = at(1).then(() => {
          if (wish < 0.4) return cancelOrder(world.door, orderCode, { by: 'customer', actor: `customer:${customer.id}` });
          if (wish < 0.7) return world.door.client.workflow.getHandle(orderWorkflowId(orderCode)).cancel();
          return payOrder(world.door, orderCode, { method: 'wallet', customerId: customer.id, attempt: 2 });
        });
        await Promise.allSettled([paying, wishing]);
        return { placed, status: await resultOf(world, orderWorkflowId(orderCode)) };
      }),
    );
    // Late or second money takes a moment to find its way.
    await vi.waitFor(() => isGreen(world), { timeout: 20_000, interval: 500 });
    for (const { placed, status } of results) {
      const { status: inRow } = await viewOf(world, placed.orderCode);
      expect(['delivered', 'expired', 'cancelled'], `${placed.orderCode}: ${status}`).toContain(inRow);
      expect(await freeUnits(world, placed.product.id)).toBe(inRow === 'delivered' ? 0 : 1);
      expect(await secretsIn(placed.customer)).toBe(inRow === 'delivered' ? 1 : 0);
    }
  }, 90_000);

  it('a refund asked twice at once is one refund', async () => {
    const placed = await placeOne(world, { method: 'card' });
    await payByCard(world, placed.orderCode);
    expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('delivered');
    const wish = { orderCode: placed.orderCode, number: 1, actor: 'cli', reason: 'test' };
    const answers = await Promise.all([requestRefund(world.door, wish), requestRefund(world.door, wish), requestRefund(world.door, wish)]);
    for (const answer of answers) expect(answer).toEqual({ ok: true, refundIds: [`${placed.orderCode}-r1`] });
    await untilStatus(world, placed.orderCode, ['refunded']);
    expect((await viewOf(world, placed.orderCode)).refunds).toMatchObject([{ amount: 5000, status: 'succeeded' }]);
  });
});

it('leaves nothing the checker would name', async () => {
  // The last webhooks take a moment to find their way.
  await vi.waitFor(() => isGreen(world), { timeout: 15_000, interval: 500 });
});
