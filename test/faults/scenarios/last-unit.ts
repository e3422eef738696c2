/** Two hundred buyers want the last unit at once: one gets it, the others hear that it is gone, and nobody pays for nothing. */
import assert from 'node:assert/strict';
import { createOrderActivities } from '../../../activities/order.ts';
import type { Customer } from '../../../db/entities/customer.ts';
import type { MethodName } from '../../../domain/payment.ts';
import { placeOrder } from '../../../temporal/order.ts';
import { newCode } from '../../support/shop.ts';
import type { World } from '../../support/world.ts';
import type { Random } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { cashOf, countUnits, eachOf, tally } from './acts.ts';

const buyerCount = 200;
const price = 5000;
/** Every so many rounds the tap goes the whole way through Temporal; the others are the step on the database alone, where the race is. */
const wholeEvery = 10;

type Outcome = 'paid' | 'awaitingPayment' | 'SoldOut';

async function findBuyers(world: World, count: number): Promise<{ customers: Customer[]; close(): Promise<void> }> {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return { customers: await eachOf(numbers, 8, () => world.addCustomer({ cash: 1_000 * price })), close: async () => undefined };
}

export const lastUnit: Scenario = {
  name: 'last-unit',
  summary: `${buyerCount} buyers for the last unit at once, from the wallet and by card: one has it, no other pays or holds`,
  rounds: 100,
  async run({ number, random, short, share, world: openWorld }) {
    const world = await openWorld();
    const { customers } = await share('buyers', () => findBuyers(world, short ? 40 : buyerCount));
    const whole = number % wholeEvery === 1;
    const product = await world.addProduct({ units: 1, title: `Last ${number}`, customerLimit: null });
    const before = await sumCash(world, customers);
    const outcomes = await (whole ? buyWhole : buyAlone)(world, random.shuffle(customers), product.id, random);
    const got = outcomes.filter((outcome) => outcome !== 'SoldOut');
    assert.equal(got.length, 1, `one buyer has the unit: ${tally(outcomes)}`);
    const paid = got[0] === 'paid';
    assert.deepEqual(await countUnits(world, product.id), paid ? { sold: 1 } : { held: 1 });
    assert.equal(before - (await sumCash(world, customers)), paid ? price : 0, 'only who has the unit has paid');
    const rows = await world.one('select count(*)::int as n from "order" o join order_line l on l.order_id = o.id where l.product_id = ?', [
      product.id,
    ]);
    assert.equal(rows.n, 1, 'losers leave no row');
    return `${whole ? 'whole path' : 'step alone'}, ${tally(outcomes)}`;
  },
};

async function sumCash(world: World, customers: readonly Customer[]): Promise<number> {
  if (customers.length <= 8)
    return (await eachOf(customers, 8, (customer) => cashOf(world, customer))).reduce((sum, cash) => sum + cash, 0);
  const row = await world.one(`select coalesce(sum(balance), 0) as sum from account where kind = 'cash' and shop_id = ?`, [world.shop.id]);
  return Number(row.sum);
}

function wish(world: World, customer: Customer, productId: number, random: Random) {
  const method: MethodName = random.pick(['wallet', 'wallet', 'card']);
  const product = { id: productId, price, discountPercent: 0 } as Parameters<World['placing']>[1];
  return world.placing(customer, product, { method, screen: undefined, holdSeconds: 3_600 });
}

/** The reserving step alone, on as many connections as a worker has. */
function buyAlone(world: World, customers: readonly Customer[], productId: number, random: Random): Promise<Outcome[]> {
  const steps = createOrderActivities({ db: world.db });
  return eachOf(customers, customers.length, async (customer): Promise<Outcome> => {
    const place = wish(world, customer, productId, random);
    const orderCode = newCode();
    for (;;) {
      try {
        const row = await steps.open({ orderCode, place, at: Date.now() });
        assert.ok(row.rejected === null || row.rejected === 'SoldOut', `rejected as ${row.rejected}`);
        return row.rejected ?? (row.status === 'paid' ? 'paid' : 'awaitingPayment');
      } catch (err) {
        // A lock's limit: the workflow repeats the step.
        if (!isLockLimit(err)) throw err;
      }
    }
  });
}

function isLockLimit(err: unknown): boolean {
  return err instanceof Error && /lock timeout|statement timeout|deadlock|connection|timeout/i.test(err.message);
}

async function buyWhole(world: World, customers: readonly Customer[], productId: number, random: Random): Promise<Outcome[]> {
  return eachOf(customers, customers.length, async (customer): Promise<Outcome> => {
    const answer = await placeOrder(world.door, newCode(), wish(world, customer, productId, random), 120_000);
    if ('later' in answer || 'closed' in answer) throw new Error(`no answer: ${JSON.stringify(answer)}`);
    if (!answer.ok) {
      assert.equal(answer.rejected, 'SoldOut');
      return 'SoldOut';
    }
    return answer.status === 'awaitingPayment' ? 'awaitingPayment' : 'paid';
  });
}
