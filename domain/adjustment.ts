/** What staff change about a wallet by hand, with a reason: a debt given up, money added or taken. Pure. */
import { balanceOf, type WalletBalances } from './ledger.ts';

export const adjustmentKinds = ['writeOff', 'add', 'take'] as const;
export type AdjustmentKind = (typeof adjustmentKinds)[number];

/** Why one is not made; each is a sentence of the command line. */
export type AdjustmentRejection = 'UnknownCustomer' | 'NothingOwed' | 'TooMuch';

/** How much it comes to in a wallet that stands so, minor units. `amount` absent: all that is owed. */
export function decideAdjustment(
  balances: WalletBalances,
  kind: AdjustmentKind,
  amount: number | undefined,
): { readonly amount: number } | { readonly rejected: AdjustmentRejection } {
  const { debt } = balances;
  if (kind === 'add') return amount === undefined ? { rejected: 'TooMuch' } : { amount };
  if (kind === 'take') return amount === undefined || amount > balanceOf(balances) ? { rejected: 'TooMuch' } : { amount };
  if (debt === 0) return { rejected: 'NothingOwed' };
  return (amount ?? debt) > debt ? { rejected: 'TooMuch' } : { amount: amount ?? debt };
}
