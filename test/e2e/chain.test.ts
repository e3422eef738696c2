/**
 * Topping up straight from a chain, with a real worker and bot: BTC by the sandbox's Esplora side, LTC by a real node of Litecoin with
 * reorganisations of its own.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { appendRates } from '../../db/repositories/rate.ts';
import type { Coin } from '../../domain/chain.ts';
import { createEsploraSource } from '../../gateways/chain/esplora.ts';
import type { ChainSources } from '../../gateways/chain/sources.ts';
import { lookAtChain, startChainWatch } from '../../temporal/chain-watch.ts';
import { addressOf, agreeOnRates, takeCoin } from '../support/chains.ts';
import { walletOf } from '../support/deposits.ts';
import { resultOf } from '../support/ending.ts';
import { type LitecoinNode, startLitecoin } from '../support/litecoin.ts';
import { openPerson } from '../support/person.ts';
import { bringFriend } from '../support/referrals.ts';
import { isGreen, runBots } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let node: LitecoinNode | undefined;
let stopBots: () => Promise<void>;
const chains: { -readonly [Name in Coin]: ChainSources[Name] } = { btc: undefined, ltc: undefined };

beforeAll(async () => {
  node = await startLitecoin();
  world = await startWorld({ chains });
  chains.btc = createEsploraSource({ coin: 'btc', url: `${world.origin}/chain/btc` });
  chains.ltc = node?.source;
  stopBots = await runBots(world);
  await agreeOnRates(world, new Date());
  for (const coin of ['btc', 'ltc'] as const) {
    await takeCoin(world, coin);
    await startChainWatch(world.door, { coin, pauseSeconds: 2 });
  }
  // Nothing is offered before the end of the chain was seen.
  await waitFor(
    async () =>
      expect(await world.one('select count(*)::int as seen from chain_watch where checked_at is not null')).toEqual({ seen: node ? 2 : 1 }),
    soon,
  );
}, 180_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
  await node?.stop();
});
afterEach(() => isGreen(world));

const soon = { timeout: 20_000, interval: 100 };
const cashOf = async (customer: Customer) => (await walletOf(world, customer)).cash;
const untilCash = (customer: Customer, cash: number) => waitFor(async () => expect(await cashOf(customer)).toBe(cash), soon);
const act = <Answer>(what: string, body: object = {}) => world.control<Answer>(`/chain/btc/${what}`, body);

/** The watch has been at the end of the chain as it is now. */
async function untilFollowed(coin: Coin): Promise<void> {
  const { hash } = (await chains[coin]?.tip()) ?? { hash: '' };
  await lookAtChain(world.door, coin);
  await waitFor(async () => expect(await world.one('select hash from chain_watch where coin = ?', [coin])).toEqual({ hash }), soon);
}

const statusesOf = async ({ id }: Customer) =>
  (await world.db.em.fork().execute<{ status: string }[]>('select status from deposit where customer_id = ? order by id', [id])).map(
    ({ status }) => status,
  );

describe('a customer tops up in BTC', () => {
  it('to an address of their own: seen, confirming, credited at the rate when it was seen, in one message', async () => {
    const customer = await world.addPerson();
    const person = openPerson(world, customer);
    await person.say('/refill');
    await person.press(/BTC/);
    const shown = await person.see(/Top up with Bitcoin/);
    const address = /bcrt1\w+/.exec(shown.text ?? '')?.[0] ?? '';
    expect(shown.text).toMatch(/2 confirmations/);
    expect(shown.text).toMatch(/1 BTC = 200,000.00 PLN/);
    expect(await statusesOf(customer), 'showing an address starts nothing').toEqual([]);

    const { txid } = await act<{ txid: string }>('send', { outputs: [{ address, units: '0.0005' }] });
    await person.press(/I have sent it/);
    const seen = await person.see(/Your payment was seen/);
    expect(seen.text).toContain('0.0005 BTC');
    await act('mine');
    await person.see(/Your payment is confirmed/);
    expect(await cashOf(customer)).toBe(0);
    await act('mine');
    await untilCash(customer, 10_000);
    const done = await person.see(/In your wallet\n/);
    expect(done.id, 'one message, edited in place').toBe(seen.id);
    await person.see(/100.00 PLN has arrived in your wallet/);
    expect(await resultOf(world, `deposit:btc:${txid}:0`)).toBe('credited');
    await person.say('/wallet');
    expect((await person.see(/Balance: 100.00 PLN/)).text).toContain('Top-up');
    await person.say('/refill');
    await person.press(/BTC/);
    expect((await person.see(/Top up with Bitcoin/)).text, 'the address stays theirs').toContain(address);
  });

  it('the same block again, or orphaned and mined again, changes nothing; a second output is a second deposit', async () => {
    const customer = await world.addPerson();
    const address = await addressOf(world, customer);
    await act('send', {
      outputs: [
        { address, units: '0.0005' },
        { address, units: '0.001' },
      ],
    });
    await act('mine', { blocks: 2 });
    await untilCash(customer, 30_000);
    expect(await statusesOf(customer)).toEqual(['credited', 'credited']);
    await act('reorganise', { depth: 2 });
    await untilFollowed('btc');
    await act('mine', { blocks: 3 });
    await untilFollowed('btc');
    expect(await cashOf(customer)).toBe(30_000);
  });

  it('brings whoever invited them 3.00 of 100.00, once, also when its block is orphaned and mined again, and both are told (A2)', async () => {
    const referrer = await world.addPerson();
    const friend = await bringFriend(world, referrer);
    const address = await addressOf(world, friend);
    const bonusIs = async (bonus: number) => expect((await walletOf(world, referrer)).bonus).toBe(bonus);
    await act('send', { outputs: [{ address, units: '0.0005' }] });
    await lookAtChain(world.door, 'btc');
    await waitFor(async () => expect(await statusesOf(friend)).toEqual(['seen']), soon);
    // Locked at first sight: what the rate is from now on changes nothing.
    const dearer = { base: 'BTC', quote: 'PLN', coingecko: '180000', coinbase: '180000' };
    await world.db.em.fork().transactional((em) => appendRates(em, [dearer], new Date()));
    await act('mine');
    await untilFollowed('btc');
    await bonusIs(0);
    expect(await cashOf(friend)).toBe(0);
    await act('mine');
    await untilCash(friend, 10_000);
    await waitFor(() => bonusIs(300), soon);
    await openPerson(world, friend).see(/100.00 PLN has arrived in your wallet/);
    await openPerson(world, referrer).see(/3.00 PLN for you: a friend of yours topped up.*\nEarned so far: 3.00 PLN/);
    await lookAtChain(world.door, 'btc');
    await act('reorganise', { depth: 2 });
    await untilFollowed('btc');
    await act('mine', { blocks: 3 });
    await untilFollowed('btc');
    await bonusIs(300);
    expect(await cashOf(friend)).toBe(10_000);
    await agreeOnRates(world, new Date());
    const outputs = [
      { address, units: '0.0005' },
      { address, units: '0.001' },
    ];
    await act('send', { outputs });
    await act('mine', { blocks: 2 });
    await untilCash(friend, 40_000);
    await waitFor(() => bonusIs(1_200), soon);
    expect(await statusesOf(friend)).toEqual(['credited', 'credited', 'credited']);
  });

  it('is not offered while the chain is not seen, nor without a rate', async () => {
    const customer = await world.addPerson();
    const person = openPerson(world, customer);
    const em = () => world.db.em.fork();
    await em().execute(`update chain_watch set checked_at = now() - interval '1 hour' where coin = 'btc'`);
    chains.btc = undefined;
    await person.say('/refill');
    expect(JSON.stringify((await person.see(/Top up your wallet/)).replyMarkup)).not.toContain('BTC');
    chains.btc = createEsploraSource({ coin: 'btc', url: `${world.origin}/chain/btc` });
    await untilFollowed('btc');
    await waitFor(async () => {
      await person.say('/refill');
      expect(JSON.stringify((await person.see(/Top up your wallet/)).replyMarkup)).toContain('BTC');
    }, soon);
  });
});

