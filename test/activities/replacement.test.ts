/** A piece given instead of a faulty one follows its line: had by its customer it stays theirs, before that it goes back with the money, alone. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../activities/context.ts';
import { createClaimActivities } from '../../activities/claim.ts';
import { createDeliveryActivities } from '../../activities/delivery.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createRefundActivities } from '../../activities/refund.ts';
import { checkDatabase } from '../../db/check.ts';
import { claimDelivery, markSent, markShown, readGoods } from '../../db/repositories/delivery.ts';
import { insertInboxRow, type InboxRow } from '../../db/repositories/inbox.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { listClaimable } from '../../db/repositories/claim.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { claimOf, claimView, judge } from '../support/claims.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let steps: ReturnType<typeof createOrderActivities> &
  ReturnType<typeof createClaimActivities> &
  ReturnType<typeof createDeliveryActivities> &
  ReturnType<typeof createRefundActivities>;
let accountId: number;
const start = Date.now() - 3_600_000;
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
  const context = { db: world.db, secrets: world.secrets, gateways: {}, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:1' }) };
  const made = context as unknown as ActivityContext;
  steps = {
    ...createOrderActivities(made),
    ...createClaimActivities(made),
    ...createDeliveryActivities(made),
    ...createRefundActivities(made),
  };
  accountId = (await findAccount(em(), world.shop.id, 'stripe'))?.id ?? 0;
});
afterAll(async () => {
  await isGreen();
  await world.close();
});

async function isGreen(): Promise<void> {
  expect((await checkDatabase(em(), { now: new Date(start + 180_000), settledGraceMs: 0 })).findings).toEqual([]);
}

type Kind = 'pickup' | 'digital';

/** An order paid by card, of which the customer has every piece. */
async function bought(kind: Kind, quantity: number, units = quantity + 2) {
  const product = await world.addProduct({ kind, units, warrantyDays: 14, methods: ['card'] });
  const customer = await world.addCustomer();
  const orderCode = newCode();
  const place = world.placing(customer, product, { method: 'card', lines: [{ productId: product.id, quantity }] });
  expect(await steps.open({ orderCode, place, at: start })).toMatchObject({ status: 'awaitingPayment' });
  const { amount } = await world.one('select amount from payment where id = ?', [`${orderCode}-1`]);
  const line = await world.one('select l.id from order_line l join "order" o on o.id = l.order_id where o.code = ?', [orderCode]);
  const order = { orderCode, customerId: customer.id, lineId: Number(line.id), productId: product.id, amount: Number(amount), quantity };
  await say(order, 'settled', `pi_${orderCode}`);
  await give(order);
  return order;
}
type Bought = Awaited<ReturnType<typeof bought>>;

let said = 0;
async function say({ orderCode, amount }: Pick<Bought, 'orderCode' | 'amount'>, kind: InboxRow['kind'], objectId: string): Promise<void> {
  said += 1;
  await insertInboxRow(em(), {
    ...{ shopId: world.shop.id, provider: 'stripe', accountId, source: 'webhook', eventId: `evt_replacement_${said}`, type: kind, kind },
    ...{ verdict: 'verified', paymentId: `${orderCode}-1`, objectId, amount, currency: world.shop.currency, liveMode: false },
    ...{ providerAt: new Date(start + 60_000), body: Buffer.from('{}') },
  });
  await steps.settle({ orderCode, at: start + 60_000 });
}

/** Whatever waits is sent, and collected at its place. @returns whether anything was given */
async function give({ orderCode, lineId }: Bought): Promise<boolean> {
  const delivery = await world.one('select id, status, handover_code from delivery where order_line_id = ?', [lineId]);
  const [id, isCode] = [Number(delivery.id), delivery.handover_code !== null];
  if (delivery.status === 'waiting') {
    const at = new Date(start + 60_000);
    expect(await claimDelivery(em(), { id, status: 'waiting', shownAt: null })).toBeDefined();
    await markSent(em(), { id, messageId: 1, sentAt: at, shownAt: isCode ? null : at });
    if (!isCode) return true;
  }
  return isCode && (await steps.handOver({ orderCode, orderLineId: lineId, actor: 'staff:1', at: start + 60_000 })).ok;
}

/** Staff replace one of the pieces the customer has. @returns how the claim ends; undefined when there is none to claim */
async function replace(order: Bought): Promise<string | undefined> {
  const index = (await listClaimable(em(), { ...order, at: start })).findIndex(({ claimId }) => claimId === null);
  if (index === -1) return undefined;
  return carryOut(await claimOf(world, { ...order, at: new Date(start), index }));
}

async function carryOut({ id, code }: { id: number; code: string }): Promise<string> {
  await judge(world, id, 'replace');
  const { status } = await steps.advanceClaim({ claimCode: code, cancelled: false, at: start + 60_000 });
  return status === 'replaced' ? status : ((await claimView(world, code)).failure ?? status);
}

