/** Coins straight from their chain: the customer's own address, and what becomes of what is sent there. */
import type { InlineKeyboardButton } from 'grammy/types';
import { type Coin, coinTraits, type Confirmations } from '../../domain/chain.ts';
import type { ChainDepositView } from '../../domain/deposit.ts';
import type { Money } from '../../domain/money.ts';
import type { Texts } from '../bundle.ts';
import { withUnit } from '../money.ts';
import { bold, code, isolate, lines } from '../rich-text.ts';
import { methodText } from './order.ts';
import { backRow, copyButton, homeButton, makeScreen, type Screen, tapButton } from './screen.ts';

/** `rate`: what one coin is worth; it holds for what is seen until `until`, ms since epoch. */
export interface ShownAddress {
  readonly coin: Coin;
  readonly address: string;
  readonly rate: Money;
  readonly until: number;
  readonly confirmations: Confirmations;
}

/** A button for each coin. */
export function chainButtons(texts: Texts, coins: readonly Coin[]): InlineKeyboardButton[] {
  return coins.map((coin) => tapButton(methodText(texts, coin), { to: 'coin', coin }));
}

/** The customer's own address. */
export function coinAddressScreen(texts: Texts, { coin, address, rate, until, confirmations }: ShownAddress, notice?: string): Screen {
  const { ticker, title, blockSeconds } = coinTraits[coin];
  const minutes = Math.round((confirmations.usual * blockSeconds) / 60);
  const content = lines([
    ...(notice === undefined ? [] : [`ℹ️ ${notice}`, '']),
    bold(texts.say('chain-title', { coin: title })),
    texts.say('chain-send', { coin: ticker }),
    code(address),
    texts.say('chain-only', { coin: title, ticker }),
    '',
    texts.say('chain-confirmations', { count: confirmations.usual, minutes }),
    texts.say('chain-much', { count: confirmations.ofMuch, amount: texts.money(100_000, 'EUR') }),
    texts.sayRich('chain-rate', {
      rate: bold(isolate(`${withUnit('1', ticker)} = ${texts.money(rate.amount, rate.currency)}`)),
      time: bold(texts.time(until, 't')),
    }),
  ]);
  const copy = copyButton(texts.say('coin-copy-address'), address);
  return makeScreen(content, [
    [...(copy ? [copy] : []), tapButton(texts.say('coin-qr'), { to: 'coinQr', coin })],
    [tapButton(texts.say('chain-look'), { to: 'coinLook', coin })],
    [tapButton(texts.say('menu-wallet'), { to: 'wallet', page: 0 }), homeButton(texts)],
  ]);
}

/** Beneath the picture of the address's QR code. */
export function coinQrCaption(texts: Texts, { coin, address }: Pick<ShownAddress, 'coin' | 'address'>): Screen {
  const { title, ticker } = coinTraits[coin];
  const content = lines([bold(texts.say('chain-title', { coin: title })), code(address), texts.say('chain-only', { coin: title, ticker })]);
  return makeScreen(content, [[tapButton(texts.say('chain-open'), { to: 'coin', coin })]]);
}

/** The coin cannot be taken now. */
export function coinClosedScreen(texts: Texts, coin: Coin): Screen {
  const content = lines([texts.say('chain-closed', { coin: coinTraits[coin].title })]);
  return makeScreen(content, [backRow(texts, { to: 'refill' })]);
}

/** What a deposit's one message says of its output. */
export function outputText(
  texts: Texts,
  textId: 'deposit-chain-seen' | 'deposit-chain-confirming' | 'deposit-chain-gone',
  output: ChainDepositView,
): string {
  const units = isolate(withUnit(output.units, coinTraits[output.coin].ticker));
  return texts.say(textId, { units, count: output.required });
}
