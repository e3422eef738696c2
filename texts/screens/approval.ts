/** The staff's one message of a deposit whose verdict is theirs: what was sent, what stands, and what may be pressed. */
import type { InlineKeyboardButton } from 'grammy/types';
import { type ApprovalView, type ReceiptView, type RejectionReason, rejectionReasons } from '../../domain/approval.ts';
import { type DepositView, isOpen } from '../../domain/deposit.ts';
import { toDecimal } from '../../domain/money.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { type Texts, textsOf } from '../bundle.ts';
import { bold, code, isolate, lines, type RichText } from '../rich-text.ts';
import { methodText } from './order.ts';
import { copyButton, makeScreen, pairs, type Screen, tapButton } from './screen.ts';

export interface ShownToStaff {
  readonly view: DepositView;
  readonly receipts: readonly ReceiptView[];
  readonly approvals: readonly ApprovalView[];
}

export interface ApprovalScreenOptions {
  readonly language: string;
  /** What came of the last press. */
  readonly notice?: string | undefined;
  /** What is asked now: how to approve, why to reject, or whether this draft or second approval is sure. */
  readonly asking?: 'approve' | 'reject' | { readonly approvalId: number; readonly second: boolean } | undefined;
}

export function approvalScreen({ view, receipts, approvals }: ShownToStaff, options: ApprovalScreenOptions): Screen {
  const texts = textsOf(options.language);
  const counted = approvals.filter(({ status }) => status === 'given' || status === 'awaitingSecond');
  const { asking } = options;
  const sure = typeof asking === 'object' ? approvals.find(({ id }) => id === asking.approvalId) : undefined;
  const content = lines([
    ...(options.notice === undefined ? [] : [options.notice, '']),
    texts.sayRich('approval-title', { code: code(formatOrderCode(view.code)) }),
    bold(texts.say(`approval-status-${statusOf(view)}`)),
    '',
    texts.say('staff-customer', { customer: `#${view.customerId}` }),
    texts.sayRich('approval-asked', { amount: bold(texts.money(view.amount, view.currency)), method: methodText(texts, view.method) }),
    texts.sayRich('approval-transfer-title', { title: code(view.code) }),
    view.credited > 0 ? texts.say('approval-credited', { amount: texts.money(view.credited, view.currency) }) : undefined,
    texts.say('approval-receipts', { count: receipts.length }),
    ...receipts.flatMap((receipt) => twinLine(texts, receipt)),
    ...counted.map((approval) => verdictLine(texts, view, approval)),
    ...(asking === undefined ? [] : ['', ...askingLines(texts, { view, isMore: isMore(approvals) }, asking, sure)]),
  ]);
  return makeScreen(content, asking === undefined ? actRows(texts, view, counted) : askingRows(texts, view, asking, sure));
}

const statusOf = ({ status }: DepositView) => (status === 'opened' || status === 'confirming' ? 'waiting' : status);

function twinLine(texts: Texts, { twin, likeness }: ReceiptView): RichText[] {
  return twin === null || likeness === null ? [] : [texts.sayRich(`approval-twin-${likeness}`, { code: code(formatOrderCode(twin)) })];
}

function verdictLine(texts: Texts, view: DepositView, approval: ApprovalView): RichText | string {
  const { verdict, status, by, secondBy, reason } = approval;
  if (verdict === 'reject') return texts.say('approval-rejected', { by, reason: texts.say(`approval-reason-${reason ?? 'other'}`) });
  const id = status === 'awaitingSecond' ? 'approval-by-one' : secondBy === null ? 'approval-approved' : 'approval-by-two';
  return texts.sayRich(id, { ...moneyArgs(texts, view, approval), by, second: secondBy ?? '' });
}

function moneyArgs(texts: Texts, { currency }: DepositView, { amount, reference, sender }: ApprovalView) {
  return { amount: bold(texts.money(amount ?? 0, currency)), sender: isolate(sender ?? ''), reference: code(reference ?? '') };
}

/** Somebody approved it before: whoever goes on must mean money that came besides. */
const isMore = (approvals: readonly ApprovalView[]) => approvals.some(({ status, verdict }) => status === 'given' && verdict === 'approve');

