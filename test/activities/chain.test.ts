import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChainActivities } from '../../activities/chain.ts';
import { createDepositActivities } from '../../activities/deposit.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { post, readWallet } from '../../db/repositories/ledger.ts';
import { changeSetting } from '../../db/repositories/setting.ts';
import { findTimeline } from '../../db/repositories/timeline.ts';
import { house, ofCustomer } from '../../domain/ledger.ts';
import type { SandboxChain } from '../../sandbox/chain/chain.ts';
import { addressOf, agreeOnRates, makeChain, sourceOf, takeCoin } from '../support/chains.ts';
import { type FakeDoor, makeFakeDoor } from '../support/fake-door.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let chain: SandboxChain;
let fake: FakeDoor;
let steps: ReturnType<typeof createDepositActivities>;
const start = Date.now();
const minutes = (count: number) => start + count * 60_000;

beforeAll(async () => {
  world = await makeTestShop();
  steps = createDepositActivities({ db: world.db, secrets: world.secrets, telegram: undefined as never });
  await takeCoin(world, 'btc');
  await agreeOnRates(world, new Date(start));
  chain = makeChain();
  fake = makeFakeDoor();
  chain.mine(8);
  await look(0);
  chain.mine(8);
});
afterAll(() => world.close());
/** One look, and every deposit that was rung reads its inbox. @returns the workflows rung */
async function look(minute: number, on: SandboxChain = chain): Promise<string[]> {
  const { followChain } = createChainActivities({ db: world.db, door: fake.door, chains: { btc: sourceOf(on), ltc: undefined } });
  const before = fake.started.length;
  for (let again = true; again; ) again = (await followChain({ coin: 'btc', at: minutes(minute) })).behind;
  await settle(minute);
  return fake.started.slice(before);
}

async function settle(minute: number): Promise<void> {
  const waiting: { code: string }[] = await world.db.em
    .fork()
    .execute('select distinct d.code from deposit d join inbox i on i.deposit_id = d.id where i.outcome is null');
  for (const { code } of waiting) await steps.settleDeposit({ depositCode: code, at: minutes(minute) });
}

/** What the chain says was paid to an address, in minor units: 5 satoshi are one grosz. */
function paidTo(address: string): number {
  const heights = Array.from({ length: chain.tip().height - 99 }, (_, index) => 100 + index);
  const outputs = heights.flatMap((height) => chain.at(height)?.txids ?? []).flatMap((txid) => chain.transaction(txid)?.outputs ?? []);
  return outputs.reduce((sum, output) => (output.address === address ? sum + output.value / 5 : sum), 0);
}

const cashOf = async ({ id }: Customer) => (await readWallet(world.db.em.fork(), world.shop, id)).cash;
const btc = (units: number) => Math.round(units * 100_000_000);
async function depositsOf({ id }: Customer) {
  return world.db.em
    .fork()
    .execute<{ status: string; amount: string; chain_output: string }[]>(
      'select status, amount, chain_output from deposit where customer_id = ? order by id',
      [id],
    );
}
async function isGreen() {
  const report = await checkDatabase(world.db.em.fork(), { now: new Date(start), settledGraceMs: 0 });
  expect(report.findings).toEqual([]);
}

