/** The basket, and the screen that is confirmed. */
import type { InlineKeyboardButton } from 'grammy/types';
import type { CoinOffer } from '../../domain/coin.ts';
import { inStars, type MethodName, takesCoins } from '../../domain/payment.ts';
import type { Texts } from '../bundle.ts';
import type { Callback, LinesSource, Origin } from '../callback.ts';
import { bold, isolate, lines, type RichText, rich, type TextPart } from '../rich-text.ts';
import { orderCoinScreen } from './coin.ts';
import { methodText } from './order.ts';
import { codeButton, codeLine, type ShownCode } from './promo-code.ts';
import { backRow, homeButton, makeScreen, pairs, type Screen, tapButton } from './screen.ts';
import { priceText, type ShownProduct } from './shop.ts';

export interface ShownLine {
  readonly product: ShownProduct;
  readonly quantity: number;
}

export interface ShownBasket {
  readonly lines: readonly ShownLine[];
  /** Titles of products no longer on sale; they are not ordered. */
  readonly gone: readonly string[];
  readonly total: number;
  readonly starsTotal: number | null;
  readonly currency: string;
  /** Methods all lines allow. */
  readonly methods: readonly MethodName[];
  readonly code: ShownCode | null;
  /** Lines by which can be paid together; one group when all can. */
  readonly groups: readonly (readonly ShownLine[])[];
}

/** Buttons of a keyboard stay below Telegram's hundred: a line has five. */
const lineRowLimit = 15;

export function basketScreen(texts: Texts, basket: ShownBasket, notice?: TextPart): Screen {
  const shop = tapButton(texts.say('menu-shop'), { to: 'shop' });
  const head = notice === undefined ? [] : [rich('❗ ', notice), ''];
  const gone = basket.gone.length > 0 ? texts.say('basket-gone', { titles: isolate(basket.gone.join(', ')) }) : undefined;
  if (basket.lines.length === 0) {
    return makeScreen(lines([...head, texts.say('basket-empty'), gone]), [[shop], [homeButton(texts)]]);
  }
  const clashes = basket.groups.length > 1;
  const content = lines([
    ...head,
    bold(texts.say('basket-title')),
    '',
    ...basket.lines.map((line) => lineText(texts, line)),
    gone,
    '',
    codeText(texts, clashes && basket.code?.refusal === null ? null : basket.code, basket),
    clashes ? texts.say('basket-clash') : bold(texts.say('confirm-total', { total: totalOf(texts, basket) })),
    ...(clashes ? basket.groups.map((group, index) => texts.say('basket-group', { number: index + 1, titles: titlesOf(group) })) : []),
  ]);
  const rows = basket.lines.slice(0, lineRowLimit).flatMap((line) => lineRows(line));
  const orders = clashes
    ? basket.groups.map((group, index) => [
        tapButton(texts.say('basket-group', { number: index + 1, titles: titlesOf(group) }), {
          to: 'confirm',
          source: { from: 'group', index },
        }),
      ])
    : [[orderButton(texts, basket)]];
  const clear = tapButton(texts.say('basket-clear'), { to: 'clear' });
  return makeScreen(content, [...rows, ...orders, [codeButton(texts, basket.code, null)], [clear, shop], [homeButton(texts)]]);
}

function orderButton(texts: Texts, basket: ShownBasket): InlineKeyboardButton {
  const text = texts.say('basket-order', { total: totalOf(texts, basket) });
  return { ...tapButton(text, { to: 'confirm', source: { from: 'basket' } }), style: 'primary' };
}

/** The title has a row of its own: beside the others a phone shows nothing of it. */
function lineRows({ product, quantity }: ShownLine): InlineKeyboardButton[][] {
  const set = (wanted: number): Callback => ({ to: 'quantity', productId: product.id, quantity: Math.max(0, wanted) });
  const card = { to: 'product', productId: product.id, origin: { from: 'basket' } } as const;
  return [
    [tapButton(isolate(product.title), card)],
    [tapButton('−', set(quantity - 1)), tapButton(String(quantity), card), tapButton('+', set(quantity + 1)), tapButton('🗑', set(0))],
  ];
}

function titlesOf(group: readonly ShownLine[]): string {
  return isolate(group.map((line) => line.product.title).join(', '));
}

/** The entered code in the money that is shown beside it. */
function codeText(
  texts: Texts,
  code: ShownCode | null,
  { starsTotal, methods, currency }: Pick<ShownBasket, 'starsTotal' | 'methods' | 'currency'>,
): string | undefined {
  return code === null ? undefined : codeLine(texts, code, { currency, inStars: isInStars(methods) && starsTotal !== null });
}

const isInStars = (methods: readonly MethodName[]) => methods.length > 0 && methods.every(inStars);

function totalOf(
  texts: Texts,
  { total, starsTotal, methods, currency }: Pick<ShownBasket, 'total' | 'starsTotal' | 'methods' | 'currency'>,
): string {
  return isInStars(methods) && starsTotal !== null ? texts.money(starsTotal, 'XTR') : texts.money(total, currency);
}

/** `2 × Title – ~~200.00~~ 160.00 PLN, -20%`. */
function lineText(texts: Texts, { product, quantity }: ShownLine): RichText {
  const { quote, baseStars } = product;
  const times = {
    ...product,
    quote: {
      ...quote,
      basePrice: quote.basePrice * quantity,
      price: quote.price * quantity,
      starsPrice: quote.starsPrice === null ? null : quote.starsPrice * quantity,
    },
    baseStars: baseStars === null ? null : baseStars * quantity,
  };
  return rich(texts.say('order-line', { quantity, title: isolate(product.title) }), ' – ', priceText(texts, times));
}

