/** Settings of a shop: whole numbers with hard bounds (MONEY.md section 11) and defaults. Changes leave an audit entry. */
import { parseAmount, toDecimal } from './money.ts';

/** What a value counts: `money` minor units of the shop's currency, `part` basis points. */
export type SettingUnit = 'seconds' | 'days' | 'count' | 'percent' | 'part' | 'money';

export const settings = {
  /** How long units are kept for an unpaid order. In the sandbox from 10 seconds. */
  holdSeconds: { unit: 'seconds', min: 300, sandboxMin: 10, max: 3600, fallback: 900 },
  /** How much less of the asked coins still settles an order; at most 1.00 EUR of it. Other methods take exactly what was asked. */
  coinTolerance: { unit: 'part', min: 0, sandboxMin: 0, max: 200, fallback: 50 },
  /** What one Star is worth. */
  starValue: { unit: 'money', min: 1, sandboxMin: 1, max: 1_000_000, fallback: 2 },
  /** Unpaid orders and open deposits a customer may have at once. */
  openOrderLimit: { unit: 'count', min: 1, sandboxMin: 1, max: 3, fallback: 3 },
  /** Payments a customer may begin in an hour: orders placed, changes of their method, deposits. */
  hourlyOrderLimit: { unit: 'count', min: 1, sandboxMin: 1, max: 20, fallback: 20 },
  /** Holds that ended unpaid before a customer must wait, the time they count in, and how long the wait is (domain/hoarding.ts). */
  unpaidHoldLimit: { unit: 'count', min: 1, sandboxMin: 1, max: 20, fallback: 3 },
  unpaidHoldSeconds: { unit: 'seconds', min: 600, sandboxMin: 10, max: 86_400, fallback: 3_600 },
  coolDownSeconds: { unit: 'seconds', min: 60, sandboxMin: 5, max: 86_400, fallback: 1_800 },
  /** Units of one product that may be kept for one customer at once. */
  heldUnitLimit: { unit: 'count', min: 1, sandboxMin: 1, max: 1_000, fallback: 20 },
  /** From how many units on staff are told that a product runs low; 0: only that it is out. A product may have a number of its own. */
  lowStockAt: { unit: 'count', min: 0, sandboxMin: 0, max: 1_000, fallback: 3 },
  /** The least and the most a customer may deposit at once; the least is also 5.00 EUR by today's rate. */
  depositMinimum: { unit: 'money', min: 1, sandboxMin: 1, max: 1_000_000, fallback: 500 },
  depositMaximum: { unit: 'money', min: 1, sandboxMin: 1, max: 100_000_000, fallback: 1_000_000 },
  /** Confirmations of an output before its money is credited, and of one that is worth more than 1,000 EUR; at least the former. */
  btcConfirmations: { unit: 'count', min: 1, sandboxMin: 1, max: 100, fallback: 2 },
  btcConfirmationsOfMuch: { unit: 'count', min: 1, sandboxMin: 1, max: 100, fallback: 6 },
  ltcConfirmations: { unit: 'count', min: 1, sandboxMin: 1, max: 100, fallback: 6 },
  ltcConfirmationsOfMuch: { unit: 'count', min: 1, sandboxMin: 1, max: 100, fallback: 12 },
  /** What whoever brought a customer earns of that customer's top-ups. */
  commissionRate: { unit: 'part', min: 0, sandboxMin: 0, max: 2_000, fallback: 300 },
  /** How long the commission of money that may still be taken back is held. */
  commissionHoldDays: { unit: 'days', min: 0, sandboxMin: 0, max: 60, fallback: 0 },
  /** Off every price for customers of a tier. */
  bronzeDiscount: { unit: 'percent', min: 0, sandboxMin: 0, max: 100, fallback: 0 },
  silverDiscount: { unit: 'percent', min: 0, sandboxMin: 0, max: 100, fallback: 2 },
  goldDiscount: { unit: 'percent', min: 0, sandboxMin: 0, max: 100, fallback: 3 },
  platinumDiscount: { unit: 'percent', min: 0, sandboxMin: 0, max: 100, fallback: 5 },
  diamondDiscount: { unit: 'percent', min: 0, sandboxMin: 0, max: 100, fallback: 7 },
  /** What staff approve of one deposit, or pay out of one payment, above this in all needs a second person. */
  secondApprovalAbove: { unit: 'money', min: 0, sandboxMin: 0, max: 100_000_000, fallback: 100_000 },
} as const satisfies Readonly<Record<string, { unit: SettingUnit; min: number; sandboxMin: number; max: number; fallback: number }>>;

export type SettingKey = keyof typeof settings;
export type Mode = 'sandbox' | 'live';

export const settingKeys = Object.keys(settings) as SettingKey[];

export function isSetting(name: string): name is SettingKey {
  return Object.hasOwn(settings, name);
}

/** The least and the most of a setting. */
export function boundsOf(key: SettingKey, mode: Mode): { readonly min: number; readonly max: number } {
  const { min, sandboxMin, max } = settings[key];
  return { min: mode === 'sandbox' ? sandboxMin : min, max };
}

/** Whether `value` is within the bounds of `key`. */
export function isWithinBounds(key: SettingKey, value: number, mode: Mode): boolean {
  const { min, max } = boundsOf(key, mode);
  return Number.isInteger(value) && value >= min && value <= max;
}

/** Settings of which the first may never be above the second: together they would let nothing through, or ask less of more. */
export const orderedSettings: readonly (readonly [SettingKey, SettingKey])[] = [
  ['depositMinimum', 'depositMaximum'],
  ['btcConfirmations', 'btcConfirmationsOfMuch'],
  ['ltcConfirmations', 'ltcConfirmationsOfMuch'],
];

/** Discounts above this are asked about twice, percent. */
export const mostUnasked = 70;

/** Whether a value is so far out that whoever sets it is asked once more. */
export function asksAgain(key: SettingKey, value: number): boolean {
  return settings[key].unit === 'percent' && value > mostUnasked;
}

/** Reads a value as people write it in its unit: `15.00`, `0.5` or `0.5%`, `900`. @returns undefined when it is none; its bounds are not looked at */
export function parseSetting(key: SettingKey, text: string, currency: string): number | undefined {
  const { unit } = settings[key];
  const number = unit === 'percent' || unit === 'part' ? text.replace(/ ?%$/, '') : text;
  if (!/^\d[\d.,]*$/.test(number)) return undefined;
  if (unit === 'money') return parseAmount(number, currency);
  // A part is a percentage with two decimals.
  if (unit === 'part') return parseAmount(number, 'EUR');
  return /^(0|[1-9]\d{0,14})$/.test(number) ? Number(number) : undefined;
}

/** A value with its unit: `15.00 PLN`, `0.50 %`, `900 s`, `14 days`, `2`. */
export function tellSetting(key: SettingKey, value: number, currency: string): string {
  switch (settings[key].unit) {
    case 'money':
      return `${toDecimal({ amount: value, currency })} ${currency}`;
    case 'part':
      return `${toDecimal({ amount: value, currency: 'EUR' })} %`;
    case 'percent':
      return `${value} %`;
    case 'seconds':
      return `${value} s`;
    case 'days':
      return value === 1 ? '1 day' : `${value} days`;
    case 'count':
      return String(value);
  }
}
