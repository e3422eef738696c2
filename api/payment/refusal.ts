/** Refusals by name: what an order or a deposit rejects, as a problem that says which field asked for it. */
import type { ClaimRejection } from '../../domain/claim.ts';
import type { DepositRejection } from '../../domain/deposit.ts';
import type { RejectionType } from '../../domain/order.ts';
import type { DeliveryRejection } from '../../workflows/messages/delivery.ts';
import { Problem } from '../problem.ts';

export type Reason =
  | RejectionType
  | DepositRejection
  | DeliveryRejection
  | 'PaymentNotOpened'
  | 'NotReady'
  | 'KeyOfAnotherCall'
  | 'NonceUsed'
  | 'NonceUnknown'
  | 'BasketFull'
  | 'BasketChanged'
  | 'CodeUnknown'
  | 'TooManyTries'
  | 'TooManyGifts'
  | 'VoucherUnknown'
  | 'VoucherOver'
  | 'VoucherClaimed'
  | 'VoucherOwn'
  | 'InStock'
  | 'TooManyWatches'
  | ClaimRejection;

/** The field that names what was refused; where none does, the whole body. */
const fieldOf: Partial<Record<Reason, string>> = {
  ProductGone: 'productId',
  OptionNeeded: 'productId',
  AmountOutOfBounds: 'amount',
  PriceChanged: 'shownTotal',
  EmptyBasket: 'type',
  BasketChanged: 'lines',
  BasketFull: 'quantity',
  NoCommonMethod: 'type',
  MethodNotAllowed: 'method',
  MethodUnavailable: 'method',
  InsufficientFunds: 'method',
  WalletInDebt: 'method',
  PaymentNotOpened: 'method',
  AmountTooSmall: 'amount',
  AmountTooLarge: 'amount',
  TooManyGifts: 'amount',
  KeyOfAnotherCall: 'idempotency-key',
  AlreadyEnded: 'idempotency-key',
  NonceUsed: 'x-nonce',
  NonceUnknown: 'x-nonce',
};

/** `reason` as a sentence's end: `PriceChanged` becomes "price changed". */
const inWords = (reason: string) => reason.replace(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase();

/** `named`: the field, where the call has another one than most. */
export function refusal(reason: Reason, more: Readonly<Record<string, unknown>> = {}, named?: string): Problem {
  const field = named ?? fieldOf[reason] ?? 'body';
  const status = reason === 'CustomerBanned' || reason === 'NotYours' ? 403 : 409;
  return new Problem(status, 'Refused', `${field}: ${inWords(reason)}`, { field, more: { reason, ...more } });
}

/** It goes on, and the same call tells what became of it. */
export function notReady(more: Readonly<Record<string, unknown>> = {}): Problem {
  const detail = 'It takes longer than usual: send the same call again, with the same Idempotency-Key.';
  return new Problem(503, 'Not ready', detail, { headers: { 'retry-after': '2' }, more: { reason: 'NotReady', ...more } });
}

/** What adds up to no amount of money. */
export function orTooMuch(err: unknown): never {
  if (err instanceof RangeError) throw refusal('LimitReached');
  throw err;
}