export interface ShownConfirm {
  readonly orderCode: string;
  readonly source: LinesSource;
  /** What the card was opened from that led here. */
  readonly origin?: Origin | undefined;
  /** Digest of the lines, so that an old screen places nothing else. */
  readonly digest: string;
  readonly lines: readonly ShownLine[];
  readonly total: number;
  readonly starsTotal: number | null;
  readonly tax: number;
  readonly currency: string;
  /** What can be paid with now. */
  readonly methods: readonly MethodName[];
  readonly code: ShownCode | null;
  readonly holdSeconds: number;
  /** In the wallet, minor units. */
  readonly balance: number;
  /** What a top-up must bring so that the wallet can pay, minor units; absent when it can, or nothing tops it up. */
  readonly topUp?: number | undefined;
}

/** In which coin? That tap places the order. */
export function placeCoinScreen(
  texts: Texts,
  wish: Omit<Extract<Callback, { to: 'placeCoins' }>, 'to'>,
  currency: string,
  offers: readonly CoinOffer[],
  origin?: Origin,
): Screen {
  return orderCoinScreen(texts, { amount: wish.total, currency }, offers, {
    tap: (coin) => ({ to: 'place', ...wish, stars: null, coin }),
    back: { to: 'confirm', source: wish.source, origin },
  });
}

/** One button per method; that tap places the order. */
export function confirmScreen(texts: Texts, confirm: ShownConfirm, notice?: TextPart): Screen {
  const { total, starsTotal, currency, methods, source, holdSeconds } = confirm;
  const isFree = total === 0;
  const content = lines([
    ...(notice === undefined ? [] : [rich('❗ ', notice), '']),
    bold(texts.say('confirm-title')),
    '',
    ...confirm.lines.map((line) => lineText(texts, line)),
    '',
    codeText(texts, confirm.code, confirm),
    bold(texts.say('confirm-total', { total: isFree ? texts.say('word-free') : totalOf(texts, confirm) })),
    confirm.tax > 0 && methods.some((method) => !inStars(method))
      ? texts.say('confirm-tax', { tax: texts.money(confirm.tax, currency) })
      : undefined,
    methods.includes('wallet') && !isFree ? texts.say('confirm-wallet', { balance: texts.money(confirm.balance, currency) }) : undefined,
    '',
    methods.length === 0 ? texts.say('confirm-no-method') : howText(texts, holdSeconds),
  ]);
  const place = (method: MethodName): Callback => {
    const wish = { orderCode: confirm.orderCode, method, source, lines: confirm.digest, total };
    return takesCoins(method)
      ? { to: 'placeCoins', ...wish }
      : { to: 'place', ...wish, stars: inStars(method) ? starsTotal : null, coin: null };
  };
  const { topUp } = confirm;
  // What the wallet lacks is offered instead of a refusal.
  const offered = isFree ? freeMethods(methods) : methods.filter((method) => method !== 'wallet' || topUp === undefined);
  // Many methods stand two by two. What they cost is said above; Stars alone cost something else.
  const isMany = offered.length > fewMethods;
  const label = (method: MethodName) => {
    if (isFree) return texts.say('confirm-free');
    if (isMany && !inStars(method)) return methodText(texts, method);
    const amount = inStars(method) ? texts.money(starsTotal ?? 0, 'XTR') : texts.money(total, currency);
    return texts.say('order-pay-with', { method: methodText(texts, method), amount });
  };
  const buttons = offered.map((method) => tapButton(label(method), place(method)));
  const rows = isMany ? pairs(buttons) : buttons.map((button) => [button]);
  const topUps = topUp === undefined || isFree ? [] : topUpRows(texts, confirm, topUp);
  const code = codeButton(texts, confirm.code, source, confirm.origin);
  return makeScreen(content, [...rows, ...topUps, [code], ...changeRows(texts, confirm)]);
}

/** As many have a row each. */
const fewMethods = 3;

function topUpRows(texts: Texts, { orderCode, source, digest, total, currency }: ShownConfirm, topUp: number): InlineKeyboardButton[][] {
  const amount = texts.money(topUp, currency);
  return [
    [tapButton(texts.say('confirm-auto-buy', { amount }), { to: 'autoBuy', orderCode, source, lines: digest, total })],
    [tapButton(texts.say('confirm-top-up', { amount }), { to: 'refillAmount', amount: topUp })],
  ];
}

/** What costs nothing needs no provider: the one that asks nobody outside. */
function freeMethods(methods: readonly MethodName[]): MethodName[] {
  const method = methods.find((name) => name === 'wallet') ?? methods[0];
  return method === undefined ? [] : [method];
}

function howText(texts: Texts, holdSeconds: number): string {
  return holdSeconds % 60 === 0
    ? texts.say('confirm-how', { minutes: holdSeconds / 60 })
    : texts.say('confirm-how-seconds', { seconds: holdSeconds });
}

function changeRows(texts: Texts, { source, origin }: Pick<ShownConfirm, 'source' | 'origin'>): InlineKeyboardButton[][] {
  if (source.from !== 'product') return [backRow(texts, { to: 'basket' })];
  if (source.amount !== undefined) return [backRow(texts, { to: 'product', productId: source.productId, origin })];
  const change = (quantity: number): Callback => ({ to: 'confirm', source: { ...source, quantity }, origin });
  return [
    [
      ...(source.quantity > 1 ? [tapButton(`− ${texts.say('confirm-less')}`, change(source.quantity - 1))] : []),
      ...(source.quantity < 100 ? [tapButton(`+ ${texts.say('confirm-more')}`, change(source.quantity + 1))] : []),
    ],
    backRow(texts, { to: 'product', productId: source.productId, origin }),
  ];
}
