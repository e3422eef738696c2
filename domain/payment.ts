/** Payments: one attempt to pay an order or a deposit. States, methods and what a customer is told to do. */
import type { NetworkCoin } from './coin.ts';
import type { Coin } from './chain.ts';
import type { Money } from './money.ts';

/** Who processes a payment. */
export type ProviderName = 'wallet' | 'stars' | 'stripe' | 'nowpayments' | 'chain' | 'manual';

export function isProvider(name: unknown): name is ProviderName {
  return Object.values(providerOfMethod).some((provider) => provider === name);
}

/** One that money comes from outside through; the wallet is our own ledger. */
export type ExternalProvider = Exclude<ProviderName, 'wallet'>;

export function isExternal(provider: ProviderName): provider is ExternalProvider {
  return provider !== 'wallet';
}

/** What the customer taps. */
export type MethodName = 'wallet' | 'stars' | 'card' | 'crypto' | 'blik' | 'bank' | Coin;

/** Every method with its provider; in the order buttons are shown. */
export const providerOfMethod: Readonly<Record<MethodName, ProviderName>> = {
  stars: 'stars',
  card: 'stripe',
  crypto: 'nowpayments',
  blik: 'manual',
  bank: 'manual',
  wallet: 'wallet',
  btc: 'chain',
  ltc: 'chain',
};

export const methodNames = Object.keys(providerOfMethod) as MethodName[];

/** The only currency of a method that has one: BLIK is Polish. */
const currencyOfMethod: Readonly<Partial<Record<MethodName, string>>> = { blik: 'PLN' };

/** Whether money of a shop's currency can come by a method. */
export function takesCurrency(method: MethodName, currency: string): boolean {
  return (currencyOfMethod[method] ?? currency) === currency;
}

export type VerdictBy = 'provider' | 'staff';

/**
 * How a provider's attempts behave, as far as the order's story must know. `opens: outside` needs a call before the customer can pay;
 * `settlementWindowSeconds` is how long after the end of the hold a seen payment is awaited (MONEY.md section 1);
 * `wholeOnly` money that does not fit goes back whole instead of into the wallet. `coins`: it is paid in a coin the customer chooses, priced in
 * one of `priceCurrencies` (any when null); a word of it may be lost for good, so it is asked now and then.
 * `payout`: nothing of it goes back by itself, so a refund is a payout that staff send.
 * `verdictBy` says who knows that money came, the provider or the shop's own staff, who look at their bank; `paysOrders` is whether it may pay an
 * order at all.
 */
export const providerTraits: Readonly<
  Record<
    ProviderName,
    {
      opens: 'inTransaction' | 'outside';
      currency: 'shop' | 'XTR';
      settlementWindowSeconds: number;
      wholeOnly: boolean;
      coins: boolean;
      payout: boolean;
      verdictBy: VerdictBy;
      paysOrders: boolean;
      priceCurrencies: readonly string[] | null;
    }
  >
> = {
  wallet: {
    opens: 'inTransaction',
    currency: 'shop',
    settlementWindowSeconds: 0,
    wholeOnly: false,
    coins: false,
    payout: false,
    priceCurrencies: null,
    verdictBy: 'provider',
    paysOrders: true,
  },
  stars: {
    opens: 'inTransaction',
    currency: 'XTR',
    settlementWindowSeconds: 120,
    wholeOnly: true,
    coins: false,
    payout: false,
    priceCurrencies: null,
    verdictBy: 'provider',
    paysOrders: true,
  },
  stripe: {
    opens: 'outside',
    currency: 'shop',
    settlementWindowSeconds: 600,
    wholeOnly: false,
    coins: false,
    payout: false,
    priceCurrencies: null,
    verdictBy: 'provider',
    paysOrders: true,
  },
  nowpayments: {
    opens: 'outside',
    currency: 'shop',
    settlementWindowSeconds: 7_200,
    wholeOnly: false,
    coins: true,
    payout: true,
    verdictBy: 'provider',
    paysOrders: true,
    priceCurrencies: ['USD', 'EUR', 'CAD', 'GBP', 'AUD', 'ILS', 'RON'],
  },
  chain: {
    opens: 'inTransaction',
    currency: 'shop',
    settlementWindowSeconds: 0,
    wholeOnly: false,
    coins: false,
    payout: true,
    priceCurrencies: null,
    verdictBy: 'provider',
    paysOrders: false,
  },
  manual: {
    opens: 'outside',
    currency: 'shop',
    settlementWindowSeconds: 0,
    wholeOnly: false,
    coins: false,
    payout: true,
    priceCurrencies: null,
    verdictBy: 'staff',
    paysOrders: false,
  },
};

