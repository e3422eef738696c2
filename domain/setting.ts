/** Settings of a shop: whole numbers with hard bounds (MONEY.md section 11) and defaults. Changes leave an audit entry. */
export const settings = {
  /** How long units are kept for an unpaid order, seconds. In the sandbox from 10. */
  holdSeconds: { min: 300, sandboxMin: 10, max: 3600, fallback: 900 },
  /** How much less of the asked coins still settles an order, basis points; at most 1.00 EUR of it. Other methods take exactly what was asked. */
  coinTolerance: { min: 0, sandboxMin: 0, max: 200, fallback: 50 },
  /** Minor units of the shop's currency one Star is worth. */
  starValue: { min: 1, sandboxMin: 1, max: 1_000_000, fallback: 2 },
  /** Unpaid orders and open deposits a customer may have at once. */
  openOrderLimit: { min: 1, sandboxMin: 1, max: 3, fallback: 3 },
  /** Payments a customer may begin in an hour: orders placed, changes of their method, deposits. */
  hourlyOrderLimit: { min: 1, sandboxMin: 1, max: 20, fallback: 20 },
  /** The least and the most a customer may deposit at once, minor units of the shop's currency; the least is also 5.00 EUR by today's rate. */
  depositMinimum: { min: 1, sandboxMin: 1, max: 1_000_000, fallback: 500 },
  depositMaximum: { min: 1, sandboxMin: 1, max: 100_000_000, fallback: 1_000_000 },
  /** What whoever brought a customer earns of that customer's top-ups, basis points. */
  commissionRate: { min: 0, sandboxMin: 0, max: 2_000, fallback: 300 },
  /** How long the commission of money that may still be taken back is held, days. */
  commissionHoldDays: { min: 0, sandboxMin: 0, max: 60, fallback: 0 },
  /** Whole percent off every price for customers of a tier. */
  bronzeDiscount: { min: 0, sandboxMin: 0, max: 100, fallback: 0 },
  silverDiscount: { min: 0, sandboxMin: 0, max: 100, fallback: 2 },
  goldDiscount: { min: 0, sandboxMin: 0, max: 100, fallback: 3 },
  platinumDiscount: { min: 0, sandboxMin: 0, max: 100, fallback: 5 },
  diamondDiscount: { min: 0, sandboxMin: 0, max: 100, fallback: 7 },
  /** Deposits that staff approve above this in all need a second person, minor units of the shop's currency. */
  secondApprovalAbove: { min: 0, sandboxMin: 0, max: 100_000_000, fallback: 100_000 },
} as const;

export type SettingKey = keyof typeof settings;

/** Whether `value` is within the bounds of `key`. */
export function isWithinBounds(key: SettingKey, value: number, mode: 'sandbox' | 'live'): boolean {
  const bounds = settings[key];
  return Number.isInteger(value) && value >= (mode === 'sandbox' ? bounds.sandboxMin : bounds.min) && value <= bounds.max;
}
