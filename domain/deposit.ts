/** A deposit: money into the wallet. Its states, and what each event means in each. Pure; activities/deposit.ts carries the decisions out. */
import type { Coin } from './chain.ts';
import { currencyDecimals } from './money.ts';
import type { Instructions, MethodName, VerdictBy } from './payment.ts';
import type { RefundStatus } from './refund.ts';

export const depositStatuses = [
  'opened',
  'waiting',
  'seen',
  'confirming',
  'credited',
  'partial',
  'expired',
  'rejected',
  'reversed',
] as const;
/**
 * `opened`: it stands, the way to pay is not ready; `waiting`: for the customer; `seen`: money is on its way; `confirming`: it is confirmed, the
 * provider's last word is awaited; `partial`: credited with less than was asked; `rejected`: the provider would not open it, or staff say that no such money came; `reversed`: all that
 * was credited was taken back. What comes later is credited all the same.
 */
export type DepositStatus = (typeof depositStatuses)[number];

/** Nothing has come of it yet. */
export const openDepositStatuses = ['opened', 'waiting', 'seen', 'confirming'] as const satisfies readonly DepositStatus[];

export const transitions: Readonly<Record<DepositStatus, readonly DepositStatus[]>> = {
  opened: ['waiting', 'seen', 'confirming', 'credited', 'partial', 'expired', 'rejected', 'reversed'],
  waiting: ['seen', 'confirming', 'credited', 'partial', 'expired', 'rejected', 'reversed'],
  seen: ['waiting', 'confirming', 'credited', 'partial', 'expired', 'rejected', 'reversed'],
  confirming: ['waiting', 'seen', 'credited', 'partial', 'expired', 'rejected', 'reversed'],
  credited: ['reversed'],
  partial: ['credited', 'reversed'],
  expired: ['credited', 'partial', 'reversed'],
  rejected: ['credited', 'partial', 'reversed'],
  reversed: ['credited', 'partial'],
};

export function mayBecome(from: DepositStatus, to: DepositStatus): boolean {
  return transitions[from].includes(to);
}

export function isOpen(status: DepositStatus): boolean {
  return openDepositStatuses.some((open) => open === status);
}

/** Money of it was seen, and the provider's last word is still to come. */
export function isOnItsWay(status: DepositStatus): boolean {
  return status === 'seen' || status === 'confirming';
}

/** Money of it is in the wallet. */
export function isCredited(status: DepositStatus): boolean {
  return status === 'credited' || status === 'partial';
}

/** The methods money can be deposited by, in the order buttons are shown. */
export const depositMethods: readonly MethodName[] = ['card', 'crypto', 'stars', 'blik', 'bank'];

/** Amounts to choose from, minor units of `currency`. The least may be 21.37 by today's rate: those to choose from are whole. */
export function suggestAmounts({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }, currency: string): number[] {
  const whole = 10 ** currencyDecimals(currency);
  const step = Math.ceil(minimum / whole) * whole;
  return [1, 2, 5, 10, 20, 40].map((times) => times * step).filter((amount) => amount <= maximum);
}

/** How often it is asked while its words may be missing: until it is seen, and for two hours from then on. Seconds. */
const pollEverySeconds = 300;
const pollForSeconds = 7_200;

/** The least that can be topped up, minor units of EUR. */
export const depositMinimumEuro = 500;

/** How long a customer has to pay, seconds: in coins as long as their price holds; banks take days over a transfer. */
export function depositSeconds(method: MethodName): number {
  if (method === 'crypto') return 1_200;
  return method === 'bank' ? 72 * 3_600 : 1_800;
}

/**
 * Money that was seen is awaited for `seconds` after it was, and whoever knows of it is asked every so often. What comes later is credited
 * all the same.
 */
const verdicts: Readonly<Record<VerdictBy, { readonly seconds: number; readonly askEverySeconds: number }>> = {
  provider: { seconds: 14 * 86_400, askEverySeconds: 6 * 3_600 },
  staff: { seconds: 72 * 3_600, askEverySeconds: 24 * 3_600 },
};

/** Why a deposit was not opened, or a wish about it not granted; each has a sentence in texts/. */
export const depositRejections = [
  'AmountTooSmall',
  'AmountTooLarge',
  'MethodUnavailable',
  'MethodNotYet',
  'ShopClosed',
  'CustomerBanned',
  'TooManyOpenPayments',
  'PaymentOnItsWay',
  'AlreadyCredited',
  'AlreadyEnded',
  'NotYours',
  'UnknownDeposit',
] as const;
export type DepositRejection = (typeof depositRejections)[number];

/** `rejection`: staff say that no such money came. */
export type DepositEndedBy = 'timeOver' | 'verdictOver' | 'customer' | 'staff' | 'temporal' | 'provider' | 'rejection';
export type DepositCancelledBy = 'customer' | 'staff' | 'temporal';

/** What a decision needs to know of the deposit's row. Times in ms since epoch. */
export interface DepositState {
  readonly status: DepositStatus;
  readonly expiresAt: number;
  readonly seenAt: number | null;
  readonly verdictBy: VerdictBy;
  /** Its payment failed or its page expired: nobody can pay it any more. */
  readonly paymentOver: boolean;
  /** Words of its provider may be lost for good: it is asked now and then although nothing was seen. */
  readonly polled: boolean;
  /** What was seen is paid within so many seconds, or will not be (an approved pre-checkout); null where a verdict takes its time. */
  readonly settlesWithin: number | null;
}

