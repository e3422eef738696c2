/** The staff's one message of an order: what it is, where it stands, and what may be pressed. */
import type { InlineKeyboardButton } from 'grammy/types';
import { formatOrderCode } from '../../domain/order-code.ts';
import type { OrderLineView, OrderView } from '../../domain/order.ts';
import { inStars } from '../../domain/payment.ts';
import type { StaffAct } from '../../domain/staff.ts';
import { type Texts, textsOf } from '../bundle.ts';
import { bold, code, isolate, lines, type RichText, rich } from '../rich-text.ts';
import { methodText, orderLine, totalText } from './order.ts';
import { savingLine } from './promo-code.ts';
import { makeScreen, type Screen, tapButton } from './screen.ts';

export interface StaffScreenOptions {
  /** Our id of the customer; names stay sealed. */
  readonly customerId: number;
  readonly language: string;
  /** What came of the last press. */
  readonly notice?: string | undefined;
  /** The first press of an act that asks for a second one. */
  readonly asking?: Extract<StaffAct, 'refund' | 'cancel'> | undefined;
}

export function staffScreen(view: OrderView, options: StaffScreenOptions): Screen {
  const texts = textsOf(options.language);
  const content = lines([
    ...(options.notice === undefined ? [] : [options.notice, '']),
    // Telegram allows no other entity around code.
    texts.sayRich('staff-title', { code: code(formatOrderCode(view.code)) }),
    texts.say(`staff-status-${view.status}`),
    ...disputeLines(texts, view),
    '',
    texts.say('staff-customer', { customer: `#${options.customerId}` }),
    ...view.lines.flatMap((line) => staffLine(texts, view, line)),
    view.promo ? savingLine(texts, view.promo, { currency: view.currency, inStars: inStars(view.method) }) : undefined,
    bold(texts.say('staff-money', { method: methodText(texts, view.method), total: totalText(texts, view) })),
    view.held > 0 && view.held < view.total && view.status === 'awaitingPayment'
      ? texts.say('staff-received', { amount: texts.money(view.held, view.currency) })
      : undefined,
    view.tolerated > 0 ? texts.say('staff-tolerated', { amount: texts.money(view.tolerated, view.currency) }) : undefined,
    ...view.refunds.map((refund) => refundRow(texts, refund)),
    texts.sayRich('order-placed', { time: texts.time(view.placedAt, 'Dt') }),
    options.asking ? `\n${askingText(texts, view, options.asking)}` : undefined,
  ]);
  return makeScreen(content, options.asking ? askingRows(texts, view, options.asking) : actRows(texts, view));
}

function disputeLines(texts: Texts, { dispute }: OrderView): string[] {
  if (!dispute) return [];
  const taken = dispute.taken > 0 ? [texts.say('staff-taken-back', { amount: texts.money(dispute.taken, dispute.currency) })] : [];
  return [texts.say(dispute.blocks ? 'staff-disputed' : 'staff-warned'), ...taken];
}

function staffLine(texts: Texts, view: OrderView, line: OrderLineView): RichText[] {
  const { delivery } = line;
  if (!delivery) return [orderLine(texts, view, line)];
  const isHeld = delivery.status === 'staffTask' && view.dispute !== null;
  const state = isHeld ? 'held' : delivery.status === 'sent' && delivery.shown ? 'shown' : delivery.status;
  return [
    orderLine(texts, view, line),
    rich(
      '   ',
      texts.say(`staff-delivery-${state}`),
      ...(delivery.handoverCode ? [', ', texts.sayRich('staff-code', { code: code(delivery.handoverCode) })] : []),
      line.pickupPoint ? ` – ${isolate(line.pickupPoint.name)}` : '',
    ),
  ];
}

function refundRow(texts: Texts, refund: OrderView['refunds'][number]): string {
  const state = refund.status === 'succeeded' || refund.status === 'failed' ? refund.status : 'requested';
  return texts.say(`order-refund-${state}`, { amount: texts.money(refund.amount, refund.currency) });
}

function owedStars(view: OrderView): number {
  return view.refunds.reduce((sum, { status, currency, amount }) => (status === 'failed' && currency === 'XTR' ? sum + amount : sum), 0);
}

/** What a refund would give back now, in the money that was paid. */
function refundable(texts: Texts, view: OrderView): string {
  const owed = owedStars(view);
  if (owed > 0) return texts.money(owed, 'XTR');
  const payment = view.payment;
  const currency = payment?.currency ?? view.currency;
  const paid = currency === 'XTR' ? (view.starsTotal ?? 0) : view.total - view.tolerated;
  const back = view.refunds
    .filter((refund) => refund.scope === 'order' && refund.status !== 'failed' && refund.currency === currency)
    .reduce((sum, refund) => sum + refund.amount, 0);
  return texts.money(Math.max(0, paid - back), currency);
}

function askingText(texts: Texts, view: OrderView, act: 'refund' | 'cancel'): string {
  return act === 'refund' ? texts.say('staff-sure-refund', { amount: refundable(texts, view) }) : texts.say('staff-sure-cancel');
}

function askingRows(texts: Texts, view: OrderView, act: 'refund' | 'cancel'): InlineKeyboardButton[][] {
  const yes = act === 'refund' ? texts.say('staff-yes-refund', { amount: refundable(texts, view) }) : texts.say('staff-yes-cancel');
  return [
    [{ ...tapButton(yes, { to: 'act', act, orderCode: view.code, lineId: 0, confirmed: true }), style: 'danger' }],
    [tapButton(texts.say('staff-no'), { to: 'staff', orderCode: view.code })],
  ];
}

function actRows(texts: Texts, view: OrderView): InlineKeyboardButton[][] {
  const act = (name: StaffAct, lineId = 0) => ({ to: 'act', act: name, orderCode: view.code, lineId, confirmed: false }) as const;
  if (view.status === 'awaitingPayment' || view.status === 'awaitingSettlement') {
    return [[tapButton(texts.say('staff-cancel'), act('cancel'))]];
  }
  const blocked = view.dispute?.blocks ?? false;
  // Stars that Telegram would not give back are still owed: they may be asked for again.
  if (view.status !== 'paid' && view.status !== 'delivered') {
    return owedStars(view) > 0 && !blocked ? [[tapButton(texts.say('staff-refund'), act('refund'))]] : [];
  }
  const handOvers = (blocked ? [] : view.lines)
    .filter(({ delivery }) => delivery?.handoverCode && delivery.status !== 'handedOver' && delivery.status !== 'revoked')
    .map((line) => [tapButton(texts.say('staff-hand-over', { title: isolate(line.title) }), act('handOver', line.id))]);
  const canResend =
    !blocked && view.lines.some(({ delivery }) => delivery && delivery.status !== 'handedOver' && delivery.status !== 'revoked');
  return [
    ...handOvers,
    [
      ...(canResend ? [tapButton(texts.say('staff-resend'), act('resend'))] : []),
      ...(blocked || view.total === 0 ? [] : [tapButton(texts.say('staff-refund'), act('refund'))]),
    ],
  ];
}
