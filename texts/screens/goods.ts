/** The goods of one order line, as the customer gets them. */
import type { InlineKeyboardButton } from 'grammy/types';
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

/** The secrets of a line, each under a spoiler with a button that copies it. */
export function goodsMessage(line: OrderLineView, secrets: readonly string[], view: OrderView): GoodsMessage {
  const texts = textsOf(view.language);
  const title = bold(texts.say('goods-title', { title: isolate(line.title) }));
  const content = lines([title, orderRow(texts, view), '', ...secretParts(secrets), '', texts.say('goods-tap')]);
  if (content.text.length > messageLimit) {
    const caption = rich(texts.say('goods-file', { title: isolate(line.title), code: formatOrderCode(view.code) }));
    return {
      screen: makeScreen(caption, [openOrderRow(texts, view)]),
      document: { name: `${formatOrderCode(view.code)}-${line.id}.txt`, bytes: new TextEncoder().encode(`${secrets.join('\n\n')}\n`) },
    };
  }
  return { screen: makeScreen(content, [...pairs(secretButtons(texts, secrets)), openOrderRow(texts, view)]) };
}

function secretParts(secrets: readonly string[]): RichText[] {
  // Telegram drops white space around a message's entities, so the secret is shown without it; the copy button keeps it.
  return secrets.map((secret, index) => rich(secrets.length > 1 ? `${index + 1}. ` : '', spoiler(secret.trim())));
}

function secretButtons(texts: Texts, secrets: readonly string[]): InlineKeyboardButton[] {
  if (secrets.length > copyButtonLimit) return [];
  return secrets.flatMap((secret, index) => {
    const copy = copyButton(secrets.length > 1 ? texts.say('goods-copy-number', { number: index + 1 }) : texts.say('goods-copy'), secret);
    const address = secrets.length === 1 ? asAddress(secret) : undefined;
    return [...(copy ? [copy] : []), ...(address ? [urlButton(texts.say('goods-open-link'), address)] : [])];
  });
}

/** The secret itself when all of it is one https address. */
function asAddress(secret: string): string | undefined {
  const text = secret.trim();
  return /^https:\/\/\S+$/.test(text) && text.length <= 2048 && URL.canParse(text) ? text : undefined;
}

/** Instead of the secret when it may have gone out already: a button that shows it. */
export function goodsHiddenMessage(line: OrderLineView, view: OrderView): Screen {
  const texts = textsOf(view.language);
  const content = lines([texts.say('goods-hidden', { title: isolate(line.title) }), orderRow(texts, view)]);
  const show = line.delivery ? [tapButton(texts.say('goods-show'), { to: 'show', deliveryId: line.delivery.id, anew: false })] : [];
  return makeScreen(content, [show, openOrderRow(texts, view)]);
}

/** Where to collect, when, and with which code. Photo and map pin are messages of their own. */
export function pickupMessage(line: OrderLineView, view: OrderView): Screen {
  const texts = textsOf(view.language);
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
