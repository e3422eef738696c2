/** The ledger: double entry of wallets and Stars. Postings of MONEY.md section 3 as pure functions that name accounts. */
import type { ExternalProvider } from './payment.ts';

/** House accounts are summed, the others keep a running balance >= 0. `conversion` is where Stars become money of the shop's currency. */
export type AccountKind =
  | `clearing:${ExternalProvider}`
  | 'revenue'
  | 'tax:payable'
  | 'refund:payable'
  | 'conversion'
  | `suspense:${ExternalProvider}`
  | 'equity:opening'
  | 'equity:adjustment'
  | 'expense:promo'
  | 'expense:commission'
  | 'expense:tolerance'
  | 'loss:badDebt'
  | 'loss:dispute'
  | `expense:fee:${ExternalProvider}`
  | 'credits:sold'
  | CustomerAccountKind
  | 'voucher'
  | 'held';

/** `stars`: money of the shop's currency that came in Stars, for digital goods only. `credits` are no money: their currency is CREDIT. */
export type CustomerAccountKind = 'cash' | 'stars' | 'bonus' | 'debt' | 'credits';

/** An account by name: `owner` is empty for the house, else `customer:<id>`, `order:<id>` or `voucher:<id>`. */
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

/** What is in a gift link. */
const inVoucher = (voucherId: number): AccountName => ({ kind: 'voucher', owner: `voucher:${voucherId}` });

/** What a customer has, in minor units of the shop's currency. */
export interface WalletBalances {
  readonly cash: number;
  /** Came in Stars: buys digital goods only. */
  readonly stars: number;
  readonly bonus: number;
  readonly debt: number;
}

const leg = (name: string, debit: AccountName, credit: AccountName, amount: number): Leg[] =>
  amount > 0 ? [{ leg: name, debit, credit, amount }] : [];

/** Money of a provider becomes the order's. */
export function postMoneyIn(provider: ExternalProvider, orderId: number, amount: number): Leg[] {
  return leg('in', house(`clearing:${provider}`), heldBy(orderId), amount);
}

/** Parts of an amount by the bucket of the wallet they leave or enter. */
export interface WalletParts {
  readonly cash: number;
  readonly stars: number;
  readonly bonus: number;
}

/** All a wallet has. */
export const balanceOf = ({ cash, stars, bonus }: WalletBalances): number => cash + stars + bonus;

/** What of it may pay. `forStars`: all that is bought may be paid in Stars, so what came in Stars may pay too. */
export function spendableOf(balances: WalletBalances, forStars: boolean): number {
  return balanceOf(balances) - (forStars ? 0 : balances.stars);
}

/** How a wallet pays `amount`: bonus first, then what came in Stars, then cash. @returns undefined when there is not enough, or any debt. */
export function splitWalletPayment(balances: WalletBalances, amount: number, forStars: boolean): WalletParts | undefined {
  if (balances.debt > 0 || spendableOf(balances, forStars) < amount) return undefined;
  const bonus = Math.min(balances.bonus, amount);
  const stars = forStars ? Math.min(balances.stars, amount - bonus) : 0;
  return { bonus, stars, cash: amount - bonus - stars };
}

