/** Commissions and tiers on the database: what deposits of friends bring, once, and lose again with what is taken back. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommissionActivities } from '../../activities/commission.ts';
import { createDepositActivities } from '../../activities/deposit.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { findBroken } from '../../db/check.ts';
import { commissionRules } from '../../db/check/commissions.ts';
import { moneyRules } from '../../db/check/money.ts';
import { referralRules } from '../../db/check/referrals.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { visitCustomer } from '../../db/repositories/customer.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { post } from '../../db/repositories/ledger.ts';
import { findAccount } from '../../db/repositories/provider-account.ts';
import { readQuoteRules } from '../../db/repositories/quote.ts';
import { findPlace, listLeaders, openReferralCode, readEarnings, summariseReferrals } from '../../db/repositories/referral.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { ofCustomer } from '../../domain/ledger.ts';
import type { SettingKey } from '../../domain/setting.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { walletOf } from '../support/deposits.ts';
import { noticesOf } from '../support/referrals.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let deposits: ReturnType<typeof createDepositActivities>;
let commissions: ReturnType<typeof createCommissionActivities>;
let accountId: number;
const start = Date.parse('2026-05-01T10:00:00Z');
const day = 86_400_000;
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
  // Nobody is told in these tests.
  deposits = createDepositActivities({ db: world.db, secrets: world.secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  commissions = createCommissionActivities({ db: world.db });
  accountId = (await findAccount(em(), world.shop.id, 'stripe'))?.id ?? 0;
});
afterAll(() => world?.close());

/** Takings back are made up here, so what the provider's side says of deposits is left out. */
async function isGreen(now = start): Promise<void> {
  const names = new Set([...commissionRules, ...referralRules, ...moneyRules].map(({ name }) => name));
  const findings = await findBroken(em(), { now: new Date(now), settledBefore: new Date(now) });
  expect(findings.filter(({ rule }) => names.has(rule))).toEqual([]);
}

let users = 700_000;
function newUser(): number {
  users += 1;
  return users;
}

async function makeFriend(referrer: Pick<Customer, 'id'>): Promise<Customer> {
  const id = newUser();
  const referralCode = await openReferralCode(em(), { shopId: world.shop.id, customerId: referrer.id });
  const visitor = { shopId: world.shop.id, telegramUserId: id, chatId: id, name: 'Bea', language: 'en', referralCode } as const;
  return visitCustomer(em(), world.secrets, visitor);
}

let said = 0;
/** Money for a deposit, minor units, as the provider tells of it. */
async function arrive(depositCode: string, amount: number): Promise<void> {
  said += 1;
  await insertInboxRow(em(), {
    shopId: world.shop.id,
    provider: 'stripe',
    accountId,
    source: 'webhook',
    eventId: `evt_commission_${said}`,
    type: 'payment_intent.succeeded',
    verdict: 'verified',
    kind: 'settled',
    objectId: `pi_${depositCode}_${said}`,
    paymentId: depositPaymentId(depositCode),
    amount,
    currency: world.shop.currency,
    liveMode: false,
    providerAt: new Date(start),
    body: Buffer.from('{}'),
  });
  await deposits.settleDeposit({ depositCode, at: start });
}

async function open(customer: Pick<Customer, 'id'>, amount = 10_000): Promise<string> {
  const depositCode = newCode();
  const wish = { shopId: world.shop.id, customerId: customer.id, amount, method: 'card', payWithinSeconds: 1_800, language: 'en' } as const;
  expect(await deposits.openDeposit({ depositCode, open: wish, at: start })).toMatchObject({ rejected: null });
  return depositCode;
}

async function topUp(customer: Pick<Customer, 'id'>, amount = 10_000): Promise<string> {
  const depositCode = await open(customer, amount);
  await arrive(depositCode, amount);
  return depositCode;
}

/** What the provider has taken back of a deposit by now. */
async function takeBack(depositCode: string, reversed: number): Promise<void> {
  await em().execute(
    `update deposit set reversed = ?, status = case when ? >= credited then 'reversed' when credited >= amount then 'credited' else 'partial' end
      where code = ?`,
    [reversed, reversed, depositCode],
  );
}

