/** Stripe's statement: the account's balance transactions, put into our words. */
import type Stripe from 'stripe';
import type { MoveKind, ProviderMove } from '../../../domain/reconcile.ts';
import { GatewayError } from '../provider.ts';
import { fromStripeAmount } from './amounts.ts';
import { paymentIdKey } from './session.ts';

/** Lines of one reading; a shop that has more is not compared by this. */
const mostMoves = 100_000;
/** Read again each time: lines are not made strictly in the order of their times. */
const overlapSeconds = 86_400;

const kinds: ReadonlyMap<string, MoveKind> = new Map([
  ['charge', 'payment'],
  ['refund', 'refund'],
  ['refund_failure', 'refundFailed'],
  ['dispute', 'withdrawn'],
  ['dispute_reversal', 'reinstated'],
]);

/** Newest first, down to a day before the last reading's newest. @returns the lines, and the newest one's time as the next cursor */
export async function readStatement(stripe: Stripe, cursor: string | undefined): Promise<{ moves: ProviderMove[]; cursor: string }> {
  const since = cursor === undefined ? undefined : Number(cursor) - overlapSeconds;
  const params = { limit: 100, expand: ['data.source'], ...(since === undefined ? {} : { created: { gte: since } }) };
  const moves: ProviderMove[] = [];
  let newest = Number(cursor ?? 0);
  for await (const transaction of stripe.balanceTransactions.list(params)) {
    if (moves.length >= mostMoves) throw new GatewayError('Stripe statement: too many lines to read at once.', { retryable: false });
    newest = Math.max(newest, transaction.created);
    moves.push(toMove(transaction));
  }
  return { moves, cursor: String(newest) };
}

function toMove(transaction: Stripe.BalanceTransaction): ProviderMove {
  const { id, amount, fee, currency, created } = transaction;
  const source = typeof transaction.source === 'string' || transaction.source === null ? undefined : transaction.source;
  const money = source !== undefined && 'payment_intent' in source ? idOf(source.payment_intent) : undefined;
  const kind = source === undefined ? 'other' : (kinds.get(transaction.reporting_category) ?? 'other');
  const paymentId = source !== undefined && 'metadata' in source ? source.metadata?.[paymentIdKey] : undefined;
  return {
    transactionId: id,
    // A charge without a PaymentIntent was made by something else than our sessions.
    kind: kind === 'payment' && money === undefined ? 'other' : kind,
    objectId: (kind === 'payment' ? money : source?.id) ?? id,
    moneyObject: money,
    paymentId,
    amount: signed(amount, currency),
    fee: signed(fee, currency),
    currency: currency.toUpperCase(),
    at: created * 1000,
  };
}

const signed = (amount: number, currency: string) => Math.sign(amount) * fromStripeAmount(Math.abs(amount), currency).amount;

function idOf(reference: string | { readonly id: string } | null | undefined): string | undefined {
  return typeof reference === 'string' ? reference : reference?.id;
}
