/** Vouchers and gift links: claimed once by whoever is first, and their money is always somewhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVoucherActivities } from '../../activities/voucher.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { readRests } from '../../db/repositories/cash-rest.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { createBatch, listBatchCodes, readBatchStats, revokeBatch } from '../../db/repositories/voucher-batch.ts';
import {
  askGiftBack,
  claimGiftLink,
  claimVoucherCode,
  draftGiftLink,
  findGiftLink,
  listOpenGiftLinks,
} from '../../db/repositories/voucher.ts';
import { restsOf } from '../../domain/payout.ts';
import { formatVoucherCode, giftLinkSeconds } from '../../domain/voucher.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let steps: ReturnType<typeof createVoucherActivities>;
const start = Date.parse('2026-05-01T10:00:00Z');
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
  steps = createVoucherActivities({ db: world.db });
});
afterAll(async () => {
  await world.close();
});

async function isGreen(now = start): Promise<void> {
  expect((await checkDatabase(em(), { now: new Date(now) })).findings).toEqual([]);
}
const walletOf = async ({ id }: Customer) => {
  const { cash, bonus } = await readWallet(em(), world.shop, id);
  return [cash, bonus];
};
const look = (voucherId: number, at = start, cancelled = false) => steps.advanceVoucher({ voucherId, cancelled, at });
const claimer = ({ id }: Customer, at = start + 1_000) => ({ shopId: world.shop.id, customerId: id, at: new Date(at) });

async function give(giver: Customer, amount: number): Promise<{ id: number; payload: string }> {
  const draft = { shopId: world.shop.id, customerId: giver.id, code: newCode(), amount, at: new Date(start) };
  const id = (await draftGiftLink(em(), world.secrets, draft)) ?? 0;
  // Two taps are one link.
  expect(await draftGiftLink(em(), world.secrets, draft)).toBe(id);
  await look(id);
  const link = await findGiftLink(em(), world.secrets, { id, customerId: giver.id });
  return { id, payload: link?.payload ?? '' };
}

describe('a gift link', () => {
  it('takes its money out of the wallet, bonus first, and brings it to whoever opens it, once', async () => {
    const [giver, friend] = [await world.addCustomer({ cash: 2_000, bonus: 500 }), await world.addCustomer()];
    const { id, payload } = await give(giver, 1_500);
    expect(payload).toMatch(/^[\w-]{43}$/);
    expect(await walletOf(giver)).toEqual([1_000, 0]);
    await isGreen();
    expect(await claimGiftLink(em(), world.secrets, payload, claimer(giver))).toEqual({ ok: false, why: 'own' });
    expect(await claimGiftLink(em(), world.secrets, `A${payload.slice(1)}`, claimer(friend))).toEqual({ ok: false, why: 'unknown' });
    const elsewhere = { ...claimer(friend), shopId: world.shop.id + 1 };
    expect(await claimGiftLink(em(), world.secrets, payload, elsewhere)).toEqual({ ok: false, why: 'unknown' });
    for (let round = 0; round < 2; round += 1) {
      expect(await claimGiftLink(em(), world.secrets, payload, claimer(friend))).toMatchObject({ ok: true, voucherId: id });
      expect(await look(id, start + 2_000)).toMatchObject({ status: 'claimed', over: true });
    }
    expect([await walletOf(giver), await walletOf(friend)]).toEqual([
      [1_000, 0],
      [0, 1_500],
    ]);
    const told = await em().execute('select customer_id, content from notice where key like ? order by key', [`voucher:${id}:%`]);
    expect(told.map(({ customer_id, content }) => [Number(customer_id), content.kind])).toEqual([
      [friend.id, 'voucherClaimed'],
      [giver.id, 'giftClaimed'],
    ]);
    await isGreen();
  });

  it('opened by ten at once is one person’s, and the others hear so', async () => {
    const giver = await world.addCustomer({ cash: 5_000 });
    const friends = await Promise.all(Array.from({ length: 10 }, () => world.addCustomer()));
    const { id, payload } = await give(giver, 5_000);
    const claims = await Promise.all(friends.map((friend) => claimGiftLink(em(), world.secrets, payload, claimer(friend))));
    await Promise.all([1, 2, 3].map(() => look(id, start + 2_000)));
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1);
    expect(claims.filter((claim) => !claim.ok && claim.why === 'claimed')).toHaveLength(9);
    const bonuses = await Promise.all(friends.map(async (friend) => (await walletOf(friend))[1]));
    expect(bonuses.sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 5_000]);
    await isGreen();
  });

  it('nobody opened in a day goes back as it came, and is over for who comes later', async () => {
    const [giver, friend] = [await world.addCustomer({ cash: 2_000, bonus: 500 }), await world.addCustomer()];
    const { id, payload } = await give(giver, 1_500);
    const end = start + giftLinkSeconds * 1_000;
    expect(await look(id, end - 1)).toMatchObject({ status: 'open', wakeAt: end });
    expect(await claimGiftLink(em(), world.secrets, payload, claimer(friend, end))).toEqual({ ok: false, why: 'over' });
    for (let round = 0; round < 2; round += 1) expect(await look(id, end)).toMatchObject({ status: 'lapsed', over: true });
    expect(await walletOf(giver)).toEqual([2_000, 500]);
    expect(await claimGiftLink(em(), world.secrets, payload, claimer(friend, end))).toEqual({ ok: false, why: 'over' });
    await isGreen(end);
  });

  it('taken back or opened at once is one of both, never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [giver, friend] = [await world.addCustomer({ cash: 1_000 }), await world.addCustomer()];
      const { id, payload } = await give(giver, 1_000);
      const [claimed] = await Promise.all([
        claimGiftLink(em(), world.secrets, payload, claimer(friend)),
        askGiftBack(em(), { id, customerId: giver.id, at: new Date(start) }).then(() => look(id)),
      ]);
      await look(id, start + 2_000);
      expect([await walletOf(giver), await walletOf(friend)]).toEqual(
        claimed.ok
          ? [
              [0, 0],
              [0, 1_000],
            ]
          : [
              [1_000, 0],
              [0, 0],
            ],
      );
    }
    await isGreen();
  });

  it('is not made by a wallet that is short or in debt, and at most ten wait', async () => {
    const poor = await world.addCustomer({ cash: 999 });
    const { id } = await give(poor, 1_000);
    expect(await look(id)).toMatchObject({ status: 'refused', rejected: 'InsufficientFunds', over: true });
    const rich = await world.addCustomer({ cash: 20_000 });
    for (let count = 0; count < 10; count += 1) await give(rich, 100);
    const draft = { shopId: world.shop.id, customerId: rich.id, code: newCode(), amount: 100, at: new Date(start) };
    expect(await draftGiftLink(em(), world.secrets, draft)).toBeUndefined();
    expect(await listOpenGiftLinks(em(), world.secrets, rich.id)).toHaveLength(10);
    expect(await findGiftLink(em(), world.secrets, { id, customerId: rich.id })).toBeUndefined();
    await isGreen();
  });

  it('that goes back is money of the deposit it came from again', async () => {
    const moves = [
      { amount: 5_000, depositCode: 'D1', orderId: null },
      { amount: -2_000, depositCode: null, orderId: -7 },
      { amount: 2_000, depositCode: null, orderId: -7 },
    ];
    expect(restsOf(moves).get('D1')).toBe(5_000);
    const giver = await world.addCustomer({ cash: 1_000 });
    await give(giver, 1_000);
    expect(await readRests(em(), { shopId: world.shop.id, currency: 'PLN', customerId: giver.id })).toEqual(new Map());
  });
});

describe('a batch of codes', () => {
  const batchOf = (count: number, expiresAt: Date | null = null) =>
    createBatch(em(), { shopId: world.shop.id, name: 'Kiosk', amount: 2_000, count, expiresAt, actor: 'test', at: new Date(start) });

  it('keeps no code, brings each one’s bonus once, and is revoked for what is left', async () => {
    const { batch, codes } = await batchOf(3);
    const rows = await em().execute('select * from voucher where batch_id = ?', [batch.id]);
    for (const code of codes) expect(JSON.stringify(rows)).not.toContain(code);
    const [first, second] = [await world.addCustomer(), await world.addCustomer()];
    const [code = '', other = '', third = ''] = codes;
    const claimed = await claimVoucherCode(em(), formatVoucherCode(code).toLowerCase(), claimer(first));
    expect(claimed).toMatchObject({ ok: true, amount: 2_000 });
    if (claimed.ok) await Promise.all([look(claimed.voucherId), look(claimed.voucherId)]);
    expect(await walletOf(first)).toEqual([0, 2_000]);
    expect(await claimVoucherCode(em(), code, claimer(second))).toEqual({ ok: false, why: 'claimed' });
    expect(await revokeBatch(em(), batch, { actor: 'test', at: new Date(start) })).toBe(2);
    expect(await claimVoucherCode(em(), other, claimer(second))).toEqual({ ok: false, why: 'over' });
    expect((await listBatchCodes(em(), batch.id)).map(({ ending, status }) => [ending, status])).toEqual([
      [code.slice(-4), 'claimed'],
      [other.slice(-4), 'revoked'],
      [third.slice(-4), 'revoked'],
    ]);
    const [stats] = await readBatchStats(em(), world.shop.id);
    expect(stats).toMatchObject({ count: 3, open: 0, claimed: 1, revoked: 2, paidOut: 2_000 });
    await isGreen();
  });

  it('takes five guesses in ten minutes, and is over at its end', async () => {
    const { codes } = await batchOf(2, new Date(start + 3_600_000));
    const [code = '', other = ''] = codes;
    const guesser = await world.addCustomer();
    const guesses = await Promise.all(
      Array.from({ length: 8 }, (_, index) => claimVoucherCode(em(), `${index}`.repeat(20), claimer(guesser))),
    );
    expect(guesses.filter((guess) => !guess.ok && guess.why === 'unknown')).toHaveLength(5);
    expect(await claimVoucherCode(em(), code, claimer(guesser))).toEqual({ ok: false, why: 'tooMany' });
    expect(await claimVoucherCode(em(), code, claimer(guesser, start + 700_000))).toMatchObject({ ok: true });
    expect(await claimVoucherCode(em(), other, claimer(await world.addCustomer(), start + 3_600_000))).toEqual({ ok: false, why: 'over' });
  });
});