export type DepositEvent =
  /** The provider said something, which was applied just now. */
  | { readonly type: 'money' }
  | { readonly type: 'wake'; readonly at: number }
  | { readonly type: 'cancel'; readonly by: DepositCancelledBy; readonly at: number };

export type DepositDecision =
  | { readonly do: 'nothing' }
  | { readonly do: 'ask' }
  | { readonly do: 'end'; readonly by: DepositEndedBy }
  | { readonly do: 'reject'; readonly type: DepositRejection };

/** What an event means for a deposit as it stands. */
export function decide(state: DepositState, event: DepositEvent): DepositDecision {
  const { status, verdictBy, paymentOver, polled } = state;
  if (event.type === 'cancel') {
    if (isCredited(status)) return { do: 'reject', type: 'AlreadyCredited' };
    if (!isOpen(status)) return { do: 'reject', type: 'AlreadyEnded' };
    // An administrator's cancel ends it whatever is on its way: that is credited when it comes.
    const isBarred = isOnItsWay(status) && !paymentOver && event.by !== 'temporal' && !isUnlikely(state, event.at);
    return isBarred ? { do: 'reject', type: 'PaymentOnItsWay' } : { do: 'end', by: event.by };
  }
  if (!isOpen(status)) return { do: 'nothing' };
  if (event.type === 'wake' && !isOnItsWay(status) && event.at >= state.expiresAt) return { do: 'end', by: 'timeOver' };
  if (paymentOver) return { do: 'end', by: verdictBy === 'staff' ? 'rejection' : 'provider' };
  if (event.type === 'wake' && status === 'waiting' && polled) return { do: 'ask' };
  if (event.type === 'money' || !isOnItsWay(status)) return { do: 'nothing' };
  return event.at >= verdictEndsAt(state) ? { do: 'end', by: 'verdictOver' } : { do: 'ask' };
}

type Waiting = Omit<DepositState, 'paymentOver'>;

/** What was seen should have been paid by now: it no longer bars the customer, and is waited for all the same. */
const isUnlikely = ({ settlesWithin, seenAt }: Waiting, at: number) => settlesWithin !== null && at > (seenAt ?? 0) + settlesWithin * 1000;

const verdictBegan = ({ seenAt, expiresAt }: Waiting) => seenAt ?? expiresAt;
const verdictEndsAt = (state: Waiting) =>
  state.settlesWithin === null
    ? verdictBegan(state) + verdicts[state.verdictBy].seconds * 1000
    : Math.max(state.expiresAt, verdictBegan(state)) + state.settlesWithin * 1000;

/** How often whoever knows of the money is asked at `at`, ms. */
function askEveryMs(state: Waiting, at: number): number {
  if (state.settlesWithin !== null) return pollEverySeconds * 1000;
  const isPolled = state.polled && at - verdictBegan(state) < pollForSeconds * 1000;
  return (isPolled ? pollEverySeconds : verdicts[state.verdictBy].askEverySeconds) * 1000;
}

/** How often they were to be asked until `at`, ms since epoch. */
export function asksUntil(state: Waiting, at: number): number {
  return Math.max(0, Math.floor((at - verdictBegan(state)) / askEveryMs(state, at)));
}

/** When to look again although nobody rings; undefined when nothing waits for time. `at`: now, ms since epoch; until then it is the same. */
export function wakeAt(state: Waiting, at: number): number | undefined {
  const { status, expiresAt, polled } = state;
  if (!isOpen(status)) return undefined;
  if (!isOnItsWay(status)) {
    if (!polled || status !== 'waiting' || at >= expiresAt) return expiresAt;
    const often = pollEverySeconds * 1000;
    return expiresAt - Math.floor((expiresAt - at - 1) / often) * often;
  }
  return Math.min(verdictBegan(state) + (asksUntil(state, at) + 1) * askEveryMs(state, at), verdictEndsAt(state));
}

/** What of a deposit went back: the provider took it, or staff pay it out. A commission is reckoned from what stayed. Minor units. */
export function goneOf({ reversed, paidOut }: { readonly reversed: number; readonly paidOut: number }): number {
  return reversed + paidOut;
}

/** How a deposit of `amount` stands with `credited` in the wallet and `reversed` of it taken back. All in minor units. */
export function statusOfCredit(credited: number, amount: number, reversed: number): 'credited' | 'partial' | 'reversed' {
  if (reversed >= credited) return 'reversed';
  return credited >= amount ? 'credited' : 'partial';
}

/** Our payment id of a deposit, which has one attempt. */
export function depositPaymentId(depositCode: string): string {
  return `deposit-${depositCode}`;
}

/** The output of a coin's chain a deposit came by. */
export interface ChainDepositView {
  readonly coin: Coin;
  /** A decimal string. */
  readonly units: string;
  /** Confirmations awaited. */
  readonly required: number;
}

/** A deposit as people see it. Amounts in minor units of `currency`, times in ms since epoch. */
export interface DepositView {
  readonly code: string;
  readonly shopId: number;
  readonly customerId: number;
  readonly status: DepositStatus;
  readonly method: MethodName;
  readonly amount: number;
  readonly credited: number;
  /** The part of `credited` that paid a debt instead of going into the wallet. */
  readonly debtPaid: number;
  /** What the provider took back of it: disputes, and refunds made at the provider. */
  readonly reversed: number;
  /** How the refund of it by the shop stands; null when there is none. */
  readonly givenBack: RefundStatus | null;
  readonly currency: string;
  readonly expiresAt: number;
  readonly endedBy: DepositEndedBy | null;
  readonly instructions: Instructions | null;
  /** Null when a tap opened it. */
  readonly chain: ChainDepositView | null;
  readonly version: number;
  readonly language: string;
}