const settle = (depositCode: string, at = start) => commissions.settleCommission({ depositCode, at });
const earningsOf = ({ id }: Pick<Customer, 'id'>) => readEarnings(em(), id);
const ban = ({ id }: Pick<Customer, 'id'>, banned = true) =>
  em().execute('update customer set banned_at = ? where id = ?', [banned ? new Date() : null, id]);

async function indebt({ id }: Pick<Customer, 'id'>, amount = 500): Promise<void> {
  const leg = { leg: 'debt', debit: ofCustomer('debt', id), credit: { kind: 'equity:adjustment', owner: '' }, amount } as const;
  const { id: shopId, currency } = world.shop;
  await post(em(), { shopId, currency, key: `debt:${id}:${newCode()}`, legs: [leg], actor: 'system', reason: 'test', at: new Date(start) });
}

async function set(key: SettingKey, value: number): Promise<boolean> {
  return writeSetting(em(), { shopId: world.shop.id, key, value, actor: 'cli', mode: 'live', at: new Date() });
}

async function pair() {
  const referrer = await world.addCustomer();
  return { referrer, friend: await makeFriend(referrer) };
}

describe('a friend’s top-up', () => {
  it('brings 3 % as a bonus, once, however often it is reckoned with', async () => {
    const { referrer, friend } = await pair();
    const depositCode = await topUp(friend);
    // Also at once, as when a worker that was given up goes on beside its successor.
    const rows = await Promise.all(Array.from({ length: 6 }, () => settle(depositCode)));
    for (const row of rows) expect(row).toEqual({ depositCode, status: 'paid', wakeAt: null, untold: [referrer.id] });
    await settle(depositCode);
    expect(await walletOf(world, referrer)).toEqual({ cash: 0, stars: 0, bonus: 300, debt: 0 });
    expect(await earningsOf(referrer)).toBe(300);
    expect((await noticesOf(world, referrer)).map(({ content }) => content)).toEqual([
      { kind: 'friendJoined', friends: 1 },
      { kind: 'commissionPaid', amount: 300, currency: 'PLN', earnings: 300 },
    ]);
    await isGreen();
  });

  it('that arrives in parts brings the rate of them together, rounded down once', async () => {
    const { referrer, friend } = await pair();
    const depositCode = await open(friend);
    for (const amount of [1_033, 1_033, 7_934]) {
      await arrive(depositCode, amount);
      await Promise.all([1, 2, 3, 4].map(() => settle(depositCode)));
    }
    expect((await walletOf(world, referrer)).bonus).toBe(300);
    await isGreen();
  });

  it('brings nothing to anybody when nobody brought the customer, or nothing came', async () => {
    const alone = await world.addCustomer();
    expect(await settle(await topUp(alone))).toMatchObject({ status: 'none', untold: [] });
    const { friend } = await pair();
    expect(await settle(await open(friend))).toMatchObject({ status: 'none' });
    expect(await settle(newCode())).toMatchObject({ status: 'none' });
  });

  it.each([
    ['the referrer is banned', async ({ referrer }: Awaited<ReturnType<typeof pair>>) => void (await ban(referrer))],
    ['the friend is banned', async ({ friend }: Awaited<ReturnType<typeof pair>>) => void (await ban(friend))],
    ['the referrer is in debt', async ({ referrer }: Awaited<ReturnType<typeof pair>>) => indebt(referrer)],
    ['the friend is in debt still', async ({ friend }: Awaited<ReturnType<typeof pair>>) => indebt(friend, 50_000)],
  ])('brings nothing when %s, now and ever after', async (_, make) => {
    const people = await pair();
    const depositCode = await open(people.friend);
    await make(people);
    await arrive(depositCode, 10_000);
    expect(await settle(depositCode)).toMatchObject({ status: 'refused', untold: [people.referrer.id] });
    await ban(people.referrer, false);
    await ban(people.friend, false);
    await settle(depositCode);
    expect(await earningsOf(people.referrer)).toBe(0);
    await isGreen();
  });

  it('brings by the rate that held when it came; other shops and rates out of bounds change nothing', async () => {
    const { referrer, friend } = await pair();
    expect([await set('commissionRate', 2_001), await set('commissionRate', -1), await set('commissionHoldDays', 61)]).toEqual([
      false,
      false,
      false,
    ]);
    const [first, second] = [await open(friend), await open(friend)];
    await arrive(first, 5_000);
    await settle(first);
    expect(await set('commissionRate', 2_000)).toBe(true);
    await arrive(first, 5_000);
    await settle(first);
    expect((await walletOf(world, referrer)).bonus).toBe(300);
    await arrive(second, 10_000);
    await settle(second);
    expect((await walletOf(world, referrer)).bonus).toBe(2_300);
    await set('commissionRate', 0);
    expect(await settle(await topUp(friend))).toMatchObject({ status: 'paid' });
    expect(await earningsOf(referrer)).toBe(2_300);
    await set('commissionRate', 300);
    await isGreen();
  });
});

