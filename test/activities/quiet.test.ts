/** Asking providers about what went quiet, and comparing what they answer, or what staff approved, with the ledger. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../activities/context.ts';
import { createDepositActivities } from '../../activities/deposit.ts';
import { createReconcileActivities } from '../../activities/reconcile.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { postMoneyToWallet, postRefundSucceeded } from '../../domain/ledger.ts';
import { post } from '../../db/repositories/ledger.ts';
import { listApprovedTransfers } from '../../db/repositories/approved-transfer.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import type { ExternalProvider } from '../../domain/payment.ts';
import type { Difference, Reconciled } from '../../domain/reconcile.ts';
import { toEvent } from '../../gateways/payments/nowpayments/payment.ts';
import { GatewayError, type PaymentRequest, type ProviderEvent } from '../../gateways/payments/provider.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { addStaff, approving, newReference, say } from '../support/approvals.ts';
import { giveCoinAccount, giveOffers, giveRates } from '../support/coins.ts';
import { walletOf } from '../support/deposits.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let deposits: ReturnType<typeof createDepositActivities>;
let steps: ReturnType<typeof createReconcileActivities>;
const hourMs = 3_600_000;
// Rows of the inbox are received now: payments were opened before, and asking is later.
const now = Date.now();
const hours = (count: number) => now + count * hourMs;
const em = () => world.db.em.fork();

/** What the far ends answer, by our payment id; who is not in it is not known to them. */
type Answering = (payment: PaymentRequest) => readonly ProviderEvent[];
const answers = new Map<string, Answering>();
/** Asked since the last look, by our payment id. */
let asked: string[] = [];
const find = async (payment: PaymentRequest) => {
  asked.push(payment.paymentId);
  const answer = answers.get(payment.paymentId);
  if (!answer) throw new GatewayError('There is no such payment', { retryable: false, isUnknown: true });
  return { status: 'pending', events: answer(payment) };
};

beforeAll(async () => {
  world = await makeTestShop();
  const { db, secrets } = world;
  deposits = createDepositActivities({ db, secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  const gateways = { stripe: { find, statement: () => Promise.resolve({ moves: [], cursor: '0' }) }, nowpayments: { find } };
  steps = createReconcileActivities({ db, secrets, gateways, door: undefined, publicUrl: 'http://x' } as unknown as ActivityContext);
  const accountId = await giveCoinAccount(em(), secrets, world.shop);
  await giveOffers(em(), accountId, new Date(hours(-2)));
  for (const hour of [-2, 0, 1, 2]) await giveRates(em(), new Date(hours(hour)));
});
afterAll(() => world.close());
beforeEach(async () => {
  // Of earlier tests nothing is asked any more.
  await em().execute('update payment set opened_at = ?', [new Date(hours(-24 * 40))]);
  answers.clear();
  asked = [];
});

interface Opened {
  readonly depositCode: string;
  readonly id: string;
  readonly customer: Customer;
}

let objects = 1_000;

/** A deposit of 100.00 PLN: 0.0005 BTC where it is paid in coins. The provider has made it, and knows of no money. */
async function open(method: 'card' | 'crypto' | 'bank', at = hours(-2)): Promise<Opened & { readonly object: string }> {
  const customer = await world.addCustomer();
  const depositCode = newCode();
  const id = depositPaymentId(depositCode);
  const coin = method === 'crypto' ? ({ coin: 'BTC' } as const) : {};
  const wish = {
    shopId: world.shop.id,
    customerId: customer.id,
    amount: 10_000,
    method,
    payWithinSeconds: 864_000,
    language: 'en',
    ...coin,
  } as const;
  expect((await deposits.openDeposit({ depositCode, open: wish, at })).rejected).toBeNull();
  objects += 1;
  const object = String(objects);
  await em().execute(
    `update payment set instructions = '{"kind":"nothing"}', provider_object = ?, units = ?, price_amount = ?, price_currency = ? where id = ?`,
    [object, ...(method === 'crypto' ? ['0.0005', 2_000, 'EUR'] : [null, null, null]), id],
  );
  answers.set(id, () => []);
  return { depositCode, id, customer, object };
}

const paidByCard =
  (object: string, amount = 10_000): Answering =>
  () => [
    {
      eventId: `${object}:succeeded`,
      kind: 'settled',
      objectId: `pi_${object}`,
      money: { amount, currency: 'PLN' },
      at: hours(-1),
      type: 'asked.succeeded',
    },
  ];

interface Coins {
  readonly status?: string;
  readonly paid: string;
  readonly outcome?: string | null;
  readonly parent?: string;
  readonly object?: string;
}

/** As the gateway makes it of what NOWPayments answers. */
function coinEvent(own: string, { status = 'finished', paid, outcome = null, parent, object = own }: Coins): ProviderEvent {
  const told = {
    payment_id: object,
    parent_payment_id: parent,
    payment_status: status,
    price_amount: '20',
    price_currency: 'eur',
    pay_amount: '0.0005',
    pay_currency: 'btc',
    actually_paid: paid,
    outcome_amount: outcome,
    outcome_currency: outcome === null ? null : 'usdttrc20',
    order_id: null,
    payment_extra_ids: null,
    updated_at: hours(-1),
  };
  return toEvent(told, 'asked', hours(-1));
}
const inCoins =
  (own: string, ...all: Coins[]): Answering =>
  () =>
    all.map((one) => coinEvent(own, one)).filter(({ kind }) => kind !== 'other');

const about = (provider: ExternalProvider) => ({ shopId: world.shop.id, provider });

async function askAll(provider: ExternalProvider, at = hours(1), quietSeconds = 1_800) {
  let [found, turns] = [0, 0];
  for (;;) {
    const turn = await steps.askQuiet({ ...about(provider), quietSeconds, at });
    found += turn.found;
    turns += 1;
    if (!turn.more) return { found, turns };
  }
}

/** Repeats what waited for a lock too long, as workflows do with every step. */
async function insist<Done>(work: () => Promise<Done>): Promise<Done> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (err) {
      if (tries >= 20 || (err as { type?: string }).type !== 'DatabaseFailed') throw err;
    }
  }
}

