import { defineEntity, p } from '@mikro-orm/postgresql';
import { type ChainNetwork, type Coin, chainNetworks, coins, type ScriptType, scriptTypes } from '../../domain/chain.ts';
import { Customer } from './customer.ts';
import { Shop } from './shop.ts';

/** A shop's public account key for a coin. A new one takes over when it is confirmed; addresses of the old stay their customers'. */
const key = defineEntity({
  name: 'ChainKey',
  tableName: 'chain_key',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    coin: p.enum(coins).$type<Coin>(),
    network: p.enum(chainNetworks).$type<ChainNetwork>(),
    scriptType: p.enum(scriptTypes).$type<ScriptType>(),
    /** Envelope of the key (see db/secrets.ts): whoever reads it sees all the shop takes in. */
    key: p.blob(),
    /** Of the key itself, however it is spelled: one key serves one shop and coin, for ever. */
    fingerprint: p.text().unique(),
    /** The index of the next address that is given out. */
    nextIndex: p.integer().default(0).check('next_index >= 0'),
    addedAt: p.datetime(),
    /** When and by whom the first three addresses were found in the owner's wallet; until then it is off. */
    confirmedAt: p.datetime().nullable(),
    confirmedBy: p.text().nullable(),
    retiredAt: p.datetime().nullable(),
  },
  indexes: [
    {
      name: 'chain_key_serving',
      expression:
        'create unique index "chain_key_serving" on "chain_key" ("shop_id", "coin") where confirmed_at is not null and retired_at is null',
    },
    {
      name: 'chain_key_unconfirmed',
      expression: 'create unique index "chain_key_unconfirmed" on "chain_key" ("shop_id", "coin") where confirmed_at is null',
    },
  ],
});
export class ChainKey extends key.class {}
key.setClass(ChainKey);

/** An address that was shown to a person: theirs for ever. */
const address = defineEntity({
  name: 'ChainAddress',
  tableName: 'chain_address',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    keyId: () => p.manyToOne(ChainKey).mapToPk().fieldName('key_id'),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    coin: p.enum(coins).$type<Coin>(),
    /** Of the receive chain: `0/index` below the account. */
    index: p.integer().fieldName('address_index').check('address_index >= 0'),
    address: p.text(),
    /** The output script that pays to it: what blocks are matched by. */
    script: p.blob(),
    /** When it was shown, or its customer asked about it, last. */
    shownAt: p.datetime(),
    /** When the first payment to it was seen. */
    usedAt: p.datetime().nullable(),
    /** The rate that was shown with it, what one coin is worth in the shop's currency, and until when it holds. */
    quoteRate: p.text().nullable(),
    quoteRateAt: p.datetime().nullable(),
    quotedUntil: p.datetime().nullable(),
    /** When the chain was asked for what lies there unspent, last. */
    askedAt: p.datetime().nullable(),
  },
  uniques: [
    { name: 'chain_address_script', properties: ['coin', 'script'] },
    { name: 'chain_address_index', properties: ['keyId', 'index'] },
    { name: 'chain_address_of_customer', properties: ['keyId', 'customerId'] },
  ],
  indexes: [
    { properties: ['customerId'] },
    { properties: ['coin', 'shownAt'] },
    // Blocks are looked up by hash: one page a script, however many addresses there are, where the unique key is three or four deep.
    {
      name: 'chain_address_by_script',
      expression: 'create index "chain_address_by_script" on "chain_address" using hash ("script")',
    },
  ],
});
export class ChainAddress extends address.class {}
address.setClass(ChainAddress);