describe('with a hold', () => {
  it('it is paid after it, and judged then; taken back within it, it brings nothing; an administrator may end it', async () => {
    await set('commissionHoldDays', 14);
    const { referrer, friend } = await pair();
    const codes = [await topUp(friend), await topUp(friend), await topUp(friend)];
    for (const depositCode of codes) expect(await settle(depositCode)).toMatchObject({ status: 'held', wakeAt: start + 14 * day });
    expect(await summariseReferrals(em(), referrer.id)).toEqual({ friends: 1, earnings: 0, held: 900 });
    const [kept = '', lost = '', ended = ''] = codes;
    await takeBack(lost, 10_000);
    await settle(lost, start + day);
    expect(await commissions.cancelCommission({ depositCode: ended, at: start + day })).toMatchObject({ status: 'refused' });
    expect(await summariseReferrals(em(), referrer.id)).toMatchObject({ held: 300 });
    expect(await settle(kept, start + 14 * day - 1)).toMatchObject({ status: 'held' });
    expect(await settle(kept, start + 14 * day)).toMatchObject({ status: 'paid', wakeAt: null });
    expect(await settle(lost, start + 14 * day)).toMatchObject({ status: 'reversed' });
    expect(await settle(ended, start + 14 * day)).toMatchObject({ status: 'refused' });
    expect(await earningsOf(referrer)).toBe(300);
    await set('commissionHoldDays', 0);
    await isGreen();
  });
});