/** The wallet pays an order. */
export function postWalletPays(customerId: number, orderId: number, split: WalletParts): Leg[] {
  return [
    ...leg('bonus', ofCustomer('bonus', customerId), heldBy(orderId), split.bonus),
    ...leg('stars', ofCustomer('stars', customerId), heldBy(orderId), split.stars),
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

/** Money the order holds and does not need returns to the customer, to each bucket as it came. */
export function postRelease(customerId: number, orderId: number, parts: WalletParts): Leg[] {
  return [
    ...leg('cash', heldBy(orderId), ofCustomer('cash', customerId), parts.cash),
    ...leg('stars', heldBy(orderId), ofCustomer('stars', customerId), parts.stars),
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

/** A payout of a deposit's unspent rest is decided: it is no cash any more, and owed. */
export function postPayoutDecided(customerId: number, amount: number): Leg[] {
  return leg('cash', ofCustomer('cash', customerId), house('refund:payable'), amount);
}

/** A refund of a sale into the wallet, same buckets as paid. Tax is taken from the cash part first, then from what came in Stars. */
export function postRefundToWallet(customerId: number, parts: WalletParts & { readonly tax: number }): Leg[] {
  let tax = parts.tax;
  return (['cash', 'stars', 'bonus'] as const).flatMap((kind) => {
    const taxed = Math.min(tax, parts[kind]);
    tax -= taxed;
    const bucket = ofCustomer(kind, customerId);
    return [...leg(kind, house('revenue'), bucket, parts[kind] - taxed), ...leg(`${kind}Tax`, house('tax:payable'), bucket, taxed)];
  });
}

/** The provider gave the money back. */
export function postRefundSucceeded(provider: ExternalProvider, amount: number): Leg[] {
  return leg('out', house('refund:payable'), house(`clearing:${provider}`), amount);
}

/** The provider could not: before it had succeeded, or after. The money becomes the customer's cash. */
export function postRefundFailed(provider: ExternalProvider, customerId: number, amount: number, afterSuccess: boolean): Leg[] {
  return leg('cash', afterSuccess ? house(`clearing:${provider}`) : house('refund:payable'), ofCustomer('cash', customerId), amount);
}

/** What pays `amount` that is taken out of a wallet, and what is missing of it. The bucket it came into is asked first, bonus last. */
export function splitTaken(
  balances: WalletBalances,
  amount: number,
  first: 'cash' | 'stars' = 'cash',
): WalletParts & { readonly debt: number } {
  const taken = { cash: 0, stars: 0, bonus: 0 };
  let debt = amount;
  for (const kind of [first, first === 'cash' ? 'stars' : 'cash', 'bonus'] as const) {
    taken[kind] = Math.min(balances[kind], debt);
    debt -= taken[kind];
  }
  return { ...taken, debt };
}

/** `amount` leaves a wallet for a house account, as `splitTaken` says; what is missing is a debt. */
function takeFromWallet(customerId: number, to: AccountName, parts: ReturnType<typeof splitTaken>): Leg[] {
  return (['cash', 'stars', 'bonus', 'debt'] as const).flatMap((kind) => leg(kind, ofCustomer(kind, customerId), to, parts[kind]));
}

/**
 * A provider took money back. `loss` is the shop's, `wallet` the customer's: cash, what came in Stars, bonus, and what they have not is a debt.
 * @param balances of the wallet, locked
 */
export function postTakenBack(
  provider: ExternalProvider,
  customerId: number,
  balances: WalletBalances,
  { loss, wallet }: { readonly loss: number; readonly wallet: number },
): Leg[] {
  const clearing = house(`clearing:${provider}`);
  return [...leg('loss', house('loss:dispute'), clearing, loss), ...takeFromWallet(customerId, clearing, splitTaken(balances, wallet))];
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

/** Staff take money, at most what there is: cash, what came in Stars, then bonus. */
export function postTaken(customerId: number, balances: WalletBalances, amount: number): Leg[] {
  return takeFromWallet(customerId, house('equity:adjustment'), splitTaken(balances, amount));
}

/** The two legs of Stars that become money of a wallet, or of such money that becomes Stars again: one posting in each currency. */
export interface Conversion {
  /** In XTR. */
  readonly stars: Leg[];
  /** In the shop's currency. */
  readonly money: Leg[];
}

/** Stars of a deposit come into the wallet as `money` of the shop's currency: debt is paid first, the rest is for digital goods. */
export function postStarsDeposit(
  customerId: number,
  debt: number,
  amounts: { readonly stars: number; readonly money: number },
): Conversion {
  const conversion = house('conversion');
  const toDebt = Math.min(debt, amounts.money);
  return {
    stars: leg('in', house('clearing:stars'), conversion, amounts.stars),
    money: [
      ...leg('debt', conversion, ofCustomer('debt', customerId), toDebt),
      ...leg('stars', conversion, ofCustomer('stars', customerId), amounts.money - toDebt),
    ],
  };
}

/** Telegram took a deposit's Stars back: out of what came in Stars, then cash, then bonus; what is missing is a debt. */
export function postStarsTakenBack(
  customerId: number,
  balances: WalletBalances,
  amounts: { readonly stars: number; readonly money: number },
): Conversion {
  const conversion = house('conversion');
  return {
    stars: leg('out', conversion, house('clearing:stars'), amounts.stars),
    money: takeFromWallet(customerId, conversion, splitTaken(balances, amounts.money, 'stars')),
  };
}

/** Staff give a deposit's Stars back: its money leaves the wallet, the Stars are owed until Telegram has given them. */
export function postStarsRefundDecided(customerId: number, amounts: { readonly stars: number; readonly money: number }): Conversion {
  const conversion = house('conversion');
  return {
    stars: leg('owed', conversion, house('refund:payable'), amounts.stars),
    money: leg('stars', ofCustomer('stars', customerId), conversion, amounts.money),
  };
}

/** The settle-once key of a provider's fee, by its transaction: told by a webhook or found by who compares, it is one. */
export function feeKey(fee: Parameters<typeof moneyKey>[0]): string {
  return `fee:${moneyKey(fee)}`;
}

/** A voucher's code brings its bonus. */
export function postVoucher(customerId: number, amount: number): Leg[] {
  return leg('bonus', house('expense:promo'), ofCustomer('bonus', customerId), amount);
}

/** Money of a wallet becomes a gift link's. */
export function postGiftMade(customerId: number, voucherId: number, parts: { readonly bonus: number; readonly cash: number }): Leg[] {
  return [
    ...leg('bonus', ofCustomer('bonus', customerId), inVoucher(voucherId), parts.bonus),
    ...leg('cash', ofCustomer('cash', customerId), inVoucher(voucherId), parts.cash),
  ];
}

/** Whoever opened the link has it, as a bonus. */
export function postGiftClaimed(voucherId: number, customerId: number, amount: number): Leg[] {
  return leg('bonus', inVoucher(voucherId), ofCustomer('bonus', customerId), amount);
}

/** Nobody opened it: its money is back as it came. */
export function postGiftBack(customerId: number, voucherId: number, parts: { readonly bonus: number; readonly cash: number }): Leg[] {
  return [
    ...leg('bonus', inVoucher(voucherId), ofCustomer('bonus', customerId), parts.bonus),
    ...leg('cash', inVoucher(voucherId), ofCustomer('cash', customerId), parts.cash),
  ];
}

/** A balance brought along when a wallet is opened or adjusted by staff. */
export function postOpening(customerId: number, amount: number): Leg[] {
  return leg('opening', house('equity:opening'), ofCustomer('cash', customerId), amount);
}

/** The currency of message credits. */
export const creditCurrency = 'CREDIT';

/** Credits of one order line that was paid. */
export function postCreditsSold(customerId: number, orderLineId: number, amount: number): Leg[] {
  return leg(String(orderLineId), house('credits:sold'), ofCustomer('credits', customerId), amount);
}

/** Those of them that are unspent, when the money of the line went back. */
export function postCreditsBack(customerId: number, orderLineId: number, amount: number): Leg[] {
  return leg(String(orderLineId), ofCustomer('credits', customerId), house('credits:sold'), amount);
}