const endings = {
  refund: ({ orderCode }: Bought) =>
    steps.decideRefund({ orderCode, refundId: `${orderCode}-r1`, request: { actor: 'cli', reason: 'staff' }, at: start + 120_000 }),
  lost: async (order: Bought) => {
    await say(order, 'disputed', `du_${order.orderCode}`);
    await say(order, 'withdrawn', `du_${order.orderCode}`);
    await say(order, 'lost', `du_${order.orderCode}`);
  },
};
const goodsOf = async ({ productId }: Bought) => {
  const rows = await em().execute<{ state: string; count: number }[]>(
    'select state, count(*)::int as count from unit where product_id = ? group by state',
    [productId],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
};
const statusOf = async ({ lineId }: Bought) => (await world.one('select status from delivery where order_line_id = ?', [lineId])).status;
const unitsOf = async (where: string, value: number): Promise<number[]> =>
  (await em().execute<{ id: string }[]>(`select id from unit where ${where} order by id`, [value])).map(({ id }) => Number(id));

describe.each(['pickup', 'digital'] as const)('a replacement of a %s line', (kind) => {
  const had = kind === 'pickup' ? 'handedOver' : 'sent';

  it.each(['refund', 'lost'] as const)('that its customer has not goes back to free alone: replace, then %s', async (ending) => {
    const order = await bought(kind, 3);
    expect(await replace(order)).toBe('replaced');
    await endings[ending](order);
    expect(await goodsOf(order)).toEqual({ sold: 2, withdrawn: 1, free: 2 });
    expect(await statusOf(order)).toBe(had);
    expect(await give(order)).toBe(kind === 'pickup');
    await isGreen();
  });

  it('of the only piece leaves nothing to collect or read', async () => {
    const order = await bought(kind, 1);
    expect(await replace(order)).toBe('replaced');
    await endings.refund(order);
    expect(await goodsOf(order)).toEqual({ withdrawn: 1, free: 2 });
    expect(await statusOf(order)).toBe('revoked');
    expect((await readGoods(em(), world.secrets, { id: order.lineId, productId: order.productId })).texts).toEqual([]);
    expect(await give(order)).toBe(false);
    await isGreen();
  });

  it.each(['refund', 'lost'] as const)('is given no more: %s, then replace', async (ending) => {
    const order = await bought(kind, 2);
    const claim = await claimOf(world, { ...order, at: new Date(start) });
    await endings[ending](order);
    expect(await carryOut(claim)).toBe(ending === 'refund' ? 'MoneyBack' : 'Disputed');
    expect(await goodsOf(order)).toEqual({ sold: 2, free: 2 });
    await isGreen();
  });

  it('that its customer has stays theirs; of two rounds only what they have not goes back', async () => {
    const order = await bought(kind, 3, 6);
    expect(await replace(order)).toBe('replaced');
    expect(await give(order)).toBe(true);
    const open = [
      await claimOf(world, { ...order, at: new Date(start) }),
      await claimOf(world, { ...order, at: new Date(start), index: 1 }),
    ];
    for (const claim of open) {
      expect(await carryOut(claim)).toBe('replaced');
      // Told how to get it, which is not having it.
      await em().execute(`update delivery set status = 'staffTask' where order_line_id = ?`, [order.lineId]);
    }
    await endings.refund(order);
    expect(await goodsOf(order)).toEqual({ sold: 1, withdrawn: 3, free: 2 });
    await isGreen();
  });

  it('whatever happens in whatever order, what a customer has is never for sale, and nobody gets goods for money they have back', async () => {
    const acts = ['replace', 'replace', 'give', 'refund', 'lost'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...acts), { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 3 }),
        async (story, quantity) => {
          const order = await bought(kind, quantity, quantity + 4);
          const given = new Set(await unitsOf('order_line_id = ?', order.lineId));
          let isBack = false;
          for (const act of story) {
            if (act === 'replace') expect(await replace(order)).not.toBe(isBack ? 'replaced' : 'x');
            else if (act === 'give') {
              const before = await statusOf(order);
              if ((await give(order)) && before !== had) for (const id of await unitsOf('order_line_id = ?', order.lineId)) given.add(id);
            } else if (!isBack) {
              await endings[act](order);
              isBack = true;
            }
            const free = await unitsOf(`state = 'free' and product_id = ?`, order.productId);
            expect(free.filter((id) => given.has(id))).toEqual([]);
            const theirs = await unitsOf('order_line_id = ?', order.lineId);
            if (isBack) expect(theirs.filter((id) => !given.has(id))).toEqual([]);
          }
        },
      ),
      { numRuns: 12 },
    );
    await isGreen();
  });
});

it('a secret replacement cannot be read before it is marked as shown', async () => {
  const order = await bought('digital', 1);
  await replace(order);
  const delivery = await world.one('select id, shown_at from delivery where order_line_id = ?', [order.lineId]);
  expect(delivery.shown_at).toBeNull();
  expect(await markShown(em(), { deliveryId: Number(delivery.id), customerId: order.customerId, at: new Date(start) })).toBeDefined();
  await endings.refund(order);
  expect(await goodsOf(order)).toEqual({ sold: 1, withdrawn: 1, free: 1 });
});
