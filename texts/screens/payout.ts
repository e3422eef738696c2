/** Payouts: where a customer is asked to say where to, and the staff's one message of it. */
import type { InlineKeyboardButton } from 'grammy/types';
import { networkCoins } from '../../domain/coin.ts';
import type { NoticeContent } from '../../domain/notice.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { type DestinationMisfit, formatPayoutCode, type PayoutView } from '../../domain/payout.ts';
import { type Texts, textsOf } from '../bundle.ts';
import type { PayoutAct } from '../callback.ts';
import { bold, code, lines, type RichText } from '../rich-text.ts';
import { coinText } from './coin.ts';
import { methodText } from './order.ts';
import { copyButton, makeScreen, type Screen, tapButton } from './screen.ts';

type Money = Pick<PayoutView, 'amount' | 'currency'>;

const amountOf = (texts: Texts, { amount, currency }: Money) => bold(texts.money(amount, currency));

/** What the customer is told of it: that somewhere must be named, or what became of it. */
export function payoutNotice(content: Extract<NoticeContent, { kind: 'payoutAsked' | 'payoutMoved' }>, language: string | Texts): Screen {
  const texts = textsOf(language);
  const { noun, code: ofCode } = content;
  const words = { amount: amountOf(texts, content), code: code(formatOrderCode(ofCode)) };
  if (content.kind === 'payoutAsked') {
    const text = texts.sayRich(`payout-asked${content.again ? '-again' : ''}-${noun}`, words);
    return makeScreen(text, [[tapButton(texts.say('payout-open'), { to: 'payout', payoutId: content.payoutId })]]);
  }
  const { step, transaction, failure } = content;
  const what =
    noun === 'order'
      ? tapButton(texts.say('order-open'), { to: 'order', orderCode: ofCode, anew: true })
      : tapButton(texts.say('receipt-open'), { to: 'depositStatus', depositCode: ofCode });
  return makeScreen(
    lines([
      texts.sayRich(`payout-told-${step}`, words),
      transaction === null ? undefined : texts.sayRich('payout-transaction', { transaction: code(transaction) }),
      failure === null ? undefined : texts.say(`payout-failure-${failure}`),
    ]),
    [[what, ...(step === 'failed' ? [tapButton(texts.say('menu-wallet'), { to: 'wallet', page: 0 })] : [])]],
  );
}

export interface PayoutScreenOptions {
  /** The next message is taken for where to. */
  readonly isAsking?: boolean;
  /** What was wrong with the last one. */
  readonly misfit?: DestinationMisfit | undefined;
  /** Of the destination shown, when it waits for the customer's word. */
  readonly digest?: string | undefined;
}

/** Where to? As the customer sees it. */
export function payoutScreen(texts: Texts, view: PayoutView, { isAsking = false, misfit, digest }: PayoutScreenOptions = {}): Screen {
  const { id: payoutId, rail, destination, stage } = view;
  const isNaming = stage === 'naming';
  const where = destination === null ? undefined : code(destination);
  const content = lines([
    bold(texts.say('payout-title')),
    texts.sayRich(`payout-of-${view.noun}`, { amount: amountOf(texts, view), code: code(formatOrderCode(view.ofCode)) }),
    '',
    ...(isNaming ? askingLines(texts, view, { isAsking, misfit }) : [texts.say(`payout-stage-${stage}`)]),
    where && texts.sayRich(`payout-destination-${rail.kind}`, { destination: where }),
    ...(isNaming && where ? [texts.say('payout-check')] : []),
    ...(view.sentBy !== null && view.transaction !== null
      ? [texts.sayRich('payout-transaction', { transaction: code(view.transaction) })]
      : []),
  ]);
  if (!isNaming) return makeScreen(content, [[tapButton(texts.say('menu-wallet'), { to: 'wallet', page: 0 })]]);
  const name = tapButton(texts.say(where ? 'payout-another' : `payout-name-${rail.kind}`), { to: 'payoutName', payoutId });
  const yes =
    where && digest !== undefined
      ? [{ ...tapButton(texts.say('payout-yes'), { to: 'payoutConfirm', payoutId, digest }), style: 'success' as const }]
      : [];
  return makeScreen(content, [
    yes,
    ...(isAsking && !where ? [] : [[name]]),
    [tapButton(texts.say('menu-wallet'), { to: 'wallet', page: 0 })],
  ]);
}

function askingLines(
  texts: Texts,
  { rail, nameUntil, noun }: PayoutView,
  { isAsking, misfit }: { readonly isAsking: boolean; readonly misfit: DestinationMisfit | undefined },
): (RichText | string | undefined)[] {
  const coin = rail.coin === null ? '' : networkCoins[rail.coin].coin;
  const network = rail.coin === null ? '' : networkCoins[rail.coin].network;
  return [
    misfit === undefined ? undefined : `❗ ${texts.say(`payout-misfit-${misfit}`)}`,
    texts.sayRich(`payout-where-${rail.kind}`, { coin, network }),
    isAsking ? texts.say('payout-write') : undefined,
    rail.kind === 'address' ? texts.say('payout-not-sender') : undefined,
    texts.sayRich(`payout-until-${noun}`, { time: texts.time(nameUntil, 'D') }),
  ];
}

