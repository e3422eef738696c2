/** The two chains of a fault round, each behind a source that lies: BTC by the sandbox's Esplora side, LTC by a real node of Litecoin. */
import { readAccountKey } from '../../../db/account-key.ts';
import type { Coin } from '../../../domain/chain.ts';
import { createEsploraSource } from '../../../gateways/chain/esplora.ts';
import { createNodeSource } from '../../../gateways/chain/node.ts';
import type { ChainSource } from '../../../gateways/chain/source.ts';
import { openChain } from '../../../sandbox/chain/chain.ts';
import { exampleAccount } from '../../support/chain-keys.ts';
import type { LitecoinNode } from '../../support/litecoin.ts';
import type { World } from '../../support/world.ts';
import { type Liar, type Lie, startLiar } from '../harness/liar.ts';
import type { Random } from '../harness/random.ts';
import { esploraLag, esploraLies, nodeLag, nodeLies } from './lies-of-chains.ts';

/** An address and the smallest units that go there. */
export type Payment = readonly [address: string, units: number];

export interface Chain {
  readonly coin: Coin;
  readonly liar: Liar;
  /** What the product asks: the source behind the liar. */
  readonly source: ChainSource;
  readonly lies: readonly Lie[];
  /** Units of one minor unit of the shop's currency. */
  readonly unitsOfMinor: number;
  lag(behind: number): Lie;
  tip(): Promise<string>;
  send(payments: readonly Payment[]): Promise<void>;
  mine(blocks: number): Promise<void>;
  reorganise(depth: number, remine: boolean): Promise<void>;
  /** Money that was sent is spent otherwise: it waits, or its block is taken out. */
  replace(random: Random): Promise<void>;
  /** What the chain has paid to an address in all, units. */
  paidTo(address: string): Promise<number>;
}

const pick = <Item>(random: Random, items: readonly Item[]): Item | undefined => (items.length === 0 ? undefined : random.pick(items));

export async function openBitcoin(world: World): Promise<Chain> {
  const liar = await startLiar(`${world.origin}/chain/btc`);
  const chain = openChain(world.sandbox.store, 'btc', Date.now);
  const nobody = readAccountKey(exampleAccount("m/84'/1'/0'", 'vpub').key, { coin: 'btc', network: 'regtest' }).address(7).address;
  const sent: string[] = [];
  chain.mine(10);
  return {
    coin: 'btc',
    liar,
    source: createEsploraSource({ coin: 'btc', url: liar.url }),
    lies: esploraLies,
    // One BTC is 200,000 PLN.
    unitsOfMinor: 5,
    lag: esploraLag,
    tip: async () => chain.tip().hash,
    send: async (payments) => void sent.push(chain.send(payments.map(([address, value]) => ({ address, value }))).txid),
    mine: async (blocks) => void chain.mine(blocks),
    reorganise: async (depth, remine) => void chain.reorganise({ depth, remine }),
    async replace(random) {
      const txid = pick(random, sent.slice(-10));
      if (txid === undefined) return;
      const block = chain.blockOf(txid);
      const depth = block ? chain.tip().height - block.height + 1 : 0;
      if (depth > 8) return;
      if (depth > 0) chain.reorganise({ depth, remine: false });
      // Replaced before, it is of no transaction that waits.
      if (!chain.waiting().some((one) => one.txid === txid)) return;
      chain.send([{ address: nobody, value: 1_000 }], txid);
      if (random.chance(0.5)) chain.mine(random.whole(1, 3));
    },
    async paidTo(address) {
      let paid = 0;
      for (let block = chain.tip(); ; ) {
        for (const txid of block.txids) {
          for (const output of chain.transaction(txid)?.outputs ?? []) if (output.address === address) paid += output.value;
        }
        const before = chain.block(block.previousHash);
        if (!before) return paid;
        block = before;
      }
    },
  };
}

export async function openLitecoin(litecoin: LitecoinNode): Promise<Chain> {
  const liar = await startLiar(litecoin.url);
  const { user, password } = litecoin.login;
  const sent: string[] = [];
  return {
    coin: 'ltc',
    liar,
    source: createNodeSource({ coin: 'ltc', url: liar.url, user, password }),
    lies: nodeLies,
    // One LTC is 320 PLN.
    unitsOfMinor: 3_125,
    lag: nodeLag,
    tip: () => litecoin.call<string>('getbestblockhash'),
    async send(payments) {
      const sums = new Map<string, number>();
      for (const [address, units] of payments) sums.set(address, (sums.get(address) ?? 0) + units);
      sent.push(await litecoin.send(Object.fromEntries([...sums].map(([address, units]) => [address, units / 1e8]))));
    },
    mine: (blocks) => litecoin.mine(blocks),
    reorganise: (depth, remine) => litecoin.reorganise(depth, remine),
    async replace() {
      const waiting = new Set(await litecoin.call<string[]>('getrawmempool'));
      const txid = sent.findLast((one) => waiting.has(one));
      // A wallet that may not: it is spent on already, or has no money for the fee.
      if (txid !== undefined) await litecoin.call('bumpfee', txid, { fee_rate: 100 }).catch(() => undefined);
    },
    async paidTo(address) {
      // Nobody spends what is paid to a shop here.
      const { total_amount: coins } = await litecoin.call<{ total_amount: number }>('scantxoutset', 'start', [`addr(${address})`]);
      return Math.round(coins * 1e8);
    },
  };
}