describe('money that comes by a chain', () => {
  it('is seen, confirming and credited, and rings its deposit at each turn only', async () => {
    const customer = await world.addCustomer();
    const { txid } = chain.send([{ address: await addressOf(world, customer), value: btc(0.0005) }]);
    const id = `deposit:btc:${txid}:0`;
    expect(await look(1)).toEqual([id]);
    expect(await look(2)).toEqual([]);
    chain.mine();
    expect(await look(3)).toEqual([id]);
    expect(await cashOf(customer)).toBe(0);
    chain.mine();
    expect(await look(4)).toEqual([id]);
    expect(await cashOf(customer)).toBe(10_000);
    chain.mine(3);
    expect(await look(5)).toEqual([]);
    expect(await depositsOf(customer)).toEqual([{ status: 'credited', amount: '10000', chain_output: `btc:${txid}:0` }]);
    const code = String((await world.one('select code from deposit where customer_id = ?', [customer.id])).code);
    // What its story is linked by.
    expect(await findTimeline(world.db.em.fork(), code)).toMatchObject({ noun: 'deposit', chainOutput: `btc:${txid}:0` });
    await isGreen();
  });

  it('waits for as many confirmations as the shop asked for when it was first seen', async () => {
    const [customer, later] = [await world.addCustomer(), await world.addCustomer()];
    const change = { shopId: world.shop.id, actor: 'cli', mode: 'live', at: new Date(start) } as const;
    const set = (value: number | undefined) => changeSetting(world.db.em.fork(), { ...change, key: 'btcConfirmations', value });
    expect(await set(4)).toMatchObject({ ok: true });
    chain.send([{ address: await addressOf(world, customer), value: btc(0.0005) }]);
    chain.mine();
    await look(1);
    expect(await set(undefined)).toMatchObject({ ok: true, before: 4, after: 2 });
    chain.send([{ address: await addressOf(world, later), value: btc(0.0005) }]);
    chain.mine(2);
    await look(2);
    expect([await cashOf(customer), await cashOf(later)]).toEqual([0, 10_000]);
    chain.mine();
    await look(3);
    expect(await cashOf(customer)).toBe(10_000);
    await isGreen();
  });

  it('is a deposit for every output: two to one customer, and one transaction to three', async () => {
    const people = await Promise.all([1, 2, 3].map(() => world.addCustomer()));
    const addresses = await Promise.all(people.map((one) => addressOf(world, one)));
    const payments = [...addresses, addresses[0] as string].map((address, index) => ({ address, value: btc(0.001) * (index + 1) }));
    chain.send(payments);
    chain.mine(2);
    await look(1);
    expect(await Promise.all(people.map(cashOf))).toEqual([100_000, 40_000, 60_000]);
    expect(await depositsOf(people[0] as Customer)).toHaveLength(2);
    await isGreen();
  });

  it('is worth what it was when it was first seen, whatever the rate and the chain do then', async () => {
    const customer = await world.addCustomer();
    chain.send([{ address: await addressOf(world, customer), value: btc(0.0005) }]);
    await look(1);
    chain.mine();
    await look(2);
    chain.reorganise({ depth: 1, remine: false });
    await look(90);
    chain.mine(2);
    await look(91);
    expect(await cashOf(customer)).toBe(10_000);
    await isGreen();
  });

  it('waits for a rate when there is none, and is worth that', async () => {
    const customer = await world.addCustomer();
    chain.send([{ address: await addressOf(world, customer), value: btc(0.0005) }]);
    chain.mine(2);
    expect(await look(200)).toEqual([]);
    expect(await depositsOf(customer)).toEqual([]);
    await agreeOnRates(world, new Date(minutes(210)));
    expect(await look(211)).toHaveLength(1);
    expect(await cashOf(customer)).toBe(10_000);
    await isGreen();
  });

  it('that is less than the smallest coin of the shop stays as dust, and more than 1,000 EUR waits for six blocks', async () => {
    const [poor, rich] = [await world.addCustomer(), await world.addCustomer()];
    chain.send([
      { address: await addressOf(world, poor), value: 4 },
      { address: await addressOf(world, rich), value: btc(0.0251) },
    ]);
    chain.mine(5);
    await look(1);
    expect(await depositsOf(poor)).toEqual([]);
    expect(await cashOf(rich)).toBe(0);
    chain.mine();
    await look(2);
    expect(await cashOf(rich)).toBe(502_000);
    await isGreen();
  });

  it('that another transaction replaces is over, and the other one is a deposit of its own', async () => {
    const customer = await world.addCustomer();
    const address = await addressOf(world, customer);
    const first = chain.send([{ address, value: btc(0.0005) }]);
    await look(1);
    const second = chain.send([{ address, value: btc(0.0005) }], first.txid);
    await look(2);
    chain.mine(2);
    await look(3);
    expect(await depositsOf(customer)).toEqual([
      { status: 'expired', amount: '10000', chain_output: `btc:${first.txid}:0` },
      { status: 'credited', amount: '10000', chain_output: `btc:${second.txid}:0` },
    ]);
    expect(await cashOf(customer)).toBe(10_000);
    await isGreen();
  });
});

