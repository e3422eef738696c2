/** Paying within the order's own transaction: the wallet, and choosing another method. */
import { postWalletPays, splitWalletPayment } from '../../domain/ledger.ts';
import {
  instructionsWithoutCall,
  makePaymentId,
  type MethodName,
  minimumAmount,
  providerOfMethod,
  providerTraits,
} from '../../domain/payment.ts';
import { type Order, OrderLine } from '../../db/entities/order.ts';
import { Payment } from '../../db/entities/payment.ts';
import type { EntityManager } from '../../db/orm.ts';
import { lockWallet, post, readHeld } from '../../db/repositories/ledger.ts';
import { findUsableAccount } from '../../db/repositories/payment-account.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { Rejected } from './rejected.ts';
import { currentPayment, type LockedOrder, record } from './row.ts';

/** The wallet pays what this payment asks. @throws Rejected InsufficientFunds | WalletInDebt, and nothing is kept. */
export async function payWithWallet(em: EntityManager, { order, shop }: LockedOrder, payment: Payment, at: Date): Promise<void> {
  await em.flush();
  const balances = await lockWallet(em, shop, order.customerId);
  const split = splitWalletPayment(balances, payment.amount);
  if (!split) throw new Rejected(balances.debt > 0 ? 'WalletInDebt' : 'InsufficientFunds');
  await post(em, {
    shopId: shop.id,
    currency: shop.currency,
    key: `order:${order.code}:wallet:${payment.attempt}`,
    legs: postWalletPays(order.customerId, order.id, split),
    actor: `customer:${order.customerId}`,
    reason: 'walletPays',
    orderId: order.id,
    at,
  });
  payment.status = 'settled';
  payment.received = payment.amount;
  payment.applied = payment.amount;
  payment.settledAt = at;
  payment.closedAt = at;
  payment.instructions = { kind: 'nothing' };
}

/** Adds an attempt to pay; what needs no call outside has its instructions at once. */
export function addPayment(
  em: EntityManager,
  order: Order,
  wish: Pick<Payment, 'attempt' | 'method' | 'amount' | 'currency'> & {
    readonly accountId: number | null;
    readonly titles: readonly string[];
  },
  at: Date,
): Payment {
  const { titles, ...fields } = wish;
  const id = makePaymentId(order.code, wish.attempt);
  const provider = providerOfMethod[wish.method];
  const payment = em.create(Payment, {
    ...fields,
    id,
    provider,
    shopId: order.shopId,
    orderId: order.id,
    customerId: order.customerId,
    status: 'pending',
    openedAt: at,
    instructions: instructionsWithoutCall(provider, { id, amount: wish.amount, orderCode: order.code, titles }),
  });
  em.persist(payment);
  return payment;
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
export async function chooseMethod(em: EntityManager, locked: LockedOrder, method: MethodName, wanted: number, at: Date): Promise<void> {
  const { order, shop } = locked;
  const current = currentPayment(locked);
  // Asking again for the attempt in force changes nothing, unless it failed.
  if (current?.method === method && (current.status === 'pending' || current.status === 'processing' || current.attempt >= wanted)) return;
  const provider = providerOfMethod[method];
  const account = await findUsableAccount(em, shop.id, provider, { id: order.customerId, at });
  if (!account.usable) throw new Rejected('MethodUnavailable');
  // The wallet is one posting and settles at once; the others leave something open at a provider.
  if (provider !== 'wallet') await checkHourlyPayments(em, shop.id, order.customerId, at);
  const held = (await readHeld(em, order.id)).total;
  const inStars = providerTraits[provider].currency === 'XTR';
  // One method per order: what was begun in the shop's currency cannot be finished in Stars.
  if (inStars && (held > 0 || order.starsTotal == null)) throw new Rejected('MethodNotAllowed');
  const currency = inStars ? 'XTR' : order.currency;
  const missing = inStars ? (order.starsTotal ?? 0) : order.total - held;
  const minimum = minimumAmount(provider, currency);
  // The rest of a part-paid order may be less than the method takes: the excess goes to the wallet.
  if (missing < minimum && held === 0) throw new Rejected('MethodNotAllowed');
  const attempt = (current?.attempt ?? 0) + 1;
  const amount = Math.max(missing, minimum);
  const lines = await em.find(OrderLine, { orderId: order.id }, { orderBy: { position: 'asc' } });
  const titles = lines.map((line) => line.title);
  const payment = addPayment(em, order, { attempt, method, accountId: account.id, amount, currency, titles }, at);
  for (const earlier of locked.payments) if (earlier.status === 'pending') earlier.status = 'expired';
  locked.payments.push(payment);
  order.method = method;
  order.version += 1;
  // The tap's own answer draws this change.
  order.screenVersion = order.version;
  order.staffVersion = order.version;
  record(em, order, `customer:${order.customerId}`, 'methodChosen', at, undefined, { method });
  if (provider === 'wallet') await payWithWallet(em, locked, payment, at);
}
