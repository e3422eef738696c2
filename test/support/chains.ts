/** Chains of a test world: the sandbox's own as a source, keys that are confirmed, addresses, rates, and acts of people who pay. */
import type { Customer } from '../../db/entities/customer.ts';
import { addChainKey, confirmChainKey, giveAddress } from '../../db/repositories/chain-key.ts';
import { appendRates } from '../../db/repositories/rate.ts';
import type { Coin } from '../../domain/chain.ts';
import type { ChainSource } from '../../gateways/chain/source.ts';
import { openChain, type SandboxChain, type Transaction } from '../../sandbox/chain/chain.ts';
import { openStore } from '../../sandbox/store.ts';
import { freshTestKey } from './chain-keys.ts';
import type { TestShop } from './shop.ts';

/** A chain in memory. */
export const makeChain = (coin: Coin = 'btc'): SandboxChain => openChain(openStore(':memory:'), coin, Date.now);

const toSource = ({ txid, inputs, outputs }: Transaction) => ({
  txid,
  inputs,
  outputs: outputs.map(({ script, value }, vout) => ({ vout, script: new Uint8Array(Buffer.from(script, 'hex')), units: BigInt(value) })),
});

/** What is asked of the chain without a wire between. */
export function sourceOf(chain: SandboxChain): ChainSource {
  return {
    coin: chain.coin,
    tip: async () => chain.tip(),
    hashAt: async (height) => chain.at(height)?.hash,
    async block(hash, height) {
      const block = chain.block(hash);
      if (!block || block.height !== height) throw new Error('There is no such block');
      const transactions = block.txids.map((txid) => toSource(chain.transaction(txid) as Transaction));
      return { height, hash, previousHash: block.previousHash, transactions };
    },
    async mempool() {
      const waiting = chain.waiting();
      return { txids: new Set(waiting.map(({ txid }) => txid)), transactions: waiting.map(toSource) };
    },
    knows: async (txid) => chain.knows(txid),
    async output({ txid, vout }) {
      const output = chain.blockOf(txid) ? toSource(chain.transaction(txid) as Transaction).outputs[vout] : undefined;
      return output && { script: output.script, units: output.units };
    },
    mostScanned: 100,
    async unspent(addresses) {
      return addresses.flatMap(({ address, script }) =>
        chain.unspentOf(address).map((one) => ({ ...one, script, units: BigInt(one.value) })),
      );
    },
  };
}

/** One BTC is 200,000 PLN or 40,000 EUR, one LTC 320 PLN or 64 EUR, at `at`. */
export async function agreeOnRates({ db }: Pick<TestShop, 'db'>, at: Date): Promise<void> {
  const pair = (base: string, quote: string, price: string) => ({ base, quote, coingecko: price, coinbase: price });
  const pairs = [pair('BTC', 'PLN', '200000'), pair('BTC', 'EUR', '40000'), pair('LTC', 'PLN', '320'), pair('LTC', 'EUR', '64')];
  await db.em.fork().transactional((em) => appendRates(em, pairs, at));
}

/** The shop takes the coin. */
export async function takeCoin({ db, secrets, shop }: Pick<TestShop, 'db' | 'secrets' | 'shop'>, coin: Coin): Promise<string> {
  const key = freshTestKey();
  const named = { shopId: shop.id, coin, actor: 'cli', at: new Date() };
  const { addresses } = await addChainKey(db.em.fork(), secrets, { ...named, network: 'regtest', key });
  await confirmChainKey(db.em.fork(), secrets, { ...named, lastAddress: addresses[2] as string });
  return key;
}

/** The customer's address. @throws when there is none */
export async function addressOf(
  { db, secrets, shop }: Pick<TestShop, 'db' | 'secrets' | 'shop'>,
  { id: customerId }: Pick<Customer, 'id'>,
  coin: Coin = 'btc',
): Promise<string> {
  const { address } = await giveAddress(db.em.fork(), secrets, { shopId: shop.id, customerId, coin, at: new Date() });
  if (!address) throw new Error('No address was given');
  return address.address;
}
