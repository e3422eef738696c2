/** NOWPayments' notifications in the hands of a scenario: of any status, saying anything, signed by anybody, any number at once. */
import assert from 'node:assert/strict';
import type { Customer } from '../../../db/entities/customer.ts';
import { depositPaymentId } from '../../../domain/deposit.ts';
import { nowPaymentsOf, signNotice, toNotice } from '../../../sandbox/nowpayments/far-end.ts';
import type { StoredPayment } from '../../../sandbox/nowpayments/store.ts';
import { coinKeysOf } from '../../support/coins.ts';
import { depositOf, depositOne } from '../../support/deposits.ts';
import { placeOne, untilStatus, viewOf } from '../../support/story.ts';
import { waitFor } from '../../support/wait.ts';
import type { World } from '../../support/world.ts';
import { cashOf, countSecrets } from './acts.ts';

/** What is asked for in coins, minor units: 0.0005 BTC. */
export const asked = 10_000;
export const patience = { timeout: 30_000, interval: 50 };

export type Noun = 'order' | 'deposit';

/** Something that waits for coins. */
export interface Awaited {
  readonly noun: Noun;
  readonly code: string;
  readonly paymentId: string;
  readonly customer: Customer;
}

/** An order or a deposit of 100.00 PLN in Bitcoin; `seconds` until it is over without money. */
export async function awaitCoins(world: World, noun: Noun, seconds = 900): Promise<Awaited> {
  if (noun === 'deposit') {
    const wish = { method: 'crypto', coin: 'BTC', amount: asked, payWithinSeconds: seconds } as const;
    const { depositCode: code, customer } = await depositOne(world, wish);
    return { noun, code, customer, paymentId: depositPaymentId(code) };
  }
  const product = await world.addProduct({ units: 1, price: asked, methods: ['crypto'] });
  const wish = { method: 'crypto', product, holdSeconds: seconds, deadlineMs: 90_000, place: { coin: 'BTC' } } as const;
  const { orderCode: code, customer } = await placeOne(world, wish);
  return { noun, code, customer, paymentId: `${code}-1` };
}

/** What NOWPayments knows of it: the payment whose address was shown, and any other that was made for it. */
export async function paymentsOf({ sandbox, db }: World, { paymentId }: Awaited) {
  const [row]: { provider_object: string | null }[] = await db.em
    .fork()
    .execute('select provider_object from payment where id = ?', [paymentId]);
  const all = nowPaymentsOf(sandbox).store.ofOrder(paymentId);
  const shown = all.find(({ payment_id }) => payment_id === row?.provider_object);
  assert.ok(shown, `${paymentId} was shown no address`);
  return { shown, others: all.filter((one) => one !== shown) };
}

export interface Notice {
  readonly status: string;
  /** Bitcoin that arrived; all of what is asked when absent. */
  readonly paid?: number;
  /** Said otherwise than it is; signed like that. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Who signs. */
  readonly secret?: string;
  /** The body on its way, after it was signed. */
  readonly onItsWay?: (body: string) => string;
  readonly times?: number;
}

/** Tells the shop of a payment. @returns the statuses it was answered with */
export async function notify(world: World, payment: StoredPayment, notice: Notice): Promise<number[]> {
  const { status, paid = payment.pay_amount, facts = {}, onItsWay = (body) => body, times = 1 } = notice;
  const { secret = coinKeysOf(world.shop).ipnSecret } = notice;
  const isMoney = status === 'finished' || status === 'partially_paid';
  // 99 % of it is the shop's, in Tether.
  const outcome = isMoney ? Number((paid * 50_000 * 0.99).toFixed(6)) : null;
  const told = { ...payment, payment_status: status, actually_paid: status === 'waiting' ? 0 : paid, outcome_amount: outcome };
  const body = JSON.stringify({ ...toNotice(told), ...facts });
  const headers = { 'content-type': 'application/json', 'x-nowpayments-sig': signNotice(body, secret) };
  const send = async () => {
    const init = { method: 'POST', headers, body: onItsWay(body), signal: AbortSignal.timeout(30_000) };
    const response = await fetch(payment.ipn_callback_url as string, init);
    await response.body?.cancel();
    return response.status;
  };
  return Promise.all(Array.from({ length: times }, send));
}

/** A second transfer to the same address: a payment of its own that names the first, and no order. */
export const furtherOf = (payment: StoredPayment, id: string): StoredPayment => ({
  ...payment,
  payment_id: id,
  parent_payment_id: payment.payment_id,
  order_id: null,
});

/** It was paid what was asked, once; `more`: what further money brought to the wallet. */
export async function isCounted(world: World, { noun, code, customer }: Awaited, more = 0): Promise<void> {
  if (noun === 'order') {
    await untilStatus(world, code, ['delivered'], 30_000);
    await waitFor(async () => assert.equal(await countSecrets(world, customer), 1, `order ${code}: secrets`), patience);
  } else {
    await waitFor(async () => assert.equal((await depositOf(world, code)).status, 'credited', `deposit ${code}`), patience);
  }
  await untilCash(world, customer, more + (noun === 'order' ? 0 : asked), `${noun} ${code}`);
}

export async function untilCash(world: World, customer: Customer, cash: number, about: string): Promise<void> {
  await waitFor(async () => assert.equal(await cashOf(world, customer), cash, `${about}: the wallet`), patience);
}

export async function isUntouched(world: World, { noun, code, customer }: Awaited): Promise<void> {
  const { status } = noun === 'order' ? await viewOf(world, code) : await depositOf(world, code);
  assert.ok(['awaitingPayment', 'waiting', 'seen'].includes(status), `${noun} ${code} believed a lie: ${status}`);
  assert.equal(await cashOf(world, customer), 0, `${noun} ${code} believed a lie`);
}

/** It ended without money. */
export async function untilOver(world: World, { noun, code }: Awaited): Promise<void> {
  const look = async () => {
    const { status } = noun === 'order' ? await viewOf(world, code) : await depositOf(world, code);
    assert.equal(status, 'expired', `${noun} ${code}`);
  };
  await waitFor(look, patience);
}

/** What became of the words about a payment, all of which were read. */
export async function outcomesOf(world: World, { paymentId }: Awaited): Promise<{ outcome: string; reason: string | null }[]> {
  return waitFor(async () => {
    const rows: { outcome: string | null; outcome_reason: string | null }[] = await world.db.em
      .fork()
      .execute('select outcome, outcome_reason from inbox where payment_id = ? order by id', [paymentId]);
    return rows.map(({ outcome, outcome_reason: reason }) => {
      assert.ok(outcome, `${paymentId}: a word that nobody read`);
      return { outcome, reason };
    });
  }, patience);
}
