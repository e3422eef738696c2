/** Claims: a customer says that something they were given is faulty, within its warranty; staff replace it, give its money back, or refuse. Pure. */
import { formatOrderCode, parseOrderCode } from './order-code.ts';
import { kindTraits, productKinds } from './product.ts';

export const claimStatuses = ['asked', 'open', 'replaced', 'refunded', 'refused', 'withdrawn'] as const;
/** `asked`: the customer is to write what is wrong; staff know nothing of it yet. `withdrawn`: by the customer. */
export type ClaimStatus = (typeof claimStatuses)[number];

export const claimTransitions: Readonly<Record<ClaimStatus, readonly ClaimStatus[]>> = {
  asked: ['open', 'withdrawn'],
  open: ['replaced', 'refunded', 'refused', 'withdrawn'],
  replaced: [],
  refunded: [],
  refused: [],
  withdrawn: [],
};

export const claimVerdicts = ['replace', 'refund', 'refuse'] as const;
export type ClaimVerdict = (typeof claimVerdicts)[number];

/** Why it is refused: each has a sentence for the customer. */
export const claimReasons = ['works', 'used', 'notOurs', 'other'] as const;
export type ClaimReason = (typeof claimReasons)[number];

/** Why a wish about a claim is not granted, or a verdict could not be carried out; each has a sentence in texts/. */
export const claimRejections = [
  'UnknownClaim',
  'WarrantyOver',
  'AlreadyClaimed',
  'AlreadyJudged',
  'OwnClaim',
  'SoldOut',
  'NotDelivered',
  'Disputed',
  'NothingLeft',
  'MoneyBack',
  'WholeOnly',
  'TooMuch',
  'WalletInDebt',
] as const;
export type ClaimRejection = (typeof claimRejections)[number];

/** What was paid for some pieces of a line, its share of a promo code taken off; rounded down, so that all pieces are never more than the line. */
export function claimedPrice(
  line: {
    readonly price: number;
    readonly starsPrice?: number | null | undefined;
    readonly codeDiscount: number;
    readonly codeStars: number;
    readonly quantity: number;
  },
  { pieces, inStars }: { readonly pieces: number; readonly inStars: boolean },
): number {
  const { price, starsPrice, codeDiscount, codeStars, quantity } = line;
  const total = inStars ? (starsPrice ?? 0) * quantity - codeStars : price * quantity - codeDiscount;
  return Number((BigInt(total) * BigInt(pieces)) / BigInt(quantity));
}

const dayMs = 86_400_000;

/** Kinds of which a piece may be faulty: what was granted is taken back whole, or not at all. */
export const claimableKinds = productKinds.filter((kind) => ['secret', 'code'].includes(kindTraits[kind].handover));

/** Whether something delivered at `deliveredAt` is under its warranty. Times in ms since epoch. */
export function isUnderWarranty(
  { deliveredAt, warrantyDays }: { readonly deliveredAt: number | null; readonly warrantyDays: number | null },
  at: number,
): boolean {
  return deliveredAt !== null && warrantyDays !== null && at <= deliveredAt + warrantyDays * dayMs;
}

/** Days after its opening on which staff are reminded of an open claim. */
const reminderDays = [1, 2, 3, 5, 7, 10, 14, 21, 28] as const;

/** How often staff were to be reminded by now. */
export function claimReminders(openedAt: number, at: number): number {
  return reminderDays.filter((day) => at >= openedAt + day * dayMs).length;
}

/** When staff are to be reminded next, ms since epoch; null when no more. */
export function claimWakeAt(openedAt: number, at: number): number | null {
  const day = reminderDays[claimReminders(openedAt, at)];
  return day === undefined ? null : openedAt + day * dayMs;
}

/** `K7Q4MX2P-c1`: the first claim of an order. */
export function makeClaimCode(orderCode: string, number: number): string {
  return `${orderCode}-c${number}`;
}

export function isClaimCode(text: string): boolean {
  return parseClaimCode(text) === text;
}

/** Reads a claim's code as people write it. @returns undefined when it is none */
export function parseClaimCode(text: string): string | undefined {
  const found = /^(.*)-c([1-9]\d{0,4})$/i.exec(text.trim());
  const orderCode = found && parseOrderCode(found[1] ?? '');
  return orderCode ? makeClaimCode(orderCode, Number(found[2])) : undefined;
}

/** `K7Q4-MX2P-c1`. */
export function formatClaimCode(code: string): string {
  return `${formatOrderCode(code.slice(0, 8))}${code.slice(8)}`;
}

/** A claim as people see it. Times in ms since epoch. */
export interface ClaimView {
  readonly id: number;
  readonly code: string;
  readonly orderCode: string;
  readonly shopId: number;
  readonly customerId: number;
  readonly title: string;
  /** Which piece of its line, counted from 1; null when the line has one, or pieces that are all the same. */
  readonly piece: number | null;
  readonly status: ClaimStatus;
  /** What the customer wrote; opened for whoever may read it. */
  readonly description: string;
  readonly openedAt: number | null;
  readonly verdict: ClaimVerdict | null;
  readonly reason: ClaimReason | null;
  /** Why the last verdict could not be carried out. */
  readonly failure: ClaimRejection | null;
  readonly version: number;
}
