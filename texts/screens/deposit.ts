/** Putting money into the wallet: how much, by which method, and the one message that shows how it goes. */
import type { InlineKeyboardButton } from 'grammy/types';
import type { Coin } from '../../domain/chain.ts';
import { type DepositStatus, type DepositView, isOpen, suggestAmounts } from '../../domain/deposit.ts';
import type { CoinOffer } from '../../domain/coin.ts';
import type { Money } from '../../domain/money.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import type { ReversalNews } from '../../domain/reversal.ts';
import { autoBuyGiveUpButton } from './auto-buy.ts';
import { inStars, type MethodName, takesCoins } from '../../domain/payment.ts';
import { type Overrides, type Texts, textsOf } from '../bundle.ts';
import { bold, code, lines, type RichText } from '../rich-text.ts';
import { addressButtons, addressLines, coinButtons, offerLines } from './coin.ts';
import { chainButtons, outputText } from './chain.ts';
import { methodText } from './order.ts';
import { transferButtons, transferLines } from './transfer.ts';
import { backRow, homeButton, makeScreen, pairs, type Screen, tapButton, urlButton } from './screen.ts';

const statusTextIds: Readonly<Record<DepositStatus, string>> = {
  opened: 'deposit-opened',
  waiting: 'deposit-waiting',
  seen: 'deposit-seen',
  confirming: 'deposit-confirming',
  credited: 'deposit-credited',
  partial: 'deposit-partial',
  expired: 'deposit-expired',
  rejected: 'deposit-rejected',
  reversed: 'deposit-reversed',
};

const walletButton = (texts: Texts) => tapButton(texts.say('menu-wallet'), { to: 'wallet', page: 0 });

