/** The wallet, whom one brought and how one is spoken to, in the Mini App. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPromoCode } from '../../db/repositories/promo-code-staff.ts';
import { post } from '../../db/repositories/ledger.ts';
import { attachReferrer, openReferralCode } from '../../db/repositories/referral.ts';
import { ofCustomer } from '../../domain/ledger.ts';
import { makeTestApi } from '../support/api.ts';
import { callAs, noLimits } from '../support/mini-app.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let app: Hono;
beforeAll(async () => {
  world = await makeTestShop();
  ({ app } = makeTestApi(world, { limits: noLimits }));
});
afterAll(() => world.close());

const em = () => world.db.em.fork();
async function open(money: { cash?: number; bonus?: number } = {}) {
  const customer = await world.addCustomer(money);
  return { customer, api: callAs(app, world.shop, customer) };
}

/** Gifts and corrections of a customer: each of `legs` legs, and back again. */
async function move(customerId: number, times: number, from = 0): Promise<void> {
  for (let time = from; time < from + times; time += 1) {
    const bonus = { debit: { kind: 'expense:promo' as const, owner: '' }, credit: ofCustomer('bonus', customerId), amount: 10 + time };
    const cash = { debit: { kind: 'expense:promo' as const, owner: '' }, credit: ofCustomer('cash', customerId), amount: 100 };
    const legs = [{ leg: 'bonus', ...bonus }, ...(time % 3 === 0 ? [{ leg: 'cash', ...cash }] : [])];
    const posting = {
      shopId: world.shop.id,
      currency: 'PLN',
      key: `gift:${customerId}:${time}`,
      actor: 'staff:7',
      reason: 'gift',
      at: new Date(),
    };
    await em().transactional((tx) => post(tx, { ...posting, legs }));
  }
}

test('its entries come by pages, each once, with who and why, and balances that follow from each other', async () => {
  const { customer, api } = await open({ cash: 1_000 });
  await move(customer.id, 47);
  const first = await (await api.wallet.$get({ query: {} })).json();
  expect(first).toMatchObject({ currency: 'PLN', debt: 0, stars: 0, cash: 1_000 + 1_600, balance: first.cash + first.bonus });
  // What comes meanwhile does not move the pages.
  await move(customer.id, 5, 47);
  const entries = [...first.entries];
  for (let { next } = first; next !== null; ) {
    const page = await (await api.wallet.$get({ query: { cursor: String(next) } })).json();
    entries.push(...page.entries);
    next = page.next;
  }
  expect(entries).toHaveLength(48);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(48);
  expect(entries[0]).toMatchObject({ balance: first.balance, by: 'staff', reason: 'gift', code: null });
  expect(entries.at(-1)).toMatchObject({ amount: 1_000, balance: 1_000, reason: 'opening', by: 'shop' });
  for (const [index, entry] of entries.slice(0, -1).entries()) {
    expect(entry.balance - entry.amount, `entry ${index}`).toBe(entries[index + 1]?.balance);
  }
  const stranger = await open();
  expect(await (await stranger.api.wallet.$get({ query: { cursor: String(entries[0]?.id) } })).json()).toMatchObject({
    entries: [],
    balance: 0,
  });
});

test('is topped up between bounds, by methods within them', async () => {
  const { api } = await open();
  const told = await (await api.refills.$get()).json();
  expect(told.methods.map(({ method }) => method)).toEqual(expect.arrayContaining(['card', 'blik', 'bank']));
  expect(told.suggested.length).toBeGreaterThan(2);
  for (const amount of told.suggested) expect([amount % 100, amount >= told.minimum, amount <= told.maximum]).toEqual([0, true, true]);
  expect(await (await api.coins.$get({ query: { method: 'crypto' } })).json()).toEqual({ currency: 'PLN', coins: [] });
});

test('friends count, with the tier and what is missing to the next', async () => {
  const { customer, api } = await open();
  const before = await (await api.referrals.$get()).json();
  const code = await openReferralCode(em(), { shopId: world.shop.id, customerId: customer.id });
  expect(before).toEqual({
    link: `https://t.me/${world.shop.botUsername}?start=ref_${code}`,
    friends: 0,
    earned: 0,
    held: 0,
    currency: 'PLN',
    percent: 3,
    tier: 'bronze',
    discountPercent: 0,
    next: { tier: 'silver', from: 10_000, missing: 10_000 },
  });
  const friend = await world.addCustomer();
  await em().transactional((tx) => attachReferrer(tx, { shopId: world.shop.id, customerId: friend.id, code }));
  expect(await (await api.referrals.$get()).json()).toMatchObject({ friends: 1 });
});

test('the language is the chat’s, whoever changes it', async () => {
  const { customer, api } = await open();
  expect(await (await api.settings.$patch({ json: { language: 'pl' } })).json()).toEqual({ language: 'pl', wording: {} });
  expect(await world.one('select language from customer where id = ?', [customer.id])).toEqual({ language: 'pl' });
  expect(await (await api.settings.$get()).json()).toEqual({ language: 'pl', wording: {} });
  // What the app never says stays where it is said.
  const own = JSON.stringify({ pl: { 'gift-button': 'Daj', 'start-welcome': 'Hej' }, en: { 'gift-button': 'Give it' } });
  await em().execute('update shop set texts = ? where id = ?', [own, world.shop.id]);
  const told = { language: 'pl', wording: { 'gift-button': 'Daj' } };
  expect(await (await api.settings.$get()).json()).toEqual(told);
  expect(await (await api.shop.$get()).json()).toMatchObject(told);
  expect(await (await api.settings.$patch({ json: { language: 'en' } })).json()).toEqual({
    language: 'en',
    wording: { 'gift-button': 'Give it' },
  });
  const refused = await api.settings.$patch({ json: { language: 'de' as 'en' } });
  expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ field: 'language' })]);
});

test('a promo code is entered here or in the chat, is in the quote, and goes again', async () => {
  const { api } = await open();
  const product = await world.addProduct();
  await createPromoCode(em(), {
    shopId: world.shop.id,
    code: 'SPRING',
    description: '',
    kind: 'percent',
    value: 10,
    useLimit: null,
    customerLimit: null,
    firstOrderOnly: false,
    productId: null,
    categoryId: null,
    minimumTotal: 6_000,
    startsAt: null,
    endsAt: null,
    customerIds: [],
    actor: 'cli',
    at: new Date(),
  });
  const unknown = await api.basket.code.$post({ json: { code: 'NOTHING' } });
  expect([unknown.status, await unknown.json()]).toEqual([409, expect.objectContaining({ reason: 'CodeUnknown', field: 'code' })]);
  await api.basket.$put({ json: { lines: [{ productId: product.id, quantity: 1 }] } });
  const entered = await (await api.basket.code.$post({ json: { code: 'spring' } })).json();
  expect(entered).toMatchObject({ total: 5_000, code: { code: 'SPRING', refusal: 'CodeMinimum', saved: 0 } });
  const quote = await (await api.quote.$get({ query: { lines: `${product.id}x2` } })).json();
  expect(quote).toMatchObject({ total: 9_000, code: { refusal: null, saved: 1_000 }, lines: [{ codeDiscount: 1_000, total: 9_000 }] });
  expect(await (await api.basket.code.$delete()).json()).toMatchObject({ total: 5_000, code: null });
});