/** Whether an order may be paid by it; what comes to an address or account of the shop's own is a deposit, whenever it comes. */
export function paysOrders(method: MethodName): boolean {
  return providerTraits[providerOfMethod[method]].paysOrders;
}

/** Methods an order may be paid by. */
export const orderMethods = methodNames.filter(paysOrders);

/** The least a provider takes, in minor units of a currency (Stripe's documented minimum charges; what is not listed has none here). */
const minimums: Readonly<Record<ProviderName, Readonly<Record<string, number>>>> = {
  wallet: {},
  stars: { XTR: 1 },
  manual: {},
  stripe: { USD: 50, EUR: 50, GBP: 30, PLN: 200, CHF: 50, CZK: 1500, DKK: 250, HUF: 17_500, JPY: 50, NOK: 300, RON: 200, SEK: 300 },
  // Each coin has one of its own, which lives with the account.
  nowpayments: {},
  // Whatever arrives is credited.
  chain: {},
};

/** Whether a method is paid in Stars; every other one in the shop's currency. */
export function inStars(method: MethodName): boolean {
  return providerTraits[providerOfMethod[method]].currency === 'XTR';
}

/** Whether the customer chooses a coin to pay in. */
export function takesCoins(method: MethodName): boolean {
  return providerTraits[providerOfMethod[method]].coins;
}

/** What a provider is asked in, for an amount in `currency`: that, or EUR. */
export function priceCurrencyOf(provider: ProviderName, currency: string): string {
  const quoted = providerTraits[provider].priceCurrencies;
  return quoted === null || quoted.includes(currency) ? currency : 'EUR';
}

/** The least that is offered to be paid in coins, minor units of EUR. */
export const coinMinimumInEur = 500;

/** The least a provider takes for one payment, in minor units. */
export function minimumAmount(provider: ProviderName, currency: string): number {
  return minimums[provider][currency] ?? 0;
}

/** The most Stars Telegram takes for one invoice. */
const mostStars = 100_000;

/** The most a provider takes for one payment, in minor units. */
export function maximumAmount(provider: ProviderName): number {
  return providerTraits[provider].currency === 'XTR' ? mostStars : Number.MAX_SAFE_INTEGER;
}

export const paymentStatuses = ['pending', 'processing', 'settled', 'expired', 'failed', 'refunded'] as const;
/** `processing` = seen by the provider, not final; it falls back to `pending` when the provider takes it back. */
export type PaymentStatus = (typeof paymentStatuses)[number];

export const inboxOutcomes = ['applied', 'duplicate', 'notOurs', 'suspense', 'refused'] as const;
export type InboxOutcome = (typeof inboxOutcomes)[number];
/**
 * `confirming`: seen, and confirmed; only the provider's last word is missing. `warned`: a dispute may come, or one was opened that still
 * lets us refund; `disputed`: one that does not; `withdrawn`, `reinstated`: its money
 * left us, came back; `cleared`, `lost`: how it ended; `fee`: what the provider took for itself.
 */
export type InboxEventKind =
  | 'seen'
  | 'confirming'
  | 'settled'
  | 'failed'
  | 'refunded'
  | 'refundFailed'
  | 'warned'
  | 'disputed'
  | 'withdrawn'
  | 'reinstated'
  | 'cleared'
  | 'lost'
  | 'fee'
  | 'other';

