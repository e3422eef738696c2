import { describe, expect, test } from 'vitest';
import { languages } from '../../domain/language.ts';
import { type OrderLineView, orderStatuses, type OrderView } from '../../domain/order.ts';
import { achievementNames } from '../../domain/achievement.ts';
import { tierNames } from '../../domain/tier.ts';
import { decodeCallback } from '../../texts/callback.ts';
import { cutRich, isolate, rich, bold } from '../../texts/rich-text.ts';
import { fileCaption, goodsHiddenMessage, goodsMessage, grantMessage, pickupMessage, thanksMessage } from '../../texts/screens/goods.ts';
import { textsOf } from '../../texts/bundle.ts';
import { noticeScreen, refundNotice, walletNotice } from '../../texts/screens/notice.ts';
import { type ShownEntry, walletScreen } from '../../texts/screens/orders.ts';
import { profileScreen } from '../../texts/screens/profile.ts';
import { orderCoinScreen } from '../../texts/screens/coin.ts';
import { rejectionLine } from '../../texts/screens/rejection.ts';
import { orderScreen, reminderScreen } from '../../texts/screens/order.ts';
import { friendsScreen, leadersScreen, referralsScreen } from '../../texts/screens/referral.ts';
import type { Screen } from '../../texts/screens/screen.ts';
import { staffScreen } from '../../texts/screens/staff.ts';
import { makeLine, makeView, now, pickupPoint } from './views.ts';

const buttons = (screen: Screen) => screen.keyboard?.inline_keyboard.flat() ?? [];
const labels = (screen: Screen) => buttons(screen).map((button) => button.text);
const targets = (screen: Screen) =>
  buttons(screen).flatMap((button) => ('callback_data' in button ? [decodeCallback(button.callback_data)?.to] : []));
const part = (screen: Screen, type: string) =>
  screen.entities.filter((entity) => entity.type === type).map(({ offset, length }) => screen.text.slice(offset, offset + length));

/** What Telegram would refuse or silently change. */
function expectSendable(screen: Screen): void {
  expect(screen.text.trim()).toBe(screen.text);
  expect(screen.text.length).toBeGreaterThan(0);
  expect(screen.text.length).toBeLessThanOrEqual(4096);
  for (const entity of screen.entities) {
    expect(entity.length).toBeGreaterThan(0);
    expect(entity.offset + entity.length).toBeLessThanOrEqual(screen.text.length);
    const inner = screen.text.slice(entity.offset, entity.offset + entity.length);
    expect(inner, `${entity.type} begins inside a character`).not.toMatch(/^[\udc00-\udfff]/);
    expect(inner, `${entity.type} ends inside a character`).not.toMatch(/[\ud800-\udbff]$/);
    if (entity.type !== 'code') continue;
    for (const other of screen.entities) {
      const apart = other === entity || other.offset >= entity.offset + entity.length || other.offset + other.length <= entity.offset;
      expect(apart, 'Telegram allows nothing around code').toBe(true);
    }
  }
  for (const button of buttons(screen)) {
    expect(button.text).not.toBe('');
    if ('callback_data' in button) expect(decodeCallback(button.callback_data)).toBeDefined();
    if ('copy_text' in button) expect(button.copy_text.text.length).toBeLessThanOrEqual(256);
  }
}

const dispute = { blocks: true, taken: 5_000, currency: 'PLN' };
const titles = ['<b>bold</b> & *star* _x_', 'مرحبا ‮txt', '🎁👨‍👩‍👧 семья', '\\`"\'{$x}'];

describe('a refusal', () => {
  test.each(languages)('says in %s until when nothing is kept, in the reader’s own zone, and of how many', (language) => {
    const texts = textsOf(language);
    const until = rich(rejectionLine('CoolDown', texts, { until: now }));
    expect(until.entities).toMatchObject([{ type: 'date_time', unix_time: Math.floor(now / 1000) }]);
    for (const limit of [1, 2, 5]) expect(rich(rejectionLine('TooManyHeld', texts, { limit })).text).toContain(String(limit));
  });
});

