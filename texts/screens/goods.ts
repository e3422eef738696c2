/** The goods of one order line, as the customer gets them. */
import type { InlineKeyboardButton } from 'grammy/types';
import { asAddress, type TextContent } from '../../domain/content.ts';
import { grantOf } from '../../domain/grant.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import type { OrderLineView, OrderView } from '../../domain/order.ts';
import { type Texts, textsOf } from '../bundle.ts';
import { bold, code, isolate, lines, type RichText, rich, spoiler } from '../rich-text.ts';
import { placeArgs } from './order.ts';
import { copyButton, makeScreen, messageLimit, pairs, type Screen, tapButton, urlButton } from './screen.ts';

/** A message, or a file with the message as its caption when the goods are longer than a message may be. */
export interface GoodsMessage {
  readonly screen: Screen;
  readonly document?: { readonly name: string; readonly bytes: Uint8Array } | undefined;
}

/** More copy buttons than this hide the goods. */
const copyButtonLimit = 10;

/** The texts of a line, each under a spoiler with a button that copies it; addresses have one that opens them. */
export function goodsMessage(
  line: OrderLineView,
  contents: readonly TextContent[],
  view: OrderView,
  texts = textsOf(view.language),
): GoodsMessage {
  const secrets = contents.map(({ text }) => text);
  const title = bold(texts.say('goods-title', { title: isolate(line.title) }));
  const content = lines([title, orderRow(texts, view), '', ...secretParts(secrets), '', texts.say('goods-tap')]);
  if (content.text.length > messageLimit) {
    const caption = rich(texts.say('goods-file', { title: isolate(line.title), code: formatOrderCode(view.code) }));
    return {
      screen: makeScreen(caption, [openOrderRow(texts, view)]),
      document: { name: `${formatOrderCode(view.code)}-${line.id}.txt`, bytes: new TextEncoder().encode(`${secrets.join('\n\n')}\n`) },
    };
  }
  return { screen: makeScreen(content, [...pairs(secretButtons(texts, contents)), openOrderRow(texts, view)]) };
}

function secretParts(secrets: readonly string[]): RichText[] {
  // Telegram drops white space around a message's entities, so the secret is shown without it; the copy button keeps it.
  return secrets.map((secret, index) => rich(secrets.length > 1 ? `${index + 1}. ` : '', spoiler(secret.trim())));
}

function secretButtons(texts: Texts, contents: readonly TextContent[]): InlineKeyboardButton[] {
  if (contents.length > copyButtonLimit) return [];
  const isOne = contents.length === 1;
  return contents.flatMap(({ kind, text }, index) => {
    const number = index + 1;
    const copy = copyButton(isOne ? texts.say('goods-copy') : texts.say('goods-copy-number', { number }), text);
    const address = isOne || kind === 'link' ? asAddress(text) : undefined;
    const open = isOne ? texts.say('goods-open-link') : texts.say('goods-open-number', { number });
    return [...(copy ? [copy] : []), ...(address ? [urlButton(open, address)] : [])];
  });
}

/** Under each file of a line. */
export function fileCaption(line: OrderLineView, view: OrderView, texts = textsOf(view.language)): Screen {
  const caption = rich(texts.say('goods-file', { title: isolate(line.title), code: formatOrderCode(view.code) }));
  return makeScreen(caption, [openOrderRow(texts, view)]);
}

/** What a line lets its customer do from now on. `credits`: what they have together, of a line that brought some. */
export function grantMessage(
  line: OrderLineView,
  { lessons, credits }: { readonly lessons: readonly string[]; readonly credits: number | null },
  view: OrderView,
  texts = textsOf(view.language),
): Screen {
  const brought = grantOf(line);
  const content = lines([
    bold(texts.say('grant-title', { title: isolate(line.title) })),
    orderRow(texts, view),
    '',
    brought.credits === null ? undefined : texts.say('grant-credits', { count: brought.credits }),
    credits === null ? undefined : texts.say('grant-credits-balance', { count: credits }),
    brought.accessSeconds === null ? undefined : texts.say('grant-access', { duration: durationText(texts, brought.accessSeconds) }),
    ...(lessons.length === 0
      ? []
      : [texts.say('grant-lessons', { count: lessons.length }), ...lessons.map((title, index) => `${index + 1}. ${isolate(title)}`)]),
  ]);
  return makeScreen(content, [openOrderRow(texts, view)]);
}

const durations = [
  ['duration-days', 86_400],
  ['duration-hours', 3_600],
  ['duration-minutes', 60],
] as const;

/** In the largest unit that says it exactly. */
export function durationText(texts: Texts, seconds: number): string {
  const [id, unit] = durations.find(([, size]) => seconds % size === 0) ?? ['duration-seconds', 1];
  return texts.say(id, { count: seconds / unit });
}

/** Nothing is handed over: the customer is thanked. */
export function thanksMessage(line: OrderLineView, view: OrderView, texts = textsOf(view.language)): Screen {
  const inStars = view.payment?.currency === 'XTR' && line.starsPrice !== null;
  const amount = inStars
    ? texts.money((line.starsPrice ?? 0) * line.quantity, 'XTR')
    : texts.money(line.price * line.quantity, view.currency);
  const content = lines([
    bold(texts.say('thanks-title')),
    texts.say('thanks-amount', { amount, title: isolate(line.title) }),
    orderRow(texts, view),
  ]);
  return makeScreen(content, [openOrderRow(texts, view)]);
}

/** Instead of the secret when it may have gone out already: a button that shows it. */
export function goodsHiddenMessage(line: OrderLineView, view: OrderView, texts = textsOf(view.language)): Screen {
  const content = lines([texts.say('goods-hidden', { title: isolate(line.title) }), orderRow(texts, view)]);
  const show = line.delivery ? [tapButton(texts.say('goods-show'), { to: 'show', deliveryId: line.delivery.id, anew: false })] : [];
  return makeScreen(content, [show, openOrderRow(texts, view)]);
}

/** Where to collect, when, and with which code. Photo and map pin are messages of their own. */
export function pickupMessage(line: OrderLineView, view: OrderView, texts = textsOf(view.language)): Screen {
  const point = line.pickupPoint;
  const handoverCode = line.delivery?.handoverCode;
  const content = lines([
    bold(texts.say('pickup-title', { title: isolate(line.title) })),
    texts.say('pickup-quantity', { count: line.quantity }),
    orderRow(texts, view),
    ...(point
      ? [
          '',
          texts.say('pickup-where', placeArgs(point)),
          texts.say('pickup-city', { city: isolate(point.city), district: isolate(point.district) }),
          texts.say('pickup-hours', { hours: isolate(point.hours) }),
          ...(point.instructions === '' ? [] : ['', point.instructions]),
        ]
      : []),
    ...(handoverCode ? ['', texts.sayRich('pickup-code', { code: code(handoverCode) })] : []),
  ]);
  const copy = handoverCode ? copyButton(texts.say('pickup-copy'), handoverCode) : undefined;
  return makeScreen(content, [copy ? [copy] : [], openOrderRow(texts, view)]);
}

function orderRow(texts: Texts, view: OrderView): string {
  return texts.say('order-title', { code: formatOrderCode(view.code) });
}

function openOrderRow(texts: Texts, view: OrderView): InlineKeyboardButton[] {
  return [tapButton(texts.say('order-open'), { to: 'order', orderCode: view.code, anew: true })];
}
