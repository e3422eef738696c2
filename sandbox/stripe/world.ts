/** What the Stripe far end needs of the sandbox around it. */
import type { DatabaseSync } from 'node:sqlite';

/** A webhook to be sent; signed when it is sent, since Stripe signs each attempt anew. */
export interface WebhookDelivery {
  readonly url: string;
  readonly body: string;
  readonly secret: string;
  readonly eventId: string;
  readonly delaySeconds: number;
}

export type StripeFault = '429' | '500' | 'timeoutBefore' | 'timeoutAfter';

export interface StripeWorld {
  /** Milliseconds since epoch. */
  readonly clock: () => number;
  readonly db: DatabaseSync;
  /** Runs `sql` once per sandbox file. */
  readonly migrate: (name: string, sql: string) => void;
  /** Where the shop listens, for the demo account's webhooks. */
  readonly appPort: number;
  /** Keeps the webhook until the shop has taken it. Called inside a transaction of `db`. */
  readonly deliver: (delivery: WebhookDelivery) => void;
  /** Takes the next fault asked for, for `POST /v1/refunds` and the like. */
  readonly takeFault: (method: string) => StripeFault | undefined;
}
