/** Deposits in coins: what each word of the provider is worth, and that it counts once. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDepositActivities } from '../../activities/deposit.ts';
import { freezePrice } from '../../activities/payment/price.ts';
import { Payment } from '../../db/entities/payment.ts';
import { createStrayActivities } from '../../activities/stray.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import type { CoinFacts, InboxEventKind } from '../../domain/payment.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { giveCoinAccount, giveOffers, giveRates } from '../support/coins.ts';
import { walletOf } from '../support/deposits.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let steps: ReturnType<typeof createDepositActivities>;
let accountId: number;
const start = Date.parse('2026-05-01T10:00:00Z');
const minutes = (count: number) => start + count * 60_000;
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
  steps = createDepositActivities({ db: world.db, secrets: world.secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  accountId = await giveCoinAccount(em(), world.secrets, world.shop);
  await giveOffers(em(), accountId, new Date(start));
  await giveRates(em(), new Date(start));
});
afterAll(() => world.close());

async function isGreen(): Promise<void> {
  expect((await checkDatabase(em(), { now: new Date(minutes(5)), settledGraceMs: 0 })).findings).toEqual([]);
}

let objects = 1_000;
interface Waiting {
  readonly depositCode: string;
  readonly customer: Customer;
  readonly object: string;
}

/** 100.00 PLN are 20.00 EUR; the provider asks 0.0005 BTC for them. */
async function waiting(amount = 10_000): Promise<Waiting> {
  const customer = await world.addCustomer();
  const depositCode = newCode();
  const wish = {
    shopId: world.shop.id,
    customerId: customer.id,
    amount,
    method: 'crypto',
    coin: 'BTC',
    payWithinSeconds: 1_200,
    language: 'en',
  } as const;
  expect((await steps.openDeposit({ depositCode, open: wish, at: start })).rejected).toBeNull();
  const id = depositPaymentId(depositCode);
  await freezePrice(em(), await em().findOneOrFail(Payment, { id }), new Date(start));
  objects += 1;
  const object = String(objects);
  await em().execute(
    `update payment set instructions = '{"kind":"address","coin":"BTC","address":"bc1","units":"0.0005","memo":null}', provider_object = ?, units = '0.0005' where id = ?`,
    [object, id],
  );
  return { depositCode, customer, object };
}

const kinds: Readonly<Record<string, InboxEventKind>> = {
  confirming: 'seen',
  sending: 'confirming',
  failed: 'failed',
  expired: 'failed',
  waiting: 'other',
  refunded: 'refunded',
};

/** The provider says something of `paid` Bitcoin. */
async function say({ depositCode, object: own }: Waiting, status: string, paid: string, more: Partial<CoinFacts> & { at?: number } = {}) {
  const { at = minutes(1), ...facts } = more;
  const coins: CoinFacts = {
    object: own,
    parent: null,
    status,
    payCoin: 'BTC',
    payUnits: '0.0005',
    paidUnits: paid,
    price: '20',
    priceCurrency: 'EUR',
    outcomeCoin: null,
    outcomeUnits: null,
    ...facts,
  };
  const kind = kinds[status] ?? 'settled';
  return insertInboxRow(em(), {
    shopId: world.shop.id,
    provider: 'nowpayments',
    accountId,
    source: 'webhook',
    eventId: `${coins.object}:${status}:${paid}:${coins.outcomeUnits ?? ''}`,
    type: `ipn.${status}`,
    verdict: 'verified',
    kind,
    objectId: kind === 'settled' ? `${coins.object}:${paid}` : coins.object,
    paymentId: depositPaymentId(depositCode),
    coins,
    providerAt: new Date(at),
    body: Buffer.from('{}'),
  });
}

const settle = ({ depositCode }: Waiting, at = minutes(2)) => steps.settleDeposit({ depositCode, at });
const outcomes = async ({ depositCode }: Waiting): Promise<unknown[]> =>
  (
    await em().execute(
      `select i.outcome, i.outcome_reason from inbox i join payment p on p.id = i.payment_id where p.id = ? order by i.id`,
      [depositPaymentId(depositCode)],
    )
  ).map((row) => [row.outcome, row.outcome_reason] as unknown[]);
const cash = async ({ customer }: Waiting) => (await walletOf(world, customer)).cash;

