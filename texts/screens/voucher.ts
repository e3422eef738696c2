/** Gift links and vouchers: making one, passing it on, bringing one. */
import type { ClaimRefusal, VoucherStatus } from '../../domain/voucher.ts';
import type { Texts } from '../bundle.ts';
import { shareButton } from '../links.ts';
import { bold, code, isolate, lines, rich } from '../rich-text.ts';
import { backRow, copyButton, makeScreen, pairs, type Screen, tapButton } from './screen.ts';

/** Amounts in minor units of `currency`. */
export interface ShownGifts {
  readonly currency: string;
  /** What the wallet may give at most. */
  readonly giftable: number;
  /** To choose from. */
  readonly amounts: readonly number[];
  /** On the buttons that make one. */
  readonly giftCodes: readonly string[];
  readonly open: readonly { readonly id: number; readonly amount: number; readonly expiresAt: Date | null }[];
}

const wallet = { to: 'wallet', page: 0 } as const;

/** Those that wait to be opened, and the amounts of another. */
export function giftsScreen(texts: Texts, gifts: ShownGifts, notice?: string): Screen {
  const { currency, giftable, amounts, giftCodes, open } = gifts;
  const money = (amount: number) => texts.money(amount, currency);
  const content = lines([
    ...(notice === undefined ? [] : [`❗ ${notice}`, '']),
    bold(texts.say('gift-title')),
    texts.say('gift-how'),
    '',
    texts.say('gift-most', { amount: money(giftable) }),
    ...open.map(({ amount, expiresAt }) =>
      expiresAt === null
        ? undefined
        : texts.sayRich('gift-waits', { amount: bold(money(amount)), time: texts.time(expiresAt.getTime(), 'Dt') }),
    ),
  ]);
  const make = amounts.map((amount, index) =>
    tapButton(`🎁 ${money(amount)}`, { to: 'giftMake', giftCode: giftCodes[index] ?? '', amount }),
  );
  const waiting = open.map(({ id, amount }) => [
    tapButton(texts.say('gift-open', { amount: money(amount) }), { to: 'gift', voucherId: id }),
  ]);
  return makeScreen(content, [...pairs(make), ...waiting, backRow(texts, wallet)]);
}

export interface ShownGift {
  readonly id: number;
  readonly status: VoucherStatus;
  readonly amount: number;
  readonly currency: string;
  readonly expiresAt: Date | null;
  readonly link: string;
  readonly shop: string;
}

/** One gift link, to be passed on while nobody opened it. */
export function giftScreen(texts: Texts, gift: ShownGift): Screen {
  const { id, status, amount, currency, expiresAt, link, shop } = gift;
  const money = texts.money(amount, currency);
  const back = backRow(texts, { to: 'gifts' });
  if (status !== 'open' || expiresAt === null) {
    const words = status === 'claimed' ? 'gift-claimed' : 'gift-over';
    return makeScreen(lines([bold(texts.say('gift-of', { amount: money })), texts.say(words)]), [back]);
  }
  const content = lines([
    bold(texts.say('gift-of', { amount: money })),
    texts.sayRich('gift-until', { time: texts.time(expiresAt.getTime(), 'Dt') }),
    '',
    rich(code(link)),
  ]);
  const share = shareButton(texts.say('gift-share'), { link }, texts.say('gift-share-words', { amount: money, shop: isolate(shop) }));
  const copy = copyButton(texts.say('gift-copy'), link);
  return makeScreen(content, [
    [share, ...(copy ? [copy] : [])],
    [tapButton(texts.say('gift-take-back'), { to: 'giftBack', voucherId: id })],
    back,
  ]);
}

/** Write the code now. */
export function redeemScreen(texts: Texts): Screen {
  return makeScreen(lines([bold(texts.say('redeem-ask')), texts.say('code-ask-how')]), [backRow(texts, wallet)]);
}

const refusalIds: Readonly<Record<ClaimRefusal, string>> = {
  unknown: 'voucher-unknown',
  over: 'voucher-over',
  claimed: 'voucher-claimed',
  own: 'voucher-own',
  tooMany: 'code-tooMany',
};

export function claimRefusalText(texts: Texts, why: ClaimRefusal): string {
  return texts.say(refusalIds[why]);
}
