/** Waiting for sold-out products: the list under the profile, the button on a card, and what is said when one is back. */
import type { InlineKeyboardButton } from 'grammy/types';
import type { NoticeContent } from '../../domain/notice.ts';
import { type Texts, textsOf } from '../bundle.ts';
import { bold, isolate, lines } from '../rich-text.ts';
import { backRow, makeScreen, type Screen, tapButton } from './screen.ts';

/** Products a customer waits for: each opens, and can be taken off. `notice` answers the last tap. */
export function watchesScreen(texts: Texts, products: readonly { readonly id: number; readonly title: string }[], notice?: string): Screen {
  const content = lines([
    ...(notice === undefined ? [] : [`❗ ${notice}`, '']),
    bold(texts.say('stock-watch-title')),
    products.length === 0 ? texts.say('stock-watch-none') : texts.say('stock-watch-about', { count: products.length }),
  ]);
  const rows = products
    .slice(0, 50)
    .map(({ id, title }) => [
      tapButton(isolate(title), { to: 'product', productId: id }),
      tapButton(texts.say('stock-watch-remove'), { to: 'unwatch', productId: id, fromList: true }),
    ]);
  return makeScreen(content, [...rows, backRow(texts, { to: 'profile' })]);
}

/** On the card of what is sold out. */
export function watchButton(texts: Texts, productId: number, watching: boolean): InlineKeyboardButton {
  return watching
    ? tapButton(texts.say('stock-watch-stop'), { to: 'unwatch', productId, fromList: false })
    : tapButton(texts.say('stock-watch-ask'), { to: 'watch', productId });
}

/** It is back. */
export function stockBackNotice({ productId, title }: Extract<NoticeContent, { kind: 'stockBack' }>, language: string | Texts): Screen {
  const texts = textsOf(language);
  const open = tapButton(texts.say('stock-watch-open'), { to: 'product', productId });
  return makeScreen(texts.sayRich('notice-stock-back', { product: bold(isolate(title)) }), [[{ ...open, style: 'primary' }]]);
}