const settle = ({ depositCode }: Opened) => deposits.settleDeposit({ depositCode, at: hours(1) });
const cash = async ({ customer }: Opened) => (await walletOf(world, customer)).cash;

async function reconcile(provider: ExternalProvider, opened: readonly Opened[] = [], at = hours(2)): Promise<Reconciled> {
  const { found } = await askAll(provider, at);
  const { reconciliationId } = await steps.readStatement({ ...about(provider), at });
  for (const one of opened) await settle(one);
  return steps.compareStatement({ ...about(provider), reconciliationId, graceSeconds: 600, asked: asked.length, found, at });
}

const of = ({ differences }: { readonly differences: readonly Difference[] }, objectId: string) =>
  differences.filter((one) => one.objectId === objectId).map(({ kind, amount }) => [kind, amount]);

async function isGreen(): Promise<void> {
  expect((await checkDatabase(em(), { now: new Date(hours(3)), settledGraceMs: 0 })).findings).toEqual([]);
}

describe('asking about what went quiet', () => {
  it('asks about open payments nobody has spoken of, and about those that are over until nobody can pay them', async () => {
    const quiet = await open('card');
    const young = await open('card', hours(0.9));
    const [closed, unclosed] = [await open('card', hours(-8)), await open('card', hours(-8))];
    const set = (one: Opened, at: Date | null) =>
      em().execute(`update payment set status = 'expired', closed_at = ? where id = ?`, [at, one.id]);
    await set(closed, new Date(now));
    await set(unclosed, null);
    await askAll('stripe');
    expect(asked.sort()).toEqual([quiet.id, unclosed.id].sort());
    asked = [];
    await askAll('stripe', hours(1.2));
    expect(asked).toEqual([]);
    await askAll('stripe', hours(1.6));
    expect(asked.sort()).toEqual([quiet.id, young.id].sort());
    await em().execute(`update deposit set status = 'expired', ended_by = 'time', closed_at = ? where code in (?, ?)`, [
      new Date(now),
      closed.depositCode,
      unclosed.depositCode,
    ]);
  });

  it('has what it learns settled like any other, once, however many ask and settle at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        async (amounts, askers) => {
          const opened = [];
          for (const amount of amounts) {
            const one = await open('card');
            answers.set(one.id, paidByCard(one.object, amount));
            opened.push(one);
          }
          const acts = [
            ...Array.from({ length: askers }, () => insist(() => askAll('stripe')).then(() => undefined)),
            ...opened.flatMap((one) => [insist(() => settle(one)), insist(() => settle(one))]),
          ];
          await Promise.all(acts);
          for (const one of opened) await settle(one);
          expect(await Promise.all(opened.map(cash))).toEqual(amounts);
        },
      ),
      { numRuns: 12 },
    );
    await isGreen();
  }, 120_000);

  it('goes on from where it was killed, and asks about nothing twice', async () => {
    const opened: Opened[] = [];
    for (let count = 0; count < 6; count += 1) {
      const one = await open('card', hours(-2) + count);
      answers.set(one.id, paidByCard(one.object));
      opened.push(one);
    }
    const third = opened[2] as Opened;
    const answer = answers.get(third.id) as Answering;
    answers.set(third.id, () => {
      throw new Error('killed');
    });
    await expect(askAll('stripe')).rejects.toThrow('killed');
    answers.set(third.id, answer);
    expect(await askAll('stripe')).toMatchObject({ found: 4 });
    expect(asked).toEqual([...opened.slice(0, 3), ...opened.slice(2)].map(({ id }) => id));
    for (const one of opened) await settle(one);
    expect(await Promise.all(opened.map(cash))).toEqual(opened.map(() => 10_000));
    await isGreen();
  });

  it('asks about as many as there are, in turns', async () => {
    for (let count = 0; count < 53; count += 1) await open('card');
    expect(await askAll('stripe')).toMatchObject({ turns: 2 });
    expect(asked).toHaveLength(53);
    expect(new Set(asked).size).toBe(53);
  }, 60_000);

  it('leaves a provider alone that says when to come again, and others are not kept waiting by one that fails', async () => {
    const [limited, broken, refused, fine] = [
      await open('card', hours(-2)),
      await open('card', hours(-1.9)),
      await open('card', hours(-1.8)),
      await open('card', hours(-1.7)),
    ];
    const failing = (options: ConstructorParameters<typeof GatewayError>[1]) => () => {
      throw new GatewayError('failing', options);
    };
    answers.set(limited.id, failing({ retryable: true, retryAfter: 2_000 }));
    await expect(askAll('stripe')).rejects.toMatchObject({ type: 'GatewayFailed', nextRetryDelay: 2_000 });
    expect(asked).toEqual([limited.id]);
    answers.set(limited.id, () => []);
    answers.set(broken.id, failing({ retryable: true }));
    answers.set(refused.id, failing({ retryable: false }));
    asked = [];
    await askAll('stripe');
    expect(asked).toEqual([limited.id, broken.id, refused.id, fine.id]);
    asked = [];
    await expect(askAll('stripe')).rejects.toMatchObject({ type: 'GatewayFailed' });
    expect(asked).toEqual([broken.id]);
    expect(await world.one('select refusal from asked_payment where payment_id = ?', [refused.id])).toEqual({ refusal: 'failing' });
  });

  it('says that nothing was learned when all is refused', async () => {
    const one = await open('card');
    answers.set(one.id, () => {
      throw new GatewayError('the key is none of ours', { retryable: false });
    });
    await expect(askAll('stripe')).rejects.toMatchObject({ type: 'GatewayRefused', nonRetryable: true });
  });
});

