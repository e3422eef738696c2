import { defineEntity, p } from '@mikro-orm/postgresql';
import { type Coin, coins, type OutputState, outputStates, type OutputWord, outputWords } from '../../domain/chain.ts';
import { ChainAddress } from './chain-key.ts';
import { Customer } from './customer.ts';
import { Deposit } from './deposit.ts';
import { Shop } from './shop.ts';

/** How far a coin's chain was followed: the cursor. */
const watch = defineEntity({
  name: 'ChainWatch',
  tableName: 'chain_watch',
  properties: {
    coin: p.enum(coins).$type<Coin>().primary(),
    height: p.integer().check('height >= 0'),
    hash: p.text(),
    /** When the end of the chain and what waits to be mined were last seen. */
    checkedAt: p.datetime().nullable(),
    /** Where the source said that the chain ends, last. */
    tipHeight: p.integer().nullable(),
    /** Since when staff know that it is not followed; null while it is. */
    staleAt: p.datetime().nullable(),
  },
});
export class ChainWatch extends watch.class {}
watch.setClass(ChainWatch);

/** A block that was followed, and may be unwound. */
const block = defineEntity({
  name: 'ChainBlock',
  tableName: 'chain_block',
  properties: {
    coin: p.enum(coins).$type<Coin>().primary(),
    height: p.integer().primary(),
    hash: p.text(),
    previousHash: p.text(),
  },
});
export class ChainBlock extends block.class {}
block.setClass(ChainBlock);

/** As SQL: something may still become of an output. All others are left alone, however many there are. */
const finished = ['settled mined', 'reinstated mined', 'failed gone', 'failed orphaned', 'withdrawn gone', 'withdrawn orphaned'];
export const isOpenOutput = `value is distinct from 0 and (coalesce(told, 'untold') || ' ' || state) not in ('${finished.join("', '")}')`;

/** An output that pays to an address of ours. */
const output = defineEntity({
  name: 'ChainOutput',
  tableName: 'chain_output',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    coin: p.enum(coins).$type<Coin>(),
    txid: p.text(),
    vout: p.integer(),
    addressId: () => p.manyToOne(ChainAddress).mapToPk().fieldName('address_id'),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    /** In the coin's smallest unit. */
    units: p.bigint('number').check('units > 0'),
    state: p.enum(outputStates).$type<OutputState>(),
    firstSeenAt: p.datetime(),
    blockHeight: p.integer().nullable(),
    blockHash: p.text().nullable(),
    /** Since when it is not in the chain, where it was before. */
    orphanedAt: p.datetime().nullable(),
    /** The block in which its money was spent otherwise. */
    spentHeight: p.integer().nullable(),
    /** What it is worth, minor units of the shop's currency, at the rate when it was first seen; null until there is a rate. 0 is dust. */
    value: p.bigint('number').nullable(),
    rate: p.text().nullable(),
    rateAt: p.datetime().nullable(),
    /** Confirmations awaited. */
    required: p.integer().nullable(),
    depositId: () => p.oneToOne(Deposit).mapToPk().nullable().deleteRule('no action').fieldName('deposit_id'),
    /** What the deposit was told last, and how many words it was told. */
    told: p.enum(outputWords).$type<OutputWord>().nullable(),
    words: p.integer().default(0),
  },
  uniques: [{ name: 'chain_output_once', properties: ['coin', 'txid', 'vout'] }],
  indexes: [
    { name: 'chain_output_block', properties: ['coin', 'blockHash'] },
    { name: 'chain_output_address', properties: ['addressId'] },
    { name: 'chain_output_open', expression: `create index "chain_output_open" on "chain_output" ("coin") where ${isOpenOutput}` },
  ],
  checks: [{ name: 'chain_output_mined', expression: "(state = 'mined') = (block_height is not null and block_hash is not null)" }],
});
export class ChainOutput extends output.class {}
output.setClass(ChainOutput);

/** What the transaction of an output of ours spends: another transaction that spends it takes the output back. */
const input = defineEntity({
  name: 'ChainInput',
  tableName: 'chain_input',
  properties: {
    coin: p.enum(coins).$type<Coin>().primary(),
    spentTxid: p.text().primary(),
    spentVout: p.bigint('number').primary(),
    txid: p.text().primary(),
  },
});
export class ChainInput extends input.class {}
input.setClass(ChainInput);
