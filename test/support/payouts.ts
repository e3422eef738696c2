/** Payouts of a test world: what customers name and what staff say. */
import { randomBytes } from 'node:crypto';
import type { Judge } from '../../db/repositories/approval.ts';
import {
  approvePayout,
  closePayout,
  confirmDestination,
  confirmSent,
  digestOf,
  draftSent,
  findPayout,
  findStandingPayouts,
  nameDestination,
  type Named,
  type Said,
} from '../../db/repositories/payout.ts';
import type { FailureByStaff, PayoutView } from '../../domain/payout.ts';
import { ringPayout } from '../../temporal/payout.ts';
import type { TestShop } from './shop.ts';
import type { World } from './world.ts';

export const iban = 'PL61109010140000071219812874';
export const btcAddress = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4';

export const newTransaction = () => `tx-${randomBytes(8).toString('hex')}`;

export async function payoutOf({ db, secrets }: TestShop, payoutCode: string): Promise<PayoutView> {
  const view = await findPayout(db.em.fork(), secrets, { code: payoutCode });
  if (!view) throw new Error(`There is no payout ${payoutCode}`);
  return view;
}

/** The customer names where to, and agrees to it as it is shown back. */
export async function name(test: TestShop, payoutCode: string, text = iban, at = Date.now()): Promise<Named | Said> {
  const { id, customerId } = await payoutOf(test, payoutCode);
  const named = await nameDestination(test.db.em.fork(), test.secrets, { id, customerId, text, at: new Date(at) });
  if (!named.ok) return named;
  const { destination } = await payoutOf(test, payoutCode);
  const digest = digestOf(destination ?? '');
  return confirmDestination(test.db.em.fork(), test.secrets, { id, customerId, digest, at: new Date(at) });
}

async function wordOf(test: TestShop, payoutCode: string, by: Judge, at: number) {
  const { id, shopId } = await payoutOf(test, payoutCode);
  return { id, shopId, by, at: new Date(at) };
}

export async function approve(test: TestShop, payoutCode: string, by: Judge, at = Date.now()): Promise<Said> {
  return approvePayout(test.db.em.fork(), await wordOf(test, payoutCode, by, at));
}

export async function sent(test: TestShop, payoutCode: string, by: Judge, at = Date.now(), transaction = newTransaction()): Promise<Said> {
  const word = await wordOf(test, payoutCode, by, at);
  const drafted = await draftSent(test.db.em.fork(), { ...word, transaction });
  return drafted.ok ? confirmSent(test.db.em.fork(), word) : drafted;
}

export async function close(
  test: TestShop,
  payoutCode: string,
  by: Judge,
  end: 'succeeded' | FailureByStaff,
  at = Date.now(),
): Promise<Said> {
  const word = await wordOf(test, payoutCode, by, at);
  const em = test.db.em.fork();
  return end === 'succeeded' ? closePayout(em, { ...word, word: 'succeeded' }) : closePayout(em, { ...word, word: 'failed', failure: end });
}

const standingPayout = async ({ db }: TestShop, payoutCode: string) => {
  const [standing] = await findStandingPayouts(db.em.fork(), { code: payoutCode });
  if (!standing) throw new Error(`There is no payout ${payoutCode}`);
  return standing;
};

/** What was said is rung for, as whoever says it does. */
export async function ring(world: World, payoutCode: string): Promise<void> {
  await ringPayout(world.door, await standingPayout(world, payoutCode));
}
