/** Money that a provider takes back without us: disputes, warnings that one may come, refunds made at the provider. Pure. */

/** `warning`: nothing is taken yet, and a refund may still spare us the dispute. */
export const reversalKinds = ['dispute', 'warning', 'refund'] as const;
export type ReversalKind = (typeof reversalKinds)[number];

const backKinds: ReadonlySet<string> = new Set([
  'refunded',
  'refundFailed',
  'warned',
  'disputed',
  'withdrawn',
  'reinstated',
  'cleared',
  'lost',
]);

/** Whether a provider's word is about money that goes back: heard after what it is about, whatever was told first. */
export function isAboutBack(kind: string): boolean {
  return backKinds.has(kind);
}

/** What a customer is told of: money was taken, money came again. */
export type ReversalNews = 'taken' | 'returned';

export interface ReversalState {
  readonly kind: ReversalKind;
  readonly blocks: boolean;
  readonly takenAt?: unknown;
  readonly returnedAt?: unknown;
  readonly clearedAt?: unknown;
}

/** Whether goods that are not the customer's yet wait for it: as long as it may cost us the money, and for ever when it has. */
export function isOpen({ kind, returnedAt, clearedAt }: ReversalState): boolean {
  return kind !== 'refund' && returnedAt == null && clearedAt == null;
}

/** Whether a refund of the sale must wait: the money may go twice. */
export function isBlocking(reversal: ReversalState): boolean {
  return reversal.blocks && isOpen(reversal);
}

/** What the customer is to be told now; undefined when they know, or when it came and went before anybody was told. */
export function newsOf({ takenAt, returnedAt, told }: ReversalState & { readonly told?: ReversalNews | null }): ReversalNews | undefined {
  if (takenAt == null) return undefined;
  if (returnedAt == null) return told === 'taken' ? undefined : 'taken';
  return told === 'taken' ? 'returned' : undefined;
}

/**
 * Who bears `amount` that was taken: first the shop, as far as the sale still has it (`saleLeft`; a payment whose money goes back whole only is
 * borne by the shop), then the customer, whose wallet has the rest.
 */
export function bearTaken(amount: number, saleLeft: number): { readonly loss: number; readonly wallet: number } {
  const loss = Math.min(amount, Math.max(0, saleLeft));
  return { loss, wallet: amount - loss };
}