describe('a reorganisation', () => {
  it.each([1, 2, 3, 4, 5, 6])('of depth %i changes nothing of what was credited and is mined again', async (depth) => {
    const customer = await world.addCustomer();
    chain.send([{ address: await addressOf(world, customer), value: btc(0.0005) }]);
    chain.mine(depth + 1);
    await look(1);
    expect(await cashOf(customer)).toBe(10_000);
    chain.reorganise({ depth, remine: true });
    chain.reorganise({ depth: depth + 1, remine: true });
    expect(await look(2)).toEqual([]);
    expect(await cashOf(customer)).toBe(10_000);
    await isGreen();
  });

  it.each([1, 2, 3, 4, 5, 6])('of depth %i before the credit credits once, when it is confirmed again', async (depth) => {
    const customer = await world.addCustomer();
    chain.mine(8);
    await look(1);
    chain.send([{ address: await addressOf(world, customer), value: btc(0.0005) }]);
    chain.mine();
    await look(2);
    chain.reorganise({ depth, remine: false });
    await look(3);
    expect(await cashOf(customer)).toBe(0);
    chain.mine();
    await look(4);
    expect(await cashOf(customer)).toBe(0);
    chain.mine();
    await look(5);
    expect(await cashOf(customer)).toBe(10_000);
    await isGreen();
  });

  it('after which the money is spent otherwise takes the credit back, once that is confirmed, and gives it again if it comes back', async () => {
    const customer = await world.addCustomer();
    const paid = chain.send([{ address: await addressOf(world, customer), value: btc(0.0005) }]);
    chain.mine(3);
    await look(1);
    expect(await cashOf(customer)).toBe(10_000);
    chain.reorganise({ depth: 3, remine: false });
    await look(2);
    chain.send([{ address: await addressOf(world, await world.addCustomer()), value: btc(0.0004) }], paid.txid);
    chain.mine();
    expect(await look(3)).not.toContain(`deposit:btc:${paid.txid}:0`);
    expect(await cashOf(customer)).toBe(10_000);
    chain.mine();
    expect(await look(4)).toContain(`deposit:btc:${paid.txid}:0`);
    expect(await cashOf(customer)).toBe(0);
    expect(await depositsOf(customer)).toMatchObject([{ status: 'reversed' }]);
    await isGreen();

    chain.revive(paid.txid, 2);
    chain.mine();
    await look(5);
    expect(await cashOf(customer)).toBe(10_000);
    expect(await depositsOf(customer)).toMatchObject([{ status: 'credited' }]);
    await isGreen();
  });

  it('after which it is not mined again within a day takes the credit back; what was spent of it is a debt', async () => {
    const customer = await world.addCustomer();
    const paid = chain.send([{ address: await addressOf(world, customer), value: btc(0.0005) }]);
    chain.mine(2);
    await look(1);
    await world.db.em.fork().transactional(async (em) => {
      const legs = [{ leg: 'x', debit: ofCustomer('cash', customer.id), credit: house('equity:adjustment'), amount: 4_000 }];
      await post(em, {
        shopId: world.shop.id,
        currency: 'PLN',
        key: `spent:${customer.id}`,
        legs,
        actor: 'cli',
        reason: 'adjustment',
        at: new Date(start),
      });
    });
    chain.reorganise({ depth: 2, remine: false, drop: [paid.txid] });
    await look(2);
    expect(await look(2 + 24 * 60 - 1)).toEqual([]);
    expect(await cashOf(customer)).toBe(6_000);
    expect(await look(2 + 24 * 60)).toEqual([`deposit:btc:${paid.txid}:0`]);
    expect(await readWallet(world.db.em.fork(), world.shop, customer.id)).toMatchObject({ cash: 0, debt: 4_000 });
    await isGreen();
  });

  it('deeper than is remembered stops the watch instead of guessing', async () => {
    const other = makeChain();
    other.mine(3);
    await expect(look(1, other)).rejects.toThrow(/deeper than is remembered/);
  });
});

