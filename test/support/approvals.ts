/** Transfers of a test world: receipts that customers send, verdicts that staff give, and every way such a deposit ends. */
import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { Staff } from '../../db/entities/staff.ts';
import { agreeToVerdict, draftVerdict, giveVerdict, type Judge, type Judged, type VerdictWish } from '../../db/repositories/approval.ts';
import { findDepositView } from '../../db/repositories/deposit.ts';
import { type ReceiptFile, type SavedReceipt, saveReceipt } from '../../db/repositories/transfer-receipt.ts';
import type { StaffRole } from '../../domain/staff.ts';
import { staffChatId } from '../../sandbox/telegram/demo.ts';
import { ringFor } from '../../temporal/ring.ts';
import { depositWorkflowId } from '../../workflows/messages/deposit.ts';
import { strayWorkflowId } from '../../workflows/messages/stray.ts';
import { type Deposited, depositOf, depositOne } from './deposits.ts';
import { type Ending, ended, resultOf } from './ending.ts';
import type { TestShop } from './shop.ts';
import { waitFor } from './wait.ts';
import type { World } from './world.ts';

let users = 8_000_000;

/** Somebody of the staff, as a judge; the shop's messages to staff go to the sandbox's staff chat. */
export async function addStaff({ db, shop }: TestShop, role: StaffRole = 'manager', telegramUserId?: number): Promise<Judge> {
  users += 1;
  const em = db.em.fork();
  const staff = em.create(Staff, { shopId: shop.id, telegramUserId: telegramUserId ?? users, role });
  em.persist(staff);
  await em.flush();
  await em.execute('update shop set staff_chat_id = ? where id = ?', [staffChatId, shop.id]);
  return { actor: `staff:${staff.id}`, telegramUserId: staff.telegramUserId };
}

/** A receipt nobody sent before; `words` make the same one again. */
export function receiptFile(words: string = randomBytes(8).toString('hex')): ReceiptFile {
  const bytes = Buffer.from(`%PDF-1.4 ${words}`);
  const fileHash = createHash('sha256').update(bytes).digest('hex');
  return { mediaType: 'application/pdf', bytes, fileHash, pixelHash: null };
}

export const newReference = () => randomBytes(6).toString('hex').toUpperCase();

export const approving = (wish: Partial<Extract<VerdictWish, { verdict: 'approve' }>> = {}): VerdictWish => ({
  verdict: 'approve',
  amount: 5_000,
  reference: newReference(),
  sender: 'Jan Kowalski',
  ...wish,
});

/** What a judge says, drafted and given, at `at` ms since epoch. */
export async function say(test: TestShop, depositCode: string, by: Judge, wish: VerdictWish, at = Date.now()): Promise<Judged> {
  const shopId = test.shop.id;
  const draft = await draftVerdict(test.db.em.fork(), test.secrets, { shopId, depositCode, wish, by, at: new Date(at) });
  if (!draft.ok) return draft;
  return giveVerdict(test.db.em.fork(), { shopId, approvalId: draft.approvalId, by, at: new Date(at) });
}

export async function send(test: TestShop, depositCode: string, file = receiptFile(), at = Date.now()): Promise<SavedReceipt> {
  const found = await findDepositView(test.db.em.fork(), depositCode);
  return saveReceipt(test.db.em.fork(), test.secrets, { depositId: found?.deposit.id ?? 0, file, at: new Date(at) });
}

/** Rings for what was written. @returns its object */
async function rung(world: World, depositCode: string, written: SavedReceipt | Judged): Promise<string> {
  if (!('objectId' in written)) throw new Error(`Not written: ${JSON.stringify(written)}`);
  const about = { noun: 'deposit', code: depositCode } as const;
  await ringFor(world.door, { about, shopId: world.shop.id, provider: 'manual', objectId: written.objectId });
  return written.objectId;
}

export async function sendReceipt(world: World, depositCode: string, at = Date.now()): Promise<void> {
  await rung(world, depositCode, await send(world, depositCode, receiptFile(), at));
  await waitFor(async () => expect((await depositOf(world, depositCode)).status).not.toBe('waiting'), { timeout: 15_000, interval: 50 });
}

export async function judge(world: World, depositCode: string, by: Judge, wish = approving(), at = Date.now()): Promise<Judged> {
  const judged = await say(world, depositCode, by, wish, at);
  await rung(world, depositCode, judged);
  return judged;
}

export async function agree(world: World, depositCode: string, first: Judged, by: Judge): Promise<void> {
  if (!first.ok) throw new Error(first.rejected);
  const wish = { shopId: world.shop.id, approvalId: first.approvalId, by, at: new Date() };
  await rung(world, depositCode, await agreeToVerdict(world.db.em.fork(), wish));
}

export const transferOne = (world: World, amount = 5_000) => depositOne(world, { method: 'bank', amount, payWithinSeconds: 72 * 3_600 });

const endOf = (world: World, { depositCode }: Pick<Deposited, 'depositCode'>) => ended(world, depositWorkflowId(depositCode));

export const transferEndings: readonly Ending[] = [
  {
    name: 'deposit-transfer-approved',
    async run(world) {
      const deposited = await transferOne(world);
      await sendReceipt(world, deposited.depositCode);
      await judge(world, deposited.depositCode, await addStaff(world));
      return endOf(world, deposited);
    },
  },
  {
    name: 'deposit-transfer-approved-with-another-amount',
    async run(world) {
      const deposited = await transferOne(world);
      await sendReceipt(world, deposited.depositCode);
      await judge(world, deposited.depositCode, await addStaff(world), approving({ amount: 4_200 }));
      return endOf(world, deposited);
    },
  },
  {
    name: 'deposit-transfer-approved-by-two',
    async run(world) {
      const deposited = await transferOne(world, 200_000);
      await sendReceipt(world, deposited.depositCode);
      const first = await judge(world, deposited.depositCode, await addStaff(world), approving({ amount: 200_000 }));
      expect(first).toMatchObject({ waitsForSecond: true });
      await agree(world, deposited.depositCode, first, await addStaff(world, 'owner'));
      return endOf(world, deposited);
    },
  },
  {
    name: 'deposit-transfer-rejected',
    async run(world) {
      const deposited = await transferOne(world);
      await sendReceipt(world, deposited.depositCode);
      await judge(world, deposited.depositCode, await addStaff(world), { verdict: 'reject', reason: 'notReceived' });
      return endOf(world, deposited);
    },
  },
  {
    name: 'deposit-transfer-unjudged',
    long: true,
    async run(world, env) {
      const now = async () => (await env?.currentTimeMs()) ?? Date.now();
      await addStaff(world);
      const deposited = await transferOne(world);
      await sendReceipt(world, deposited.depositCode, await now());
      return endOf(world, deposited);
    },
  },
  {
    name: 'stray-late-approval-of-transfer',
    async run(world) {
      const deposited = await depositOne(world, { method: 'bank', payWithinSeconds: 1 });
      await resultOf(world, depositWorkflowId(deposited.depositCode));
      const judged = await judge(world, deposited.depositCode, await addStaff(world));
      await waitFor(async () => expect((await depositOf(world, deposited.depositCode)).status).toBe('credited'), { timeout: 15_000 });
      return ended(world, strayWorkflowId('manual', judged.ok ? judged.objectId : ''));
    },
  },
];