function askingLines(
  texts: Texts,
  { view, isMore: more }: { readonly view: DepositView; readonly isMore: boolean },
  asking: NonNullable<ApprovalScreenOptions['asking']>,
  sure: ApprovalView | undefined,
): (RichText | string)[] {
  if (asking === 'approve') {
    return [
      ...(more ? [texts.say('approval-more')] : []),
      texts.sayRich('approval-how', { command: code(`${commandFor(view)}4711/0815 Jan Kowalski`) }),
    ];
  }
  if (asking === 'reject') return [texts.say('approval-why')];
  if (!sure) return [texts.say('approval-gone')];
  if (sure.verdict === 'reject') {
    return [texts.say('approval-sure-reject', { reason: texts.say(`approval-reason-${sure.reason ?? 'other'}`) })];
  }
  return [...(more ? [texts.say('approval-more')] : []), texts.sayRich('approval-sure', moneyArgs(texts, view, sure))];
}

/** What staff send, up to the bank's reference: the amount asked for stands there already. */
const commandFor = ({ code: depositCode, amount, currency }: DepositView) =>
  `/approve ${formatOrderCode(depositCode)} ${toDecimal({ amount, currency })} `;

function askingRows(
  texts: Texts,
  view: DepositView,
  asking: NonNullable<ApprovalScreenOptions['asking']>,
  sure: ApprovalView | undefined,
): InlineKeyboardButton[][] {
  const back = [tapButton(texts.say('staff-no'), { to: 'staffDeposit', depositCode: view.code })];
  if (asking === 'approve') return [[copyButton(texts.say('approval-copy'), commandFor(view))].flatMap((button) => button ?? []), back];
  if (asking === 'reject') {
    const reasons = rejectionReasons.map((reason) =>
      tapButton(texts.say(`approval-reason-${reason}`), { to: 'rejectFor', depositCode: view.code, reason }),
    );
    return [...pairs(reasons), back];
  }
  if (!sure) return [back];
  const yes =
    sure.verdict === 'reject'
      ? texts.say('approval-yes-reject')
      : texts.say('approval-yes', { amount: texts.money(sure.amount ?? 0, view.currency) });
  const style = sure.verdict === 'reject' ? 'danger' : 'success';
  return [[{ ...tapButton(yes, { to: 'verdict', approvalId: sure.id, second: asking.second, confirmed: true }), style }], back];
}

function actRows(texts: Texts, view: DepositView, counted: readonly ApprovalView[]): InlineKeyboardButton[][] {
  const depositCode = view.code;
  const waiting = counted.find(({ status }) => status === 'awaitingSecond');
  const approve = waiting
    ? tapButton(texts.say('approval-second'), { to: 'verdict', approvalId: waiting.id, second: true, confirmed: false })
    : tapButton(texts.say(view.credited > 0 ? 'approval-approve-more' : 'approval-approve'), {
        to: 'judge',
        depositCode,
        verdict: 'approve',
      });
  // What was credited, or ended, may get more money; only what waits can be rejected.
  return [
    [approve, ...(isOpen(view.status) ? [tapButton(texts.say('approval-reject'), { to: 'judge', depositCode, verdict: 'reject' })] : [])],
  ];
}

/** Under a receipt in the staff chat. */
export function receiptCaption(depositCode: string, language: string): Screen {
  return makeScreen(textsOf(language).sayRich('approval-receipt-of', { code: code(formatOrderCode(depositCode)) }));
}

/** Nobody has judged for a day or more. `since` in ms since epoch. */
export function approvalReminder(view: DepositView, { language, since }: { language: string; since: number }): Screen {
  const texts = textsOf(language);
  const words = {
    code: code(formatOrderCode(view.code)),
    amount: bold(texts.money(view.amount, view.currency)),
    time: texts.time(since, 'r'),
  };
  return makeScreen(texts.sayRich('approval-reminder', words), [
    [
      tapButton(texts.say('approval-approve'), { to: 'judge', depositCode: view.code, verdict: 'approve' }),
      tapButton(texts.say('approval-reject'), { to: 'judge', depositCode: view.code, verdict: 'reject' }),
    ],
  ]);
}

/** Staff gave nothing: why, or that they did not say in time. */
export function rejectionNotice(view: DepositView, reason: RejectionReason | undefined, texts = textsOf(view.language)): Screen {
  const content = lines([
    texts.sayRich(reason === undefined ? 'transfer-unjudged' : 'transfer-rejected', { code: code(formatOrderCode(view.code)) }),
    ...(reason === undefined ? [] : [texts.say(`transfer-reason-${reason}`)]),
    texts.say('transfer-not-lost'),
  ]);
  return makeScreen(content, [[tapButton(texts.say('receipt-open'), { to: 'depositStatus', depositCode: view.code })]]);
}
