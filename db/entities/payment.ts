import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Instructions, MethodName, PaymentStatus, ProviderName } from '../../domain/payment.ts';
import { paymentStatuses } from '../../domain/payment.ts';
import { Customer } from './customer.ts';
import { Deposit } from './deposit.ts';
import { Order } from './order.ts';
import { ProviderAccount } from './provider-account.ts';
import { Shop } from './shop.ts';

/** One attempt to pay an order or a deposit. Amounts in minor units of `currency` (`XTR` for Stars). */
const schema = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    /** `<order code>-<attempt>` or `deposit-<deposit code>`: the idempotency key's stem and the invoice payload. */
    id: p.text().primary(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    orderId: () => p.manyToOne(Order).mapToPk().nullable().deleteRule('no action').fieldName('order_id'),
    depositId: () => p.oneToOne(Deposit).mapToPk().nullable().deleteRule('no action').fieldName('deposit_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    attempt: p.integer(),
    method: p.text().$type<MethodName>(),
    provider: p.text().$type<ProviderName>(),
    accountId: () => p.manyToOne(ProviderAccount).mapToPk().nullable().fieldName('account_id'),
    amount: p.bigint('number').check('amount >= 0'),
    currency: p.text(),
    /** What the provider was asked in, when it does not quote the shop's currency; minor units. */
    priceAmount: p.bigint('number').nullable(),
    priceCurrency: p.text().nullable(),
    /** Paid in coins: which, on which network, how many units were asked and came in all, and what one was worth in `currency` when it was asked. */
    coin: p.text().nullable(),
    network: p.text().nullable(),
    units: p.decimal().columnType('numeric').nullable(),
    unitsReceived: p.decimal().columnType('numeric').nullable(),
    /** The fewest units that settle an order, tolerance taken off: frozen with `units`. */
    unitsLeast: p.decimal().columnType('numeric').nullable(),
    rate: p.decimal().columnType('numeric').nullable(),
    rateAt: p.datetime().nullable(),
    status: p.enum(paymentStatuses).$type<PaymentStatus>(),
    /** What arrived, all settled objects together. */
    received: p.bigint('number').default(0).check('received >= 0'),
    /** The part of it that is the order's or the deposit's: not what went to the wallet or back otherwise. */
    applied: p.bigint('number').default(0).check('applied >= 0 and applied <= received'),
    /** What the order was short of, within tolerance, when this attempt settled it: the shop's expense. */
    tolerated: p.bigint('number').default(0),
    paidPartial: p.boolean().default(false),
    paidOver: p.boolean().default(false),
    paidLate: p.boolean().default(false),
    /** The provider's object of the attempt (Stripe: the Checkout Session). */
    providerObject: p.text().nullable(),
    /** Id of the money (Stripe: PaymentIntent; Stars: charge id). */
    moneyObject: p.text().nullable(),
    instructions: p.json<Instructions>().nullable(),
    openedAt: p.datetime(),
    seenAt: p.datetime().nullable(),
    settledAt: p.datetime().nullable(),
    closedAt: p.datetime().nullable(),
  },
  uniques: [{ properties: ['orderId', 'attempt'] }],
  indexes: [
    { properties: ['customerId', 'status'] },
    // Those a provider may be asked about; the wallet is nobody's.
    {
      name: 'payment_asked',
      expression: `create index "payment_asked" on "payment" ("shop_id", "provider", "opened_at") where provider <> 'wallet'`,
    },
  ],
  checks: [
    { name: 'payment_of_one', expression: '(order_id is null) <> (deposit_id is null)' },
    // At most 2 %, and the minor unit that rounding down takes.
    {
      name: 'payment_tolerance',
      expression:
        'tolerated >= 0 and (tolerated = 0 or (tolerated <= amount / 50 + 1 and applied + tolerated <= amount and units_received >= units_least))',
    },
    { name: 'payment_units_least', expression: 'units_least <= units and units_least >= units * 0.98' },
  ],
});
export class Payment extends schema.class {}
schema.setClass(Payment);
