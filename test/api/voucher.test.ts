/** Gift links and vouchers in the Mini App: the chat's limits and refusals, and no call that counts twice. */
import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVoucherActivities } from '../../activities/voucher.ts';
import { checkDatabase } from '../../db/check.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { createBatch, revokeBatch } from '../../db/repositories/voucher-batch.ts';
import { claimGiftLink } from '../../db/repositories/voucher.ts';
import type { VoucherInput } from '../../workflows/messages/voucher.ts';
import { makeTestApi, type TestApi } from '../support/api.ts';
import { callAs, noLimits } from '../support/mini-app.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let app: Hono;
let api: TestApi;
/** How many looks at a voucher get no answer, though it is looked at. */
let unanswered = 0;
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
  api = makeTestApi(world, { limits: noLimits });
  app = api.app;
  const { advanceVoucher } = createVoucherActivities({ db: world.db });
  // The one step of a voucher's story, without Temporal around it.
  const lookAt = async (
    _update: unknown,
    { startWorkflowOperation }: { startWorkflowOperation: { options: { args: [VoucherInput] } } },
  ) => {
    const row = await advanceVoucher({ ...startWorkflowOperation.options.args[0], cancelled: false, at: Date.now() });
    if (unanswered === 0) return row;
    unanswered -= 1;
    throw Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });
  };
  Object.assign(api.door.door.client.workflow, { executeUpdateWithStart: lookAt });
});
afterAll(() => world.close());

async function open(money: { cash?: number; bonus?: number } = {}) {
  const customer = await world.addCustomer(money);
  const call = callAs(app, world.shop, customer);
  const give = async (amount: number, key: string = randomUUID()) => {
    const { nonce } = await (await call.payment.nonce.$post()).json();
    return call.gifts.$post({ json: { amount }, header: { 'x-nonce': nonce, 'idempotency-key': key } });
  };
  const balance = async () => {
    const { cash, bonus } = await readWallet(em(), world.shop, customer.id);
    return [cash, bonus];
  };
  return { customer, call, give, balance };
}
const reasonOf = async (response: { status: number; json(): Promise<unknown> }) => [
  response.status,
  ((await response.json()) as { reason?: string }).reason,
];

test('a gift leaves the wallet once however often it is asked for, its link opens once, and an unopened one comes back', async () => {
  const giver = await open({ cash: 3_000, bonus: 500 });
  expect(await (await giver.call.gifts.$get()).json()).toEqual({
    currency: 'PLN',
    giftable: 3_500,
    suggested: [500, 1_000, 2_000, 3_500],
    gifts: [],
  });
  // Made, and the answer lost: the same key tells of the same link.
  unanswered = 1;
  const key = randomUUID();
  const made = await (await giver.give(2_000, key)).json();
  const again = await (await giver.give(2_000, key)).json();
  expect(made).toMatchObject({ status: 'open', amount: 2_000, currency: 'PLN', link: expect.stringMatching(/\?start=g_[\w-]{43}$/) });
  expect(again).toEqual(made);
  expect(await reasonOf(await giver.give(1_000, key))).toEqual([409, 'KeyOfAnotherCall']);
  expect(await giver.balance()).toEqual([1_500, 0]);
  expect(await (await giver.call.gifts.$get()).json()).toMatchObject({ giftable: 1_500, gifts: [made] });

  const friend = await open();
  const payload = (made as { link: string }).link.split('g_')[1] ?? '';
  const claim = { shopId: world.shop.id, customerId: friend.customer.id, at: new Date() };
  expect(await claimGiftLink(em(), world.secrets, payload, claim)).toMatchObject({ ok: true });
  // Opened meanwhile: wanting it back changes nothing.
  const { id } = made as { id: number };
  const back = (voucherId: number, of = giver) => of.call.gifts[':id'].back.$post({ param: { id: String(voucherId) } });
  expect(await (await back(id)).json()).toMatchObject({ giftable: 1_500, gifts: [] });
  expect((await back(id, friend)).status).toBe(404);

  const second = (await (await giver.give(1_500)).json()) as { id: number };
  expect(await giver.balance()).toEqual([0, 0]);
  for (let times = 0; times < 2; times += 1) expect(await (await back(second.id)).json()).toMatchObject({ giftable: 1_500, gifts: [] });
  expect(await giver.balance()).toEqual([1_500, 0]);
});

test('more than the wallet has, and an eleventh that waits, are refused by name and move nothing', async () => {
  const giver = await open({ cash: 1_100 });
  expect(await reasonOf(await giver.give(1_101))).toEqual([409, 'InsufficientFunds']);
  for (let number = 0; number < 10; number += 1) expect((await giver.give(100)).status).toBe(200);
  expect(await reasonOf(await giver.give(100))).toEqual([409, 'TooManyGifts']);
  expect(await giver.balance()).toEqual([100, 0]);
});

test('a voucher’s code is redeemed once, by one, and guesses are few', async () => {
  const batch = { shopId: world.shop.id, name: '', amount: 500, count: 2, expiresAt: null, actor: 'cli', at: new Date() };
  const { batch: made, codes } = await createBatch(em(), batch);
  const [first, second] = [await open(), await open()];
  const redeem = (of: typeof first, code = '') => of.call.vouchers.redeem.$post({ json: { code } });
  expect(await (await redeem(first, codes[0]?.toLowerCase())).json()).toEqual({ amount: 500, currency: 'PLN' });
  expect((await redeem(first, codes[0])).status, 'whoever has it hears so again').toBe(200);
  expect(await first.balance()).toEqual([0, 500]);
  expect(await reasonOf(await redeem(second, codes[0]))).toEqual([409, 'VoucherClaimed']);
  await revokeBatch(em(), made, { actor: 'cli', at: new Date() });
  expect(await reasonOf(await redeem(second, codes[1]))).toEqual([409, 'VoucherOver']);
  for (let number = 0; number < 3; number += 1) expect(await reasonOf(await redeem(second, 'WRONG'))).toEqual([409, 'VoucherUnknown']);
  expect(await reasonOf(await redeem(second, codes[0]))).toEqual([409, 'TooManyTries']);
  expect(await second.balance()).toEqual([0, 0]);
});

test('leaves nothing that must not be', async () => {
  expect((await checkDatabase(em(), { now: new Date() })).findings).toEqual([]);
});