describe('order screen', () => {
  test.each(orderStatuses.flatMap((status) => languages.map((language) => [status, language] as const)))(
    '%s in %s can be sent, with any characters in its titles',
    (status, language) => {
      for (const title of titles) {
        const delivery = { id: 1, status: 'sent' as const, handoverCode: '4711', shown: false };
        const view = makeView({
          status,
          language,
          lines: [makeLine({ title }), makeLine({ id: 12, kind: 'pickup', title, pickupPoint, delivery })],
        });
        const screen = orderScreen(view, { now });
        expectSendable(screen);
        expect(screen.text).toContain(title);
        const forStaff = staffScreen({ ...view, dispute }, { customerId: 5, language });
        expectSendable(forStaff);
        expect(forStaff.text).toContain(title);
      }
    },
  );

  test('a waiting order says how much, until when, and links to the page to pay', () => {
    const screen = orderScreen(makeView(), { now });
    expect(screen.text).toContain('Order K7Q4-MX2P');
    expect(screen.text).toContain('2 × Key – 100.00\u00a0PLN 80.00\u00a0PLN, -20%');
    expect(part(screen, 'strikethrough')).toEqual(['100.00\u00a0PLN']);
    expect(screen.text).toContain('Total: 80.00\u00a0PLN');
    const times = screen.entities.filter((entity) => entity.type === 'date_time');
    expect(times.map((entity) => entity.unix_time)).toContain((now + 900_000) / 1000);
    expect(times.map((entity) => entity.date_time_format)).toContain('r');
    expect(buttons(screen)).toContainEqual(expect.objectContaining({ text: 'Pay 80.00\u00a0PLN', url: 'https://pay.example.org/1' }));
    expect(targets(screen)).toEqual(['paid', 'pay', 'pay', 'cancel', 'menu']);
    expect(labels(screen)).toContain('⭐ Stars · 40\u00a0⭐');
  });

  test('a change of method asks for the attempt after the one in force', () => {
    const view = makeView();
    const screen = orderScreen({ ...view, payment: { ...(view.payment as NonNullable<OrderView['payment']>), id: 'K7Q4MX2P-3' } }, { now });
    const attempts = buttons(screen).flatMap((button) => {
      const callback = 'callback_data' in button ? decodeCallback(button.callback_data) : undefined;
      return callback?.to === 'pay' ? [callback.attempt] : [];
    });
    expect(attempts).toEqual([4, 4]);
  });

  test('an order in Stars is shown and paid in Stars', () => {
    const instructions = {
      kind: 'invoice' as const,
      invoice: {
        title: 'Key',
        description: 'Key',
        payload: 'K7Q4MX2P-1',
        label: 'Key',
        price: { amount: 40, currency: 'XTR' },
        startParameter: 'x',
      },
    };
    const payment = { id: 'K7Q4MX2P-1', provider: 'stars' as const, status: 'pending', amount: 40, currency: 'XTR', instructions };
    const screen = orderScreen(makeView({ method: 'stars', payment }), { now, invoiceUrl: 'https://t.me/$abc' });
    expect(screen.text).toContain('Total: 40\u00a0⭐');
    expect(screen.text).not.toContain('PLN');
    expect(buttons(screen)).toContainEqual(expect.objectContaining({ text: 'Pay 40\u00a0⭐', url: 'https://t.me/$abc' }));
  });

  test('a part-paid order says what is missing and is not offered in Stars', () => {
    const screen = orderScreen(
      makeView({
        held: 6000,
        payment: { id: 'K7Q4MX2P-1', provider: 'stripe', status: 'settled', amount: 8000, currency: 'PLN', instructions: null },
      }),
      { now },
    );
    expect(screen.text).toContain('Received 60.00\u00a0PLN. Still missing: 20.00\u00a0PLN.');
    expect(labels(screen).join()).not.toContain('⭐');
    expect(labels(screen)).toContain('💳 Card · 20.00\u00a0PLN');
  });

  test('while a payment is on its way nothing is offered that would be refused', () => {
    const targetsOnTheWay = targets(orderScreen(makeView({ onItsWay: true }), { now }));
    expect(targetsOnTheWay).toEqual(['order', 'menu']);
  });

  test('delivered goods can be shown and sent again, a pickup code is copied by a tap', () => {
    const view = makeView({
      status: 'delivered',
      lines: [
        makeLine({ delivery: { id: 31, status: 'sent', handoverCode: null, shown: true } }),
        makeLine({
          id: 12,
          kind: 'pickup',
          title: 'Coffee',
          pickupPoint,
          delivery: { id: 32, status: 'sent', handoverCode: '47119', shown: false },
        }),
      ],
    });
    const screen = orderScreen(view, { now });
    expect(targets(screen)).toEqual(['show', 'resend', 'shop', 'menu']);
    expect(part(screen, 'code')).toEqual(['47119']);
    expect(buttons(screen)).toContainEqual(expect.objectContaining({ copy_text: { text: '47119' } }));
    expect(screen.text).toContain('Kiosk <b>5</b>');
  });

  test('the reminder names the order and opens it', () => {
    const screen = reminderScreen(makeView());
    expectSendable(screen);
    expect(part(screen, 'code')).toEqual(['K7Q4-MX2P']);
    expect(targets(screen)).toEqual(['order']);
  });

  test.each(languages)('the choice of a coin tells about how much each is, and what the others need: %s', (language) => {
    const offers = [
      { coin: 'BTC', minimum: 2_500, price: '200000' },
      { coin: 'ETH', minimum: 2_500 },
      { coin: 'USDT_TRC20', minimum: 20_000, price: '4' },
    ] as const;
    const screen = orderCoinScreen(textsOf(language), { amount: 10_000, currency: 'PLN' }, offers, {
      tap: (coin) => ({ to: 'pay', orderCode: 'K7Q4MX2P', method: 'crypto', attempt: 1, coin }),
      back: { to: 'basket' },
    });
    expectSendable(screen);
    expect(screen.text).toMatch(/BTC.{0,20}0\.0005/);
    expect(screen.text, 'of what nobody says nothing is said').not.toContain('ETH');
    expect(screen.text).toMatch(/TRC20: \p{L}+ .*200/u);
  });

  test('an end says where the money and the lines are, and nothing that is not so', () => {
    const ended = (changes: Partial<OrderView>) =>
      orderScreen(makeView({ status: 'expired', endedBy: 'holdEnded', ...changes }), { now }).text;
    expect(ended({})).toContain('Nothing was charged. What you chose is back in your basket.');
    expect(ended({ fromBasket: false })).not.toContain('basket');
    const atOnce = orderScreen(makeView({ status: 'expired', endedBy: 'holdEnded', fromBasket: false }), { now });
    expect(atOnce.keyboard?.inline_keyboard[0]?.[0]?.text, 'its card is one tap away').toBe('↻ Key');
    expect(ended({ toWallet: 4000 })).toMatch(/40\.00.*in your wallet/);
    expect(ended({ toWallet: 4000 })).not.toContain('Nothing was charged');
    expect(ended({ endedBy: 'settlementEnded' })).not.toContain('Nothing was charged');
    const over = orderScreen(makeView({ status: 'delivered', toWallet: 150 }), { now }).text;
    expect(over).toMatch(/1\.50.*more than needed/);
    const short = makeView({ status: 'delivered', tolerated: 40 });
    expect(orderScreen(short, { now }).text).toMatch(/0\.40.*less than the price/);
    expect(staffScreen(short, { customerId: 5, language: 'en' }).text).toMatch(/Short by.*0\.40.*the shop bears it/);
    // What a refund gives back is what was paid.
    const asking = staffScreen(short, { customerId: 5, language: 'en', asking: 'refund' });
    expect(asking.text).toMatch(/79\.60/);
    const sorry = makeView({ status: 'refunded', wasUnfulfillable: true });
    expect(orderScreen(sorry, { now }).text).toContain('We are sorry');
  });
});