describe('what is taken back', () => {
  it('takes its share along: from the bonus, what it has not becomes a debt; given again it pays that first', async () => {
    const { referrer, friend } = await pair();
    const depositCode = await topUp(friend);
    await settle(depositCode);
    // Spent meanwhile, all but 1.00.
    const product = await world.addProduct({ price: 200 });
    await createOrderActivities({ db: world.db }).open({ orderCode: newCode(), place: world.placing(referrer, product), at: start });
    await takeBack(depositCode, 5_000);
    await settle(depositCode);
    expect(await walletOf(world, referrer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 50 });
    expect(await earningsOf(referrer)).toBe(150);
    await takeBack(depositCode, 10_000);
    expect(await settle(depositCode)).toMatchObject({ status: 'reversed' });
    expect(await walletOf(world, referrer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 200 });
    expect(await earningsOf(referrer)).toBe(0);
    await takeBack(depositCode, 0);
    expect(await settle(depositCode)).toMatchObject({ status: 'paid' });
    expect(await walletOf(world, referrer)).toEqual({ cash: 0, stars: 0, bonus: 100, debt: 0 });
    expect((await noticesOf(world, referrer)).map(({ content }) => content).slice(1)).toMatchObject([
      { kind: 'commissionPaid', amount: 300, earnings: 300 },
      { kind: 'commissionTakenBack', amount: 150, earnings: 150 },
      { kind: 'commissionTakenBack', amount: 150, earnings: 0 },
      { kind: 'commissionGivenAgain', amount: 300, earnings: 300 },
    ]);
    await isGreen();
  });

  it('of ten friends’ 100.00 each leaves 27.00 of 30.00, in any order of arrival (A5)', async () => {
    const referrer = await world.addCustomer();
    const codes: string[] = [];
    for (let count = 0; count < 10; count += 1) codes.push(await topUp(await makeFriend(referrer)));
    await Promise.all(codes.map((code) => settle(code)));
    expect(await earningsOf(referrer)).toBe(3_000);
    await takeBack(codes[3] ?? '', 10_000);
    await Promise.all(codes.map((code) => settle(code)));
    expect(await earningsOf(referrer)).toBe(2_700);
    expect((await walletOf(world, referrer)).bonus).toBe(2_700);
    await isGreen();
  });

  it('in any sequence of credits, takings back and spendings leaves the rate of what stayed, and no balance below zero', async () => {
    const product = await world.addProduct({ price: 100, stockMode: 'unlimited' });
    const orders = createOrderActivities({ db: world.db });
    const event = fc.oneof(
      fc.record({ do: fc.constant('credit' as const), deposit: fc.nat({ max: 1 }), amount: fc.integer({ min: 1, max: 9_000 }) }),
      fc.record({ do: fc.constant('reverse' as const), deposit: fc.nat({ max: 1 }), amount: fc.integer({ min: 0, max: 20_000 }) }),
      fc.record({ do: fc.constant('spend' as const), deposit: fc.nat({ max: 1 }), amount: fc.constant(100) }),
      fc.record({ do: fc.constant('settle' as const), deposit: fc.nat({ max: 1 }), amount: fc.constant(0) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
        const { referrer, friend } = await pair();
        const made = [await open(friend), await open(friend)].map((code) => ({ code, credited: 0, reversed: 0 }));
        let spent = 0;
        for (const { do: act, deposit: index, amount } of events) {
          const deposit = made[index] as (typeof made)[number];
          if (act === 'credit') {
            await arrive(deposit.code, amount);
            deposit.credited += amount;
            // One that was taken back whole is no longer when more arrives.
            await takeBack(deposit.code, deposit.reversed);
          }
          if (act === 'reverse') {
            if (deposit.credited === 0) continue;
            deposit.reversed = Math.min(amount, deposit.credited);
            await takeBack(deposit.code, deposit.reversed);
          }
          if (act === 'spend') {
            const row = await orders.open({ orderCode: newCode(), place: world.placing(referrer, product), at: start });
            if (row.rejected === null) spent += amount;
          }
          await settle(deposit.code);
          const { bonus, cash, debt } = await walletOf(world, referrer);
          const owed = made.map(({ credited, reversed }) => Math.floor(((credited - reversed) * 3) / 100));
          // Whoever is in debt earns nothing by what comes then: at most what was owed, never less than nothing.
          const earnings = await earningsOf(referrer);
          expect(Math.min(bonus, cash, debt)).toBeGreaterThanOrEqual(0);
          expect(bonus - debt).toBe(earnings - spent);
          expect(earnings).toBeLessThanOrEqual(owed.reduce((sum, one) => sum + one, 0));
        }
      }),
      { numRuns: 25 },
    );
    await isGreen();
  }, 120_000);

  it('without spendings leaves exactly the rate of what stayed, rounded down for each deposit', async () => {
    const step = fc.record({ credit: fc.integer({ min: 1, max: 5_000 }), reversed: fc.nat({ max: 100 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (list) => {
        const { referrer, friend } = await pair();
        const depositCode = await open(friend);
        let credited = 0;
        for (const { credit, reversed } of list) {
          await arrive(depositCode, credit);
          credited += credit;
          const taken = Math.floor((credited * reversed) / 100);
          await takeBack(depositCode, taken);
          await settle(depositCode);
          const owed = Number((300n * BigInt(credited - taken)) / 10_000n);
          expect(await earningsOf(referrer)).toBe(owed);
          expect(await walletOf(world, referrer)).toEqual({ cash: 0, stars: 0, bonus: owed, debt: 0 });
        }
      }),
      { numRuns: 25 },
    );
    await isGreen();
  }, 120_000);
});

describe('tiers', () => {
  it('change at exactly 100, 500, 1000 and 5000, are told, lower every price, and go down again (A5)', async () => {
    const referrer = await world.addCustomer();
    await set('commissionRate', 2_000);
    const tiers = async () =>
      (await noticesOf(world, referrer)).flatMap(({ content }) =>
        content.kind === 'tierChanged' ? [(content as unknown as { tier: string }).tier] : [],
      );
    const discount = async () => (await readQuoteRules(em(), world.shop, referrer.id)).tierDiscount;
    const earn = async (wanted: number) => {
      const depositCode = await open(await makeFriend(referrer));
      await arrive(depositCode, (wanted - (await earningsOf(referrer))) * 5);
      await settle(depositCode);
      expect(await earningsOf(referrer)).toBe(wanted);
      return depositCode;
    };
    const seen: string[] = [];
    let last = '';
    for (const [begin, name, percent] of [
      [10_000, 'silver', 2],
      [50_000, 'gold', 3],
      [100_000, 'platinum', 5],
      [500_000, 'diamond', 7],
    ] as const) {
      const before = await discount();
      await earn(begin - 1);
      expect(await tiers()).toEqual(seen);
      expect(await discount()).toBe(before);
      last = await earn(begin);
      seen.push(name);
      expect(await tiers()).toEqual(seen);
      expect(await discount()).toBe(percent);
    }
    await takeBack(last, 5);
    await settle(last);
    expect(await earningsOf(referrer)).toBe(499_999);
    expect(await tiers()).toEqual([...seen, 'platinum']);
    expect(await discount()).toBe(5);
    await set('commissionRate', 300);
    await isGreen();
  });

  it('lower what the order’s first step charges by the better of both discounts, frozen in its lines; another price than was shown is said', async () => {
    const customer = await world.addCustomer({ cash: 100_000 });
    await openReferralCode(em(), { shopId: world.shop.id, customerId: customer.id });
    const orders = createOrderActivities({ db: world.db });
    const [plain, reduced] = [await world.addProduct({ price: 10_000 }), await world.addProduct({ price: 10_000, discountPercent: 20 })];
    const place = (product: typeof plain, shownTotal: number, orderCode = newCode()) =>
      orders.open({ orderCode, place: world.placing(customer, product, { shownTotal }), at: start });
    await set('bronzeDiscount', 10);
    expect(await place(plain, 10_000)).toMatchObject({ rejected: 'PriceChanged' });
    const orderCode = newCode();
    expect(await place(plain, 9_000, orderCode)).toMatchObject({ rejected: null });
    expect(await place(reduced, 8_000)).toMatchObject({ rejected: null });
    await set('bronzeDiscount', 0);
    const line = await world.one(
      'select l.base_price, l.discount_percent, l.price, l.stars_price from order_line l join "order" o on o.id = l.order_id where o.code = ?',
      [orderCode],
    );
    expect(Object.values(line).map(Number)).toEqual([10_000, 10, 9_000, 4_500]);
    await isGreen();
  });
});

describe('the leaderboard', () => {
  it('has who earned the most, names shortened, those of one sum in one place, nobody banned and nobody of another shop', async () => {
    const other = await makeTestShop();
    try {
      const earn = async (earnings: number) => {
        const customer = await visitCustomer(other.db.em.fork(), other.secrets, {
          shopId: other.shop.id,
          telegramUserId: newUser(),
          chatId: users,
          name: 'Ada Lovelace',
          language: 'en',
        });
        await openReferralCode(other.db.em.fork(), { shopId: other.shop.id, customerId: customer.id });
        await other.db.em.fork().execute('update referrer set earnings = ? where customer_id = ?', [earnings, customer.id]);
        return customer;
      };
      const people = [await earn(500), await earn(700), await earn(500), await earn(0), await earn(900)];
      await other.db.em.fork().execute('update customer set banned_at = now() where id = ?', [people[4]?.id]);
      const board = await listLeaders(other.db.em.fork(), other.secrets, other.shop.id, 10);
      expect(board).toEqual([
        { customerId: people[1]?.id, name: 'Ad…', earnings: 700, place: 1 },
        { customerId: people[0]?.id, name: 'Ad…', earnings: 500, place: 2 },
        { customerId: people[2]?.id, name: 'Ad…', earnings: 500, place: 2 },
      ]);
      expect(await findPlace(other.db.em.fork(), other.shop.id, 500)).toBe(2);
      expect(await listLeaders(other.db.em.fork(), other.secrets, other.shop.id + 1, 10)).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