/** Amounts in minor units of `currency`. */
export interface RefillBounds {
  readonly currency: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** How much? */
export function refillScreen(texts: Texts, bounds: RefillBounds, coins: readonly Coin[], notice?: string): Screen {
  const { currency, minimum, maximum } = bounds;
  const money = (amount: number) => texts.money(amount, currency);
  const amounts = suggestAmounts(bounds, currency);
  const content = lines([
    ...(notice === undefined ? [] : [`❗ ${notice}`, '']),
    bold(texts.say('refill-title')),
    texts.say('refill-choose'),
    texts.say('refill-range', { min: money(minimum), max: money(maximum) }),
    ...(coins.length > 0 ? [texts.say('refill-any-amount')] : []),
  ]);
  const buttons = amounts.map((amount) => tapButton(money(amount), { to: 'refillAmount', amount }));
  return makeScreen(content, [...pairs(buttons), ...pairs(chainButtons(texts, coins)), [walletButton(texts), homeButton(texts)]]);
}

/** By which method? `depositCode` is the deposit's that a tap opens. */
export function refillMethodScreen(
  texts: Texts,
  {
    depositCode,
    amount,
    methods,
    stars,
    autoBuy,
  }: {
    readonly depositCode: string;
    readonly amount: Money;
    readonly methods: readonly MethodName[];
    /** The amount in Stars, when it may be paid in them. */
    readonly stars: number | null;
    /** The order that is placed by itself when the money is there, and for how much at most. */
    readonly autoBuy?: { readonly orderCode: string; readonly total: number } | undefined;
  },
  notice?: string,
): Screen {
  const content = lines([
    ...(notice === undefined ? [] : [`❗ ${notice}`, '']),
    bold(texts.say('refill-title')),
    texts.sayRich('refill-method', { amount: bold(texts.money(amount.amount, amount.currency)) }),
    stars === null ? undefined : texts.say('refill-stars'),
    autoBuy && texts.say('auto-buy-waiting', { total: texts.money(autoBuy.total, amount.currency) }),
  ]);
  const giveUp = autoBuy ? [autoBuyGiveUpButton(texts, autoBuy.orderCode)] : [];
  const buttons = methods.map((method) => {
    const wish = { depositCode, method, amount: amount.amount };
    const name = methodText(texts, method);
    return tapButton(
      inStars(method) && stars !== null ? texts.say('order-pay-with', { method: name, amount: texts.money(stars, 'XTR') }) : name,
      takesCoins(method) ? { to: 'refillCoins', ...wish } : { to: 'deposit', ...wish, coin: null },
    );
  });
  return makeScreen(content, [...pairs(buttons), giveUp, backRow(texts, { to: 'refill' })]);
}

/** In which coin? Those that take less than the amount; the others are named with what they need. */
export function refillCoinScreen(texts: Texts, { depositCode, method, amount, offers }: RefillCoins): Screen {
  const money = texts.money(amount.amount, amount.currency);
  const content = lines([
    bold(texts.say('refill-title')),
    texts.sayRich('refill-coin', { amount: bold(money) }),
    ...offerLines(texts, offers, amount),
  ]);
  const buttons = coinButtons(offers, amount.amount, (coin) => ({ to: 'deposit', depositCode, method, amount: amount.amount, coin }));
  return makeScreen(content, [...pairs(buttons), backRow(texts, { to: 'refillAmount', amount: amount.amount })]);
}

interface RefillCoins {
  readonly depositCode: string;
  readonly method: MethodName;
  readonly amount: Money;
  readonly offers: readonly CoinOffer[];
}

/** No method takes an amount now; coins may. */
export function refillClosedScreen(texts: Texts, coins: readonly Coin[]): Screen {
  const content = coins.length > 0 ? [bold(texts.say('refill-title')), texts.say('refill-any-amount')] : [texts.say('refill-closed')];
  return makeScreen(lines(content), [...pairs(chainButtons(texts, coins)), [walletButton(texts), homeButton(texts)]]);
}

/** The deposit's one message. */
export function depositScreen(
  view: DepositView,
  options: {
    readonly overrides?: Overrides;
    readonly notice?: string;
    /** Link to pay an invoice of Telegram, made by whoever draws. */
    readonly invoiceUrl?: string | undefined;
  } = {},
): Screen {
  const texts = textsOf(view.language, options.overrides);
  const { notice } = options;
  const content = lines([
    ...(notice === undefined ? [] : [`❗ ${notice}`, '']),
    bold(texts.say(statusTextIds[view.status])),
    texts.sayRich('deposit-head', { code: code(formatOrderCode(view.code)), amount: bold(texts.money(view.amount, view.currency)) }),
    '',
    ...explain(texts, view),
  ]);
  return makeScreen(content, buttonRows(texts, view, options.invoiceUrl));
}

function explain(texts: Texts, view: DepositView): (RichText | string | undefined)[] {
  const { currency } = view;
  const amounts = { amount: texts.money(view.amount, currency), credited: texts.money(view.credited, currency) };
  const afterwards = [
    view.debtPaid > 0 ? debtText(texts, { amount: view.credited, currency }, view.debtPaid) : undefined,
    view.reversed > 0 ? takenBackText(texts, view) : undefined,
  ];
  switch (view.status) {
    case 'opened':
      return [texts.say('deposit-opening')];
    case 'waiting':
      if (view.instructions?.kind === 'address') {
        return [...addressLines(texts, view.instructions), '', untilLine(texts, view), texts.say('deposit-shows')];
      }
      if (view.instructions?.kind === 'transfer') return [...transferLines(texts, view.instructions, view), '', untilLine(texts, view)];
      if (view.instructions?.kind === 'invoice') {
        const { amount, currency: stars } = view.instructions.invoice.price;
        return [untilLine(texts, view), texts.say('deposit-pay-stars', { amount: texts.money(amount, stars) })];
      }
      return [untilLine(texts, view), texts.say('deposit-pay-by', { method: methodText(texts, view.method) })];
    case 'seen':
      if (view.chain) return [outputText(texts, 'deposit-chain-seen', view.chain)];
      return [texts.say(seenTextId(view))];
    case 'confirming':
      if (view.chain) return [outputText(texts, 'deposit-chain-confirming', view.chain)];
      return [texts.say('deposit-last-word')];
    case 'credited':
      return [view.debtPaid > 0 ? undefined : texts.say('deposit-arrived', amounts), ...afterwards];
    case 'partial':
      return [texts.say(view.debtPaid > 0 ? 'deposit-less' : 'deposit-less-arrived', amounts), ...afterwards];
    case 'expired':
      if (view.chain) return [outputText(texts, 'deposit-chain-gone', view.chain)];
      return [texts.say(endTextId(view)), texts.say(lateTextId(view))];
    case 'rejected':
      return view.endedBy === 'rejection' ? [texts.say('deposit-not-found'), texts.say('transfer-late')] : [texts.say('deposit-refused')];
    case 'reversed':
      return [takenBackText(texts, view), view.givenBack ? undefined : texts.say('deposit-taken-debt')];
  }
}

/** Its money went back: the shop gave it, or the provider took it. */
function takenBackText(texts: Texts, { reversed, currency, givenBack }: DepositView): string {
  if (givenBack === null) return texts.say('deposit-taken-back', { amount: texts.money(reversed, currency) });
  const id = givenBack === 'succeeded' ? 'deposit-given-back' : givenBack === 'failed' ? 'deposit-back-failed' : 'deposit-going-back';
  return texts.say(id, { amount: texts.money(reversed, currency) });
}

function lateTextId({ instructions }: DepositView): string {
  if (instructions?.kind === 'invoice') return 'deposit-late-stars';
  return instructions?.kind === 'transfer' ? 'transfer-late' : 'deposit-late';
}

function endTextId({ endedBy, instructions }: DepositView): string {
  if (endedBy === 'customer') return 'deposit-cancelled';
  return endedBy === 'verdictOver' && instructions?.kind === 'transfer' ? 'deposit-unjudged' : 'deposit-over';
}

function seenTextId({ instructions }: DepositView): string {
  if (instructions?.kind === 'address') return 'deposit-network';
  return instructions?.kind === 'transfer' ? 'deposit-with-staff' : 'deposit-verdict';
}

const untilLine = (texts: Texts, { expiresAt }: DepositView) =>
  texts.sayRich('deposit-until', { time: bold(texts.time(expiresAt)), countdown: texts.time(expiresAt, 'r') });

function buttonRows(texts: Texts, view: DepositView, invoiceUrl: string | undefined): InlineKeyboardButton[][] {
  const { code: depositCode, instructions } = view;
  const leave = [walletButton(texts), homeButton(texts)];
  const refresh = tapButton(texts.say('order-refresh'), { to: 'depositStatus', depositCode });
  if (!isOpen(view.status)) {
    const isOver = view.status === 'expired' || view.status === 'rejected' || view.status === 'partial' || view.status === 'reversed';
    return [isOver ? [tapButton(texts.say('refill-again'), { to: 'refill' })] : [], leave];
  }
  if (view.status !== 'waiting') return [[refresh], leave];
  const page = instructions?.kind === 'link' ? instructions.url : invoiceUrl;
  const asked = instructions?.kind === 'invoice' ? instructions.invoice.price : view;
  const pay = texts.say('order-pay', { amount: texts.money(asked.amount, asked.currency) });
  return [
    page === undefined ? [] : [{ ...urlButton(pay, page), style: 'success' }],
    ...(instructions?.kind === 'address' ? addressButtons(texts, instructions, { noun: 'deposit', code: depositCode }) : []),
    ...(instructions?.kind === 'transfer' ? transferButtons(texts, instructions, view) : []),
    // The page may be paid without anybody telling us: the customer can have the provider asked. Nobody can be asked about a transfer.
    instructions?.kind === 'transfer' ? [] : [tapButton(texts.say('order-i-paid'), { to: 'depositPaid', depositCode })],
    [tapButton(texts.say('deposit-cancel'), { to: 'depositCancel', depositCode })],
    leave,
  ];
}

/** What paid a debt, and what is left of the money for the wallet. */
function debtText(texts: Texts, { amount, currency }: Money, debtPaid: number): string {
  return texts.say('deposit-paid-debt', { debt: texts.money(debtPaid, currency), rest: texts.money(amount - debtPaid, currency) });
}

/** Money came: a message of its own, since an edit makes no sound. `debtPaid`: the part of it that paid a debt. */
export function depositNotice(view: Pick<DepositView, 'code' | 'language'>, money: Money, debtPaid: number, overrides?: Overrides): Screen {
  const texts = textsOf(view.language, overrides);
  const words = { amount: bold(texts.money(money.amount, money.currency)), code: code(formatOrderCode(view.code)) };
  const content =
    debtPaid === 0
      ? texts.sayRich('deposit-notice', words)
      : lines([texts.sayRich('deposit-notice-debt', words), debtText(texts, money, debtPaid)]);
  return makeScreen(content, [[walletButton(texts)]]);
}

/** Money of a deposit was taken back, or given again. `owed`: what the customer owes the shop now, minor units. */
export function reversalNotice(
  view: Pick<DepositView, 'code' | 'language'>,
  news: ReversalNews,
  money: Money,
  owed: number,
  overrides?: Overrides,
): Screen {
  const texts = textsOf(view.language, overrides);
  const words = { amount: bold(texts.money(money.amount, money.currency)), code: code(formatOrderCode(view.code)) };
  const content = lines([
    texts.sayRich(news === 'taken' ? 'deposit-notice-taken' : 'deposit-notice-returned', words),
    owed > 0 ? texts.say('wallet-debt', { amount: texts.money(owed, money.currency) }) : undefined,
  ]);
  return makeScreen(content, [[walletButton(texts)]]);
}

/** Stars of a deposit went back, or could not. `reason`: why they did, when nobody asked for it. */
export function depositBackNotice(
  view: Pick<DepositView, 'code' | 'language'>,
  refund: Money & { readonly status: 'succeeded' | 'failed'; readonly scope: 'order' | 'money'; readonly reason: string },
  overrides?: Overrides,
): Screen {
  const texts = textsOf(view.language, overrides);
  const why = refund.reason === 'lateMoney' ? 'deposit-notice-late' : 'deposit-notice-second';
  const back = refund.scope === 'order' ? 'deposit-notice-refunded' : why;
  const id = refund.status === 'failed' ? 'deposit-notice-back-failed' : back;
  const words = { amount: bold(texts.money(refund.amount, refund.currency)), code: code(formatOrderCode(view.code)) };
  return makeScreen(texts.sayRich(id, words), [[walletButton(texts)]]);
}