const ofLines = (...texts: string[]) => texts.map((text) => ({ kind: 'line' as const, text }));

describe('goods', () => {
  const line = makeLine({ delivery: { id: 31, status: 'sent', handoverCode: null, shown: false } });

  test('each secret is under a spoiler of its own and copied by its own button', () => {
    const { screen, document } = goodsMessage(line, ofLines('ABC-<1>', 'ключ 🔑'), makeView());
    expect(document).toBeUndefined();
    expectSendable(screen);
    expect(part(screen, 'spoiler')).toEqual(['ABC-<1>', 'ключ 🔑']);
    expect(buttons(screen).flatMap((button) => ('copy_text' in button ? [button.copy_text.text] : []))).toEqual(['ABC-<1>', 'ключ 🔑']);
  });

  test('what a copy button cannot hold has none, what a message cannot hold is a file with all of it', () => {
    const long = 'x'.repeat(300);
    expect(labels(goodsMessage(line, ofLines(long), makeView()).screen)).toEqual(['Open the order']);
    const secrets = [`${'y'.repeat(3000)}`, `${'z'.repeat(3000)}`];
    const { screen, document } = goodsMessage(line, ofLines(...secrets), makeView());
    expectSendable(screen);
    expect(screen.text.length).toBeLessThanOrEqual(1024);
    const text = new TextDecoder().decode(document?.bytes);
    for (const secret of secrets) expect(text).toContain(secret);
    expect(screen.text).not.toContain('yyy');
  });

  test('the show button names the delivery and holds no secret', () => {
    const screen = goodsHiddenMessage(line, makeView());
    expectSendable(screen);
    expect(targets(screen)).toEqual(['show', 'order']);
  });

  test('each address has a button that opens it, also among several', () => {
    const links = ['https://a.example/1', 'https://a.example/2'].map((text) => ({ kind: 'link' as const, text }));
    const urls = (screen: Screen) => buttons(screen).flatMap((button) => ('url' in button ? [button.url] : []));
    expect(urls(goodsMessage(line, links, makeView()).screen)).toEqual(['https://a.example/1', 'https://a.example/2']);
    expect(urls(goodsMessage(line, [...ofLines('https://a.example/1'), ...ofLines('key')], makeView()).screen)).toEqual([]);
  });

  test.each(['en', 'ru', 'pl'])('what is granted, given or a file says so in %s', (language) => {
    const view = makeView({ language });
    const granted = (more: Partial<OrderLineView>, told = { lessons: [] as string[], credits: null as number | null }) =>
      grantMessage(makeLine({ title: 'Pack <1>', quantity: 2, ...more }), told, view);
    const credits = granted({ kind: 'credits', creditAmount: 25 }, { lessons: [], credits: 61 });
    const access = granted({ kind: 'access', accessSeconds: 7 * 86_400 });
    const course = granted({ kind: 'course' }, { lessons: ['Light', 'Colour'], credits: null });
    const thanks = thanksMessage(makeLine({ kind: 'donation', title: 'Cats', price: 1500, basePrice: 1500 }), view);
    for (const screen of [credits, access, course, thanks, fileCaption(line, view)]) {
      expectSendable(screen);
      expect(targets(screen)).toEqual(['order']);
    }
    expect(credits.text).toMatch(/\+50[\s\S]*61/);
    expect(access.text).toContain('14');
    expect(course.text).toMatch(/2[\s\S]*1\. .*Light[\s\S]*2\. .*Colour/);
    expect(thanks.text).toMatch(/30[.,]00[\s\S]*Cats/);
  });

  test('a pickup says where, when, how, and the code', () => {
    const delivery = { id: 32, status: 'waiting' as const, handoverCode: '47119', shown: false };
    const screen = pickupMessage(makeLine({ kind: 'pickup', title: 'Coffee', pickupPoint, delivery }), makeView());
    expectSendable(screen);
    for (const text of ['Coffee', 'Kiosk <b>5</b>, Marszałkowska 1', 'Warsaw, Center', '10–18', 'Ring twice & wait'])
      expect(screen.text).toContain(text);
    expect(part(screen, 'code')).toEqual(['47119']);
  });
});

