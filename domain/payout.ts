/**
 * Payouts: money that cannot go back by itself. The customer names where to, staff approve, pay it themselves and say what became of it.
 * MONEY.md sections 3 and 10. Pure.
 */
import { type NetworkCoin, networkCoinOf } from './coin.ts';
import type { MethodName } from './payment.ts';

export const payoutStatuses = ['requested', 'sent', 'succeeded', 'failed'] as const;
export type PayoutStatus = (typeof payoutStatuses)[number];

/** Staff may find out that what arrived came back. */
export const payoutTransitions: Readonly<Record<PayoutStatus, readonly PayoutStatus[]>> = {
  requested: ['sent', 'failed'],
  sent: ['succeeded', 'failed'],
  succeeded: ['failed'],
  failed: [],
};

/** What a payout waits for. */
export const payoutStages = ['naming', 'approval', 'second', 'sending', 'arrival', 'succeeded', 'failed'] as const;
export type PayoutStage = (typeof payoutStages)[number];

/** What is known of a payout that decides what it waits for. */
export interface PayoutState {
  readonly status: PayoutStatus;
  /** The customer agreed to what was shown back. */
  readonly confirmed: boolean;
  readonly approved: boolean;
  /** By a second person, or none was needed. */
  readonly whollyApproved: boolean;
}

export function stageOf({ status, confirmed, approved, whollyApproved }: PayoutState): PayoutStage {
  if (status !== 'requested') return status === 'sent' ? 'arrival' : status;
  if (!confirmed) return 'naming';
  if (!approved) return 'approval';
  return whollyApproved ? 'sending' : 'second';
}

/** Why a payout failed; each has a sentence for the customer. `notNamed`: nobody said where to; `cancelled`: in the Temporal UI. */
export const payoutFailures = ['notNamed', 'refused', 'destination', 'cameBack', 'cancelled'] as const;
export type PayoutFailure = (typeof payoutFailures)[number];

/** What staff may say. */
export const failuresByStaff = ['refused', 'destination', 'cameBack'] as const satisfies readonly PayoutFailure[];
export type FailureByStaff = (typeof failuresByStaff)[number];

/** Why a payout was not begun. */
export const payoutRejections = ['UnknownDeposit', 'GoesBackItself', 'NothingLeft', 'TooMuch', 'WalletInDebt', 'Disputed'] as const;
export type PayoutRejection = (typeof payoutRejections)[number];

/** Why a word about a payout was not taken; each has a sentence. */
export const wordRejections = [
  'UnknownPayout',
  'OwnPayout',
  'AskedForIt',
  'SamePerson',
  'NotNamed',
  'NotApproved',
  'NotSent',
  'AlreadyJudged',
  'AlreadyClosed',
  'TakenBack',
  'WalletInDebt',
  'TransactionUsed',
  'NoDraft',
] as const;
export type WordRejection = (typeof wordRejections)[number];

export const destinationKinds = ['address', 'account', 'phone'] as const;
export type DestinationKind = (typeof destinationKinds)[number];

/** Where money of a method may go: by the rail it came from. `coin` null: an account or a phone. */
export interface Rail {
  readonly kind: DestinationKind;
  readonly coin: NetworkCoin | null;
}

/** By which rail money of a payment goes back. @returns undefined when its coin is not known */
export function railOf(payment: {
  readonly method: MethodName;
  readonly coin?: string | null | undefined;
  readonly network?: string | null | undefined;
}): Rail | undefined {
  switch (payment.method) {
    case 'bank':
      return { kind: 'account', coin: null };
    case 'blik':
      return { kind: 'phone', coin: null };
    case 'btc':
      return { kind: 'address', coin: 'BTC' };
    case 'ltc':
      return { kind: 'address', coin: 'LTC' };
    case 'crypto': {
      const coin = networkCoinOf(payment.coin, payment.network);
      return coin && { kind: 'address', coin };
    }
    default:
      return undefined;
  }
}

/** Why what a customer wrote is no destination; each has a sentence. */
export const destinationMisfits = ['malformed', 'checksum', 'ours'] as const;
export type DestinationMisfit = (typeof destinationMisfits)[number];

const dayMs = 86_400_000;
/** After how many days the customer is asked again for a destination, and after how many the money goes to the wallet. */
const remindDays = [1, 3, 7, 12] as const;
const nameWithinDays = 14;
const staffEveryDays = 1;

/** Times of a payout in ms since epoch. */
export interface PayoutTimes {
  readonly stage: PayoutStage;
  readonly requestedAt: number;
  /** Since when staff are waited for. */
  readonly staffSince: number;
}

/** Until when the customer may say where to. */
export function nameUntil(requestedAt: number): number {
  return requestedAt + nameWithinDays * dayMs;
}

/** How often the customer was to be asked again until `at`. */
export function customerReminders({ stage, requestedAt }: PayoutTimes, at: number): number {
  return stage === 'naming' ? remindDays.filter((days) => at >= requestedAt + days * dayMs).length : 0;
}

/** How often staff were to be reminded since they are waited for. */
export function staffReminders({ stage, staffSince }: PayoutTimes, at: number): number {
  return isForStaff(stage) ? Math.max(0, Math.floor((at - staffSince) / (staffEveryDays * dayMs))) : 0;
}

