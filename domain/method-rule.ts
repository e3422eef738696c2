/** What a shop allows of a method: how much, to whom, whether at all; and when one that fails hides itself. Pure. */
import { depositMethods } from './deposit.ts';
import { inStars, type MethodName, maximumAmount, methodNames, minimumAmount, providerOfMethod, providerTraits } from './payment.ts';
import type { Quote } from './pricing.ts';

/** Methods that may have rules: the wallet is the customer's own money, and has none. */
export const ruledMethods: readonly MethodName[] = methodNames.filter((method) => method !== 'wallet');

/** A shop's rule for a method. Amounts in minor units of what the method is paid in (Stars: whole Stars). */
export interface MethodRule {
  /** The least and the most of one payment; null: what the provider takes. */
  readonly minimum: number | null;
  readonly maximum: number | null;
  /** How long somebody must be a customer, days, and how many delivered orders they must have. */
  readonly accountDays: number;
  readonly deliveredOrders: number;
  /** Only staff of the shop see and may use it: for a test. */
  readonly staffOnly: boolean;
  readonly hidden: boolean;
  /** Whether wallets may be topped up by it; null: as the method has it. */
  readonly deposits: boolean | null;
}

export const noRule: MethodRule = {
  minimum: null,
  maximum: null,
  accountDays: 0,
  deliveredOrders: 0,
  staffOnly: false,
  hidden: false,
  deposits: null,
};

/** Methods that top wallets up only where the owner said so: what comes in Stars buys digital goods only. */
const offForDeposits: readonly MethodName[] = ['stars'];

/** Whether the shop has wallets topped up by a method. */
export function takesDeposits(method: MethodName, { deposits }: Pick<MethodRule, 'deposits'>): boolean {
  return depositMethods.includes(method) && (deposits ?? !offForDeposits.includes(method));
}

/** Hard bounds of what a rule may say. */
export const methodRuleBounds = {
  minimum: { min: 1, max: 1_000_000_000 },
  maximum: { min: 1, max: 1_000_000_000 },
  accountDays: { min: 0, max: 365 },
  deliveredOrders: { min: 0, max: 100 },
} as const;

/** What of a rule does not fit, by its name; undefined when all does. */
export function findRuleMisfit(rule: MethodRule): keyof MethodRule | undefined {
  for (const [name, { min, max }] of Object.entries(methodRuleBounds) as [keyof typeof methodRuleBounds, { min: number; max: number }][]) {
    const value = rule[name];
    if (value !== null && (!Number.isSafeInteger(value) || value < min || value > max)) return name;
  }
  return rule.minimum !== null && rule.maximum !== null && rule.maximum < rule.minimum ? 'maximum' : undefined;
}

/** So many openings in a row that fail within so long hide a method; after a rest it is tried again, and shown when that works. */
export const failuresToHide = 5;
export const failuresWithinSeconds = 600;
export const restSeconds = 900;

/** Failed openings in a row. Times in ms since epoch. */
export interface MethodHealth {
  readonly failed: number;
  readonly firstFailedAt: number;
  /** Hidden by itself until then; null when it is not. */
  readonly hiddenUntil: number | null;
}

/** The health after an opening failed at `at`. What is hidden stays hidden for another rest: only success brings it back. */
export function afterFailure(before: MethodHealth | undefined, at: number): MethodHealth {
  const goesOn = before && (before.hiddenUntil !== null || at - before.firstFailedAt <= failuresWithinSeconds * 1000);
  const failed = goesOn ? before.failed + 1 : 1;
  const firstFailedAt = goesOn ? before.firstFailedAt : at;
  return { failed, firstFailedAt, hiddenUntil: failed >= failuresToHide ? at + restSeconds * 1000 : null };
}

/** The customer, as far as rules ask. Absent where nobody is asked about: then only what holds for all counts. */
export interface RuledCustomer {
  /** ms since epoch. */
  readonly since: number;
  readonly deliveredOrders: number;
  readonly isStaff: boolean;
}

/** Why a method is not for this customer at `at`. `MethodNotYet`: for whom the shop knows longer. */
export function judgeRule(
  rule: MethodRule,
  hiddenUntil: number | null,
  customer: RuledCustomer | undefined,
  at: number,
): 'MethodUnavailable' | 'MethodNotYet' | undefined {
  if (rule.hidden || (hiddenUntil !== null && at < hiddenUntil)) return 'MethodUnavailable';
  if (rule.staffOnly && !customer?.isStaff) return 'MethodUnavailable';
  if (!customer) return undefined;
  // Clocks differ: a rule that asks for no days refuses nobody whose first day another clock tells.
  const isYoung = rule.accountDays > 0 && at - customer.since < rule.accountDays * 86_400_000;
  const isNew = isYoung || customer.deliveredOrders < rule.deliveredOrders;
  return isNew ? 'MethodNotYet' : undefined;
}

/** The least and the most of one payment, in minor units of what the method is paid in. */
export interface MethodBounds {
  readonly minimum: number;
  readonly maximum: number;
}

/** A rule narrows what the provider takes, never widens it. */
export function boundsOf(method: MethodName, shopCurrency: string, rule: Pick<MethodRule, 'minimum' | 'maximum'> = noRule): MethodBounds {
  const provider = providerOfMethod[method];
  const currency = providerTraits[provider].currency === 'XTR' ? 'XTR' : shopCurrency;
  const minimum = Math.max(minimumAmount(provider, currency), rule.minimum ?? 0);
  return { minimum, maximum: Math.max(minimum, Math.min(rule.maximum ?? Number.MAX_SAFE_INTEGER, maximumAmount(provider))) };
}

/** The methods a quote can really be paid with, among those that can be used now. */
export function offeredMethods(
  quote: Pick<Quote, 'methods' | 'total' | 'starsTotal'>,
  usable: readonly (MethodBounds & { readonly method: MethodName })[],
): MethodName[] {
  return quote.methods.filter((method) => {
    const amount = inStars(method) ? (quote.starsTotal ?? 0) : quote.total;
    const bounds = usable.find((one) => one.method === method);
    return bounds && (amount === 0 || (amount >= bounds.minimum && amount <= bounds.maximum));
  });
}
