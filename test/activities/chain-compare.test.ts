/** The ledger beside the chain as it is now: what is credited is there, and what is there is credited. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../activities/context.ts';
import { createChainActivities } from '../../activities/chain.ts';
import { createDepositActivities } from '../../activities/deposit.ts';
import { createReconcileActivities } from '../../activities/reconcile.ts';
import { checkDatabase } from '../../db/check.ts';
import { listOfferedCoins } from '../../db/repositories/chain-offer.ts';
import { judgeChainWatches, listChainWatches } from '../../db/repositories/chain-watch.ts';
import type { Reconciled } from '../../domain/reconcile.ts';
import type { ChainSource } from '../../gateways/chain/source.ts';
import type { SandboxChain } from '../../sandbox/chain/chain.ts';
import { addressOf, agreeOnRates, makeChain, sourceOf, takeCoin } from '../support/chains.ts';
import { makeFakeDoor } from '../support/fake-door.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let chain: SandboxChain;
let deposits: ReturnType<typeof createDepositActivities>;
/** What the source lies about now. */
let lies: Partial<ChainSource> = {};
/** Outputs that were looked for, since the last look. */
let asked: string[] = [];
const now = Date.now();
const minutes = (count: number) => now + count * 60_000;
const em = () => world.db.em.fork();
const btc = (units: number) => Math.round(units * 100_000_000);

function source(): ChainSource {
  const honest = sourceOf(chain);
  return {
    ...honest,
    async output(at) {
      asked.push(`${at.txid}:${at.vout}`);
      return (lies.output ?? honest.output)(at);
    },
    ...(lies.hashAt ? { hashAt: lies.hashAt } : {}),
    ...(lies.block ? { block: lies.block } : {}),
  };
}

beforeAll(async () => {
  world = await makeTestShop();
  deposits = createDepositActivities({ db: world.db, secrets: world.secrets, telegram: undefined as never });
  await takeCoin(world, 'btc');
  for (const minute of [0, 50, 100, 150]) await agreeOnRates(world, new Date(minutes(minute)));
  chain = makeChain();
  chain.mine(8);
  await follow();
});
afterAll(() => world.close());
beforeEach(() => {
  lies = {};
  asked = [];
});

/** The watch looks, and every deposit that was rung reads its inbox. */
async function follow(minute = 0): Promise<void> {
  const { followChain } = createChainActivities({ db: world.db, door: makeFakeDoor().door, chains: { btc: source(), ltc: undefined } });
  for (let again = true; again; ) again = (await followChain({ coin: 'btc', at: minutes(minute) })).behind;
  const waiting: { code: string }[] = await em().execute(
    'select distinct d.code from deposit d join inbox i on i.deposit_id = d.id where i.outcome is null',
  );
  for (const { code } of waiting) await deposits.settleDeposit({ depositCode: code, at: minutes(minute) });
}

/** A customer pays 0.0005 BTC, 100.00 PLN, `depth` blocks ago. @returns the output */
async function paid(depth = 2, units = 0.0005): Promise<string> {
  const customer = await world.addCustomer();
  const { txid } = chain.send([{ address: await addressOf(world, customer), value: btc(units) }]);
  chain.mine(depth);
  return `${txid}:0`;
}

const steps = () =>
  createReconcileActivities({
    db: world.db,
    secrets: world.secrets,
    gateways: {},
    chains: { btc: source(), ltc: undefined },
  } as unknown as ActivityContext);
const about = () => ({ shopId: world.shop.id, provider: 'chain' as const });

async function reconcile(minute = 60): Promise<Reconciled> {
  const at = minutes(minute);
  let found = 0;
  for (let more = true; more; ) {
    const turn = await steps().askQuiet({ ...about(), quietSeconds: 1_800, at });
    found += turn.asked;
    more = turn.more;
  }
  const { reconciliationId } = await steps().readStatement({ ...about(), at });
  return steps().compareStatement({ ...about(), reconciliationId, graceSeconds: 600, asked: found, found: 0, at });
}

const of = ({ differences }: Reconciled, objectId: string) =>
  differences.filter((one) => one.objectId === objectId).map(({ kind, amount }) => [kind, amount]);
const alertsOf = (object: string) =>
  em().execute<{ kind: string }[]>(`select kind from alert where params->>'what' = ? order by id`, [`chain ${object}`]);