describe('staff message', () => {
  const paid = makeView({
    status: 'paid',
    lines: [makeLine({ kind: 'pickup', pickupPoint, delivery: { id: 32, status: 'sent', handoverCode: '47119', shown: false } })],
  });

  test('offers what the status allows', () => {
    const of = (view: OrderView) => staffScreen(view, { customerId: 5, language: 'en' });
    expect(labels(of(makeView()))).toEqual(['✖️ Cancel']);
    expect(labels(of(paid))).toEqual(['🤝 Handed over: Key', '📨 Re-send', '↩️ Refund']);
    expect(labels(of(makeView({ status: 'cancelled' })))).toEqual([]);
  });

  test('a refund asks for a second press that names the amount left', () => {
    const refunds = [{ id: 'K7Q4MX2P-r1', amount: 3000, currency: 'PLN', status: 'succeeded', scope: 'order' as const }];
    const screen = staffScreen({ ...paid, refunds }, { customerId: 5, language: 'en', asking: 'refund' });
    expect(labels(screen)).toEqual(['Yes, refund 50.00\u00a0PLN', 'No, back']);
    expect(targets(screen)).toEqual(['act', 'staff']);
  });

  test('a disputed payment is shown and not refunded', () => {
    const screen = staffScreen({ ...paid, dispute }, { customerId: 5, language: 'en' });
    expect(screen.text).toContain('disputes');
    expect(screen.text).toContain('Taken back by the provider: 50.00\u00a0PLN');
    expect(labels(screen)).not.toContain('↩️ Refund');
    const warned = staffScreen({ ...paid, dispute: { ...dispute, blocks: false, taken: 0 } }, { customerId: 5, language: 'en' });
    expect(warned.text).toContain('may be disputed');
    expect(labels(warned)).toContain('↩️ Refund');
  });
});

