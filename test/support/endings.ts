/** Every way an order, a deposit, notices, a refund, stray money, a re-send, a handover or a refresh of rates ends, acted out on a world with a worker and bots. */
import { expect } from 'vitest';
import { PickupPoint } from '../../db/entities/pickup-point.ts';
import { handOverOrder, resendOrder } from '../../temporal/delivery.ts';
import { cancelOrder, payOrder, restartOrder, ringOrder } from '../../temporal/order.ts';
import { requestRefund } from '../../temporal/refund.ts';
import { startStray } from '../../temporal/stray.ts';
import { isRunning } from '../../temporal/visibility.ts';
import { deliveryWorkflowId, handoverWorkflowId } from '../../workflows/messages/delivery.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { refundWorkflowId } from '../../workflows/messages/refund.ts';
import { strayWorkflowId } from '../../workflows/messages/stray.ts';
import { autoBuyEndings } from './auto-buys.ts';
import { backgroundEndings } from './background.ts';
import { chainEndings } from './chain-endings.ts';
import { transferEndings } from './approvals.ts';
import { depositEndings } from './deposits.ts';
import { renewQuotes } from './coins.ts';
import { type Ending, ended, resultOf } from './ending.ts';
import { referralEndings } from './referrals.ts';
import { invoiceOf, payByCard, payByStars, type Placed, type PlaceWish, placeOne, untilStatus, viewOf } from './story.ts';
import { untilAnswered, waitFor, withPatience } from './wait.ts';
import type { World } from './world.ts';

/** A hold that a customer pays within and that is soon over, seconds: whose worker is killed pays later. */
const shortHold = () => Math.ceil(withPatience(3_000) / 1_000);

const endedOrder = (world: World, { orderCode }: Pick<Placed, 'orderCode'>) => ended(world, orderWorkflowId(orderCode));

async function delivered(world: World, wish: PlaceWish): Promise<Placed> {
  const placed = await placeOne(world, wish);
  if (wish.method === 'card') await payByCard(world, placed.orderCode);
  if (wish.method === 'stars') await payByStars(world, placed.customer, await invoiceOf(world, placed.orderCode));
  expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('delivered');
  return placed;
}

async function refunded(world: World, { orderCode }: Placed, wish: { amount?: number; reason?: string } = {}) {
  const refunds = (await viewOf(world, orderCode)).refunds.length;
  const request = { orderCode, number: refunds + 1, actor: 'cli', reason: wish.reason ?? 'asked for', amount: wish.amount };
  const answer = await untilAnswered(() => requestRefund(world.door, request));
  return { answer, workflowId: refundWorkflowId(`${orderCode}-r${refunds + 1}`) };
}

async function pay(world: World, { orderCode, customer }: Placed, method: 'wallet' | 'stars' | 'card', attempt = 2): Promise<void> {
  const answer = await untilAnswered(() => payOrder(world.door, orderCode, { method, customerId: customer.id, attempt }));
  // Asked again because its worker died, it may come when the first asking has ended the order: then the row is the answer.
  if ('closed' in answer) expect((await viewOf(world, orderCode)).method).toBe(method);
  else expect(answer).toMatchObject({ ok: true });
}

async function placeInCoins(world: World, holdSeconds: number): Promise<Placed> {
  const product = await world.addProduct({ units: 1, methods: ['crypto'] });
  return placeOne(world, { method: 'crypto', product, holdSeconds, place: { coin: 'BTC' } });
}

/** Coins arrive at the order's address. @returns the provider's payment */
async function sendCoins(world: World, { orderCode }: Placed, wish: object = {}): Promise<{ payment_id: string }> {
  const { payments } = await world.control<{ payments: { payment_id: string }[] }>(`/nowpayments/payments?orderId=${orderCode}-1`);
  return world.control(`/nowpayments/payments/${payments.at(-1)?.payment_id}/send`, wish);
}

async function pickupPoint(world: World): Promise<number> {
  const em = world.db.em.fork();
  const point = em.create(PickupPoint, {
    shopId: world.shop.id,
    city: 'Warsaw',
    district: 'Center',
    name: 'Corner shop',
    address: 'Nowy Swiat 1',
    hours: '10-18',
    instructions: 'Ring twice.',
  });
  em.persist(point);
  await em.flush();
  return point.id;
}

