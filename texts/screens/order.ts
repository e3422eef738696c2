/** The order's screen: one message, edited in place from the tap that places it to the goods. */
import type { InlineKeyboardButton } from 'grammy/types';
import { formatOrderCode } from '../../domain/order-code.ts';
import type { OrderLineView, OrderStatus, OrderView } from '../../domain/order.ts';
import { kindTraits } from '../../domain/product.ts';
import { inStars, type MethodName, providerOfMethod, providerTraits, takesCoins } from '../../domain/payment.ts';
import { type Overrides, type Texts, textsOf } from '../bundle.ts';
import { bold, code, isolate, lines, type RichText, rich, strikethrough } from '../rich-text.ts';
import { type AddressToPay, addressButtons, addressLines } from './coin.ts';
import { savingLine } from './promo-code.ts';
import { copyButton, homeButton, makeScreen, pairs, type Screen, tapButton, urlButton } from './screen.ts';

export interface OrderScreenOptions {
  /** Link to pay an invoice of Telegram, made by whoever draws (`createInvoiceLink`). */
  readonly invoiceUrl?: string | undefined;
  /** ms since epoch. */
  readonly now: number;
  /** A sentence on top: why a tap changed nothing. */
  readonly notice?: string | undefined;
  readonly overrides?: Overrides | undefined;
}

/** Text id of a status in the customer's words. */
export const statusTextIds: Readonly<Record<OrderStatus, string>> = {
  awaitingPayment: 'order-awaiting-payment',
  awaitingSettlement: 'order-awaiting-settlement',
  paid: 'order-paid',
  delivered: 'order-delivered',
  unfulfillable: 'order-unfulfillable',
  refunded: 'order-refunded',
  expired: 'order-expired',
  cancelled: 'order-cancelled',
};

/** What the customer sees of an order, with the buttons its state allows. */
export function orderScreen(view: OrderView, options: OrderScreenOptions): Screen {
  const texts = textsOf(view.language, options.overrides);
  const content = lines([
    ...(options.notice ? [`❗ ${options.notice}`, ''] : []),
    bold(texts.say('order-title', { code: formatOrderCode(view.code) })),
    texts.say(statusTextIds[view.status]),
    '',
    ...view.lines.map((line) => orderLine(texts, view, line)),
    view.promo ? savingLine(texts, view.promo, { currency: view.currency, inStars: inStars(view.method) }) : undefined,
    bold(texts.say('order-total', { total: totalText(texts, view) })),
    view.tax > 0 && !inStars(view.method) ? texts.say('order-tax', { tax: texts.money(view.tax, view.currency) }) : undefined,
    '',
    ...explain(texts, view, options),
    ...view.refunds.map((refund) => refundLine(texts, refund)),
    texts.sayRich('order-placed', { time: texts.time(view.placedAt, 'Dt') }),
  ]);
  return makeScreen(content, buttonRows(texts, view, options));
}

/** One message shortly before the hold ends. */
export function reminderScreen(view: OrderView, overrides?: Overrides): Screen {
  const texts = textsOf(view.language, overrides);
  const content = texts.sayRich('order-reminder', {
    code: code(formatOrderCode(view.code)),
    time: texts.time(view.holdEndsAt),
    countdown: texts.time(view.holdEndsAt, 'r'),
  });
  return makeScreen(content, [[tapButton(texts.say('order-open'), { to: 'order', orderCode: view.code, anew: false })]]);
}

/** The order's total in the currency of its method. */
export function totalText(texts: Texts, view: Pick<OrderView, 'method' | 'total' | 'starsTotal' | 'currency'>): string {
  return amountText(texts, view, view.method);
}

function amountText(texts: Texts, view: Pick<OrderView, 'total' | 'starsTotal' | 'currency'>, method: MethodName): string {
  if (inStars(method) && view.starsTotal !== null) return texts.money(view.starsTotal, 'XTR');
  return texts.money(view.total, view.currency);
}

