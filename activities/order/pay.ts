/** Paying within the order's own transaction: the wallet, and choosing another method. */
import { type NetworkCoin, networkCoinOf, networkCoins } from '../../domain/coin.ts';
import { postWalletPays, splitWalletPayment } from '../../domain/ledger.ts';
import {
  instructionsWithoutCall,
  makePaymentId,
  type MethodName,
  providerOfMethod,
  providerTraits,
  takesCoins,
} from '../../domain/payment.ts';
import { mayBePaidInStars } from '../../domain/product.ts';
import type { Order } from '../../db/entities/order.ts';
import { Payment } from '../../db/entities/payment.ts';
import type { EntityManager } from '../../db/orm.ts';
import { insertRecords } from '../../db/records.ts';
import { readCoinOffers } from '../../db/repositories/coin-offer.ts';
import type { PaymentInStep } from '../../db/repositories/order-rows.ts';
import { findUsableMethod } from '../../db/repositories/payment-account.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { Rejected } from './rejected.ts';
import { currentPayment, lockCustomerWallet, type LockedOrder, record } from './row.ts';

/** The wallet pays what this payment asks. @throws Rejected InsufficientFunds | WalletInDebt, and nothing is kept. */
export async function payWithWallet(em: EntityManager, locked: LockedOrder, payment: PaymentInStep, at: Date): Promise<void> {
  const { order, shop, held, lines } = locked;
  const balances = await lockCustomerWallet(em, locked);
  const split = splitWalletPayment(
    balances,
    payment.amount,
    lines.every(({ kind }) => mayBePaidInStars(kind)),
  );
  if (!split) throw new Rejected(balances.debt > 0 ? 'WalletInDebt' : 'InsufficientFunds');
  locked.postings.push({
    shopId: shop.id,
    currency: shop.currency,
    key: `order:${order.code}:wallet:${payment.attempt}`,
    legs: postWalletPays(order.customerId, order.id, split),
    actor: `customer:${order.customerId}`,
    reason: 'walletPays',
    orderId: order.id,
    at,
  });
  locked.held = { total: held.total + payment.amount, bonus: held.bonus + split.bonus, stars: held.stars + split.stars };
  payment.status = 'settled';
  payment.received = payment.amount;
  payment.applied = payment.amount;
  payment.settledAt = at;
  payment.closedAt = at;
  payment.instructions = { kind: 'nothing' };
}

/** An attempt to pay as it begins; what needs no call outside has its instructions at once. */
export function newPayment(
  order: Pick<Order, 'id' | 'code' | 'shopId' | 'customerId'>,
  wish: Pick<Payment, 'attempt' | 'method' | 'amount' | 'currency' | 'coin' | 'network'> & {
    readonly accountId: number | null;
    readonly titles: readonly string[];
  },
  at: Date,
): Payment {
  const { titles, ...fields } = wish;
  const id = makePaymentId(order.code, wish.attempt);
  const provider = providerOfMethod[wish.method];
  return {
    ...fields,
    id,
    provider,
    shopId: order.shopId,
    orderId: order.id,
    customerId: order.customerId,
    status: 'pending',
    received: 0,
    applied: 0,
    tolerated: 0,
    paidPartial: false,
    paidOver: false,
    paidLate: false,
    openedAt: at,
    instructions: instructionsWithoutCall(provider, { id, amount: wish.amount, noun: 'order', code: order.code, titles }),
  } as Payment;
}

/** The columns of a payment that name its coin. */
export const coinColumns = (coin: NetworkCoin | null) =>
  coin === null ? { coin: null, network: null } : { coin: networkCoins[coin].coin, network: networkCoins[coin].network };

/** The least of a chosen coin, 0 for a method without coins. @throws Rejected MethodUnavailable when the account does not take it now */
export async function coinMinimum(
  em: EntityManager,
  wish: { method: MethodName; coin: NetworkCoin | null; accountId: number | null; currency: string; at: Date },
): Promise<number> {
  if (!takesCoins(wish.method) && wish.coin === null) return 0;
  const offer = takesCoins(wish.method) ? (await readCoinOffers(em, wish)).find(({ coin }) => coin === wish.coin) : undefined;
  if (!offer) throw new Rejected('MethodUnavailable');
  return offer.minimum;
}

/** Whoever begins payment after payment is slowed down. @throws Rejected TooManyOpenOrders */
export async function checkHourlyPayments(em: EntityManager, shopId: number, customerId: number, at: Date): Promise<void> {
  const begun = await em.count(Payment, { customerId, openedAt: { $gt: new Date(at.getTime() - 3_600_000) } });
  if (begun >= (await readSetting(em, shopId, 'hourlyOrderLimit'))) throw new Rejected('TooManyOpenOrders');
}

/**
 * Makes the attempt with another method for what is still missing; earlier open invoices are closed by the workflow. `wanted` is the number
 * of the attempt the button asked for: a tap that comes again changes nothing.
 */
export async function chooseMethod(
  em: EntityManager,
  locked: LockedOrder,
  { method, coin }: { readonly method: MethodName; readonly coin: NetworkCoin | null },
  wanted: number,
  at: Date,
): Promise<void> {
  const { order, shop } = locked;
  const current = currentPayment(locked);
  const isSame = current?.method === method && (networkCoinOf(current.coin, current.network) ?? null) === coin;
  // Asking again for the attempt in force changes nothing, unless it failed.
  if (isSame && (current.status === 'pending' || current.status === 'processing' || current.attempt >= wanted)) return;
  const provider = providerOfMethod[method];
  if (!providerTraits[provider].paysOrders) throw new Rejected('MethodNotAllowed');
  const { usable, id: accountId, barred, bounds } = await findUsableMethod(em, shop, method, { customerId: order.customerId, at });
  if (!usable) throw new Rejected(barred ?? 'MethodUnavailable');
  // The wallet is one posting and settles at once; the others leave something open at a provider.
  if (provider !== 'wallet') await checkHourlyPayments(em, shop.id, order.customerId, at);
  const held = locked.held.total;
  const inStars = providerTraits[provider].currency === 'XTR';
  // One method per order: what was begun in the shop's currency cannot be finished in Stars.
  if (inStars && (held > 0 || order.starsTotal == null)) throw new Rejected('MethodNotAllowed');
  const currency = inStars ? 'XTR' : order.currency;
  const missing = inStars ? (order.starsTotal ?? 0) : order.total - held;
  const { maximum } = bounds;
  const minimum = Math.max(bounds.minimum, await coinMinimum(em, { method, coin, accountId, currency, at }));
  // The rest of a part-paid order may be less than the method takes: the excess goes to the wallet.
  if ((missing < minimum && held === 0) || missing > maximum) throw new Rejected('MethodNotAllowed');
  const attempt = (current?.attempt ?? 0) + 1;
  const amount = Math.max(missing, minimum);
  const titles = locked.lines.map((line) => line.title);
  const payment = newPayment(order, { attempt, method, ...coinColumns(coin), accountId, amount, currency, titles }, at);
  await insertRecords(em, Payment, [payment]);
  for (const earlier of locked.payments) if (earlier.status === 'pending') earlier.status = 'expired';
  locked.payments.push(payment);
  order.method = method;
  order.version += 1;
  // The tap's own answer draws this change.
  order.screenVersion = order.version;
  order.staffVersion = order.version;
  record(locked, `customer:${order.customerId}`, 'methodChosen', at, { after: { method } });
  if (provider === 'wallet') await payWithWallet(em, locked, payment, at);
}