describe('the watch', () => {
  it('that has just begun goes on when the blocks it began at are orphaned, and does not begin where the source contradicts itself', async () => {
    const ltc = makeChain('ltc');
    ltc.mine(10);
    await takeCoin(world, 'ltc');
    const source = sourceOf(ltc);
    const follow = async (from = source) => {
      const { followChain } = createChainActivities({ db: world.db, door: fake.door, chains: { btc: undefined, ltc: from } });
      for (let again = true; again; ) again = (await followChain({ coin: 'ltc', at: minutes(1) })).behind;
      await settle(1);
    };
    const tip = { ...ltc.tip(), height: ltc.tip().height + 1_000 };
    await expect(follow({ ...source, tip: async () => tip })).rejects.toThrow(/a tip that is not where it says/);
    expect(await world.db.em.fork().execute(`select 1 from chain_watch where coin = 'ltc'`)).toEqual([]);
    await follow();
    const customer = await world.addCustomer();
    ltc.send([{ address: await addressOf(world, customer, 'ltc'), value: btc(1) }]);
    ltc.reorganise({ depth: 6, remine: true });
    ltc.mine(6);
    await follow();
    expect(await cashOf(customer)).toBe(32_000);
    expect(await world.one(`select hash from chain_watch where coin = 'ltc'`)).toEqual({ hash: ltc.tip().hash });
    await isGreen();
  });

  it('catches up two hours of blocks in their order', async () => {
    const customer = await world.addCustomer();
    const address = await addressOf(world, customer);
    for (let block = 0; block < 12; block += 1) {
      chain.send([{ address, value: btc(0.0001) }]);
      chain.mine(10);
    }
    await look(59);
    expect(await cashOf(customer)).toBe(12 * 2_000);
    await isGreen();
  });

  it('credits once when many look at the same time', async () => {
    const customer = await world.addCustomer();
    chain.send([{ address: await addressOf(world, customer), value: btc(0.0005) }]);
    chain.mine(4);
    const { followChain } = createChainActivities({ db: world.db, door: fake.door, chains: { btc: sourceOf(chain), ltc: undefined } });
    await Promise.all(Array.from({ length: 6 }, () => followChain({ coin: 'btc', at: minutes(1) })));
    await look(2);
    expect(await cashOf(customer)).toBe(10_000);
    await isGreen();
  });

  it('does not move while the source contradicts the chain it told before', async () => {
    const source = sourceOf(chain);
    chain.mine(3);
    const lying = {
      ...source,
      block: async (hash: string, height: number) => ({ ...(await source.block(hash, height)), previousHash: 'ff'.repeat(32) }),
    };
    const { followChain } = createChainActivities({ db: world.db, door: fake.door, chains: { btc: lying, ltc: undefined } });
    const before = await world.one('select height, hash from chain_watch');
    expect(await followChain({ coin: 'btc', at: minutes(1) })).toMatchObject({ behind: true });
    expect(await world.one('select height, hash from chain_watch')).toEqual(before);
    await look(2);
    await isGreen();
  });
});

it('whatever is sent, mined, replaced and reorganised, looked at or not, the wallets have what the chain says in the end', async () => {
  const act = fc.oneof(
    fc.record({ what: fc.constant('send' as const), who: fc.nat(2), units: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ what: fc.constant('replace' as const), who: fc.nat(2), units: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ what: fc.constant('mine' as const), blocks: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ what: fc.constant('reorganise' as const), depth: fc.integer({ min: 1, max: 6 }), remine: fc.boolean() }),
    fc.record({ what: fc.constant('look' as const) }),
  );
  const people = await Promise.all([0, 1, 2].map(() => world.addCustomer()));
  const addresses = await Promise.all(people.map((one) => addressOf(world, one)));
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 14 }), async (acts) => {
      const before = await Promise.all(people.map(cashOf));
      const paidBefore = addresses.map(paidTo);
      for (const one of acts) {
        if (one.what === 'send') chain.send([{ address: addresses[one.who] as string, value: btc(0.0001) * one.units }]);
        else if (one.what === 'replace') {
          const replaced = chain.waiting()[0]?.txid;
          if (replaced) chain.send([{ address: addresses[one.who] as string, value: btc(0.0001) * one.units }], replaced);
        } else if (one.what === 'mine') chain.mine(one.blocks);
        else if (one.what === 'reorganise') chain.reorganise(one);
        else await look(1);
      }
      chain.mine(8);
      await look(2);
      const gained = (await Promise.all(people.map(cashOf))).map((cash, who) => cash - (before[who] ?? 0));
      expect(gained).toEqual(addresses.map((address, who) => paidTo(address) - (paidBefore[who] ?? 0)));
      await isGreen();
    }),
    { numRuns: 25 },
  );
}, 300_000);
