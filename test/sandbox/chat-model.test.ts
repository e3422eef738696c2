import { describe, expect, it } from 'vitest';
import { areWorkersBack, timeLeft, isFinal, lastMentionedCode, tellStatus } from '../../sandbox/web/island/bar-state.ts';
import { formatCountdown, formatDateTime, formatMoney } from '../../sandbox/web/island/format.ts';
import {
  besidePage,
  chatsToShareTo,
  endsGroup,
  groupByDay,
  inlineAsked,
  isBigEmoji,
  mergeMessages,
  placeFromAddress,
  previewWords,
  telegramLink,
} from '../../sandbox/web/island/model.ts';

type Message = Parameters<typeof mergeMessages>[0][number];
const message = (id: number, more: Partial<Message> = {}) => ({ id, date: 1_700_000_000 + id, ...more }) as Message;

describe('links inside the chat', () => {
  it.each([
    ['https://t.me/demo_tillflow_bot?start=p_12', { kind: 'bot', bot: 'demo_tillflow_bot', start: 'p_12' }],
    ['https://t.me/demo_tillflow_bot', { kind: 'bot', bot: 'demo_tillflow_bot', start: undefined }],
    ['https://t.me/$aB-c_1', { kind: 'invoice', slug: 'aB-c_1' }],
    ['https://t.me/%24aB', { kind: 'invoice', slug: 'aB' }],
    ['https://t.me/invoice/aB', { kind: 'invoice', slug: 'aB' }],
    [
      'https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fx%3Fstart%3Dp_1&text=Look%21',
      { kind: 'share', words: 'https://t.me/x?start=p_1\nLook!' },
    ],
    ['tg://resolve?domain=demo_tillflow_bot&start=x', { kind: 'bot', bot: 'demo_tillflow_bot', start: 'x' }],
  ])('opens %s in the page', (url, link) => expect(telegramLink(url)).toEqual(link));

  it.each(['https://example.org/t.me/x', 'https://t.me.example.org/demo_bot', 'http://127.0.0.1:8081/stripe/pay/cs_1', 'no link'])(
    'leaves %s to a new tab',
    (url) => expect(telegramLink(url)).toBeUndefined(),
  );
});

describe('words for a bot', () => {
  const bots = [
    { username: 'demo_tillflow_bot', inlineMode: true },
    { username: 'quiet_bot', inlineMode: false },
  ];

  it.each([
    ['@demo_tillflow_bot ', ''],
    ['@Demo_Tillflow_Bot  vinyl lp ', 'vinyl lp'],
    ['@demo_tillflow_bot\np_7', 'p_7'],
    [`@demo_tillflow_bot ${'x'.repeat(300)}`, 'x'.repeat(256)],
  ])('are %j', (text, query) => expect(inlineAsked(text, bots)).toEqual({ bot: 'demo_tillflow_bot', query }));
  it.each(['@demo_tillflow_bot', ' @demo_tillflow_bot vinyl', 'see @demo_tillflow_bot vinyl', '@quiet_bot vinyl', '@somebody vinyl', ''])(
    'are not %j',
    (text) => expect(inlineAsked(text, bots)).toBeUndefined(),
  );

  it('are brought only where they may be', () => {
    const chats = [
      { chatId: 1001, type: 'private', blocked: false },
      { chatId: -5002, type: 'group', blocked: false },
      { chatId: -5003, type: 'group', blocked: true },
    ] as const;
    const ids = (to: Parameters<typeof chatsToShareTo>[1]) => chatsToShareTo(chats, to).map(({ chatId }) => chatId);
    expect(ids({ bots: true, groups: true })).toEqual([1001, -5002]);
    expect(ids({ bots: false, groups: true })).toEqual([-5002]);
  });
});

describe('messages', () => {
  it('keeps one of each id, oldest first, the fresh one winning', () => {
    const merged = mergeMessages([message(2, { text: 'old' }), message(3)], [message(1), message(2, { text: 'edited' })]);
    expect(merged.map(({ id, text }) => [id, text])).toEqual([
      [1, undefined],
      [2, 'edited'],
      [3, undefined],
    ]);
  });

  it('parts days and groups', () => {
    const anna = { id: 1001, firstName: 'Anna', isBot: false } as Message['from'];
    const bot = { id: 1, firstName: 'Shop', isBot: true } as Message['from'];
    expect(endsGroup(message(1, { from: anna }), message(2, { from: anna }))).toBe(false);
    expect(endsGroup(message(1, { from: anna }), message(2, { from: bot }))).toBe(true);
    expect(endsGroup(message(1, { from: anna }), message(400, { from: anna }))).toBe(true);
    expect(groupByDay([message(1), message(2), message(3, { date: 1_700_000_000 + 3 * 86_400 })]).map((day) => day.length)).toEqual([2, 1]);
  });

  it('covers secrets in the preview of a chat', () => {
    const entities = [{ type: 'spoiler' as const, offset: 5, length: 4 }];
    expect(previewWords({ text: 'Key: ABCD\nthanks', entities })).toBe('Key: ▒▒▒▒ thanks');
  });

  it('shows lone emoji large, words with emoji not', () => {
    expect(isBigEmoji('👍')).toBe(true);
    expect(isBigEmoji('👍🏽👍')).toBe(true);
    expect(isBigEmoji('12')).toBe(false);
    expect(isBigEmoji('ok 👍')).toBe(false);
  });

  it('reads person, bot and chat from the address and nothing that is no number', () => {
    expect(placeFromAddress('?person=1001&bot=demo_tillflow_bot&chat=-5001')).toEqual({
      person: 1001,
      bot: 'demo_tillflow_bot',
      chat: -5001,
    });
    expect(placeFromAddress('?person=1e9&chat=x')).toEqual({ person: undefined, bot: undefined, chat: undefined });
  });
});