/** `2 × Title – ~~200.00~~ 160.00 PLN, -20%`. */
export function orderLine(texts: Texts, view: Pick<OrderView, 'method' | 'currency'>, line: OrderLineView): RichText {
  const title = texts.say('order-line', { quantity: line.quantity, title: isolate(line.title) });
  const discount = line.discountPercent > 0 ? `, -${line.discountPercent}%` : '';
  if (inStars(view.method) && line.starsPrice !== null) {
    return rich(title, ' – ', texts.money(line.starsPrice * line.quantity, 'XTR'), discount);
  }
  const amount = texts.money(line.price * line.quantity, view.currency);
  if (discount === '') return rich(title, ' – ', amount);
  const before = strikethrough(texts.money(line.basePrice * line.quantity, view.currency));
  return rich(title, ' – ', before, ' ', amount, discount);
}

/** What there is to know or do now. */
function explain(texts: Texts, view: OrderView, { now }: OrderScreenOptions): (RichText | string)[] {
  const times = (at: number) => ({ time: bold(texts.time(at)), countdown: texts.time(at, 'r') });
  switch (view.status) {
    case 'awaitingPayment': {
      if (view.onItsWay) return [texts.say('order-on-its-way'), ''];
      const missing = view.total - view.held;
      return [
        ...(view.held > 0 && missing > 0
          ? [texts.say('order-partial', { received: texts.money(view.held, view.currency), missing: texts.money(missing, view.currency) })]
          : []),
        ...(view.payment?.status === 'failed' ? [texts.say('order-payment-failed')] : []),
        ...(isOpening(view) ? [texts.say('order-opening')] : []),
        ...addressToPay(view).flatMap((address) => [...addressLines(texts, address), '']),
        view.holdEndsAt > now ? texts.sayRich('order-until', times(view.holdEndsAt)) : texts.say('rejection-HoldExpired'),
        '',
      ];
    }
    case 'awaitingSettlement':
      // The verdict is awaited at most the method's window after the end of the hold.
      return [texts.sayRich('order-settling', times(view.holdEndsAt + settlementWindowMs(view))), ''];
    case 'paid':
      return [texts.say('order-preparing'), ...unequalLines(texts, view), ...deliveryLines(texts, view), ''];
    case 'delivered':
      return [
        texts.say('order-thanks'),
        texts.say('order-paid-by', { method: methodText(texts, view.method) }),
        ...unequalLines(texts, view),
        ...deliveryLines(texts, view),
        '',
      ];
    case 'unfulfillable':
      return [texts.say('order-sorry'), ''];
    case 'refunded':
      return [...(view.wasUnfulfillable ? [texts.say('order-sorry-refunded')] : deliveryLines(texts, view)), ''];
    case 'expired':
      return [endText(texts, view, view.endedBy === 'settlementEnded' ? 'order-expired-settlement' : 'order-expired-hold'), ''];
    case 'cancelled':
      return [endText(texts, view, view.endedBy === 'customer' ? 'order-cancelled-customer' : 'order-cancelled-staff'), ''];
  }
}

/** How it ended unpaid, where money that had arrived is, and where its lines are. */
function endText(texts: Texts, view: OrderView, ended: string): string {
  const money =
    view.toWallet > 0
      ? [texts.say('order-in-wallet', { amount: texts.money(view.toWallet, view.currency) })]
      : view.endedBy === 'settlementEnded'
        ? []
        : [texts.say('order-nothing-charged')];
  return [texts.say(ended), ...money, ...(view.fromBasket ? [texts.say('order-in-basket')] : [])].join(' ');
}

/** What was paid too much, or a little too little. */
function unequalLines(texts: Texts, { toWallet, tolerated, currency }: OrderView): string[] {
  return [
    ...(toWallet > 0 ? [texts.say('order-over', { amount: texts.money(toWallet, currency) })] : []),
    ...(tolerated > 0 ? [texts.say('order-tolerated', { amount: texts.money(tolerated, currency) })] : []),
  ];
}

