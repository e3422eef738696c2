/** Paying in coins: the address, the exact amount, and what must not be mixed up; with buttons that copy. */
import type { InlineKeyboardButton } from 'grammy/types';
import { type CoinOffer, networkCoins, type NetworkCoin } from '../../domain/coin.ts';
import { aboutUnits } from '../../domain/rate.ts';
import type { Money } from '../../domain/money.ts';
import type { Instructions, Payable } from '../../domain/payment.ts';
import type { Texts } from '../bundle.ts';
import type { Callback } from '../callback.ts';
import { withUnit } from '../money.ts';
import { bold, code, isolate, lines, type RichText } from '../rich-text.ts';
import { backRow, copyButton, makeScreen, pairs, type Screen, tapButton } from './screen.ts';

export type AddressToPay = Extract<Instructions, { readonly kind: 'address' }>;

/** `USDT · TRC20`; a coin of one network alone is named by itself. */
export function coinText(coin: NetworkCoin): string {
  const { coin: ticker, network } = networkCoins[coin];
  const isAmbiguous = Object.values(networkCoins).filter((other) => other.coin === ticker).length > 1;
  return isAmbiguous ? `${ticker} · ${network}` : ticker;
}

/** A button for each coin that takes `amount`. */
export function coinButtons(
  offers: readonly CoinOffer[],
  amount: number,
  callback: (coin: NetworkCoin) => Callback,
): InlineKeyboardButton[] {
  return offers.filter(({ minimum }) => minimum <= amount).map(({ coin }) => tapButton(coinText(coin), callback(coin)));
}

/** About how much of each coin that is, where its provider says; and the coins that need more than `amount`, each with how much. */
export function offerLines(texts: Texts, offers: readonly CoinOffer[], { amount, currency }: Money): string[] {
  const about = offers.flatMap(({ coin, minimum, price }) =>
    minimum > amount || price === undefined
      ? []
      : [texts.say('coin-about', { coin: isolate(coinText(coin)), units: isolate(aboutUnits(amount, currency, price)) })],
  );
  const others = offers
    .filter(({ minimum }) => minimum > amount)
    .map(({ coin, minimum }) => texts.say('coin-from', { coin: coinText(coin), amount: texts.money(minimum, currency) }));
  return [...(about.length > 0 ? ['', ...about] : []), ...(others.length > 0 ? ['', ...others] : [])];
}

/** The coins an order's amount may be paid in. */
export function orderCoinScreen(
  texts: Texts,
  amount: Money,
  offers: readonly CoinOffer[],
  { tap, back }: { readonly tap: (coin: NetworkCoin) => Callback; readonly back: Callback },
): Screen {
  const money = bold(texts.money(amount.amount, amount.currency));
  const content = lines([texts.sayRich('order-coin', { amount: money }), ...offerLines(texts, offers, amount)]);
  return makeScreen(content, [...pairs(coinButtons(offers, amount.amount, tap)), backRow(texts, back)]);
}

/** What to send where. */
export function addressLines(texts: Texts, { coin, address, units, memo }: AddressToPay): (RichText | string)[] {
  const { coin: ticker, network } = networkCoins[coin];
  return [
    texts.sayRich('coin-send', { units: bold(isolate(withUnit(units, ticker))), network: bold(isolate(network)) }),
    code(address),
    ...(memo === null ? [] : [texts.sayRich('coin-memo', { memo: code(memo) })]),
    texts.say('coin-only', { coin: ticker, network: isolate(network) }),
  ];
}

export function addressButtons(texts: Texts, { address, units, memo }: AddressToPay, about: Payable): InlineKeyboardButton[][] {
  const memoButton = memo === null ? undefined : copyButton(texts.say('coin-copy-memo'), memo);
  return [
    [copyButton(texts.say('coin-copy-address'), address), copyButton(texts.say('coin-copy-amount', { units }), units)].filter(
      (button) => button !== undefined,
    ),
    [...(memoButton ? [memoButton] : []), tapButton(texts.say('coin-qr'), { to: 'qr', ...about })],
  ];
}

/** Beneath the picture of a QR code. */
export function qrCaption(texts: Texts, instructions: AddressToPay, about: Payable): Screen {
  const open =
    about.noun === 'deposit'
      ? tapButton(texts.say('deposit-open'), { to: 'depositStatus', depositCode: about.code })
      : tapButton(texts.say('order-open'), { to: 'order', orderCode: about.code, anew: false });
  return makeScreen(lines(addressLines(texts, instructions)), [[open]]);
}