describe('comparing what NOWPayments answers', () => {
  it('finds nothing where both are equal, and books what it took for itself once', async () => {
    const [one, none] = [await open('crypto'), await open('crypto')];
    // 0.0005 BTC are 25.00 USD or 100.00 PLN; 24.75 USDT of them are left.
    answers.set(one.id, inCoins(one.object, { paid: '0.0005', outcome: '24.75' }));
    const before = await reconcile('nowpayments', [], hours(2));
    await settle(one);
    const result = await reconcile('nowpayments', [one], hours(2.1));
    expect(result.feesInAll - before.feesInAll).toBe(100);
    expect([of(result, one.object), of(result, none.object)]).toEqual([[], []]);
    expect(result).toMatchObject({ fees: 100, difference: 0, statement: result.ledger });
    expect(await reconcile('nowpayments', [], hours(2.2))).toMatchObject({ fees: 0, difference: 0, feesInAll: result.feesInAll });
    expect(await cash(one)).toBe(10_000);
    await isGreen();
  });

  it('finds money and further transfers nobody told of, and credits them', async () => {
    const one = await open('crypto');
    const further = { object: `${one.object}9`, parent: one.object, paid: '0.0002', outcome: '10' };
    answers.set(one.id, inCoins(one.object, { paid: '0.0005', outcome: '25' }, further));
    const result = await reconcile('nowpayments', [one]);
    expect(result.found).toBe(2);
    expect([of(result, one.object), of(result, further.object)]).toEqual([[], []]);
    // 10 USDT are 40.00 PLN.
    expect(await cash(one)).toBe(14_000);
    expect(result.difference).toBe(0);
    await isGreen();
  });

  it.each([
    ['has less than we counted', { paid: '0.0004' }, ['ledgerHasMore', 2_000]],
    ['gave it back without a word', { paid: '0.0005', status: 'refunded' }, ['ledgerHasMore', 10_000]],
    ['says that it never came', { paid: '0', status: 'waiting' }, ['ledgerHasMore', 10_000]],
    ['knows of no such payment', undefined, ['ledgerHasMore', 10_000]],
  ] as const)('tells staff when it %s', async (_, lie, expected) => {
    const one = await open('crypto');
    answers.set(one.id, inCoins(one.object, { paid: '0.0005' }));
    expect(of(await reconcile('nowpayments', [one]), one.object)).toEqual([]);
    if (lie) answers.set(one.id, inCoins(one.object, lie));
    else answers.delete(one.id);
    // It is kept as it is told; nothing moves by it here.
    const result = await reconcile('nowpayments', [], hours(2.6));
    expect(of(result, one.object)).toEqual([expected]);
    expect(result.difference).toBeLessThan(0);
    const alerts = await em().execute(`select kind, params->>'what' as what from alert where params->>'what' like ? order by id`, [
      `%${one.object}`,
    ]);
    expect(alerts).toEqual([{ kind: 'ledgerHasMore', what: `nowpayments ${one.object}` }]);
    // What is planted here is no difference to the next test.
    answers.set(one.id, inCoins(one.object, { paid: '0.0005' }));
    await em().execute('delete from inbox where outcome is null');
    await reconcile('nowpayments', [], hours(3.2));
  });

  it('tells staff of money that nothing prices, by what was asked for it', async () => {
    const one = await open('crypto');
    answers.set(one.id, () => [
      {
        ...coinEvent(one.object, { paid: '0.0005' }),
        coins: { ...coinEvent(one.object, { paid: '0.0005' }).coins, payCoin: 'DOGE' } as never,
      },
    ]);
    expect(of(await reconcile('nowpayments', [one]), one.object)).toEqual([['ledgerLacks', 10_000]]);
    expect(await cash(one)).toBe(0);
    answers.set(one.id, () => []);
    await reconcile('nowpayments', [], hours(2.6));
  });

  it('rehearsed, says what it would find and leaves no trace', async () => {
    const one = await open('crypto');
    answers.set(one.id, inCoins(one.object, { paid: '0.0005', outcome: '24' }));
    const count = () =>
      world.one(
        `select (select count(*) from provider_answer) || ' ' || (select count(*) from asked_payment) || ' ' || (select count(*) from inbox) || ' '
             || (select count(*) from transfer) || ' ' || (select count(*) from reconciliation) || ' ' || (select count(*) from alert) as rows`,
      );
    const before = await count();
    const result = await steps.rehearseStatement({ ...about('nowpayments'), graceSeconds: 600, quietSeconds: 1_800, at: hours(2) });
    expect(result).toMatchObject({ asked: 1, found: 1, fees: 0 });
    expect(of(result, one.object)).toEqual([['ledgerLacks', 10_000]]);
    expect(await count()).toEqual(before);
  });
});

