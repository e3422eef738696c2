/** The ledger: double entry of wallets and Stars. Postings of MONEY.md section 3 as pure functions that name accounts. */
import type { ExternalProvider } from './payment.ts';

/** House accounts are summed, the others keep a running balance >= 0. */
export type AccountKind =
  | `clearing:${ExternalProvider}`
  | 'revenue'
  | 'tax:payable'
  | 'refund:payable'
  | `suspense:${ExternalProvider}`
  | 'equity:opening'
  | 'equity:adjustment'
  | 'expense:promo'
  | 'expense:commission'
  | 'expense:tolerance'
  | 'loss:badDebt'
  | 'loss:dispute'
  | `expense:fee:${ExternalProvider}`
  | CustomerAccountKind
  | 'held';

export type CustomerAccountKind = 'cash' | 'bonus' | 'debt';

/** An account by name: `owner` is empty for the house, else `customer:<id>` or `order:<id>`. */
export interface AccountName {
  readonly kind: AccountKind;
  readonly owner: string;
}

/** One leg of a posting; its unique key is the event's key + `#` + `leg`. Amount > 0 in minor units. */
export interface Leg {
  readonly leg: string;
  readonly debit: AccountName;
  readonly credit: AccountName;
  readonly amount: number;
}

export const house = (kind: AccountKind): AccountName => ({ kind, owner: '' });
export const ofCustomer = (kind: CustomerAccountKind, customerId: number): AccountName => ({ kind, owner: `customer:${customerId}` });
export const heldBy = (orderId: number): AccountName => ({ kind: 'held', owner: `order:${orderId}` });

/** What a customer has, in minor units of the shop's currency. */
export interface WalletBalances {
  readonly cash: number;
  readonly bonus: number;
  readonly debt: number;
}

const leg = (name: string, debit: AccountName, credit: AccountName, amount: number): Leg[] =>
  amount > 0 ? [{ leg: name, debit, credit, amount }] : [];

/** Money of a provider becomes the order's. */
export function postMoneyIn(provider: ExternalProvider, orderId: number, amount: number): Leg[] {
  return leg('in', house(`clearing:${provider}`), heldBy(orderId), amount);
}

/** How a wallet pays `amount`: bonus first, then cash. @returns undefined when there is not enough, or any debt. */
export function splitWalletPayment(balances: WalletBalances, amount: number): { bonus: number; cash: number } | undefined {
  if (balances.debt > 0 || balances.cash + balances.bonus < amount) return undefined;
  const bonus = Math.min(balances.bonus, amount);
  return { bonus, cash: amount - bonus };
}

/** The wallet pays an order. */
export function postWalletPays(customerId: number, orderId: number, split: { bonus: number; cash: number }): Leg[] {
  return [
    ...leg('bonus', ofCustomer('bonus', customerId), heldBy(orderId), split.bonus),
    ...leg('cash', ofCustomer('cash', customerId), heldBy(orderId), split.cash),
  ];
}

/**
 * The order is settled: what it held becomes revenue and tax. What it was short of within tolerance (`tolerated`) is the shop's expense: out of
 * its revenue first, so that the tax is the price's.
 */
export function postSettle(orderId: number, { total, tax, tolerated }: { total: number; tax: number; tolerated: number }): Leg[] {
  const ofRevenue = Math.min(tolerated, total - tax);
  const ofTax = tolerated - ofRevenue;
  return [
    ...leg('revenue', heldBy(orderId), house('revenue'), total - tax - ofRevenue),
    ...leg('tax', heldBy(orderId), house('tax:payable'), tax - ofTax),
    ...leg('tolerance', house('expense:tolerance'), house('revenue'), ofRevenue),
    ...leg('toleranceTax', house('expense:tolerance'), house('tax:payable'), ofTax),
  ];
}

/** Money the order holds and does not need returns to the customer, cash and bonus as they came. */
export function postRelease(customerId: number, orderId: number, parts: { cash: number; bonus: number }): Leg[] {
  return [
    ...leg('cash', heldBy(orderId), ofCustomer('cash', customerId), parts.cash),
    ...leg('bonus', heldBy(orderId), ofCustomer('bonus', customerId), parts.bonus),
  ];
}

/** Late or second money, not Stars: debt is paid first, the rest is cash. */
export function postMoneyToWallet(provider: ExternalProvider, customerId: number, debt: number, amount: number): Leg[] {
  const toDebt = Math.min(debt, amount);
  return [
    ...leg('debt', house(`clearing:${provider}`), ofCustomer('debt', customerId), toDebt),
    ...leg('cash', house(`clearing:${provider}`), ofCustomer('cash', customerId), amount - toDebt),
  ];
}

/** Commission for whoever brought a customer: a bonus. What a reversal left as debt is paid first when it is given back. */
export function postCommission(referrerId: number, debt: number, amount: number): Leg[] {
  const toDebt = Math.min(debt, amount);
  return [
    ...leg('debt', house('expense:commission'), ofCustomer('debt', referrerId), toDebt),
    ...leg('bonus', house('expense:commission'), ofCustomer('bonus', referrerId), amount - toDebt),
  ];
}

/** Commission taken back with the deposit it came from: what the bonus has, the rest is a debt. */
export function postCommissionBack(referrerId: number, bonus: number, amount: number): Leg[] {
  const fromBonus = Math.min(bonus, amount);
  return [
    ...leg('bonus', ofCustomer('bonus', referrerId), house('expense:commission'), fromBonus),
    ...leg('debt', ofCustomer('debt', referrerId), house('expense:commission'), amount - fromBonus),
  ];
}

