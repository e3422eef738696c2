/** Sources of blocks that lie, lag, refuse and die while their chains are reorganised: what the chain paid in the end is in the wallets, once. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Customer } from '../../../db/entities/customer.ts';
import type { Coin } from '../../../domain/chain.ts';
import type { ChainSources } from '../../../gateways/chain/sources.ts';
import { lookAtChain, startChainWatch } from '../../../temporal/chain-watch.ts';
import { addressOf, agreeOnRates, takeCoin } from '../../support/chains.ts';
import { startLitecoin } from '../../support/litecoin.ts';
import { serveSandbox, type TestSandbox } from '../../support/sandbox.ts';
import { openServers } from '../../support/servers.ts';
import { runBots } from '../../support/story.ts';
import { waitFor } from '../../support/wait.ts';
import { startWorld, type World } from '../../support/world.ts';
import { makeRandom, type Random } from '../harness/random.ts';
import type { Round, Scenario } from '../harness/scenario.ts';
import { cashOf } from './acts.ts';
import { type Chain, openBitcoin, openLitecoin } from './chains.ts';
import { refusalLies, strangers } from './lies-of-chains.ts';

interface Chains {
  readonly world: World;
  readonly chains: readonly Chain[];
  /** Another sandbox, whose chain is nobody's here. */
  readonly elsewhere: TestSandbox;
  close(): Promise<void>;
}

async function openChains(round: Round): Promise<Chains> {
  await openServers();
  const sources: { -readonly [Name in Coin]: ChainSources[Name] } = { btc: undefined, ltc: undefined };
  const [world, litecoin, elsewhere] = [await startWorld({ chains: sources }), await startLitecoin(), await serveSandbox()];
  const stopBots = await runBots(world);
  const chains = [await openBitcoin(world), ...(litecoin ? [await openLitecoin(litecoin)] : [])];
  if (!litecoin) round.say('litecoind is not installed: LTC is left out');
  await elsewhere.call('POST', '/chain/btc/mine', { blocks: 30 });
  for (const { coin, source } of chains) {
    sources[coin] = source;
    await agreeOnRates(world, new Date());
    await takeCoin(world, coin);
    await startChainWatch(world.door, { coin, pauseSeconds: 2 });
  }
  return {
    world,
    chains,
    elsewhere,
    async close() {
      await stopBots();
      await world.close();
      await Promise.all([...chains.map(({ liar }) => liar.close()), litecoin?.stop(), elsewhere.stop()]);
    },
  };
}

/** The watch has been at the end of the chain as it is. */
async function untilFollowed({ world }: Chains, chain: Chain): Promise<void> {
  const since = new Date();
  await waitFor(
    async () => {
      await lookAtChain(world.door, chain.coin);
      const row = await world.one('select hash, checked_at > ? as again from chain_watch where coin = ?', [since, chain.coin]);
      assert.deepEqual(row, { hash: await chain.tip(), again: true });
    },
    { timeout: 90_000, interval: 300 },
  );
}

interface Payer {
  readonly customer: Customer;
  readonly address: string;
}

/** One thing happens: to the chain, or to what is told of it. @returns what, in a word */
async function happen(chain: Chain, payers: readonly Payer[], random: Random, elsewhere: TestSandbox): Promise<string> {
  const { liar, lies, unitsOfMinor } = chain;
  const what = random.pick([
    'pay',
    'pay',
    'mine',
    'mine',
    'reorganise',
    'replace',
    'lie',
    'lie',
    'lie',
    'refuse',
    'lag',
    'strangers',
    'honest',
  ]);
  switch (what) {
    case 'pay': {
      const count = random.whole(1, 3);
      // A minor unit more or less tells payments apart.
      const amounts = Array.from({ length: count }, () => unitsOfMinor * random.whole(2_500, 9_999));
      await chain.send(amounts.map((units) => [random.pick(payers).address, units]));
      break;
    }
    case 'mine':
      await chain.mine(random.whole(1, 3));
      break;
    case 'reorganise':
      await chain.reorganise(random.whole(1, 6), random.chance(0.7));
      break;
    case 'replace':
      await chain.replace(random);
      break;
    case 'lie':
      liar.tell(random.pick(lies), random.whole(1, 3));
      break;
    case 'refuse':
      liar.tell(random.pick(refusalLies), random.whole(1, 6));
      break;
    case 'lag':
      liar.tell(chain.lag(random.whole(1, 12)), random.whole(5, 40));
      break;
    case 'strangers':
      if (chain.coin === 'btc') liar.tell(strangers(`${elsewhere.url}/chain/btc`), random.whole(1, 60));
      break;
    default:
      liar.beHonest();
  }
  return what;
}

/** What came out of the chain for good is taken back after a day, which we do not wait for. */
async function letADayPass({ world }: Chains, coin: Coin): Promise<void> {
  await world.db.em
    .fork()
    .execute(`update chain_output set orphaned_at = orphaned_at - interval '25 hours' where coin = ? and state <> 'mined'`, [coin]);
}

async function actOut(all: Chains, chain: Chain, random: Random, short: boolean): Promise<string> {
  const { world, elsewhere } = all;
  await agreeOnRates(world, new Date());
  const payers: Payer[] = [];
  for (let count = 0; count < 6; count += 1) {
    const customer = await world.addPerson();
    payers.push({ customer, address: await addressOf(world, customer, chain.coin) });
  }
  const happened: string[] = [];
  try {
    for (let step = 0; step < (short ? 25 : 120); step += 1) {
      happened.push(await happen(chain, payers, random, elsewhere));
      if (random.chance(0.4)) await lookAtChain(world.door, chain.coin);
      await sleep(random.whole(0, 400));
    }
    chain.liar.beHonest();
    await agreeOnRates(world, new Date());
    await chain.mine(12);
    await untilFollowed(all, chain);
    await letADayPass(all, chain.coin);
    await untilFollowed(all, chain);
    for (const { customer, address } of payers) {
      const paid = (await chain.paidTo(address)) / chain.unitsOfMinor;
      await waitFor(async () => assert.equal(await cashOf(world, customer), paid, `${chain.coin} paid to ${address}`), { timeout: 30_000 });
    }
    return `${chain.coin}: ${[...chain.liar.told.values()].reduce((sum, count) => sum + count, 0)} lies told`;
  } catch (err) {
    throw new Error(`${chain.coin} (${happened.join(' ')}): ${err instanceof Error ? err.stack : String(err)}`, { cause: err });
  }
}

export const chainLies: Scenario = {
  name: 'chain-lies',
  summary:
    'sources of blocks lie, lag, refuse, hang up, tell of another chain, during reorganisations: each output is credited once, or taken back',
  rounds: 6,
  async run(round) {
    const all = await round.share('chains', () => openChains(round));
    round.check(all.world.db);
    // Each chain has chance of its own: what one does must not decide about the other.
    const words = await Promise.all(all.chains.map((chain, index) => actOut(all, chain, makeRandom(round.seed + index), round.short)));
    return words.join(', ');
  },
};