describe('comparing what staff approved', () => {
  it('is equal to the ledger by reference, and lists what the bank must show', async () => {
    const ann = await addStaff(world);
    const references = [newReference(), newReference()];
    for (const [index, reference] of references.entries()) {
      const one = await open('bank');
      expect(await say(world, one.depositCode, ann, approving({ amount: 10_000 + index, reference }), hours(-1))).toMatchObject({
        ok: true,
      });
      await settle(one);
    }
    // What staff paid out is no approval, and nobody else's word.
    const paidOut = { shopId: world.shop.id, currency: 'PLN', actor: 'test', reason: 'planted', at: new Date(hours(-1)) };
    await post(em(), { ...paidOut, key: 'ZZZZZZZZ-p1:succeeded', legs: postRefundSucceeded('manual', 300) });
    expect(await reconcile('manual')).toMatchObject({ differences: [], difference: 0, statement: 20_001, ledger: 20_001, asked: 0 });
    await post(em(), {
      ...paidOut,
      key: 'ZZZZZZZZ-p1:failed',
      legs: postRefundSucceeded('manual', 300).map((leg) => ({ ...leg, debit: leg.credit, credit: leg.debit })),
    });
    const listed = await listApprovedTransfers(em(), { since: new Date(hours(-2)), limit: 10 });
    expect(listed.map(({ reference, amount, currency }) => [reference, amount, currency])).toEqual([
      [references[1], 10_001, 'PLN'],
      [references[0], 10_000, 'PLN'],
    ]);
    expect(await listApprovedTransfers(em(), { since: new Date(hours(0)), limit: 10 })).toEqual([]);
    await isGreen();
  });

  it('tells staff of an approval that is not credited, and of credit beyond what was approved', async () => {
    const ann = await addStaff(world);
    const [unsettled, more] = [await open('bank'), await open('bank')];
    const [first, second] = [
      await say(world, unsettled.depositCode, ann, approving(), hours(-1)),
      await say(world, more.depositCode, ann, approving({ amount: 700 }), hours(-1)),
    ];
    const objectOf = (judged: object) => ('objectId' in judged ? String(judged.objectId) : '');
    const posting = { shopId: world.shop.id, currency: 'PLN', actor: 'test', reason: 'planted', at: new Date(hours(-1)) };
    await post(em(), {
      ...posting,
      key: `manual:${world.shop.id}:${objectOf(second)}`,
      legs: postMoneyToWallet('manual', more.customer.id, 0, 800),
    });
    const result = await reconcile('manual');
    expect(of(result, objectOf(first))).toEqual([['ledgerLacks', 5_000]]);
    expect(of(result, objectOf(second))).toEqual([['ledgerHasMore', 100]]);
    expect(result.difference).toBe(4_900);
  });
});