describe('outputs of a chain beside the ledger', () => {
  it('are equal, whatever people pay and however the chain is reorganised', async () => {
    const act = fc.oneof(
      fc.record({ act: fc.constant('pay' as const), units: fc.integer({ min: 1, max: 3_000_000 }) }),
      fc.record({ act: fc.constant('mine' as const), blocks: fc.integer({ min: 1, max: 7 }) }),
      fc.record({ act: fc.constant('reorganise' as const), depth: fc.integer({ min: 1, max: 6 }), remine: fc.boolean() }),
      fc.record({ act: fc.constant('follow' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (acts) => {
        for (const one of acts) {
          if (one.act === 'pay') chain.send([{ address: await addressOf(world, await world.addCustomer()), value: one.units }]);
          else if (one.act === 'mine') chain.mine(one.blocks);
          else if (one.act === 'reorganise') chain.reorganise(one);
          else await follow();
        }
        // What is credited may wait to be mined again: then it is not in the chain, and rightly told.
        chain.mine(12);
        await follow();
        const result = await reconcile();
        expect(result).toMatchObject({ differences: [], difference: 0, statement: result.ledger });
      }),
      { numRuns: 12 },
    );
    expect((await checkDatabase(em(), { now: new Date(now), settledGraceMs: 0 })).findings).toEqual([]);
  }, 120_000);

  it.each([
    ['is not in the chain any more', async () => undefined, 10_000],
    ['pays less', (honest: Awaited<ReturnType<ChainSource['output']>>) => honest && { ...honest, units: honest.units / 2n }, 5_000],
    [
      'pays to somebody else',
      (honest: Awaited<ReturnType<ChainSource['output']>>) => honest && { ...honest, script: new Uint8Array([0x6a]) },
      10_000,
    ],
  ] as const)('are told to staff, once, when one that is credited %s', async (_, lie, amount) => {
    const object = await paid();
    await follow();
    expect(await reconcile()).toMatchObject({ differences: [] });
    lies = {
      output: async (at) => (`${at.txid}:${at.vout}` === object ? lie(await sourceOf(chain).output(at)) : sourceOf(chain).output(at)),
    };
    for (const minute of [61, 62]) {
      const result = await reconcile(minute);
      expect(of(result, object)).toEqual([['ledgerHasMore', amount]]);
      expect(result.difference).toBe(-amount);
    }
    expect(await alertsOf(object)).toEqual([{ kind: 'ledgerHasMore' }]);
    lies = {};
    expect(await reconcile(63)).toMatchObject({ differences: [], difference: 0 });
  });

  it('are told to staff when one was never heard of, above dust, once it is deep; and no more once the watch has it', async () => {
    const hidden = new Set<string>();
    const honest = sourceOf(chain);
    lies = {
      block: async (hash, height) => {
        const block = await honest.block(hash, height);
        return { ...block, transactions: block.transactions.filter(({ txid }) => !hidden.has(txid)) };
      },
    };
    const [customer, poor] = [await world.addCustomer(), await world.addCustomer()];
    const { txid } = chain.send([
      { address: await addressOf(world, customer), value: btc(0.0005) },
      { address: await addressOf(world, poor), value: 4 },
    ]);
    hidden.add(txid);
    chain.mine(5);
    await follow();
    expect(of(await reconcile(), `${txid}:0`)).toEqual([]);
    chain.mine();
    await follow();
    const rehearsed = await steps().rehearseStatement({ ...about(), graceSeconds: 600, quietSeconds: 0, at: minutes(64) });
    expect(of(rehearsed, `${txid}:0`)).toEqual([['ledgerLacks', 10_000]]);
    expect(await alertsOf(`${txid}:0`)).toEqual([]);
    const result = await reconcile(64);
    expect([of(result, `${txid}:0`), of(result, `${txid}:1`)]).toEqual([[['ledgerLacks', 10_000]], []]);
    expect(await alertsOf(`${txid}:0`)).toEqual([{ kind: 'ledgerLacks' }]);
    // Blocks are followed again from before it.
    lies = {};
    chain.reorganise({ depth: 6, remine: true });
    chain.mine(6);
    await follow();
    expect(of(await reconcile(90), `${txid}:0`)).toEqual([]);
  });

  it('are not compared with a source that is behind the watch', async () => {
    await paid();
    await follow();
    const height = chain.tip().height;
    lies = { hashAt: async (at) => (at >= height ? undefined : sourceOf(chain).hashAt(at)) };
    await expect(reconcile(65)).rejects.toMatchObject({ type: 'GatewayFailed' });
    expect(asked).toEqual([]);
  });

  it('are looked for from where whoever was killed had come, each once, and not again once they are deep', async () => {
    for (let count = 0; count < 4; count += 1) await paid(1);
    chain.mine(2);
    await follow();
    const honest = sourceOf(chain);
    let left = 3;
    lies = {
      output: async (at) => {
        left -= 1;
        if (left < 0) throw new Error('killed');
        return honest.output(at);
      },
    };
    await expect(reconcile(66)).rejects.toThrow('killed');
    const done = asked.slice(0, 3);
    lies = {};
    asked = [];
    const { differences, asked: rest } = await reconcile(66);
    expect(differences).toEqual([]);
    expect(rest).toBe(asked.length);
    expect(asked.filter((one) => done.includes(one))).toEqual([]);
    expect(new Set(asked).size).toBe(asked.length);
    asked = [];
    // As if a thousand blocks had come since.
    const deepen = (blocks: number) =>
      em().execute('update chain_output set block_height = block_height - ? where block_height is not null', [blocks]);
    await deepen(1_000);
    await reconcile(67);
    expect(asked).toEqual([]);
    await deepen(-1_000);
  }, 60_000);

  it('rehearsed, leave no trace', async () => {
    await paid();
    await follow();
    const count = () =>
      world.one(
        `select (select count(*) from provider_answer) || ' ' || (select count(*) from asked_payment) || ' ' || (select count(*) from reconciliation)
             || ' ' || (select count(*) from alert) || ' ' || (select count(*) from chain_address where asked_at = '${new Date(minutes(68)).toISOString()}') as rows`,
      );
    const before = await count();
    const result = await steps().rehearseStatement({ ...about(), graceSeconds: 600, quietSeconds: 0, at: minutes(68) });
    expect(result.differences).toEqual([]);
    expect(result.asked).toBeGreaterThan(0);
    expect(await count()).toEqual(before);
  });
});

describe('a watch that stands still', () => {
  const standing = () =>
    em().execute<{ kind: string; params: object }[]>(`select kind, params from alert where kind like 'chain%' order by id`);
  const lookedAt = (agoMinutes: number) =>
    em().execute(`update chain_watch set checked_at = now() - make_interval(mins => ?), tip_height = height + 3`, [agoMinutes]);

  it('is told to staff once, hides its coin, and is told once when it goes on', async () => {
    const { id: shopId, currency } = world.shop;
    const customer = await world.addCustomer();
    await follow();
    const offered = async () => listOfferedCoins(em(), { shopId, customerId: customer.id, currency, at: new Date() });
    await lookedAt(14);
    await Promise.all([1, 2, 3].map(() => judgeChainWatches(em(), { now: new Date() })));
    expect(await standing()).toEqual([]);
    expect(await offered()).toEqual(['btc']);
    await lookedAt(16);
    await Promise.all([1, 2, 3].map(() => judgeChainWatches(em(), { now: new Date() })));
    expect(await judgeChainWatches(em(), { now: new Date() })).toEqual([]);
    const { height } = chain.tip();
    expect(await standing()).toEqual([{ kind: 'chainStale', params: { coin: 'Bitcoin', height: String(height), count: 3 } }]);
    expect(await listChainWatches(em(), new Date())).toMatchObject([{ coin: 'btc', height, behind: 3, followed: false }]);
    expect(await offered()).toEqual([]);
    await lookedAt(0);
    await Promise.all([1, 2, 3].map(() => judgeChainWatches(em(), { now: new Date() })));
    expect((await standing()).map(({ kind }) => kind)).toEqual(['chainStale', 'chainBack']);
    expect(await offered()).toEqual(['btc']);
    await lookedAt(20);
    expect(await judgeChainWatches(em(), { now: new Date(), watched: [] })).toEqual([]);
    expect(await judgeChainWatches(em(), { now: new Date() })).toEqual(['btc']);
  });

  it('is seen to stand still while its source has blocks that it cannot read', async () => {
    await follow();
    chain.mine(2);
    lies = {
      block: async () => {
        throw new Error('unreadable');
      },
    };
    await expect(follow()).rejects.toThrow('unreadable');
    expect(await listChainWatches(em(), new Date())).toMatchObject([{ behind: 2 }]);
    lies = {};
    await follow();
    expect(await listChainWatches(em(), new Date())).toMatchObject([{ behind: 0 }]);
  });
});