export interface StaffPayoutOptions {
  readonly language: string;
  /** What came of the last press. */
  readonly notice?: string | undefined;
  /** What is asked now: whether this is sure, or how to say that it was sent. */
  readonly asking?: PayoutAct | 'howSent' | undefined;
}

/** The staff's one message of it. */
export function staffPayoutScreen(view: PayoutView, { language, notice, asking }: StaffPayoutOptions): Screen {
  const texts = textsOf(language);
  const { rail, destination, approvedBy, secondBy, sentBy, transaction, failure } = view;
  const isAgreed = view.stage !== 'naming';
  const content = lines([
    ...(notice === undefined ? [] : [notice, '']),
    texts.sayRich('staff-payout-title', { code: code(formatPayoutCode(view.code)) }),
    bold(texts.say(`staff-payout-stage-${view.stage}`)),
    '',
    texts.say('staff-customer', { customer: `#${view.customerId}` }),
    texts.sayRich(`payout-of-${view.noun}`, { amount: amountOf(texts, view), code: code(formatOrderCode(view.ofCode)) }),
    texts.say('staff-payout-rail', { rail: rail.coin === null ? methodText(texts, view.method) : coinText(rail.coin) }),
    // Until the customer agreed to it nobody is to pay it.
    isAgreed && destination !== null ? texts.sayRich(`payout-destination-${rail.kind}`, { destination: code(destination) }) : undefined,
    texts.say('staff-payout-asked-by', { by: view.requestedBy }),
    approvedBy === null
      ? undefined
      : texts.say('staff-payout-approved', { by: secondBy === null ? approvedBy : `${approvedBy}, ${secondBy}` }),
    transaction === null || sentBy === null
      ? undefined
      : texts.sayRich('staff-payout-sent', { by: sentBy, transaction: code(transaction) }),
    failure === null ? undefined : texts.say(`payout-failure-${failure}`),
    ...(asking === undefined ? [] : ['', ...askedOfStaff(texts, view, asking)]),
  ]);
  return makeScreen(content, asking === undefined ? actRows(texts, view) : askingRows(texts, view, asking));
}

/** What staff send, up to the transaction. */
const commandFor = (view: PayoutView) => `/sent ${formatPayoutCode(view.code)} `;

function askedOfStaff(texts: Texts, view: PayoutView, asking: PayoutAct | 'howSent'): RichText[] {
  if (asking === 'howSent') return [texts.sayRich('staff-payout-how-sent', { command: code(`${commandFor(view)}4711/0815`) })];
  const words = { amount: amountOf(texts, view), transaction: code(view.transaction ?? '') };
  return [texts.sayRich(`staff-payout-sure-${asking}`, words)];
}

function askingRows(texts: Texts, view: PayoutView, asking: PayoutAct | 'howSent'): InlineKeyboardButton[][] {
  const back = [tapButton(texts.say('staff-no'), { to: 'staffPayout', payoutId: view.id })];
  if (asking === 'howSent') return [[copyButton(texts.say('approval-copy'), commandFor(view))].flatMap((button) => button ?? []), back];
  const style = asking === 'refuse' || asking === 'destination' || asking === 'cameBack' ? ('danger' as const) : ('success' as const);
  const yes = tapButton(texts.say(`staff-payout-yes-${asking}`), { to: 'payoutAct', act: asking, payoutId: view.id, confirmed: true });
  return [[{ ...yes, style }], back];
}

function actRows(texts: Texts, view: PayoutView): InlineKeyboardButton[][] {
  const button = (act: PayoutAct) =>
    tapButton(texts.say(`staff-payout-act-${act}`), { to: 'payoutAct', act, payoutId: view.id, confirmed: false });
  switch (view.stage) {
    case 'naming':
      return [[button('refuse')]];
    case 'approval':
      return [[button('approve')], [button('destination'), button('refuse')]];
    case 'second':
      return [[button('second')], [button('destination'), button('refuse')]];
    case 'sending':
      return [
        [tapButton(texts.say('staff-payout-act-sent'), { to: 'payoutHow', payoutId: view.id })],
        [button('destination'), button('refuse')],
      ];
    case 'arrival':
      return [[button('arrived'), button('cameBack')]];
    case 'succeeded':
      return [[button('cameBack')]];
    case 'failed':
      return [];
  }
}

/** Staff are waited for. `since` in ms since epoch. */
export function payoutReminder(view: PayoutView, { language, since }: { readonly language: string; readonly since: number }): Screen {
  const texts = textsOf(language);
  const words = { code: code(formatPayoutCode(view.code)), amount: amountOf(texts, view), time: texts.time(since, 'r') };
  return makeScreen(lines([texts.sayRich('staff-payout-reminder', words), texts.say(`staff-payout-stage-${view.stage}`)]), [
    [tapButton(texts.say('staff-payout-open'), { to: 'staffPayout', payoutId: view.id })],
  ]);
}