/** What to do now to pay, as shown on the order's screen. */
export type Instructions =
  | { readonly kind: 'nothing' }
  /** A page of the provider. */
  | { readonly kind: 'link'; readonly url: string }
  /** An address of a coin's network, and the exact units to send there. `memo`: what must go with them. */
  | {
      readonly kind: 'address';
      readonly coin: NetworkCoin;
      readonly address: string;
      readonly units: string;
      readonly memo: string | null;
    }
  /** A Telegram invoice; whoever draws the screen makes a link for it (`createInvoiceLink`). */
  | { readonly kind: 'invoice'; readonly invoice: Invoice }
  | TransferInstructions;

/** A transfer to the shop's own account or phone number; its title says which payment it is for. */
export interface TransferInstructions {
  readonly kind: 'transfer';
  readonly to: 'account' | 'phone';
  /** IBAN or account number, or the phone number. */
  readonly number: string;
  /** Whose it is. */
  readonly name: string;
  readonly bank: string | null;
  readonly title: string;
}

/** A Telegram Stars invoice. Title at most 32 characters, description at most 255, exactly one price; `payload` is our payment id. */
export interface Invoice {
  readonly title: string;
  readonly description: string;
  readonly payload: string;
  readonly label: string;
  readonly price: Money;
  readonly startParameter: string;
}

/**
 * What a provider says of coins, as decimal strings: told with its word, valued when it is applied. `object` is the provider's id of the
 * payment that received them and `parent` the one it belongs to, when it is a further transfer.
 */
export interface CoinFacts {
  readonly object: string;
  readonly parent: string | null;
  /** The provider's own name of the status. */
  readonly status: string;
  /** Coin asked and received, and what of it, in all. */
  readonly payCoin: string;
  readonly payUnits: string;
  readonly paidUnits: string;
  /** What the provider was asked to quote. */
  readonly price: string;
  readonly priceCurrency: string;
  /** What the shop is left with after fees, once known. */
  readonly outcomeCoin: string | null;
  readonly outcomeUnits: string | null;
}

/** What a payment pays, by its code. */
export interface Payable {
  readonly noun: 'order' | 'deposit';
  readonly code: string;
  /** Of a deposit that came by a chain: its output. */
  readonly chainOutput?: string | null;
}

/** Whether a text has the form of our payment ids: what others may call theirs never does. */
export function isPaymentId(text: string): boolean {
  return /^(?:[0-9A-Z]{8}-[1-9]\d{0,5}|deposit-[0-9A-Z]{8})$/.test(text);
}

/** Our payment id of an order: business id and attempt, the same however often a step is repeated. */
export function makePaymentId(orderCode: string, attempt: number): string {
  return `${orderCode}-${attempt}`;
}

/** Cuts a text to a provider's limit without splitting a character, ending in an ellipsis. */
export function cutText(text: string, limit: number): string {
  const characters = Array.from(text);
  if (text.length <= limit) return text;
  let cut = '';
  for (const character of characters) {
    if (cut.length + character.length > limit - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

/** What an invoice says: our payment, its Stars, what it pays and what that is called. */
export interface Invoiced extends Pick<Payable, 'noun' | 'code'> {
  readonly id: string;
  readonly amount: number;
  readonly titles: readonly string[];
}

/** The invoice of a payment in Stars. */
export function makeInvoice(payment: Invoiced): Invoice {
  const title = cutText(payment.titles[0] ?? payment.code, 32);
  return {
    title,
    description: cutText(payment.titles.join(', ') || payment.code, 255),
    payload: payment.id,
    label: title,
    price: { amount: payment.amount, currency: 'XTR' },
    startParameter: `${payment.noun}_${payment.code}`,
  };
}

/** What to do now when no call outside is needed to say so; null when the gateway's `open` must be asked. */
export function instructionsWithoutCall(provider: ProviderName, payment: Invoiced): Instructions | null {
  const traits = providerTraits[provider];
  if (traits.opens === 'outside') return null;
  return traits.currency === 'XTR' ? { kind: 'invoice', invoice: makeInvoice(payment) } : { kind: 'nothing' };
}