test.each(languages)('notices in %s say the amount and the order', (language) => {
  const money = { orderCode: 'K7Q4MX2P', amount: 40, currency: 'XTR' };
  const notices = [
    walletNotice({ ...money, late: true }, language),
    walletNotice({ ...money, late: false }, language),
    refundNotice({ ...money, provider: 'stars', scope: 'money', status: 'succeeded', reason: 'lateMoney' }, language),
    refundNotice({ ...money, provider: 'stripe', scope: 'order', status: 'failed', reason: 'x' }, language),
  ];
  for (const screen of notices) {
    expectSendable(screen);
    expect(screen.text).toContain('40\u00a0⭐');
    expect(part(screen, 'code')).toEqual(['K7Q4-MX2P']);
  }
  expect(new Set(notices.map((screen) => screen.text)).size).toBe(4);
});

test('the wallet is turned page by page, and says nothing of how many there are', () => {
  const entry: ShownEntry = { at: new Date(now), amount: 500, balance: 500, reason: 'opening', orderCode: null };
  const wallet = (page: number, hasMore: boolean) =>
    walletScreen(textsOf('en'), 'PLN', { cash: 500, stars: 0, bonus: 0, debt: 0 }, { rows: [entry], page, hasMore, canRefill: false });
  const turns = (page: number, hasMore: boolean) =>
    buttons(wallet(page, hasMore)).flatMap((button) => {
      const to = 'callback_data' in button ? decodeCallback(button.callback_data) : undefined;
      return to?.to === 'wallet' ? [[button.text, to.page]] : [];
    });
  expectSendable(wallet(3, true));
  expect(turns(0, false)).toEqual([]);
  expect(turns(0, true)).toEqual([
    ['·', 0],
    ['1', 0],
    ['›', 1],
  ]);
  expect(turns(3, true)).toEqual([
    ['‹', 2],
    ['4', 3],
    ['›', 4],
  ]);
  expect(turns(3, false)).toEqual([
    ['‹', 2],
    ['4', 3],
    ['·', 3],
  ]);
});

test('a cut text keeps whole characters and entities within it', () => {
  const cut = cutRich(rich('ab', bold('🎁🎁🎁🎁')), 6);
  expect(cut.text).toBe('ab🎁…');
  expect(cut.entities).toEqual([{ type: 'bold', offset: 2, length: 2 }]);
});

test('text that changes direction stays within itself', () => {
  expect(isolate('plain')).toBe('plain');
  expect(isolate('שלום')).toBe('\u2068שלום\u2069');
});

test('Stars that would not go back may be asked for again, however the order ended', () => {
  const refund = { id: 'x', amount: 40, currency: 'XTR', scope: 'money' as const };
  const offered = (status: string) =>
    labels(staffScreen(makeView({ status: 'expired', refunds: [{ ...refund, status }] }), { customerId: 1, language: 'en' }));
  expect(offered('failed')).toEqual(['↩️ Refund']);
  expect(offered('succeeded')).toEqual([]);
});

