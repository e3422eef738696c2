import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ToldOffers } from '../../domain/coin.ts';
import type { MethodName, ProviderName } from '../../domain/payment.ts';
import { Shop } from './shop.ts';

/** A shop's account with a provider. Without keys the provider is off, and staff see why. */
const schema = defineEntity({
  name: 'ProviderAccount',
  tableName: 'provider_account',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    provider: p.text().$type<ProviderName>(),
    /** Random part of this account's webhook address. */
    endpointId: p.text().unique(),
    /** Envelope of the keys as JSON, by the provider's own names. */
    keys: p.blob().nullable(),
    liveMode: p.boolean().default(false),
    /** Offered to customers; callbacks are accepted either way. */
    enabled: p.boolean().default(true),
    /** Why it is off, in words for staff. */
    offReason: p.text().nullable(),
    /** Coins it takes now and the least of each, as the provider told them. */
    coinOffers: p.json<ToldOffers>().nullable(),
    /** The methods its keys are enough for; null: all of its provider. */
    methods: p.json<MethodName[]>().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  uniques: [{ properties: ['shopId', 'provider'] }],
});
export class ProviderAccount extends schema.class {}
schema.setClass(ProviderAccount);