describe('a deposit in coins', () => {
  it('asks the provider in EUR at a rate frozen with it, rounded up', async () => {
    const { depositCode } = await waiting(10_001);
    const id = depositPaymentId(depositCode);
    await giveRates(em(), new Date(minutes(3)), { EUR: 1.3 });
    expect(await freezePrice(em(), await em().findOneOrFail(Payment, { id }), new Date(minutes(4)))).toBe(false);
    const [row]: { price_amount: string; price_currency: string; coin: string; network: string }[] = await em().execute(
      'select price_amount, price_currency, coin, network from payment where id = ?',
      [id],
    );
    // 100.01 PLN are 20.002 EUR.
    expect({ ...row, price_amount: Number(row?.price_amount) }).toEqual({
      price_amount: 2_001,
      price_currency: 'EUR',
      coin: 'BTC',
      network: 'Bitcoin',
    });
  });

  it.each([
    ['exactly', '0.0005', 10_000, 'credited'],
    ['20 % less', '0.0004', 8_000, 'partial'],
    ['20 % more', '0.0006', 12_000, 'credited'],
    ['a little less than a minor unit makes', '0.000499999', 9_999, 'partial'],
  ] as const)('is credited with %s, rounded down', async (_name, paid, amount, status) => {
    const one = await waiting();
    await say(one, 'confirming', paid);
    expect(await settle(one)).toMatchObject({ status: 'seen' });
    await say(one, 'sending', paid);
    expect(await settle(one)).toMatchObject({ status: 'confirming' });
    await say(one, status === 'credited' ? 'finished' : 'partially_paid', paid);
    expect(await settle(one)).toMatchObject({ status });
    expect(await cash(one)).toBe(amount);
    const [row]: { units_received: string }[] = await em().execute('select units_received from payment where id = ?', [
      depositPaymentId(one.depositCode),
    ]);
    expect(Number(row?.units_received)).toBe(Number(paid));
    await isGreen();
  });

  it('counts what grows once: each word beyond what is counted, and nothing after it was finished but a refund', async () => {
    const one = await waiting();
    await say(one, 'partially_paid', '0.0002');
    await settle(one);
    expect(await cash(one)).toBe(4_000);
    await say(one, 'partially_paid', '0.0003', { at: minutes(3) });
    await say(one, 'finished', '0.0005', { at: minutes(4) });
    await settle(one);
    expect(await cash(one)).toBe(10_000);
    for (const [status, paid] of [
      ['finished', '0.0006'],
      ['partially_paid', '0.0005'],
      ['confirming', '0.0005'],
      ['failed', '0.0005'],
      ['expired', '0.0005'],
      ['refunded', '0.0005'],
    ] as const)
      await say(one, status, paid, { at: minutes(5) });
    await settle(one);
    expect(await cash(one)).toBe(10_000);
    expect((await outcomes(one)).slice(3)).toEqual([
      ['duplicate', 'it was finished before'],
      ['duplicate', 'it was finished before'],
      ['duplicate', null],
      ['duplicate', null],
      ['duplicate', null],
      ['suspense', expect.any(String)],
    ]);
    await isGreen();
  });

  it('takes a second transfer, and one to an address whose making had no answer, for what the shop got of it', async () => {
    const one = await waiting();
    await say(one, 'finished', '0.0005');
    // 9.90 USDT are 39.60 PLN.
    const got = { outcomeCoin: 'USDT_TRC20', outcomeUnits: '9.9' };
    await say(one, 'confirming', '0.0002', { object: 'child', parent: one.object });
    await say(one, 'finished', '0.0002', { object: 'child', parent: one.object, payUnits: '0.0002', ...got });
    await say(one, 'finished', '0.0002', { object: 'orphan', ...got });
    await say(one, 'failed', '0', { object: 'orphan2' });
    await settle(one);
    expect(await cash(one)).toBe(10_000 + 3_960 + 3_960);
    await say(one, 'finished', '0.0001', { object: 'unpriced', parent: one.object, outcomeCoin: 'DOGE', outcomeUnits: '50' });
    await settle(one);
    expect((await outcomes(one)).at(-1)).toEqual(['suspense', 'no valid rate of DOGE in PLN']);
    expect(await cash(one)).toBe(17_920);
    await isGreen();
  });

  it.each([
    ['another coin', { payCoin: 'LTC' }],
    ['another price: 21 EUR', { price: '21' }],
    ['another price: 20 USD', { priceCurrency: 'USD' }],
    ['no money', { paidUnits: '0' }],
  ] as const)('of %s moves nothing', async (reason, facts) => {
    const one = await waiting();
    await say(one, 'finished', '0.0005', facts);
    expect(await settle(one)).toMatchObject({ status: 'waiting' });
    expect(await outcomes(one)).toEqual([['suspense', expect.stringContaining(reason)]]);
    expect(await cash(one)).toBe(0);
    await isGreen();
  });

  it('first seen after its time is worth what the coins are worth then; seen in time, what was asked', async () => {
    const [late, inTime] = [await waiting(), await waiting()];
    await say(inTime, 'confirming', '0.0005', { at: minutes(19) });
    await settle(inTime, minutes(19));
    await giveRates(em(), new Date(minutes(30)), { BTC: 45_000 });
    for (const one of [late, inTime]) await steps.wakeDeposit({ depositCode: one.depositCode, at: minutes(21), closed: true });
    for (const one of [late, inTime]) await say(one, 'finished', '0.0005', { at: minutes(31) });
    for (const one of [late, inTime]) await settle(one, minutes(32));
    expect(await cash(late)).toBe(9_000);
    expect(await cash(inTime)).toBe(10_000);
  });

  it('is refused under the least of its coin, which is never under 5.00 EUR, and for coins that are not taken', async () => {
    const customer = await world.addCustomer();
    const wish = { shopId: world.shop.id, customerId: customer.id, method: 'crypto', payWithinSeconds: 1_200, language: 'en' } as const;
    const open = (more: { coin?: 'BTC' | 'USDT_TRC20' | 'TON'; amount: number; method?: 'card' }) =>
      steps.openDeposit({ depositCode: newCode(), open: { ...wish, ...more }, at: minutes(1) });
    expect(await open({ coin: 'BTC', amount: 2_499 })).toMatchObject({ rejected: 'AmountTooSmall' });
    expect(await open({ coin: 'USDT_TRC20', amount: 9_999 })).toMatchObject({ rejected: 'AmountTooSmall' });
    expect(await open({ coin: 'TON', amount: 50_000 })).toMatchObject({ rejected: 'MethodUnavailable' });
    expect(await open({ amount: 50_000 })).toMatchObject({ rejected: 'MethodUnavailable' });
    expect(await open({ coin: 'BTC', amount: 50_000, method: 'card' })).toMatchObject({ rejected: 'MethodUnavailable' });
    expect(await open({ coin: 'BTC', amount: 2_500 })).toMatchObject({ rejected: null });
    // With no rate nothing can be priced.
    expect(
      await steps.openDeposit({ depositCode: newCode(), open: { ...wish, coin: 'BTC', amount: 9_000 }, at: minutes(200) }),
    ).toMatchObject({ rejected: 'MethodUnavailable' });
  });

  it('that names nothing of ours is laid aside', async () => {
    const stranger = { depositCode: newCode(), customer: await world.addCustomer(), object: 'foreign' };
    await say(stranger, 'finished', '0.0005');
    const stray = createStrayActivities({ db: world.db });
    await stray.sortStray({ shopId: world.shop.id, provider: 'nowpayments', objectId: 'foreign:0.0005', at: minutes(2) });
    const rows: { outcome: string }[] = await em().execute(`select outcome from inbox where object_id = 'foreign:0.0005'`);
    expect(rows).toEqual([{ outcome: 'suspense' }]);
  });

  it('has the same in the wallet whatever words come in whatever order, how often and however many read them at once', async () => {
    const word = fc.constantFrom('waiting', 'confirming', 'confirmed', 'sending', 'finished', 'expired');
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 4 }), async (words, readers) => {
        const one = await waiting();
        for (const status of [...words, 'finished']) await say(one, status, '0.0005');
        await Promise.all(Array.from({ length: readers }, () => settle(one)));
        expect(await settle(one)).toMatchObject({ status: 'credited' });
        expect(await cash(one)).toBe(10_000);
      }),
      { numRuns: 12 },
    );
    await isGreen();
  }, 60_000);
});
