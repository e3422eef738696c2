/** Commission: what whoever brought a customer earns by that customer's top-ups (MONEY.md section 10). Pure. */
import { safeNumber } from './money.ts';
import type { MethodName } from './payment.ts';

/** What a commission is reckoned from. Amounts in minor units of the shop's currency. */
export interface CommissionBase {
  /** Basis points, frozen with the first credit. */
  readonly rate: number;
  /** What of the deposit was credited so far, and what was taken back of it. */
  readonly credited: number;
  readonly reversed: number;
  /** The part of `credited` that counts: nobody was banned or in debt when it fell due. */
  readonly eligible: number;
}

/** What the commission of a deposit is, in all: the rate of what counts and stayed, rounded down once. */
export function commissionOf({ rate, credited, reversed, eligible }: CommissionBase): number {
  if (credited <= 0 || eligible <= 0) return 0;
  const stayed = BigInt(Math.max(0, credited - reversed));
  return safeNumber((BigInt(rate) * BigInt(eligible) * stayed) / (10_000n * BigInt(credited)));
}

/** Why a credit brings no commission; each has a word in the history. */
export type CommissionRefusal = 'banned' | 'inDebt' | 'cancelled';

/** Whether money of this method may still be taken back long after it came, so that a shop may hold its commission. */
export function isHeldMethod(method: MethodName): boolean {
  return method === 'card' || method === 'stars';
}

/** `none`: nobody brought the customer, or nothing came; `held`: waits for its time; `refused`: nothing of it counts. */
export type CommissionStatus = 'none' | 'held' | 'paid' | 'refused' | 'reversed';
