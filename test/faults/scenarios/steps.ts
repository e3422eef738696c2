/** Steps of one order in every order and at once, with money and time among them: whatever lands first, nothing is lost or counted twice. */
import assert from 'node:assert/strict';
import { createOrderActivities } from '../../../activities/order.ts';
import type { Customer } from '../../../db/entities/customer.ts';
import { type InboxRow, insertInboxRow } from '../../../db/repositories/inbox.ts';
import { findAccount } from '../../../db/repositories/provider-account.ts';
import type { MethodName } from '../../../domain/payment.ts';
import { makeTestShop, newCode, type TestShop } from '../../support/shop.ts';
import { openServers } from '../../support/servers.ts';
import { makeRandom } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { cashOf, countUnits, eachOf, tally } from './acts.ts';

const start = Date.parse('2026-05-01T10:00:00Z');
const longAfter = start + 900_000 + 3_600_000;
const seedsARound = 100;

interface Life {
  readonly orderCode: string;
  readonly customer: Customer;
  readonly status: string;
  readonly productId: number;
  readonly paidIn: number;
}

interface Bench extends TestShop {
  readonly steps: ReturnType<typeof createOrderActivities>;
  say(orderCode: string, method: MethodName, row: Partial<InboxRow>): Promise<void>;
}

async function openBench(): Promise<Bench> {
  await openServers();
  const shop = await makeTestShop();
  let said = 0;
  return {
    ...shop,
    steps: createOrderActivities({ db: shop.db }),
    async say(orderCode, method, row) {
      said += 1;
      const provider = method === 'stars' ? 'stars' : 'stripe';
      await insertInboxRow(shop.db.em.fork(), {
        shopId: shop.shop.id,
        provider,
        accountId: (await findAccount(shop.db.em.fork(), shop.shop.id, provider))?.id,
        source: 'webhook',
        eventId: `evt_${said}`,
        type: 'payment_intent.succeeded',
        verdict: 'verified',
        kind: 'settled',
        objectId: `money_${orderCode}`,
        paymentId: `${orderCode}-1`,
        amount: provider === 'stars' ? 2500 : 5000,
        currency: provider === 'stars' ? 'XTR' : 'PLN',
        liveMode: false,
        providerAt: new Date(start),
        body: Buffer.from('{}'),
        ...row,
      });
    },
  };
}

/** A step that ran into a lock's limit is tried again, as its workflow does. */
async function retrying<Row>(step: () => Promise<Row>): Promise<Row> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await step();
    } catch (err) {
      if (attempt === 5) throw err;
    }
  }
}

/** One order's life: a few things at random times, in groups that happen at once. */
async function live(bench: Bench, seed: number): Promise<Life> {
  const { steps, say } = bench;
  const random = makeRandom(seed);
  const method = random.pick(['card', 'stars'] as const);
  const product = await bench.addProduct({ units: 1 });
  const customer = await bench.addCustomer({ cash: 5000 });
  const orderCode = newCode();
  const place = bench.placing(customer, product, { method, fromBasket: random.chance(0.5) });
  const opened = await retrying(() => steps.open({ orderCode, place, at: start }));
  assert.equal(opened.rejected, null);
  // Around the end of the hold, where everything may land together.
  let at = start + 890_000;
  const unspoken = { amount: null, currency: null };
  const acts = [
    () => say(orderCode, method, { providerAt: new Date(at) }),
    () => say(orderCode, method, { providerAt: new Date(at), objectId: `second_${orderCode}` }),
    () => say(orderCode, method, { kind: 'seen', type: 'checkout.session.completed', ...unspoken, providerAt: new Date(at) }),
    () => say(orderCode, method, { kind: 'failed', type: 'checkout.session.expired', ...unspoken, providerAt: new Date(at) }),
    () => retrying(() => steps.settle({ orderCode, at })),
    () => retrying(() => steps.wake({ orderCode, at })),
    () => retrying(() => steps.wake({ orderCode, at, closed: true })),
    () => {
      const by = random.pick(['customer', 'staff', 'temporal'] as const);
      return retrying(() => steps.cancel({ orderCode, by, actor: `customer:${customer.id}`, at, closed: random.chance(0.5) }));
    },
    () => retrying(() => steps.choose({ orderCode, method: 'wallet', customerId: customer.id, at })),
    () => retrying(() => steps.open({ orderCode, at })),
  ];
  // Short lives and long ones: who does nothing for long lets the hold end.
  for (let groups = random.whole(0, 6); groups > 0; groups -= 1) {
    await Promise.all(Array.from({ length: random.whole(1, 3) }, () => random.pick(acts)()));
    at += random.whole(0, 6_000);
  }
  await retrying(() => steps.wake({ orderCode, at: longAfter, closed: true }));
  const { status } = await retrying(() => steps.settle({ orderCode, at: longAfter }));
  const paid = await bench.one(
    `select coalesce(sum(amount), 0) as sum from inbox where outcome = 'applied' and kind = 'settled' and payment_id = ? and currency = 'PLN'`,
    [`${orderCode}-1`],
  );
  return { orderCode, customer, status, productId: product.id, paidIn: Number(paid.sum) };
}

/** The unit and every coin are where the order's end says. */
async function isAccountedFor(bench: Bench, { orderCode, customer, status, productId, paidIn }: Life, seed: number): Promise<void> {
  const about = `order ${orderCode} of seed ${seed}, ${status}`;
  assert.ok(['paid', 'expired', 'cancelled'].includes(status), about);
  assert.deepEqual(await countUnits(bench, productId), status === 'paid' ? { sold: 1 } : { free: 1 }, about);
  const stars = await bench.one(
    `select count(*)::int as n from payment where currency = 'XTR' and applied > 0 and order_id = (select id from "order" where code = ?)`,
    [orderCode],
  );
  const spent = status === 'paid' && stars.n === 0 ? 5000 : 0;
  assert.equal(await cashOf(bench, customer), 5000 + paidIn - spent, about);
}

export const steps: Scenario = {
  name: 'steps',
  summary: `money, end of hold, cancel, another method at once, as steps on the database: ${seedsARound} seeds a round, all accounted for`,
  rounds: 20,
  async run({ seed, share, check, short }) {
    const bench = await share('bench', openBench);
    check(bench.db, { now: () => longAfter + 60_000 });
    const seeds = Array.from({ length: short ? 40 : seedsARound }, (_, index) => seed * seedsARound + index);
    const ends = await eachOf(seeds, 10, async (one) => {
      const life = await live(bench, one);
      await isAccountedFor(bench, life, one);
      return life.status;
    });
    for (const end of ['cancelled', 'expired', 'paid']) assert.ok(ends.includes(end), `no order ended ${end}: the seeds prove little`);
    return `${seeds.length} seeds from ${seeds[0]}, ${tally(ends)}`;
  },
};
