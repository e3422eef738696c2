/** Payments: one attempt to pay an order. States and what a customer is told to do. */
import type { Money } from './money.ts';

/** Who processes a payment. */
export type ProviderName = 'wallet' | 'stars' | 'stripe';

/** What the customer taps. */
export type MethodName = 'wallet' | 'stars' | 'card';

/** What to do now to pay, as shown on the order's screen. */
export type Instructions =
  | { readonly kind: 'nothing' }
  /** A page of the provider. */
  | { readonly kind: 'link'; readonly url: string }
  /** A Telegram invoice the bot makes a link for (`createInvoiceLink`, or `sendInvoice`); exactly one price, in `XTR`. */
  | { readonly kind: 'invoice'; readonly invoice: Invoice };

/** A Telegram Stars invoice. Title at most 32 characters, description at most 255; `payload` is our payment id. */
export interface Invoice {
  readonly title: string;
  readonly description: string;
  readonly payload: string;
  readonly label: string;
  readonly price: Money;
  readonly startParameter: string;
}
