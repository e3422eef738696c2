/** Bringing friends: the customer's link and what it brought, whom, and the shop's board. */
import { nextTier, tierOf, tierThreshold } from '../../domain/tier.ts';
import type { Texts } from '../bundle.ts';
import { shareButton } from '../links.ts';
import { bold, code, isolate, lines, type RichText } from '../rich-text.ts';
import type { PageOf } from './orders.ts';
import { backRow, copyButton, homeButton, makeScreen, pageRow, type Screen, tapButton } from './screen.ts';

/** Amounts in minor units of `currency`. */
export interface ShownReferrals {
  readonly link: string;
  /** The shop's title. */
  readonly shop: string;
  /** How many came by the link. */
  readonly friends: number;
  readonly earnings: number;
  readonly held: number;
  readonly currency: string;
  /** Basis points of a friend's top-up. */
  readonly rate: number;
  /** What the tier takes off every price, whole percent. */
  readonly discount: number;
}

/** The link with buttons that copy and share it, and what came of it. */
export function referralsScreen(texts: Texts, referrals: ShownReferrals): Screen {
  const { link, shop, friends, earnings, held, currency, rate } = referrals;
  const money = (amount: number) => texts.money(amount, currency);
  const content = lines([
    bold(texts.say('referral-title')),
    texts.say('referral-how'),
    rate > 0 ? texts.say('referral-earn', { percent: percentText(texts, rate) }) : undefined,
    '',
    code(link),
    '',
    texts.say('referral-friends', { count: friends }),
    texts.sayRich('referral-earned', { amount: bold(money(earnings)) }),
    held > 0 ? texts.say('referral-held', { amount: money(held) }) : undefined,
    '',
    ...tierLines(texts, referrals),
  ]);
  const leaders = tapButton(texts.say('referral-leaders'), { to: 'leaders' });
  return makeScreen(content, [
    [
      copyButton(texts.say('referral-copy'), link),
      shareButton(texts.say('referral-share'), { link }, texts.say('referral-share-words', { shop })),
    ].flatMap((button) => button ?? []),
    [...(friends > 0 ? [tapButton(texts.say('referral-friends-list'), { to: 'friends', page: 0 })] : []), leaders],
    [homeButton(texts)],
  ]);
}

function percentText({ language }: Texts, basisPoints: number): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(basisPoints / 100);
}

/** The tier, its discount, and how far the next one is. */
export function tierLines(
  texts: Texts,
  { earnings, currency, discount }: Pick<ShownReferrals, 'earnings' | 'currency' | 'discount'>,
): RichText[] {
  const tier = tierOf(earnings, currency);
  const name = bold(texts.say(`tier-${tier}`));
  const next = nextTier(tier);
  const head =
    discount > 0 ? texts.sayRich('referral-tier-discount', { tier: name, discount }) : texts.sayRich('referral-tier', { tier: name });
  if (!next) return [head];
  const missing = texts.money(tierThreshold(next, currency) - earnings, currency);
  return [
    head,
    texts.sayRich('referral-progress', {
      bar: progressBar(earnings - tierThreshold(tier, currency), tierThreshold(next, currency) - tierThreshold(tier, currency)),
      missing,
      tier: texts.say(`tier-${next}`),
    }),
  ];
}

const barLength = 10;

/** How much of the way is behind: full only at its end. */
function progressBar(done: number, whole: number): RichText {
  const filled = Math.floor((done * barLength) / whole);
  return { text: '▰'.repeat(filled) + '▱'.repeat(barLength - filled), entities: [] };
}

export interface ShownFriend {
  readonly name: string;
  readonly attachedAt: Date;
}

export function friendsScreen(texts: Texts, { rows, page, pages }: PageOf<ShownFriend>): Screen {
  const content = lines([
    bold(texts.say('referral-friends-title')),
    '',
    ...(rows.length === 0 ? [texts.say('referral-friends-none')] : []),
    ...rows.map(({ name, attachedAt }) =>
      texts.sayRich('referral-friend', { name: shownName(texts, name), time: texts.time(attachedAt.getTime(), 'D') }),
    ),
  ]);
  return makeScreen(content, [pageRow(page, pages, (to) => ({ to: 'friends', page: to })), backRow(texts, { to: 'referrals' })]);
}

const shownName = (texts: Texts, name: string) => (name === '' ? texts.say('referral-nameless') : isolate(name));

export interface ShownLeader {
  readonly customerId: number;
  readonly name: string;
  readonly earnings: number;
  readonly place: number;
}

export interface ShownLeaders {
  readonly leaders: readonly ShownLeader[];
  /** Whoever looks, when they have a place. */
  readonly own: ShownLeader | undefined;
  readonly currency: string;
  /** Who looks. */
  readonly customerId: number;
}

/** Who earned the most, and the place of whoever looks. */
export function leadersScreen(texts: Texts, { leaders, own, currency, customerId }: ShownLeaders): Screen {
  const row = (leader: ShownLeader) => {
    const isOwn = leader.customerId === customerId;
    const words = texts.say('leader-row', {
      place: ['🥇', '🥈', '🥉'][leader.place - 1] ?? `${leader.place}.`,
      name: isOwn ? texts.say('leader-you') : shownName(texts, leader.name),
      amount: texts.money(leader.earnings, currency),
    });
    return isOwn ? bold(words) : words;
  };
  const isOnBoard = leaders.some((leader) => leader.customerId === customerId);
  const content = lines([
    bold(texts.say('leader-title')),
    '',
    ...(leaders.length === 0 ? [texts.say('leader-none')] : leaders.map(row)),
    ...(own && !isOnBoard ? ['…', row(own)] : []),
    ...(own || leaders.length === 0 ? [] : ['', texts.say('leader-join')]),
  ]);
  return makeScreen(content, [backRow(texts, { to: 'referrals' })]);
}
