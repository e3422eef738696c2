import { defineEntity, p } from '@mikro-orm/postgresql';
import type { CoinFacts, InboxEventKind, InboxOutcome, ProviderName } from '../../domain/payment.ts';
import { inboxOutcomes } from '../../domain/payment.ts';
import { Deposit } from './deposit.ts';
import { Order } from './order.ts';
import { ProviderAccount } from './provider-account.ts';
import { Shop } from './shop.ts';

/** What a provider said, stored before it is answered. The verdict is fixed at receipt; `settle` writes the outcome. */
const schema = defineEntity({
  name: 'Inbox',
  tableName: 'inbox',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    provider: p.text().$type<ProviderName>(),
    accountId: () => p.manyToOne(ProviderAccount).mapToPk().nullable().fieldName('account_id'),
    /** `webhook`: they told us; `update`: through the bot; `asked`: we asked; `staff`: they looked at their bank. */
    source: p.enum(['webhook', 'update', 'asked', 'staff'] as const),
    eventId: p.text(),
    type: p.text(),
    verdict: p.enum(['verified', 'refused'] as const),
    reason: p.text().nullable(),
    outcome: p.enum(inboxOutcomes).nullable().$type<InboxOutcome>(),
    outcomeReason: p.text().nullable(),
    kind: p.text().$type<InboxEventKind>(),
    objectId: p.text(),
    /** Our payment id as the provider echoed it. */
    paymentId: p.text().nullable(),
    /** Id of the money that a refund, a dispute or a fee is about, when the object is not the money itself. */
    moneyObject: p.text().nullable(),
    orderId: () => p.manyToOne(Order).mapToPk().nullable().fieldName('order_id'),
    depositId: () => p.manyToOne(Deposit).mapToPk().nullable().fieldName('deposit_id'),
    amount: p.bigint('number').nullable(),
    currency: p.text().nullable(),
    liveMode: p.boolean().nullable(),
    /** What was said of coins; its worth is known once it is applied. */
    coins: p.json<CoinFacts>().nullable(),
    /** Provider's time of what happened. */
    providerAt: p.datetime(),
    receivedAt: p.datetime().defaultRaw('now()'),
    appliedAt: p.datetime().nullable(),
    /** Where its money went, once applied. */
    place: p.enum(['order', 'wallet', 'back'] as const).nullable(),
    /** The customer was told that it went to the wallet. */
    toldAt: p.datetime().nullable(),
    body: p.blob().lazy(),
    headers: p.json<Record<string, string>>(),
  },
  uniques: [{ name: 'inbox_event_once', properties: ['provider', 'shopId', 'eventId', 'verdict'] }],
  indexes: [
    { properties: ['orderId', 'id'] },
    { properties: ['depositId', 'id'] },
    { properties: ['provider', 'objectId'] },
    { name: 'inbox_waiting', properties: ['receivedAt'], where: 'outcome is null' },
    { name: 'inbox_unnamed', properties: ['provider', 'moneyObject'], where: 'money_object is not null and payment_id is null' },
  ],
  checks: [{ name: 'inbox_refused', expression: "verdict = 'verified' or outcome = 'refused'" }],
});
export class Inbox extends schema.class {}
schema.setClass(Inbox);