export const endings: readonly Ending[] = [
  {
    name: 'order-wallet-delivered',
    most: 10,
    run: async (world) => endedOrder(world, await placeOne(world, { method: 'wallet', cash: 5000 })),
  },
  {
    name: 'order-stars-delivered',
    most: 16,
    run: async (world) => endedOrder(world, await delivered(world, { method: 'stars' })),
  },
  {
    name: 'order-card-delivered',
    most: 21,
    run: async (world) => endedOrder(world, await delivered(world, { method: 'card' })),
  },
  {
    name: 'order-stars-expired',
    run: async (world) => endedOrder(world, await placeOne(world, { method: 'stars', holdSeconds: 2 })),
  },
  {
    name: 'order-card-expired',
    run: async (world) => endedOrder(world, await placeOne(world, { method: 'card', holdSeconds: 2 })),
  },
  {
    name: 'order-card-found-paid-when-closed',
    async run(world) {
      world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'stripe', times: 10 });
      const placed = await placeOne(world, { method: 'card', holdSeconds: shortHold() });
      await payByCard(world, placed.orderCode);
      const end = await endedOrder(world, placed);
      world.sandbox.faults.clear();
      return end;
    },
  },
  {
    name: 'order-cancelled-by-customer',
    async run(world) {
      const placed = await placeOne(world, { method: 'stars' });
      await untilAnswered(() => cancelOrder(world.door, placed.orderCode, { by: 'customer', actor: `customer:${placed.customer.id}` }));
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-card-cancelled-by-staff',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await untilAnswered(() => cancelOrder(world.door, placed.orderCode, { by: 'staff', actor: 'cli' }));
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-cancelled-in-ui',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await world.door.client.workflow.getHandle(orderWorkflowId(placed.orderCode)).cancel();
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-stars-then-wallet-delivered',
    most: 17,
    async run(world) {
      const placed = await placeOne(world, { method: 'stars', cash: 5000 });
      await pay(world, placed, 'wallet');
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-card-then-wallet-delivered',
    most: 23,
    async run(world) {
      const placed = await placeOne(world, { method: 'card', cash: 5000 });
      await pay(world, placed, 'wallet');
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-card-then-stars-delivered',
    // A page that was opened and must be closed again costs a call more.
    most: 28,
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await pay(world, placed, 'stars');
      await payByStars(world, placed.customer, await invoiceOf(world, placed.orderCode));
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-stars-then-card-delivered',
    most: 27,
    async run(world) {
      const placed = await placeOne(world, { method: 'stars' });
      await pay(world, placed, 'card');
      await payByCard(world, placed.orderCode, { attempt: 2 });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-partial-then-wallet-delivered',
    async run(world) {
      const placed = await placeOne(world, { method: 'card', cash: 5000 });
      await payByCard(world, placed.orderCode, { amountOverride: 3000 });
      await waitFor(async () => expect((await viewOf(world, placed.orderCode)).held).toBe(3000), { timeout: 10_000 });
      await pay(world, placed, 'wallet');
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-partial-expired',
    async run(world) {
      const placed = await placeOne(world, { method: 'card', holdSeconds: shortHold() });
      await payByCard(world, placed.orderCode, { amountOverride: 3000 });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-overpaid-delivered',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await payByCard(world, placed.orderCode, { amountOverride: 7000 });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-rejected-sold-out',
    async run(world) {
      const product = await world.addProduct({ units: 0 });
      const placed = await placeOne(world, { method: 'wallet', cash: 5000, product });
      expect(placed.answer).toEqual({ ok: false, rejected: placed.reasonLost ? 'UnknownOrder' : 'SoldOut' });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-awaited-then-delivered',
    async run(world) {
      const placed = await placeOne(world, { method: 'card', holdSeconds: shortHold() });
      const intent = await payByCard(world, placed.orderCode, { async: true });
      await untilStatus(world, placed.orderCode, ['awaitingSettlement']);
      await world.control(`/stripe/payment-intents/${intent}/finish`, { outcome: 'succeeded' });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-awaited-then-expired',
    async run(world) {
      const placed = await placeOne(world, { method: 'card', holdSeconds: shortHold() });
      const intent = await payByCard(world, placed.orderCode, { async: true });
      await untilStatus(world, placed.orderCode, ['awaitingSettlement']);
      await world.control(`/stripe/payment-intents/${intent}/finish`, { outcome: 'failed' });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-unfulfillable-refunded',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await world.db.em
        .fork()
        .execute(`update unit set state = 'withdrawn', order_line_id = null where product_id = ?`, [placed.product.id]);
      await payByCard(world, placed.orderCode);
      const end = await endedOrder(world, placed);
      await untilStatus(world, placed.orderCode, ['refunded']);
      return end;
    },
  },
  {
    name: 'order-started-again-from-its-row',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      const workflowId = orderWorkflowId(placed.orderCode);
      await world.door.client.workflow.getHandle(workflowId).terminate('lost');
      const { shop, customer, orderCode } = { ...world, ...placed };
      const again = { orderCode, shopId: shop.id, customerId: customer.id, method: 'card' as const, total: 5000 };
      // Beside a worker with its relay, that may have been quicker.
      expect((await restartOrder(world.door, again)) || (await isRunning(world.door, workflowId))).toBe(true);
      await payByCard(world, placed.orderCode);
      return ended(world, workflowId);
    },
  },
  {
    name: 'order-left-to-staff',
    long: true,
    slow: true,
    async run(world) {
      const customer = await world.addPerson({ cash: 5000 });
      await world.control('/chats/block', { bot: world.shop.botUsername, person: customer.telegramUserId, blocked: true });
      const placed = await placeOne(world, { method: 'wallet', customer });
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-reminded-then-expired',
    long: true,
    run: async (world) => endedOrder(world, await placeOne(world, { method: 'stars' })),
  },
  {
    name: 'order-awaited-in-vain',
    long: true,
    async run(world) {
      const placed = await placeOne(world, { method: 'card', holdSeconds: 60 });
      await world.say(placed.orderCode, { kind: 'seen', type: 'checkout.session.completed', amount: null, currency: null });
      await ringOrder(world.door, placed.orderCode);
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-coins-delivered',
    async run(world) {
      const placed = await placeInCoins(world, 900);
      await sendCoins(world, placed);
      return endedOrder(world, placed);
    },
  },
  {
    name: 'order-coins-found-while-awaited',
    long: true,
    async run(world, env) {
      await renewQuotes(world, env);
      const placed = await placeInCoins(world, 60);
      const { payment_id: id } = await sendCoins(world, placed, { until: 'confirming' });
      await waitFor(async () => expect((await viewOf(world, placed.orderCode)).onItsWay).toBe(true), { timeout: 15_000 });
      world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'nowpayments', times: 50 });
      await world.control(`/nowpayments/payments/${id}/become`, { status: 'finished' });
      const end = await endedOrder(world, placed);
      world.sandbox.faults.clear();
      return end;
    },
  },
  {
    name: 'refund-wallet-succeeded',
    async run(world) {
      const placed = await delivered(world, { method: 'wallet', cash: 5000 });
      const { answer, workflowId } = await refunded(world, placed);
      expect(answer).toMatchObject({ ok: true });
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-stripe-succeeded',
    async run(world) {
      const { workflowId } = await refunded(world, await delivered(world, { method: 'card' }));
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-stripe-part-succeeded',
    async run(world) {
      const { workflowId } = await refunded(world, await delivered(world, { method: 'card' }), { amount: 2000 });
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-stars-succeeded',
    async run(world) {
      const { workflowId } = await refunded(world, await delivered(world, { method: 'stars' }));
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-rejected',
    async run(world) {
      const placed = await placeOne(world, { method: 'stars', holdSeconds: 1 });
      await resultOf(world, orderWorkflowId(placed.orderCode));
      const { answer, workflowId } = await refunded(world, placed);
      expect(answer).toEqual({ ok: false, rejected: 'NotPaid' });
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-failed',
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      const intent = await payByCard(world, placed.orderCode);
      await resultOf(world, orderWorkflowId(placed.orderCode));
      // The bank takes the money back behind our back, so nothing is left for our refund.
      const answer = await fetch(`${world.origin}/stripe/v1/refunds`, {
        method: 'POST',
        headers: {
          authorization: `Bearer sk_test_${world.shop.botId}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ payment_intent: intent }).toString(),
      });
      expect(answer.status).toBe(200);
      const { workflowId } = await refunded(world, placed);
      return ended(world, workflowId);
    },
  },
  {
    name: 'refund-asked-again-then-succeeded',
    long: true,
    async run(world) {
      const placed = await placeOne(world, { method: 'card' });
      await payByCard(world, placed.orderCode, { card: '4000000000007726' });
      await resultOf(world, orderWorkflowId(placed.orderCode));
      const { workflowId } = await refunded(world, placed);
      await untilRefund(world, placed.orderCode, 'sent');
      const { refunds } = await world.control<{ refunds: { id: string; payment_intent: string }[] }>('/stripe/refunds');
      await world.control(`/stripe/refunds/${refunds[0]?.id}/finish`, { outcome: 'succeeded' }).catch(() => undefined);
      return ended(world, workflowId);
    },
  },
  {
    name: 'stray-late-card-to-wallet',
    async run(world) {
      const placed = await placeOne(world, { method: 'card', holdSeconds: 1 });
      await resultOf(world, orderWorkflowId(placed.orderCode));
      const intent = await payByCard(world, placed.orderCode, { force: true });
      const workflowId = strayWorkflowId('stripe', intent);
      await untilOutcome(world, intent);
      return ended(world, workflowId);
    },
  },
  {
    name: 'stray-second-stars-back',
    async run(world) {
      const placed = await delivered(world, { method: 'stars' });
      const objectId = `second_${placed.orderCode}`;
      await world.say(placed.orderCode, { provider: 'stars', objectId });
      await untilRung(world, 'stars', objectId);
      return ended(world, strayWorkflowId('stars', objectId));
    },
  },
  {
    name: 'stray-of-nobody',
    async run(world) {
      const objectId = `pi_nobody_${Date.now()}`;
      await world.say('NOBODYXX', { objectId });
      await untilRung(world, 'stripe', objectId);
      return ended(world, strayWorkflowId('stripe', objectId));
    },
  },
  {
    name: 'delivery-sent-again',
    async run(world) {
      const { orderCode, customer } = await delivered(world, { method: 'wallet', cash: 5000 });
      expect(await untilAnswered(() => resendOrder(world.door, { orderCode, actor: `customer:${customer.id}` }))).toEqual({ ok: true });
      return ended(world, deliveryWorkflowId(orderCode));
    },
  },
  {
    name: 'delivery-not-yours',
    async run(world) {
      const { orderCode, customer } = await delivered(world, { method: 'wallet', cash: 5000 });
      expect(await untilAnswered(() => resendOrder(world.door, { orderCode, actor: `customer:${customer.id + 1}` }))).toEqual({
        ok: false,
        rejected: 'NotYours',
      });
      return ended(world, deliveryWorkflowId(orderCode));
    },
  },
  {
    name: 'handover-handed-over',
    async run(world) {
      const product = await world.addProduct({
        kind: 'pickup',
        methods: ['wallet'],
        pickupPointId: await pickupPoint(world),
        stockMode: 'counter',
      });
      const { orderCode } = await delivered(world, { method: 'wallet', cash: 5000, product });
      const [line] = (await viewOf(world, orderCode)).lines;
      const wish = { orderCode, orderLineId: line?.id ?? 0, actor: 'cli' };
      expect(await untilAnswered(() => handOverOrder(world.door, wish))).toEqual({ ok: true });
      return ended(world, handoverWorkflowId(orderCode, wish.orderLineId));
    },
  },
  ...depositEndings,
  ...chainEndings,
  ...transferEndings,
  ...backgroundEndings,
  ...autoBuyEndings,
  ...referralEndings,
];

/** A webhook's ring; a server that is busy is rung again. */
function untilRung({ door, shop }: World, provider: string, objectId: string): Promise<void> {
  return waitFor(() => startStray(door, { shopId: shop.id, provider, objectId }), { timeout: 10_000 });
}

/** Waits until money has its outcome, and so its workflow exists. */
async function untilOutcome(world: World, objectId: string): Promise<void> {
  await waitFor(
    async () => {
      const rows: { outcome: string | null }[] = await world.db.em
        .fork()
        .execute(`select outcome from inbox where object_id = ? and kind = 'settled'`, [objectId]);
      expect(rows.some((row) => row.outcome !== null)).toBe(true);
    },
    { timeout: 15_000, interval: 100 },
  );
}

async function untilRefund(world: World, orderCode: string, status: string): Promise<void> {
  await waitFor(async () => expect((await viewOf(world, orderCode)).refunds[0]?.status).toBe(status), {
    timeout: 15_000,
    interval: 100,
  });
}
