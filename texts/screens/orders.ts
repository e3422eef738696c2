/** Lists of what was: the customer's orders, the entries of their wallet. */
import { reasonIds } from '../wallet-reason.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { balanceOf, type WalletBalances } from '../../domain/ledger.ts';
import type { OrderView } from '../../domain/order.ts';
import type { Texts } from '../bundle.ts';
import { bold, lines, rich } from '../rich-text.ts';
import { statusTextIds, totalText } from './order.ts';
import { homeButton, makeScreen, pageRow, type Screen, tapButton, turnRow } from './screen.ts';

export interface PageOf<Row> {
  readonly rows: readonly Row[];
  readonly page: number;
  readonly pages: number;
}

export function ordersScreen(texts: Texts, { rows, page, pages }: PageOf<OrderView>, notice?: string): Screen {
  const head = notice === undefined ? [] : [`❗ ${notice}`, ''];
  if (rows.length === 0) {
    return makeScreen(lines([...head, texts.say('orders-empty')]), [
      [tapButton(texts.say('menu-shop'), { to: 'shop' })],
      [homeButton(texts)],
    ]);
  }
  const buttons = rows.map((view) => {
    // The status's own sign is enough on a phone's button.
    const [sign = ''] = texts.say(statusTextIds[view.status]).split(' ');
    const row = texts.say('orders-row', { code: formatOrderCode(view.code), status: sign, total: totalText(texts, view) });
    return [tapButton(row, { to: 'order', orderCode: view.code, anew: false })];
  });
  const content = lines([
    ...head,
    bold(texts.say('orders-title')),
    '',
    ...rows.map((view) =>
      texts.say('orders-row', {
        code: formatOrderCode(view.code),
        status: texts.say(statusTextIds[view.status]),
        total: totalText(texts, view),
      }),
    ),
  ]);
  return makeScreen(content, [...buttons, pageRow(page, pages, (to) => ({ to: 'orders', page: to })), [homeButton(texts)]]);
}

/** A movement of the wallet as it is shown. Amounts in minor units. */
export interface ShownEntry {
  readonly at: Date;
  readonly amount: number;
  readonly balance: number;
  readonly reason: string;
  readonly orderCode: string | null;
}

export interface WalletPage {
  readonly rows: readonly ShownEntry[];
  readonly page: number;
  /** A wallet may be a million entries long: they are not counted. */
  readonly hasMore: boolean;
  /** Some method takes deposits now. */
  readonly canRefill: boolean;
  readonly notice?: string | undefined;
}

/** Those that belong to no order. */
const ownReasons = new Set([
  'opening',
  'adjustment',
  'deposit',
  'takenBack',
  'givenAgain',
  'commission',
  'commissionBack',
  'depositRefund',
  'payoutDecided',
  'payoutFailed',
  'giftMade',
  'giftClaimed',
  'giftBack',
  'voucher',
]);

export function walletScreen(
  texts: Texts,
  currency: string,
  balances: WalletBalances,
  { rows, page, hasMore, canRefill, notice }: WalletPage,
): Screen {
  const { cash, stars, bonus, debt } = balances;
  const money = (amount: number) => texts.money(amount, currency);
  const content = lines([
    ...(notice === undefined ? [] : [`❗ ${notice}`, '']),
    bold(texts.say('wallet-title')),
    texts.say('wallet-balance', { amount: money(balanceOf(balances)) }),
    stars + bonus > 0 ? texts.say('wallet-cash', { amount: money(cash) }) : undefined,
    stars > 0 ? texts.say('wallet-stars', { amount: money(stars) }) : undefined,
    bonus > 0 ? texts.say('wallet-bonus', { amount: money(bonus) }) : undefined,
    debt > 0 ? texts.say('wallet-debt', { amount: money(debt) }) : undefined,
    '',
    ...(rows.length === 0 ? [texts.say('wallet-empty')] : []),
    ...rows.flatMap((entry) => {
      const id = entry.orderCode === null && !ownReasons.has(entry.reason) ? undefined : reasonIds[entry.reason];
      const reason = texts.say(id ?? 'wallet-reason-other', { code: entry.orderCode === null ? '' : formatOrderCode(entry.orderCode) });
      const amount = `${entry.amount > 0 ? '+' : ''}${money(entry.amount)}`;
      return [
        texts.sayRich('wallet-entry', { amount: bold(amount), balance: money(entry.balance) }),
        rich('    ', texts.time(entry.at.getTime(), 'dt'), ' · ', reason),
      ];
    }),
  ]);
  const refill = canRefill ? [{ ...tapButton(texts.say('wallet-refill'), { to: 'refill' }), style: 'primary' as const }] : [];
  const gifts = [tapButton(texts.say('gift-button'), { to: 'gifts' }), tapButton(texts.say('redeem-button'), { to: 'redeem' })];
  return makeScreen(content, [refill, gifts, turnRow(page, hasMore, (to) => ({ to: 'wallet', page: to })), [homeButton(texts)]]);
}
