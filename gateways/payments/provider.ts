/**
 * The interface every payment provider implements: one file per provider beside this one, plus a line in `registry.ts`.
 * A gateway talks to the outside and parses what comes from it; it never touches the database.
 */
import type { CoinOffer, NetworkCoin } from '../../domain/coin.ts';
import type { Money } from '../../domain/money.ts';
import type { ProviderMove } from '../../domain/reconcile.ts';
import type { CoinFacts, InboxEventKind, Instructions, MethodName, Payable, ProviderName } from '../../domain/payment.ts';

/** One attempt to pay, as a gateway needs it. Amounts in minor units. */
export interface PaymentRequest {
  /** Our payment id: unique for ever, the idempotency key's stem, what the provider echoes back. */
  readonly paymentId: string;
  /** What it pays, by its code. */
  readonly noun: Payable['noun'];
  readonly code: string;
  /** What the customer tapped: a provider may have several. */
  readonly method: MethodName;
  readonly shopId: number;
  readonly amount: Money;
  /** The same as the provider is asked for it: in a currency it quotes. */
  readonly price: Money;
  /** The coin it is paid in, where the provider takes coins. */
  readonly coin?: NetworkCoin | undefined;
  /** Where the provider tells us what happened. */
  readonly callbackUrl: string;
  /** What is bought, for the provider's page. */
  readonly title: string;
  readonly description: string;
  readonly lines: readonly { readonly title: string; readonly quantity: number; readonly amount: Money }[];
  /** When the hold ends, or the time to pay a deposit, ms since epoch. */
  readonly endsAt: number;
  /** When `open` was asked, ms since epoch (workflow time). */
  readonly openedAt: number;
  /** The customer's language, `en | ru | pl`. */
  readonly language: string;
  /** Where the provider's page sends the customer back to (the bot). */
  readonly returnUrl: string;
  /** The provider's object of an earlier `open` of this payment (Stripe: the Checkout Session), if any. */
  readonly providerObject?: string | undefined;
}

/** Credentials of the shop's account with this provider, decrypted for the call. */
export interface ProviderCredentials {
  readonly shopId: number;
  readonly accountId: number;
  readonly liveMode: boolean;
  /** By the provider's own names, e.g. Stripe `secretKey`, `webhookSecret`, `nextWebhookSecret`; Stars `botToken`. */
  readonly keys: Readonly<Record<string, string>>;
}

/** What a provider says happened, in our words. Provider objects are ids of the money itself (Stripe: PaymentIntent; Stars: charge id). */
export interface ProviderEvent {
  /** The provider's event id; for what we asked ourselves `<object>:<status>`. Deduplicates deliveries. */
  readonly eventId: string;
  readonly kind: InboxEventKind;
  /** Id of the money: settle-once key together with provider and kind. For refunds the refund's id; for disputes the dispute's. */
  readonly objectId: string;
  /** Our payment id as the provider echoes it; absent when the object is not one of ours. */
  readonly paymentId?: string | undefined;
  /** Id of the money that a refund, a dispute or a fee is about (Stripe: PaymentIntent): finds the payment where our id is not echoed. */
  readonly moneyObject?: string | undefined;
  /** The provider's object of the attempt this is a further transfer to: finds the payment where our id is not echoed. */
  readonly parentObject?: string | undefined;
  /** Money received, refunded or disputed; absent where the event has none. */
  readonly money?: Money | undefined;
  /** Provider's time of what happened, ms since epoch. */
  readonly at: number;
  readonly liveMode?: boolean | undefined;
  /** What it says of coins, instead of money: worth what it is worth when it is applied. */
  readonly coins?: CoinFacts | undefined;
  /** The provider's own name of the event, for people. */
  readonly type: string;
  /** True when the provider's API version is not the one we pin: shown to staff. */
  readonly versionMismatch?: boolean | undefined;
}

export type ParsedWebhook =
  | { readonly verdict: 'verified'; readonly events: readonly ProviderEvent[] }
  | { readonly verdict: 'refused'; readonly reason: string };

export type RefundResult =
  | { readonly status: 'succeeded'; readonly refundId: string; readonly event?: ProviderEvent | undefined }
  | { readonly status: 'sent'; readonly refundId: string }
  | { readonly status: 'failed'; readonly reason: string };

export interface RefundRequest {
  /** Our refund id, the idempotency key's stem. */
  readonly refundId: string;
  readonly paymentId: string;
  /** Id of the money to give back (Stripe: PaymentIntent; Stars: charge id). */
  readonly objectId: string;
  readonly amount: Money;
  /** The payer at Telegram, for `refundStarPayment`. */
  readonly telegramUserId?: number | undefined;
}

/**
 * A provider of payments. Methods that call out throw `GatewayError`s; a retry with the same request is safe.
 * @see MONEY.md sections 5 and 6 for each provider's rules.
 */
export interface PaymentGateway {
  readonly provider: ProviderName;
  /** Opens the attempt and says what the customer does now. Idempotent by `paymentId`. */
  open(
    payment: PaymentRequest,
    credentials: ProviderCredentials,
  ): Promise<{ instructions: Instructions; providerObject?: string | undefined }>;
  /**
   * Makes sure it can no longer be paid. `paid` and `processing` come with the event to be written to the inbox;
   * "already complete" is `paid`, never an error.
   */
  close(payment: PaymentRequest, credentials: ProviderCredentials): Promise<AskResult & { status: 'closed' | 'paid' | 'processing' }>;
  /** Asks the provider what became of the attempt. */
  find(
    payment: PaymentRequest,
    credentials: ProviderCredentials,
  ): Promise<AskResult & { status: 'pending' | 'paid' | 'processing' | 'closed' }>;
  /** Gives money back. Looks up an earlier refund with this id before creating one. */
  refund(request: RefundRequest, credentials: ProviderCredentials): Promise<RefundResult>;
  /**
   * Reads the account's statement from where the last reading ended (`cursor`; absent: from its beginning). Lines may come again; each has an id.
   * Absent where a provider has none.
   */
  statement?(
    credentials: ProviderCredentials,
    cursor: string | undefined,
  ): Promise<{ readonly moves: readonly ProviderMove[]; readonly cursor: string }>;
  /** Verifies and normalises a webhook on its raw body. Never throws on bad input: answers `refused` with a reason. */
  parse(
    rawBody: Uint8Array,
    headers: Readonly<Record<string, string | undefined>>,
    credentials: ProviderCredentials,
    receivedAt: number,
  ): ParsedWebhook;
  /** The coins that can be paid in now, with the least amount of each in `currency`; only where a provider takes coins. */
  listCoins?(currency: string, credentials: ProviderCredentials): Promise<readonly CoinOffer[]>;
}

export interface AskResult {
  readonly events: readonly ProviderEvent[];
}

/** A far end refused or failed. `retryable: false` means the same request will never succeed. */
export class GatewayError extends Error {
  readonly retryable: boolean;
  /** Milliseconds to wait before the next try, when the far end said so. */
  readonly retryAfter: number | undefined;
  /** It says that there is no such thing, and has never been. */
  readonly isUnknown: boolean;
  constructor(
    message: string,
    options: { retryable: boolean; retryAfter?: number | undefined; isUnknown?: boolean | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'GatewayError';
    this.retryable = options.retryable;
    this.retryAfter = options.retryAfter;
    this.isUnknown = options.isUnknown ?? false;
  }
}