/** Stars are booked in XTR only: an order's become revenue; unusable ones are owed back whole. */
export function postStars(to: 'revenue' | 'refund:payable', amount: number): Leg[] {
  return leg(to === 'revenue' ? 'in' : 'back', house('clearing:stars'), house(to), amount);
}

/**
 * The settle-once key of a provider's money. It names the shop: what one shop is told, rightly or by a forger with that shop's own secret,
 * never counts for another.
 */
export function moneyKey(money: { readonly provider: string; readonly shopId: number; readonly objectId: string }): string {
  return `${money.provider}:${money.shopId}:${money.objectId}`;
}

/** Money that matches nothing of ours. */
export function postSuspense(provider: ExternalProvider, amount: number): Leg[] {
  return leg('suspense', house(`clearing:${provider}`), house(`suspense:${provider}`), amount);
}

/** A refund of a sale is decided: revenue and tax come down, the money is owed. `tax` is the part of `amount` that was tax. */
export function postRefundDecided(amount: number, tax: number): Leg[] {
  return [
    ...leg('revenue', house('revenue'), house('refund:payable'), amount - tax),
    ...leg('tax', house('tax:payable'), house('refund:payable'), tax),
  ];
}

/** A refund of a sale into the wallet, same buckets as paid. Tax is taken from the cash part first. */
export function postRefundToWallet(customerId: number, parts: { cash: number; bonus: number; tax: number }): Leg[] {
  const taxFromCash = Math.min(parts.tax, parts.cash);
  const taxFromBonus = parts.tax - taxFromCash;
  const cash = ofCustomer('cash', customerId);
  const bonus = ofCustomer('bonus', customerId);
  return [
    ...leg('cash', house('revenue'), cash, parts.cash - taxFromCash),
    ...leg('cashTax', house('tax:payable'), cash, taxFromCash),
    ...leg('bonus', house('revenue'), bonus, parts.bonus - taxFromBonus),
    ...leg('bonusTax', house('tax:payable'), bonus, taxFromBonus),
  ];
}

/** The provider gave the money back. */
export function postRefundSucceeded(provider: ExternalProvider, amount: number): Leg[] {
  return leg('out', house('refund:payable'), house(`clearing:${provider}`), amount);
}

/** The provider could not: before it had succeeded, or after. The money becomes the customer's cash. */
export function postRefundFailed(provider: ExternalProvider, customerId: number, amount: number, afterSuccess: boolean): Leg[] {
  return leg('cash', afterSuccess ? house(`clearing:${provider}`) : house('refund:payable'), ofCustomer('cash', customerId), amount);
}

/**
 * A provider took money back. `loss` is the shop's, `wallet` the customer's: cash, then bonus, and what both have not is a debt.
 * @param balances of the wallet, locked
 */
export function postTakenBack(
  provider: ExternalProvider,
  customerId: number,
  balances: WalletBalances,
  { loss, wallet }: { readonly loss: number; readonly wallet: number },
): Leg[] {
  const clearing = house(`clearing:${provider}`);
  const cash = Math.min(balances.cash, wallet);
  const bonus = Math.min(balances.bonus, wallet - cash);
  return [
    ...leg('loss', house('loss:dispute'), clearing, loss),
    ...leg('cash', ofCustomer('cash', customerId), clearing, cash),
    ...leg('bonus', ofCustomer('bonus', customerId), clearing, bonus),
    ...leg('debt', ofCustomer('debt', customerId), clearing, wallet - cash - bonus),
  ];
}

/** It gave the money again: the loss is none, and the customer's part pays their debt first, the rest is cash. */
export function postGivenAgain(
  provider: ExternalProvider,
  customerId: number,
  debt: number,
  { loss, wallet }: { readonly loss: number; readonly wallet: number },
): Leg[] {
  return [
    ...leg('loss', house(`clearing:${provider}`), house('loss:dispute'), loss),
    ...postMoneyToWallet(provider, customerId, debt, wallet),
  ];
}

/** What a provider took for itself, out of what it holds for us. */
export function postFee(provider: ExternalProvider, amount: number): Leg[] {
  return leg('fee', house(`expense:fee:${provider}`), house(`clearing:${provider}`), amount);
}

/** A debt is given up by the owner. */
export function postDebtWrittenOff(customerId: number, amount: number): Leg[] {
  return leg('debt', house('loss:badDebt'), ofCustomer('debt', customerId), amount);
}

/** Staff add money: a debt is paid first, the rest is cash. */
export function postAdded(customerId: number, debt: number, amount: number): Leg[] {
  const toDebt = Math.min(debt, amount);
  return [
    ...leg('debt', house('equity:adjustment'), ofCustomer('debt', customerId), toDebt),
    ...leg('cash', house('equity:adjustment'), ofCustomer('cash', customerId), amount - toDebt),
  ];
}

/** Staff take money: cash, then bonus. */
export function postTaken(customerId: number, { cash }: WalletBalances, amount: number): Leg[] {
  const fromCash = Math.min(cash, amount);
  return [
    ...leg('cash', ofCustomer('cash', customerId), house('equity:adjustment'), fromCash),
    ...leg('bonus', ofCustomer('bonus', customerId), house('equity:adjustment'), amount - fromCash),
  ];
}

/** The settle-once key of a provider's fee, by its transaction: told by a webhook or found by who compares, it is one. */
export function feeKey(fee: Parameters<typeof moneyKey>[0]): string {
  return `fee:${moneyKey(fee)}`;
}

/** A balance brought along when a wallet is opened or adjusted by staff. */
export function postOpening(customerId: number, amount: number): Leg[] {
  return leg('opening', house('equity:opening'), ofCustomer('cash', customerId), amount);
}