describe('numbers and times', () => {
  it('shows minor units of any currency and Stars', () => {
    expect(formatMoney(1999, 'EUR', 'en-GB')).toBe('€19.99');
    expect(formatMoney(1999, 'JPY', 'en-GB')).toContain('1,999');
    expect(formatMoney(1999, 'KWD', 'en-GB')).toContain('1.999');
    expect(formatMoney(250, 'XTR', 'en-GB')).toBe('250 ⭐');
  });

  it('shows a date-time entity as its format says, in the reader’s zone', () => {
    const at = Date.UTC(2026, 10, 21, 12, 0) / 1000;
    const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(at * 1000);
    expect(formatDateTime(at, 't', 0, 'en-GB')).toBe(clock);
    expect(formatDateTime(at, '', 0, 'en-GB')).toBeUndefined();
    expect(formatDateTime(at, 'r', (at - 600) * 1000, 'en-GB')).toBe('in 10 minutes');
    expect(formatDateTime(at, 'wD', 0, 'en-GB')).toContain('November 2026');
  });

  it('counts down without going below zero', () => {
    expect(formatCountdown(899.2)).toBe('15:00');
    expect(formatCountdown(3723)).toBe('1:02:03');
    expect(formatCountdown(-5)).toBe('0:00');
  });
});

describe('the bar', () => {
  const timeline = {
    noun: 'order' as const,
    code: 'K7Q4-MX2P',
    status: 'awaitingPayment',
    payUntil: '2026-11-21T12:15:00Z',
    steps: [{ at: '2026-11-21T12:00:00Z', what: 'placed' }],
  };

  it('counts the time to pay down only while it counts', () => {
    const nowMs = Date.parse('2026-11-21T12:10:00Z');
    expect(timeLeft(timeline, nowMs)).toEqual({ seconds: 300, part: 1 / 3 });
    expect(timeLeft({ ...timeline, status: 'delivered' }, nowMs)).toBeUndefined();
    expect(timeLeft(timeline, Date.parse('2026-11-21T12:16:00Z'))).toBeUndefined();
  });

  it.each(['delivered', 'expired', 'cancelled', 'refunded', 'credited', 'partial', 'rejected'])('stops hurrying once it is %s', (status) =>
    expect(isFinal(status)).toBe(true),
  );
  it.each(['awaitingPayment', 'awaitingSettlement', 'paid', 'opened', 'waiting', 'seen'])('keeps hurrying while it is %s', (status) =>
    expect(isFinal(status)).toBe(false),
  );

  it('follows the code the chat told last', () => {
    expect(lastMentionedCode([{ text: 'A2B3-CDEF' }, { text: 'Order K7Q4-MX2P is paid' }, { text: 'thanks' }])).toBe('K7Q4-MX2P');
    expect(lastMentionedCode([{ text: 'your key: AAAA-BBBB-CCCC-DDDD' }, {}])).toBeUndefined();
    expect(lastMentionedCode([{ text: 'hello' }])).toBeUndefined();
  });

  it('says statuses in words', () => expect(tellStatus('awaitingSettlement')).toBe('Awaiting settlement'));

  it('knows the workers are back only by new process ids', () => {
    const child = (pid: number | undefined, state: string) => ({ name: 'worker', pid, state });
    expect(areWorkersBack([child(7, 'running')], [7])).toBe(false);
    expect(areWorkersBack([child(undefined, 'waiting')], [7])).toBe(false);
    expect(areWorkersBack([child(8, 'running')], [7])).toBe(true);
  });
});

describe('a newest page read again', () => {
  const ids = (messages: Message[]) => messages.map(({ id }) => id);
  const some = (...wanted: number[]) => wanted.map((id) => message(id));

  it('leaves the older pages that join it, and what was streamed meanwhile', () =>
    expect(ids(besidePage(some(5, 6, 7), some(1, 2, 5, 6, 8)))).toEqual([1, 2, 8]));
  it('forgets older pages when something between may be missing', () => expect(ids(besidePage(some(5, 6), some(1, 2)))).toEqual([]));
  it('that is empty leaves what was streamed', () => expect(ids(besidePage([], some(1)))).toEqual([1]));
  it('forgets what was deleted within it', () => expect(ids(besidePage(some(5, 7), some(5, 6, 7)))).toEqual([]));
});
