/** Claims: what a customer says is faulty, and what staff make of it. */
import type { InlineKeyboardButton } from 'grammy/types';
import { claimReasons, type ClaimVerdict, type ClaimView, formatClaimCode } from '../../domain/claim.ts';
import type { NoticeContent } from '../../domain/notice.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { type Texts, textsOf } from '../bundle.ts';
import { bold, code, cutRich, isolate, lines, type RichText, rich } from '../rich-text.ts';
import { backRow, makeScreen, type Screen, tapButton } from './screen.ts';

/** A piece of an order under warranty; with its open claim, if there is one. */
export interface ShownPiece {
  readonly lineId: number;
  readonly unitId: number | null;
  readonly title: string;
  readonly piece: number | null;
  readonly claimId: number | null;
}

const pieceText = (texts: Texts, { title, piece }: Pick<ShownPiece, 'title' | 'piece'>) =>
  piece === null ? isolate(title) : texts.say('claim-piece', { title: isolate(title), piece });

const backToOrder = (texts: Texts, orderCode: string) => backRow(texts, { to: 'order', orderCode, anew: false });

/** Which of them is it? */
export function claimableScreen(texts: Texts, orderCode: string, pieces: readonly ShownPiece[], notice?: string): Screen {
  const content = lines([
    ...(notice === undefined ? [] : [`❗ ${notice}`, '']),
    bold(texts.say('claim-title')),
    texts.say(pieces.length === 0 ? 'claim-none' : 'claim-which'),
  ]);
  const rows = pieces
    .slice(0, 40)
    .map((piece) => [
      piece.claimId === null
        ? tapButton(pieceText(texts, piece), { to: 'claim', orderCode, lineId: piece.lineId, unitId: piece.unitId })
        : tapButton(`🛠 ${pieceText(texts, piece)}`, { to: 'claimStatus', claimId: piece.claimId }),
    ]);
  return makeScreen(content, [...rows, backToOrder(texts, orderCode)]);
}

const statusTextIds = {
  asked: 'claim-describe',
  open: 'claim-open',
  replaced: 'claim-replaced',
  refunded: 'claim-refunded',
  refused: 'claim-refused',
  withdrawn: 'claim-withdrawn',
} as const;

/** The customer's claim as it stands. */
export function claimScreen(texts: Texts, view: ClaimView, notice?: string): Screen {
  const { status, orderCode, id } = view;
  const content = lines([
    ...(notice === undefined ? [] : [`❗ ${notice}`, '']),
    bold(texts.say('claim-title')),
    pieceText(texts, view),
    '',
    texts.say(statusTextIds[status]),
    status === 'refused' && view.reason !== null ? texts.say(`claim-reason-${view.reason}`) : undefined,
  ]);
  const withdraw =
    status === 'asked' || status === 'open' ? [tapButton(texts.say('claim-withdraw'), { to: 'claimWithdraw', claimId: id })] : [];
  return makeScreen(content, [withdraw, backToOrder(texts, orderCode)]);
}

/** What became of it. */
export function claimNotice(
  { claimId, title, orderCode, status, reason }: Extract<NoticeContent, { kind: 'claimClosed' }>,
  language: string | Texts,
): Screen {
  const texts = textsOf(language);
  const content = lines([
    texts.sayRich('notice-claim', { product: bold(isolate(title)), code: code(formatOrderCode(orderCode)) }),
    texts.say(statusTextIds[status]),
    status === 'refused' && reason !== null ? texts.say(`claim-reason-${reason}`) : undefined,
  ]);
  return makeScreen(content, [
    [tapButton(texts.say('order-open'), { to: 'order', orderCode, anew: true })],
    ...(status === 'refused' ? [[tapButton(texts.say('claim-look'), { to: 'claimStatus', claimId })]] : []),
  ]);
}

export interface StaffClaimOptions {
  readonly language: string;
  readonly notice?: string | undefined;
  /** The first press of a verdict: the second one counts. */
  readonly asking?: ClaimVerdict | undefined;
}

/** What a customer wrote must leave room for what is to be pressed. */
const descriptionShown = 2_500;

/** The staff's one message of a claim. */
export function staffClaimScreen(view: ClaimView, { language, notice, asking }: StaffClaimOptions): Screen {
  const texts = textsOf(language);
  const content = lines([
    ...(notice === undefined ? [] : [notice, '']),
    texts.sayRich('staff-claim-title', { code: code(formatClaimCode(view.code)) }),
    texts.say(`staff-claim-status-${view.status}`),
    view.reason === null ? undefined : texts.say(`claim-reason-${view.reason}`),
    view.failure === null ? undefined : `❗ ${texts.say(`claim-rejected-${view.failure}`)}`,
    '',
    texts.say('staff-customer', { customer: `#${view.customerId}` }),
    texts.sayRich('staff-claim-order', { code: code(formatOrderCode(view.orderCode)), piece: pieceText(texts, view) }),
    '',
    cutRich(rich(isolate(view.description)), descriptionShown),
    asking ? `\n${texts.say(`staff-claim-sure-${asking}`)}` : undefined,
  ]);
  if (view.status !== 'open' || view.verdict !== null) return makeScreen(content);
  return makeScreen(content, asking ? askingRows(texts, view, asking) : verdictRows(texts, view));
}

function verdictRows(texts: Texts, { id }: ClaimView): InlineKeyboardButton[][] {
  const button = (verdict: ClaimVerdict) =>
    tapButton(texts.say(`staff-claim-${verdict}`), { to: 'claimAct', claimId: id, verdict, reason: null, confirmed: false });
  return [[button('replace'), button('refund')], [button('refuse')]];
}

function askingRows(texts: Texts, { id }: ClaimView, verdict: ClaimVerdict): InlineKeyboardButton[][] {
  const no = [tapButton(texts.say('staff-no'), { to: 'staffClaim', claimId: id })];
  if (verdict === 'refuse') {
    const reasons = claimReasons.map((reason) => [
      tapButton(texts.say(`staff-claim-reason-${reason}`), { to: 'claimAct', claimId: id, verdict, reason, confirmed: true }),
    ]);
    return [...reasons, no];
  }
  const yes = tapButton(texts.say(`staff-claim-yes-${verdict}`), { to: 'claimAct', claimId: id, verdict, reason: null, confirmed: true });
  return [[{ ...yes, style: 'danger' }], no];
}

/** Nobody has said anything of it yet. */
export function claimReminderScreen(view: ClaimView, { language }: { readonly language: string }): Screen {
  const texts = textsOf(language);
  const since: RichText = texts.time(view.openedAt ?? 0, 'r');
  const content = texts.sayRich('staff-claim-reminder', { code: code(formatClaimCode(view.code)), since });
  return makeScreen(content, [[tapButton(texts.say('staff-claim-look'), { to: 'staffClaim', claimId: view.id })]]);
}