/** Whether staff are waited for. */
export function isForStaff(stage: PayoutStage): boolean {
  return stage === 'approval' || stage === 'second' || stage === 'sending' || stage === 'arrival';
}

/** Nobody named a destination in time. */
export function isNamingOver({ stage, requestedAt }: PayoutTimes, at: number): boolean {
  return stage === 'naming' && at >= nameUntil(requestedAt);
}

/** When to look again although nobody rings; null when nothing waits for time. */
export function payoutWakeAt(times: PayoutTimes, at: number): number | null {
  const { stage, requestedAt, staffSince } = times;
  if (stage === 'naming') {
    const next = remindDays.map((days) => requestedAt + days * dayMs).find((time) => time > at);
    return next ?? nameUntil(requestedAt);
  }
  return isForStaff(stage) ? staffSince + (staffReminders(times, at) + 1) * staffEveryDays * dayMs : null;
}

/** Our id of a payout: of an order that of its refund, of a deposit its own number, the same however often a step is repeated. */
export function makePayoutCode(depositCode: string, number: number): string {
  return `${depositCode}-p${number}`;
}

/** Whether a text has the form of a payout's id. */
export function isPayoutCode(text: string): boolean {
  return /^[0-9A-HJKMNP-TV-Z]{8}-[rp][1-9]\d{0,5}$/.test(text);
}

/** A payout's id as people see it. */
export function formatPayoutCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** Reads it back, written with or without the dash. @returns undefined when it is none */
export function parsePayoutCode(text: string): string | undefined {
  const plain = text
    .trim()
    .toUpperCase()
    .replace(/^(.{4})-/, '$1')
    .replace(/-([RP])(\d+)$/, (_all, letter: string, number: string) => `-${letter.toLowerCase()}${number}`);
  return isPayoutCode(plain) ? plain : undefined;
}

/** Id of a transaction, or a bank's reference, as staff wrote it. @returns undefined when it is none */
export function readTransaction(text: string): string | undefined {
  const id = text.trim();
  return /^[\w+/=.:-]{4,128}$/.test(id) ? id : undefined;
}

/** Money that came into a wallet's cash, or left it, in the ledger's order. */
export interface CashMove {
  /** Minor units; negative when it left. */
  readonly amount: number;
  /** The deposit this very money is of: it came by it, is paid out of it, or was taken back with it. */
  readonly depositCode: string | null;
  /** The order that spent it, or whose money comes back; below 0 a gift link. */
  readonly orderId: number | null;
}

/**
 * What is left of each deposit in the wallet's cash. Cash is spent oldest first; what an order gives back is of the deposits it came from,
 * the last spent first. So money never leaves by another rail than it came by.
 */
export function restsOf(moves: readonly CashMove[]): ReadonlyMap<string, number> {
  const lots: { depositCode: string | null; rest: number }[] = [];
  const spent = new Map<number, { lot: (typeof lots)[number]; amount: number }[]>();
  const take = (from: readonly (typeof lots)[number][], amount: number, orderId: number | null): number => {
    let missing = amount;
    for (const lot of from) {
      const part = Math.min(lot.rest, missing);
      if (part === 0) continue;
      lot.rest -= part;
      missing -= part;
      if (orderId !== null) spent.set(orderId, [...(spent.get(orderId) ?? []), { lot, amount: part }]);
    }
    return missing;
  };
  const giveBack = (orderId: number, amount: number): number => {
    let left = amount;
    const parts = spent.get(orderId) ?? [];
    for (const part of [...parts].reverse()) {
      const returned = Math.min(part.amount, left);
      part.amount -= returned;
      part.lot.rest += returned;
      left -= returned;
    }
    return left;
  };
  for (const { amount, depositCode, orderId } of moves) {
    if (amount < 0) {
      const own = lots.filter((lot) => depositCode !== null && lot.depositCode === depositCode);
      take(lots, take(own, -amount, orderId), orderId);
      continue;
    }
    const fresh = orderId === null ? amount : giveBack(orderId, amount);
    const known = lots.find((lot) => depositCode !== null && lot.depositCode === depositCode);
    if (known) known.rest += fresh;
    else if (fresh > 0) lots.push({ depositCode, rest: fresh });
  }
  const rests = new Map<string, number>();
  for (const { depositCode, rest } of lots) if (depositCode !== null) rests.set(depositCode, (rests.get(depositCode) ?? 0) + rest);
  return rests;
}

/** A payout as people see it. Amounts in minor units of `currency`, times in ms since epoch. */
export interface PayoutView {
  readonly id: number;
  readonly code: string;
  readonly shopId: number;
  readonly customerId: number;
  readonly noun: 'order' | 'deposit';
  /** Code of the order or deposit. */
  readonly ofCode: string;
  readonly method: MethodName;
  readonly amount: number;
  readonly currency: string;
  readonly status: PayoutStatus;
  readonly stage: PayoutStage;
  readonly rail: Rail;
  /** Where to, as the customer wrote it, opened; null until they did. */
  readonly destination: string | null;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly nameUntil: number;
  readonly approvedBy: string | null;
  readonly secondBy: string | null;
  readonly transaction: string | null;
  /** Whoever wrote the transaction down, before it counts. */
  readonly draftedBy: string | null;
  readonly sentBy: string | null;
  readonly closedBy: string | null;
  readonly failure: PayoutFailure | null;
  readonly version: number;
}
