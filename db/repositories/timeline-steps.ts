/** What rows say of an order or a deposit, each as a step for people. */
import { toDecimal } from '../../domain/money.ts';
import type { Audit } from '../entities/audit.ts';
import type { Delivery } from '../entities/delivery.ts';
import type { Inbox } from '../entities/inbox.ts';
import type { Payment } from '../entities/payment.ts';
import type { Refund } from '../entities/refund.ts';

export interface TimelineStep {
  /** ISO time. */
  readonly at: string;
  readonly what: string;
  readonly detail: string | null;
}

export function step(at: Date, what: string, detail: string | null): TimelineStep {
  return { at: at.toISOString(), what, detail };
}

export const tellMoney = (amount: number, currency: string) => `${toDecimal({ amount, currency })} ${currency}`;

/** Refunds and provider events tell of themselves, from their own rows. */
export function isToldElsewhere(entry: Audit): boolean {
  return entry.actor.startsWith('provider:') || entry.action === 'refundRequested' || entry.action === 'handedOver';
}

const auditWords: Readonly<Record<string, string>> = {
  placed: 'Order placed',
  methodChosen: 'Method chosen',
  awaitingSettlement: 'Money seen, verdict awaited',
  tolerated: 'A little short, within tolerance: the shop bears it',
  paid: 'Paid: the goods are the customer’s',
  delivered: 'Delivered',
  unfulfillable: 'Paid, but the goods are gone: money goes back',
  refunded: 'Refunded',
  expired: 'Ended unpaid: units are back',
  cancelled: 'Cancelled: units are back',
  resend: 'Sent again',
  staffTask: 'Became a task for staff',
  goodsHeld: 'Goods held back: the payment is disputed',
  goodsReleased: 'Goods let go',
};

const depositWords: Readonly<Record<string, string>> = {
  opened: 'Deposit opened',
  waiting: 'Waiting for the customer',
  seen: 'Money seen, verdict awaited',
  confirming: 'Confirmations come in',
  credited: 'In the wallet',
  partial: 'In the wallet, less than asked',
  expired: 'Ended without money',
  rejected: 'The provider would not open it',
  reversed: 'All of it was taken back',
  judged: 'Staff said what they saw in the bank',
  refundAskedAgain: 'Its refund is asked for again',
  payoutRequested: 'To be paid out: its customer is asked where to',
  payoutFailed: 'Not paid out: in the wallet again',
  commissionPaid: 'Commission paid to whoever brought them',
  commissionTakenBack: 'Commission taken back',
  commissionRefused: 'No commission',
};

export function tellAudit(entry: Audit): TimelineStep {
  const after = (entry.after ?? {}) as Record<string, unknown>;
  const by = entry.actor === 'system' ? undefined : `by ${entry.actor.split(':')[0]}`;
  const method = typeof after.method === 'string' ? after.method : undefined;
  return step(
    entry.at,
    (entry.subject === 'deposit' ? depositWords : auditWords)[entry.action] ?? entry.action,
    [method, by].filter(Boolean).join(', ') || null,
  );
}

const kindWords: Readonly<Record<Inbox['kind'], string>> = {
  seen: 'Money seen',
  confirming: 'Money confirmed',
  settled: 'Money arrived',
  failed: 'Payment failed or closed',
  refunded: 'Money went back',
  refundFailed: 'Refund failed',
  warned: 'Warned of a dispute',
  disputed: 'Disputed',
  withdrawn: 'Money taken back',
  reinstated: 'Money given again',
  cleared: 'Dispute ended',
  lost: 'Dispute lost',
  fee: 'Fee of the provider',
  other: 'Told by the provider',
};

export function tellInbox(row: Inbox): TimelineStep {
  const money = row.amount == null || row.currency == null ? undefined : tellMoney(row.amount, row.currency);
  const outcome = row.verdict === 'refused' ? `refused: ${row.reason ?? ''}` : (row.outcome ?? 'waiting');
  return step(row.receivedAt, kindWords[row.kind], [row.provider, money, row.type, outcome, row.outcomeReason].filter(Boolean).join(', '));
}

export function tellPayment(payment: Payment): TimelineStep[] {
  const money = `${payment.provider}, ${tellMoney(payment.amount, payment.currency)}`;
  const steps = [step(payment.openedAt, `Payment ${payment.attempt} opened`, money)];
  if (payment.seenAt && payment.status === 'processing') steps.push(step(payment.seenAt, 'Payment on its way', money));
  if (payment.closedAt && payment.status !== 'settled')
    steps.push(step(payment.closedAt, `Payment ${payment.attempt} closed`, payment.status));
  return steps;
}

export function tellDelivery(delivery: Delivery, title: string): TimelineStep[] {
  const steps: TimelineStep[] = [];
  if (delivery.sentAt) steps.push(step(delivery.sentAt, 'Goods sent', title));
  if (delivery.shownAt && delivery.shownAt.getTime() !== delivery.sentAt?.getTime())
    steps.push(step(delivery.shownAt, 'Goods shown', title));
  if (delivery.handedOverAt) steps.push(step(delivery.handedOverAt, 'Handed over', title));
  return steps;
}

export function tellRefund(refund: Refund): TimelineStep[] {
  const money = tellMoney(refund.amount, refund.currency);
  const steps = [step(refund.requestedAt, 'Refund decided', `${money}, ${refund.reason}`)];
  if (refund.sentAt) steps.push(step(refund.sentAt, 'Refund sent', `${refund.provider}, ${money}`));
  if (refund.closedAt)
    steps.push(step(refund.closedAt, refund.status === 'succeeded' ? 'Refund succeeded' : 'Refund failed', refund.failure ?? money));
  return steps;
}
