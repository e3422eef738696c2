/** Settings of a shop: whole numbers with hard bounds (MONEY.md section 11) and defaults. Changes leave an audit entry. */
export const settings = {
  /** How long units are kept for an unpaid order, seconds. In the sandbox from 10. */
  holdSeconds: { min: 300, sandboxMin: 10, max: 3600, fallback: 900 },
  /** Minor units of the shop's currency one Star is worth. */
  starValue: { min: 1, sandboxMin: 1, max: 1_000_000, fallback: 2 },
  /** Unpaid orders and open deposits a customer may have at once. */
  openOrderLimit: { min: 1, sandboxMin: 1, max: 3, fallback: 3 },
  /** Payments a customer may begin in an hour: orders placed, changes of their method, deposits. */
  hourlyOrderLimit: { min: 1, sandboxMin: 1, max: 20, fallback: 20 },
  /** The least and the most a customer may deposit at once, minor units of the shop's currency. */
  depositMinimum: { min: 1, sandboxMin: 1, max: 1_000_000, fallback: 500 },
  depositMaximum: { min: 1, sandboxMin: 1, max: 100_000_000, fallback: 1_000_000 },
} as const;

export type SettingKey = keyof typeof settings;

/** Whether `value` is within the bounds of `key`. */
export function isWithinBounds(key: SettingKey, value: number, mode: 'sandbox' | 'live'): boolean {
  const bounds = settings[key];
  return Number.isInteger(value) && value >= (mode === 'sandbox' ? bounds.sandboxMin : bounds.min) && value <= bounds.max;
}