describe('on a real chain of Litecoin', () => {
  it('several outputs, one transaction to three customers, and six confirmations', async (test) => {
    if (!node) return test.skip();
    const people = await Promise.all([1, 2, 3].map(() => world.addPerson()));
    const [one = '', two = '', three = ''] = await Promise.all(people.map((person) => addressOf(world, person, 'ltc')));
    await node.send({ [one]: 0.5, [two]: 1, [three]: 2 });
    await node.send({ [one]: 0.25 });
    await node.mine(5);
    await untilFollowed('ltc');
    expect(await Promise.all(people.map(cashOf))).toEqual([0, 0, 0]);
    await node.mine();
    await untilFollowed('ltc');
    await untilCash(people[0] as Customer, 24_000);
    await untilCash(people[1] as Customer, 32_000);
    await untilCash(people[2] as Customer, 64_000);
    expect(await statusesOf(people[0] as Customer)).toEqual(['credited', 'credited']);
  });

  it('a transaction that is replaced by a dearer one is over, the other is credited', async (test) => {
    if (!node) return test.skip();
    const customer = await world.addPerson();
    const txid = await node.send({ [await addressOf(world, customer, 'ltc')]: 1 });
    await lookAtChain(world.door, 'ltc');
    await waitFor(async () => expect(await statusesOf(customer)).toEqual(['seen']), soon);
    await node.call('bumpfee', txid, { fee_rate: 100 });
    await lookAtChain(world.door, 'ltc');
    await waitFor(async () => expect((await statusesOf(customer)).sort()).toEqual(['expired', 'seen']), soon);
    await node.mine(6);
    await untilFollowed('ltc');
    await untilCash(customer, 32_000);
    expect((await statusesOf(customer)).sort()).toEqual(['credited', 'expired']);
  });

  it.each([1, 2, 3, 4, 5, 6])('a reorganisation of depth %i before the credit, and another after it, credit once', async (depth) => {
    if (!node) return;
    const customer = await world.addPerson();
    await node.mine(6);
    await node.send({ [await addressOf(world, customer, 'ltc')]: 1 });
    await node.mine();
    await untilFollowed('ltc');
    await node.reorganise(depth, false);
    await untilFollowed('ltc');
    expect(await cashOf(customer)).toBe(0);
    await node.mine(6);
    await untilFollowed('ltc');
    await untilCash(customer, 32_000);
    await node.reorganise(depth, true);
    await untilFollowed('ltc');
    await node.mine(6);
    await untilFollowed('ltc');
    expect(await cashOf(customer)).toBe(32_000);
    expect(await statusesOf(customer)).toEqual(['credited']);
  });

  it('two hours of blocks that were missed are caught up', async (test) => {
    if (!node) return test.skip();
    const customer = await world.addPerson();
    const address = await addressOf(world, customer, 'ltc');
    const { source } = node;
    chains.ltc = undefined;
    for (let minutes = 0; minutes < 120; minutes += 10) {
      await node.send({ [address]: 0.1 });
      await node.mine(4);
    }
    await node.mine(6);
    chains.ltc = source;
    await untilFollowed('ltc');
    await untilCash(customer, 12 * 3_200);
  });
});
