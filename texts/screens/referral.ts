/** Bringing friends: the customer's link, whom it brought, and what is told about it. */
import type { NoticeContent } from '../../domain/notice.ts';
import { type Texts, textsOf } from '../bundle.ts';
import { bold, code, isolate, lines } from '../rich-text.ts';
import { homeButton } from './menu.ts';
import type { PageOf } from './orders.ts';
import { copyButton, makeScreen, pageRow, type Screen, tapButton, urlButton } from './screen.ts';

export interface ShownReferrals {
  readonly link: string;
  /** The shop's title. */
  readonly shop: string;
  /** How many came by the link. */
  readonly friends: number;
}

/** The link with buttons that copy and share it, and what came of it. */
export function referralsScreen(texts: Texts, { link, shop, friends }: ShownReferrals): Screen {
  const content = lines([
    bold(texts.say('referral-title')),
    texts.say('referral-how'),
    '',
    code(link),
    '',
    texts.say('referral-friends', { count: friends }),
  ]);
  return makeScreen(content, [
    [copyButton(texts.say('referral-copy'), link), urlButton(texts.say('referral-share'), shareUrl(texts, link, shop))].flatMap(
      (button) => button ?? [],
    ),
    friends > 0 ? [tapButton(texts.say('referral-friends-list'), { to: 'friends', page: 0 })] : [],
    [homeButton(texts)],
  ]);
}

/** Telegram's own page that sends a link to a chat. */
function shareUrl(texts: Texts, link: string, shop: string): string {
  return `https://t.me/share/url?url=${encodeURIComponent(link)}&text=${encodeURIComponent(texts.say('referral-share-words', { shop }))}`;
}

export interface ShownFriend {
  readonly name: string;
  readonly attachedAt: Date;
}

export function friendsScreen(texts: Texts, { rows, page, pages }: PageOf<ShownFriend>): Screen {
  const back = tapButton(texts.say('menu-back'), { to: 'referrals' });
  const content = lines([
    bold(texts.say('referral-friends-title')),
    '',
    ...(rows.length === 0 ? [texts.say('referral-friends-none')] : []),
    ...rows.map(({ name, attachedAt }) =>
      texts.sayRich('referral-friend', {
        name: name === '' ? texts.say('referral-nameless') : isolate(name),
        time: texts.time(attachedAt.getTime(), 'D'),
      }),
    ),
  ]);
  return makeScreen(content, [pageRow(page, pages, (to) => ({ to: 'friends', page: to })), [back, homeButton(texts)]]);
}

/** A notice as its customer gets it, in a message of its own. */
export function noticeScreen(content: NoticeContent, language: string): Screen {
  const texts = textsOf(language);
  const referrals = [tapButton(texts.say('menu-referrals'), { to: 'referrals' })];
  switch (content.kind) {
    case 'invited':
      return makeScreen(lines([texts.say('notice-invited')]), [referrals]);
    case 'friendJoined':
      return makeScreen(lines([texts.say('notice-friend-joined', { count: content.friends })]), [referrals]);
  }
}