describe('friends', () => {
  const link = 'https://t.me/test_bot?start=ref_ABCDEFGHJKMN';
  const shown = { link, shop: 'x', friends: 5, earnings: 0, held: 0, currency: 'PLN', rate: 300, discount: 0 };

  test.each(languages)('in %s can be sent, with any title and any name', (language) => {
    const texts = textsOf(language);
    for (const title of titles) {
      const screen = referralsScreen(texts, { ...shown, shop: title, held: 12 });
      expectSendable(screen);
      expect(part(screen, 'code')).toEqual([link]);
      expect(targets(screen)).toEqual(['friends', 'leaders', 'menu']);
      const share = buttons(screen).flatMap((button) => ('url' in button ? [new URL(button.url)] : []));
      expect(share.map(({ origin, searchParams }) => [origin, searchParams.get('url')])).toEqual([['https://t.me', link]]);
      const rows = [title, ''].map((name) => ({ name, attachedAt: new Date(now) }));
      const list = friendsScreen(texts, { rows, page: 1, pages: 3 });
      expectSendable(list);
      expect(list.text).toContain(title);
      const leaders = [title, '', title, title].map((name, index) => ({ customerId: index, name, earnings: 50 - index, place: index + 1 }));
      const board = leadersScreen(texts, {
        leaders,
        own: { ...leaders[0], customerId: 9, name: '', earnings: 1, place: 77 },
        currency: 'PLN',
        customerId: 9,
      });
      expectSendable(board);
      expect(board.text).toContain(title);
      expect(board.text).toContain('77. ');
    }
    expect(targets(referralsScreen(texts, { ...shown, friends: 0, rate: 0 }))).toEqual(['leaders', 'menu']);
    expectSendable(friendsScreen(texts, { rows: [], page: 0, pages: 1 }));
    expectSendable(leadersScreen(texts, { leaders: [], own: undefined, currency: 'PLN', customerId: 9 }));
  });

  test.each([
    [0, 'Bronze', '▱▱▱▱▱▱▱▱▱▱ 100.00\u00a0PLN to 🥈 Silver'],
    [9_999, 'Bronze', '▰▰▰▰▰▰▰▰▰▱ 0.01\u00a0PLN to 🥈 Silver'],
    [10_000, 'Silver', '▱▱▱▱▱▱▱▱▱▱ 400.00\u00a0PLN to 🥇 Gold'],
    [30_000, 'Silver', '▰▰▰▰▰▱▱▱▱▱ 200.00\u00a0PLN to 🥇 Gold'],
    [50_000, 'Gold', '500.00\u00a0PLN to 💠 Platinum'],
    [100_000, 'Platinum', '4,000.00\u00a0PLN to 💎 Diamond'],
    [500_000, 'Diamond, 7 % off every price', ''],
  ])('whose commissions are %i show how far the next tier is', (earnings, tier, progress) => {
    const { text } = referralsScreen(textsOf('en'), { ...shown, earnings, discount: earnings === 500_000 ? 7 : 0 });
    expect(text).toContain(
      `Your tier: ${tier === 'Bronze' ? '🥉' : tier === 'Silver' ? '🥈' : tier === 'Gold' ? '🥇' : tier === 'Platinum' ? '💠' : '💎'} ${tier}`,
    );
    expect(text).toContain(progress);
    expect(text.includes('▱')).toBe(earnings < 500_000);
  });

  test.each(languages.flatMap((language) => [1, 2, 5, 21].map((friends) => [language, friends] as const)))(
    'are told in %s that they are %i',
    (language, friends) => {
      const notice = noticeScreen({ kind: 'friendJoined', friends }, language);
      expectSendable(notice);
      if (friends > 1) expect(notice.text).toContain(String(friends));
      expectSendable(noticeScreen({ kind: 'invited' }, language));
    },
  );

  test.each(languages)('and what they bring are told in %s', (language) => {
    for (const kind of ['commissionPaid', 'commissionTakenBack', 'commissionGivenAgain'] as const) {
      const notice = noticeScreen({ kind, amount: 300, currency: 'PLN', earnings: 2_700 }, language);
      expectSendable(notice);
      expect(notice.text).toMatch(/3[.,]00/);
      expect(notice.text).toMatch(/27[.,]00/);
    }
    for (const tier of tierNames) {
      const [higher, lower] = [true, false].map((isHigher) => noticeScreen({ kind: 'tierChanged', tier, isHigher, discount: 5 }, language));
      for (const notice of [higher, lower]) expectSendable(notice as Screen);
      expect(higher?.text).not.toBe(lower?.text);
      expect(higher?.text).toContain('5 %');
    }
  });
});

describe('the profile', () => {
  const shown = {
    balance: 12_345,
    currency: 'PLN',
    orders: 3,
    friends: 2,
    earnings: 3_000,
    discount: 2,
    watched: 2,
    achievements: achievementNames,
  };

  test.each(languages)('in %s can be sent, empty and with every badge', (language) => {
    const texts = textsOf(language);
    const full = profileScreen(texts, shown);
    expectSendable(full);
    for (const name of achievementNames) expect(full.text).toContain(texts.say(`achievement-${name}`));
    expect(targets(full)).toEqual(['wallet', 'orders', 'referrals', 'language', 'watches', 'menu']);
    const none = { balance: 0, orders: 0, friends: 0, earnings: 0, discount: 0, watched: 0 };
    const empty = profileScreen(texts, { ...shown, ...none, achievements: [] });
    expectSendable(empty);
    expect(empty.text).toContain(texts.say('profile-badges-none'));
    for (const name of achievementNames) {
      const notice = noticeScreen({ kind: 'achievementAwarded', name }, language);
      expectSendable(notice);
      expect(notice.text).toContain(texts.say(`achievement-${name}`));
    }
  });
});
