/** Transfers to a shop's own account or phone: what the shop says of itself, and what that is enough for. */
import type { MethodName } from './payment.ts';

/** Where customers transfer to; kept as the keys of the account with the provider `manual`. */
export interface TransferPlace {
  readonly name: string;
  /** IBAN, or an account number as the country writes it. */
  readonly account?: string | undefined;
  readonly bank?: string | undefined;
  readonly phone?: string | undefined;
}

/** The methods that this is enough for. */
export function methodsOfTransfer({ account, phone }: Pick<TransferPlace, 'account' | 'phone'>): MethodName[] {
  return [...(phone === undefined ? [] : (['blik'] as const)), ...(account === undefined ? [] : (['bank'] as const))];
}

/** What is missing for a method, for staff. */
export const missingForTransfer: Readonly<Partial<Record<MethodName, string>>> = { blik: 'no phone', bank: 'no account' };
