/** Notices: messages of their own about money that took another way, about friends, commissions and tiers. */
import type { NoticeContent } from '../../domain/notice.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { type ProviderName, providerTraits } from '../../domain/payment.ts';
import { type Texts, textsOf } from '../bundle.ts';
import { bold, code, isolate, lines, type RichText } from '../rich-text.ts';
import { claimNotice } from './claim.ts';
import { payoutNotice } from './payout.ts';
import { stockBackNotice } from './stock-watch.ts';
import { makeScreen, type Screen, tapButton } from './screen.ts';

/** Amounts in minor units of `currency`. */
export interface NoticeMoney {
  readonly orderCode: string;
  readonly amount: number;
  readonly currency: string;
}

/** Money that came late, or although the order needed no more, and is in the wallet now. */
export function walletNotice(money: NoticeMoney & { readonly late: boolean }, language: string | Texts): Screen {
  const texts = textsOf(language);
  return notice(money.late ? 'stray-late-wallet' : 'stray-second-wallet', money, language, [
    tapButton(texts.say('menu-wallet'), { to: 'wallet', page: 0 }),
  ]);
}

/** How a refund ended. `reason` tells late money (`lateMoney`) from second money when it went back whole. */
export function refundNotice(
  refund: NoticeMoney & {
    readonly provider: ProviderName;
    readonly scope: 'order' | 'money';
    readonly status: 'succeeded' | 'failed';
    readonly reason: string;
  },
  language: string | Texts,
): Screen {
  const texts = textsOf(language);
  const row = [tapButton(texts.say('order-open'), { to: 'order', orderCode: refund.orderCode, anew: true })];
  if (refund.status === 'failed')
    return notice(providerTraits[refund.provider].wholeOnly ? 'refund-failed' : 'refund-failed-wallet', refund, language, row);
  if (refund.scope === 'order') return notice('refund-succeeded', refund, language, row);
  return notice(refund.reason === 'lateMoney' ? 'stray-late-back' : 'stray-second-back', refund, language, row);
}

function notice(
  id: string,
  { orderCode, amount, currency }: NoticeMoney,
  language: string | Texts,
  row: ReturnType<typeof tapButton>[],
): Screen {
  const texts = textsOf(language);
  return makeScreen(texts.sayRich(id, { amount: texts.money(amount, currency), code: code(formatOrderCode(orderCode)) }), [row]);
}

/** A notice of a row, as its customer gets it in a message of its own. */
export function noticeScreen(content: Exclude<NoticeContent, { kind: 'stage' }>, language: string | Texts): Screen {
  const texts = textsOf(language);
  const referrals = tapButton(texts.say('menu-referrals'), { to: 'referrals' });
  const profile = tapButton(texts.say('menu-profile'), { to: 'profile' });
  const wallet = tapButton(texts.say('menu-wallet'), { to: 'wallet', page: 0 });
  const money = (id: string, { amount, currency }: { readonly amount: number; readonly currency: string }) =>
    makeScreen(texts.sayRich(id, { amount: bold(texts.money(amount, currency)) }), [[wallet]]);
  switch (content.kind) {
    case 'invited':
      return makeScreen(lines([texts.say('notice-invited')]), [[referrals]]);
    case 'friendJoined':
      return makeScreen(lines([texts.say('notice-friend-joined', { count: content.friends })]), [[referrals]]);
    case 'commissionPaid':
    case 'commissionTakenBack':
    case 'commissionGivenAgain':
      return makeScreen(commissionLines(texts, content), [[wallet, referrals]]);
    case 'achievementAwarded':
      return makeScreen(texts.sayRich('notice-achievement', { badge: bold(texts.say(`achievement-${content.name}`)) }), [[profile]]);
    case 'tierChanged':
      return makeScreen(tierLines(texts, content), [[referrals]]);
    case 'claimClosed':
      return claimNotice(content, language);
    case 'stockBack':
      return stockBackNotice(content, language);
    case 'payoutAsked':
    case 'payoutMoved':
      return payoutNotice(content, language);
    case 'voucherClaimed':
      return money(content.ofFriend ? 'notice-gift-received' : 'notice-voucher-claimed', content);
    case 'giftClaimed':
      return money('notice-gift-claimed', content);
    case 'giftBack':
      return money(content.taken ? 'notice-gift-taken' : 'notice-gift-back', content);
    case 'adjusted':
      return makeScreen(
        lines([
          texts.sayRich(adjustedTextIds[content.what], { amount: bold(texts.money(content.amount, content.currency)) }),
          isolate(content.reason),
        ]),
        [[wallet]],
      );
  }
}

const adjustedTextIds = { writeOff: 'notice-written-off', add: 'notice-added', take: 'notice-taken' } as const;

const commissionTextIds = {
  commissionPaid: 'notice-commission-paid',
  commissionTakenBack: 'notice-commission-taken-back',
  commissionGivenAgain: 'notice-commission-given-again',
} as const;

function commissionLines(
  texts: Texts,
  { kind, amount, earnings, currency }: Extract<NoticeContent, { kind: keyof typeof commissionTextIds }>,
): RichText {
  return lines([
    texts.sayRich(commissionTextIds[kind], { amount: bold(texts.money(amount, currency)) }),
    texts.say('notice-earnings', { amount: texts.money(earnings, currency) }),
  ]);
}

function tierLines(texts: Texts, { tier, isHigher, discount }: Extract<NoticeContent, { kind: 'tierChanged' }>): RichText {
  return lines([
    texts.sayRich(isHigher ? 'notice-tier-higher' : 'notice-tier-lower', { tier: bold(texts.say(`tier-${tier}`)) }),
    discount > 0 ? texts.say('notice-tier-discount', { discount }) : undefined,
  ]);
}
