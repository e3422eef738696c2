/** The ledger beside what the far ends themselves say, with everything they would have told lost on the way. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { isLater } from '../../temporal/deadline.ts';
import { reconcileNow } from '../../temporal/reconcile.ts';
import type { ReconcileInput, ReconcileOutcome } from '../../workflows/messages/reconcile.ts';
import { depositOf, depositOne, payCoins, payDeposit, walletOf } from '../support/deposits.ts';
import { invoiceOf, isGreen, payByCard, payByStars, placeOne, runBots, untilStatus, viewOf } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld();
  stopBots = await runBots(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
});
beforeEach(() => world.sandbox.faults.clear());

async function reconcile(input: ReconcileInput = { graceSeconds: 0 }) {
  const outcome = await reconcileNow(world.door, input);
  if (isLater(outcome)) throw new Error('It was not answered in time');
  return outcome;
}

it('finds a lost payment, a lost dispute and Stars that were taken back, settles them, and then all is equal', async () => {
  const told = await placeOne(world, { method: 'card' });
  const intent = await payByCard(world, told.orderCode);
  const stars = await placeOne(world, { method: 'stars' });
  await payByStars(world, stars.customer, await invoiceOf(world, stars.orderCode));
  for (const { orderCode } of [told, stars]) await untilStatus(world, orderCode, ['delivered']);
  const deposited = await depositOne(world);

  world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'stripe', times: 100 });
  await payDeposit(world, deposited.depositCode);
  await world.control(`/stripe/payment-intents/${intent}/dispute`, {});
  const charge = await world.one(`select money_object from payment where id = ?`, [`${stars.orderCode}-1`]);
  await world.control('/stars/take-back', { chargeId: charge.money_object });

  const rehearsed = await reconcile({ dryRun: true, graceSeconds: 0 });
  // The payment is heard of by its session, the dispute by the statement.
  expect(rehearsed.results.map((result) => 'found' in result && [result.provider, result.asked, result.found])).toEqual([
    ['manual', 0, 0],
    ['nowpayments', 0, 0],
    ['stars', 0, 1],
    ['stripe', 1, 2],
  ]);
  expect((await depositOf(world, deposited.depositCode)).status).toBe('waiting');

  const outcome = await reconcile();
  expect(outcome).toMatchObject({ status: 'equal' });
  for (const result of outcome.results) {
    expect(result).toMatchObject({ differences: [] });
    if ('ledger' in result) expect(result.ledger).toBe(result.statement);
  }
  await waitFor(async () => expect((await walletOf(world, deposited.customer)).cash).toBe(5_000), { timeout: 10_000 });
  expect((await viewOf(world, told.orderCode)).dispute).toMatchObject({ blocks: true, taken: 5_000 });
  expect((await viewOf(world, stars.orderCode)).dispute).toMatchObject({ blocks: true, currency: 'XTR' });
  const fees = await world.one(
    `select sum(t.amount)::int as fees from transfer t join account a on a.id = t.debit_account_id where a.kind = 'expense:fee:stripe'`,
  );
  // Two payments at 1.5 % and 0.25, one dispute at 15.00.
  expect(fees.fees).toBe(100 + 100 + 1_500);
  expect((await reconcile()).results.map((result) => 'found' in result && result.found)).toEqual([0, 0, 0, 0]);
  await isGreen(world);
}, 180_000);

it('asks a provider again that fails for a moment', async () => {
  world.sandbox.faults.add({ target: 'stripe', kind: '500', method: 'GET /v1/balance_transactions', times: 1 });
  expect(await reconcile()).toMatchObject({ status: 'equal' });
}, 60_000);

it('asks NOWPayments about what it was silent of, and tells staff once when it takes back what it said', async () => {
  const staff = await world.addPerson();
  await world.db.em.fork().execute('update shop set staff_chat_id = ?, language = ? where id = ?', [staff.chatId, 'en', world.shop.id]);
  const toldStaff = async (part: string) => (await world.chat(staff)).filter(({ text }) => text.includes(part)).length;
  const ofCoins = ({ results }: ReconcileOutcome) => results.find(({ provider }) => provider === 'nowpayments');
  world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'nowpayments', times: 100 });
  // Whoever waits for the coins asks every five minutes; nobody has yet.
  const [one, two] = [
    await depositOne(world, { method: 'crypto', coin: 'BTC', amount: 10_000 }),
    await depositOne(world, { method: 'crypto', coin: 'BTC', amount: 10_000 }),
  ];
  const [first, second] = [await payCoins(world, one.depositCode), await payCoins(world, two.depositCode)];
  world.sandbox.faults.add({ target: 'nowpayments', kind: '429', method: 'GET /v1/payment', times: 1 });
  const outcome = await reconcile();
  expect(ofCoins(outcome)).toMatchObject({ asked: 2, differences: [], difference: 0 });
  for (const { customer } of [one, two]) expect((await walletOf(world, customer)).cash).toBe(10_000);

  await world.control(`/nowpayments/payments/${first.payment_id}/claim`, { paid: first.actually_paid / 2 });
  await world.control(`/nowpayments/payments/${second.payment_id}/claim`, { paid: null });
  const dry = await reconcile({ dryRun: true, graceSeconds: 0 });
  expect(dry.status).toBe('differs');
  for (let times = 0; times < 2; times += 1) {
    const lied = await reconcile();
    expect(lied.status).toBe('differs');
    expect(ofCoins(lied)).toMatchObject({
      difference: -15_000,
      differences: [
        { kind: 'ledgerHasMore', objectId: first.payment_id, amount: 5_000 },
        { kind: 'ledgerHasMore', objectId: second.payment_id, amount: 10_000 },
      ],
    });
  }
  await waitFor(async () => expect(await toldStaff(`nowpayments ${second.payment_id}`)).toBe(1), { timeout: 15_000 });
  expect([await toldStaff('Reconciliation'), await toldStaff(`nowpayments ${first.payment_id}`)]).toEqual([1, 1]);
  await isGreen(world);
}, 120_000);