function settlementWindowMs(view: OrderView): number {
  return providerTraits[view.payment?.provider ?? providerOfMethod[view.method]].settlementWindowSeconds * 1000;
}

/** The provider is being asked for a page to pay on. */
export function isOpening(view: OrderView): boolean {
  return view.status === 'awaitingPayment' && view.payment?.status === 'pending' && view.payment.instructions === null;
}

export function methodText(texts: Texts, method: MethodName): string {
  return texts.say(`method-${method}`);
}

/** Lines whose goods need the customer's attention: pickup codes, what staff hand over, what was taken back. */
function deliveryLines(texts: Texts, view: OrderView): RichText[] {
  return view.lines.flatMap((line): RichText[] => {
    const { delivery } = line;
    if (!delivery) return [];
    const word = {
      waiting: 'order-delivery-waiting',
      sending: 'order-delivery-waiting',
      sent: undefined,
      staffTask: 'order-delivery-staff',
      handedOver: 'order-delivery-handed',
      revoked: 'order-delivery-revoked',
    }[delivery.status];
    const isCollectable = delivery.handoverCode !== null && delivery.status !== 'handedOver' && delivery.status !== 'revoked';
    if (!word && !isCollectable) return [];
    const place = isCollectable && line.pickupPoint ? `\n${texts.say('pickup-where', placeArgs(line.pickupPoint))}` : '';
    return [
      rich(
        '• ',
        isolate(line.title),
        word ? `: ${texts.say(word)}` : '',
        place,
        ...(isCollectable ? ['\n', texts.sayRich('order-handover-code', { code: code(delivery.handoverCode ?? '') })] : []),
      ),
    ];
  });
}

export function placeArgs(point: { name: string; address: string }): { name: string; address: string } {
  return { name: isolate(point.name), address: isolate(point.address) };
}

function refundLine(texts: Texts, refund: OrderView['refunds'][number]): string {
  const state = refund.status === 'succeeded' || refund.status === 'failed' ? refund.status : 'requested';
  const what = refund.scope === 'order' ? 'refund' : 'money';
  return texts.say(`order-${what}-${state}`, { amount: texts.money(refund.amount, refund.currency) });
}

function buttonRows(texts: Texts, view: OrderView, options: OrderScreenOptions): InlineKeyboardButton[][] {
  const orderCode = view.code;
  const home = homeButton(texts);
  const shop = tapButton(texts.say('menu-shop'), { to: 'shop' });
  const refresh = tapButton(texts.say('order-refresh'), { to: 'order', orderCode, anew: false });
  switch (view.status) {
    case 'awaitingPayment':
      if (view.onItsWay) return [[refresh], [home]];
      return [
        payButton(texts, view, options),
        ...addressToPay(view).flatMap((address) => addressButtons(texts, address, { noun: 'order', code: orderCode })),
        // A page of the provider may be paid without anybody telling us: the customer can have it asked.
        view.payment?.status === 'pending' && (view.payment.instructions?.kind === 'link' || view.payment.instructions?.kind === 'address')
          ? [tapButton(texts.say('order-i-paid'), { to: 'paid', orderCode })]
          : [],
        ...pairs(otherMethods(texts, view)),
        otherCoin(texts, view),
        isOpening(view) ? [refresh] : [],
        [tapButton(texts.say('order-cancel'), { to: 'cancel', orderCode })],
        [home],
      ];
    case 'awaitingSettlement':
      return [[refresh], [home]];
    case 'paid':
      return [[refresh], [home]];
    case 'delivered':
      return [...showButtons(texts, view), claimButton(texts, view, options.now), [shop, home]];
    case 'unfulfillable':
    case 'refunded':
      return [[shop, home]];
    case 'expired':
    case 'cancelled':
      return [...againRows(texts, view), [shop, home]];
  }
}

