/** A basket that buys itself once the money it lacks is in the wallet: what each look at it means. Pure; activities/auto-buy.ts carries it out. */
export const autoBuyStatuses = ['waiting', 'buying', 'bought', 'asked', 'ended'] as const;
/** `buying`: decided, its order is being placed; `asked`: the money came, but the customer is to decide; `ended`: nothing more comes of it. */
export type AutoBuyStatus = (typeof autoBuyStatuses)[number];

export const autoBuyTransitions: Readonly<Record<AutoBuyStatus, readonly AutoBuyStatus[]>> = {
  waiting: ['buying', 'asked', 'ended'],
  buying: ['bought', 'asked'],
  bought: [],
  asked: [],
  ended: [],
};

/** Money that comes within this time buys, seconds (MONEY.md section 4). */
export const autoBuySeconds = 86_400;
/** Money that comes later asks, for this long in all, seconds. */
export const autoBuyLastsSeconds = 7 * 86_400;

/** Why the customer is asked besides what a rejected order says. */
export const autoBuyDoubts = ['late', 'changed'] as const;

/** What a look must know. Amounts in minor units, times in ms since epoch. */
export interface AutoBuyState {
  readonly status: AutoBuyStatus;
  readonly askedAt: number;
  /** The total the customer saw. */
  readonly shownTotal: number;
  /** What the lines cost now; null when one of them is no longer on sale. */
  readonly total: number | null;
  /** The wallet may pay for all of them. */
  readonly payable: boolean;
  /** The basket is not what it was. */
  readonly changed: boolean;
  /** The customer ordered these lines another way, or an order stands under this code. */
  readonly ordered: boolean;
  /** What of the wallet may pay for them. */
  readonly balance: number;
  readonly debt: number;
}

export type AutoBuyDecision =
  | { readonly do: 'nothing' }
  | { readonly do: 'buy'; readonly total: number }
  /** `reason`: one of `autoBuyDoubts`, or the rejection an order would get. */
  | { readonly do: 'ask'; readonly reason: string }
  | { readonly do: 'end' };

/** What stands at `at`. While the money is not there, or a debt is, nothing happens, whatever else changed. */
export function decideAutoBuy(state: AutoBuyState, at: number): AutoBuyDecision {
  const { status, askedAt, shownTotal, total, payable, changed, ordered, balance, debt } = state;
  if (status !== 'waiting') return { do: 'nothing' };
  if (ordered || at >= askedAt + autoBuyLastsSeconds * 1000) return { do: 'end' };
  if (debt > 0 || balance < Math.min(total ?? shownTotal, shownTotal)) return { do: 'nothing' };
  if (at > askedAt + autoBuySeconds * 1000) return { do: 'ask', reason: 'late' };
  if (changed) return { do: 'ask', reason: 'changed' };
  if (total === null) return { do: 'ask', reason: 'ProductGone' };
  if (total > shownTotal) return { do: 'ask', reason: 'PriceChanged' };
  return payable ? { do: 'buy', total } : { do: 'ask', reason: 'MethodNotAllowed' };
}

/** When to look although nobody rings; null when it is over. */
export function autoBuyWakeAt({ status, askedAt }: Pick<AutoBuyState, 'status' | 'askedAt'>): number | null {
  return status === 'waiting' ? askedAt + autoBuyLastsSeconds * 1000 : null;
}
