/** The menu and the plain sentences: start, help, language, status. */
import type { InlineKeyboardButton } from 'grammy/types';
import { languages } from '../../domain/language.ts';
import type { MethodName } from '../../domain/payment.ts';
import { type Texts, textsOf } from '../bundle.ts';
import { bold, isolate, lines, type TextPart } from '../rich-text.ts';
import { methodText } from './order.ts';
import { homeButton, makeScreen, type Screen, tapButton } from './screen.ts';

/** Rows to everywhere. `basketCount`: pieces in the basket. */
export function menuRows(texts: Texts, basketCount: number): InlineKeyboardButton[][] {
  const basket = basketCount > 0 ? texts.say('menu-basket-count', { count: basketCount }) : texts.say('menu-basket');
  return [
    [{ ...tapButton(texts.say('menu-shop'), { to: 'shop' }), style: 'primary' }],
    [tapButton(basket, { to: 'basket' }), tapButton(texts.say('menu-orders'), { to: 'orders', page: 0 })],
    [tapButton(texts.say('menu-wallet'), { to: 'wallet', page: 0 }), tapButton(texts.say('menu-referrals'), { to: 'referrals' })],
    [tapButton(texts.say('menu-profile'), { to: 'profile' }), tapButton(texts.say('menu-language'), { to: 'language' })],
    [tapButton(texts.say('menu-help'), { to: 'help' })],
  ];
}

export interface Menu {
  /** Pieces in the basket. */
  readonly basketCount: number;
  /** The customer's first name; empty: nobody is greeted by name. */
  readonly name: string;
  /** Why it is shown instead of what was asked; then nobody is greeted. */
  readonly notice?: string | undefined;
}

/** The first screen. */
export function menuScreen(texts: Texts, shop: { title: string; open: boolean }, { basketCount, name, notice }: Menu): Screen {
  const content = lines([
    ...(notice === undefined ? [] : [notice, '']),
    notice === undefined && name !== '' ? texts.say('start-hello', { name: isolate(name) }) : undefined,
    bold(texts.say('start-welcome', { shop: isolate(shop.title) })),
    texts.say('start-hint'),
    ...(shop.open ? [] : ['', texts.say('shop-closed-note')]),
  ]);
  return makeScreen(content, menuRows(texts, basketCount));
}

/** A sentence with the menu under it. */
export function sentenceScreen(texts: Texts, sentence: string, basketCount: number): Screen {
  return makeScreen(lines([sentence]), menuRows(texts, basketCount));
}

interface HelpFacts {
  /** The bot's name, where inline mode is on. */
  readonly inlineBot: string | undefined;
  /** What stands on the Mini App's button beside the input, where there is one. */
  readonly appButton: string | undefined;
}

/** What one can do here. */
export function helpScreen(texts: Texts, { inlineBot, appButton }: HelpFacts): Screen {
  const content = lines([
    bold(texts.say('help-title')),
    '',
    texts.say('help-find'),
    inlineBot === undefined ? undefined : texts.say('help-inline', { bot: isolate(`@${inlineBot}`) }),
    texts.say('help-buy'),
    texts.say('help-code'),
    texts.say('help-gift'),
    texts.say('help-watch'),
    texts.say('help-claim'),
    appButton === undefined ? undefined : texts.say('help-app', { button: isolate(appButton) }),
    '',
    texts.say('help-more'),
  ]);
  return makeScreen(content, [
    [{ ...tapButton(texts.say('menu-shop'), { to: 'shop' }), style: 'primary' }],
    [tapButton(texts.say('code-enter'), { to: 'code', source: null }), tapButton(texts.say('gift-button'), { to: 'gifts' })],
    [tapButton(texts.say('menu-orders'), { to: 'orders', page: 0 }), tapButton(texts.say('wallet-refill'), { to: 'refill' })],
    [homeButton(texts)],
  ]);
}

/** A page of text: terms, privacy, support. */
export function pageScreen(texts: Texts, parts: readonly TextPart[]): Screen {
  return makeScreen(lines(parts), [[homeButton(texts)]]);
}

export function languageScreen(texts: Texts, notice?: string): Screen {
  const content = lines([...(notice === undefined ? [] : [notice, '']), texts.say('language-title')]);
  const row = languages.map((language) => {
    const name = textsOf(language).say('language-name');
    return tapButton(language === texts.language ? `✓ ${name}` : name, { to: 'speak', language });
  });
  return makeScreen(content, [row, [homeButton(texts)]]);
}

export function statusScreen(texts: Texts, status: { open: boolean; methods: readonly MethodName[]; openOrders: number }): Screen {
  const methods = status.methods.map((method) => methodText(texts, method)).join(', ');
  const content = lines([
    texts.say(status.open ? 'status-open' : 'status-closed'),
    ...(methods === '' ? [] : [texts.say('status-methods', { methods })]),
    texts.say('status-orders', { count: status.openOrders }),
  ]);
  return makeScreen(content, [[tapButton(texts.say('menu-orders'), { to: 'orders', page: 0 })], [homeButton(texts)]]);
}