/** To what was not bought in the end: the basket it is in again, or the cards of what was bought at once. */
function againRows(texts: Texts, { fromBasket, lines: sold }: OrderView): InlineKeyboardButton[][] {
  if (fromBasket) return [[tapButton(texts.say('menu-basket'), { to: 'basket' })]];
  return sold.map(({ title, productId }) => [tapButton(`↻ ${isolate(title)}`, { to: 'product', productId })]);
}

/** Where coins are to be sent now: one address, or none. */
function addressToPay({ payment }: OrderView): AddressToPay[] {
  return payment?.status === 'pending' && payment.instructions?.kind === 'address' ? [payment.instructions] : [];
}

function payButton(texts: Texts, view: OrderView, { invoiceUrl }: OrderScreenOptions): InlineKeyboardButton[] {
  const { payment } = view;
  if (payment?.status !== 'pending' || !payment.instructions) return [];
  const text = texts.say('order-pay', { amount: texts.money(payment.amount, payment.currency) });
  const url =
    payment.instructions.kind === 'link' ? payment.instructions.url : payment.instructions.kind === 'invoice' ? invoiceUrl : undefined;
  return url === undefined ? [] : [{ ...urlButton(text, url), style: 'success' }];
}

/** The other methods, and the same again when its attempt failed. What was begun in the shop's currency is not finished in Stars. */
function otherMethods(texts: Texts, view: OrderView): InlineKeyboardButton[] {
  const attempt = Number(view.payment?.id.split('-').at(-1) ?? 0) + 1;
  const failed = view.payment !== null && view.payment.status !== 'pending' && view.payment.status !== 'processing';
  return view.methods
    .filter((method) => (method !== view.method || failed) && !(inStars(method) && view.held > 0))
    .map((method) => {
      const missing = inStars(method) ? amountText(texts, view, method) : texts.money(Math.max(0, view.total - view.held), view.currency);
      const wish = { orderCode: view.code, method, attempt };
      return tapButton(
        texts.say('order-pay-with', { method: methodText(texts, method), amount: missing }),
        takesCoins(method) ? { to: 'payCoins', ...wish } : { to: 'pay', ...wish, coin: null },
      );
    });
}

/** Whoever was given an address may still take another coin. */
function otherCoin(texts: Texts, view: OrderView): InlineKeyboardButton[] {
  const { payment, method, code: orderCode } = view;
  if (!takesCoins(method) || payment?.status !== 'pending' || payment.instructions === null) return [];
  const attempt = Number(payment.id.split('-').at(-1)) + 1;
  return [tapButton(texts.say('order-other-coin'), { to: 'payCoins', orderCode, method, attempt })];
}

/** Within its warranty: something is wrong. */
function claimButton(texts: Texts, { lines, code: orderCode }: OrderView, now: number): InlineKeyboardButton[] {
  const isCovered = lines.some(({ warrantyUntil }) => warrantyUntil != null && now <= warrantyUntil);
  return isCovered ? [tapButton(texts.say('claim-begin'), { to: 'claims', orderCode })] : [];
}

/** Goods to look at again, codes to copy, and sending all of it once more. */
function showButtons(texts: Texts, view: OrderView): InlineKeyboardButton[][] {
  const rows = view.lines.flatMap((line): InlineKeyboardButton[][] => {
    const { delivery } = line;
    if (!delivery || delivery.status === 'revoked') return [];
    if (kindTraits[line.kind].handover === 'secret') {
      return [[tapButton(texts.say('order-show', { title: isolate(line.title) }), { to: 'show', deliveryId: delivery.id, anew: true })]];
    }
    const copy =
      delivery.status !== 'handedOver' && delivery.handoverCode
        ? copyButton(`${texts.say('pickup-copy')} ${delivery.handoverCode}`, delivery.handoverCode)
        : undefined;
    return copy ? [[copy]] : [];
  });
  const canResend = view.lines.some(({ delivery }) => delivery?.status === 'sent' || delivery?.status === 'staffTask');
  return [...rows.slice(0, 8), canResend ? [tapButton(texts.say('order-resend'), { to: 'resend', orderCode: view.code })] : []];
}
