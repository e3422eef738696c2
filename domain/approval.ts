/** Approvals: what staff say of money that only they can see, in their bank. MONEY.md sections 10 and 12. */

export const verdicts = ['approve', 'reject'] as const;
export type Verdict = (typeof verdicts)[number];

/** `drafted`: shown to who wrote it, counts for nothing; `awaitingSecond`: another person must say so too; `given`: it counts. */
export const approvalStatuses = ['drafted', 'awaitingSecond', 'given', 'withdrawn'] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];

/** Why money is not credited; each has a sentence for the customer. */
export const rejectionReasons = ['notReceived', 'unreadable', 'duplicate', 'other'] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

/** Why a verdict was not taken; each has a sentence for staff. */
export const approvalRejections = [
  'UnknownDeposit',
  'OwnDeposit',
  'SamePerson',
  'AnotherDraft',
  'AlreadyJudged',
  'AlreadyEnded',
  'AlreadyCredited',
  'ReferenceUsed',
  'AmountTooLarge',
] as const;
export type ApprovalRejection = (typeof approvalRejections)[number];

/** The bank's reference as it is compared: spaces, dashes and case do not make another one. @returns undefined when it is none */
export function readReference(text: string): string | undefined {
  const reference = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return reference.length >= 4 && reference.length <= 64 ? reference : undefined;
}

/** The payer's name as the bank shows it. @returns undefined when it is none */
export function readSender(text: string): string | undefined {
  const sender = text.trim();
  return sender !== '' && sender.length <= 100 && sender.isWellFormed() && !/\p{Cc}/u.test(sender) ? sender : undefined;
}

/** What staff know of a deposit's verdicts. Amounts in minor units, times in ms since epoch. */
export interface ApprovalView {
  readonly id: number;
  readonly number: number;
  readonly verdict: Verdict;
  readonly status: ApprovalStatus;
  readonly amount: number | null;
  readonly reference: string | null;
  readonly sender: string | null;
  readonly reason: RejectionReason | null;
  readonly by: string;
  readonly secondBy: string | null;
  readonly at: number;
}

/** How a receipt resembles one of another deposit. */
export const likenesses = ['sameFile', 'samePicture'] as const;
export type Likeness = (typeof likenesses)[number];

/** A receipt as staff see it; `twin` is the code of the deposit that has the like of it. */
export interface ReceiptView {
  readonly id: number;
  readonly twin: string | null;
  readonly likeness: Likeness | null;
}
