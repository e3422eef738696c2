/** What the API works with, handed over once by the process that serves it. */
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from '../db/orm.ts';
import type { InsertedRow } from '../db/repositories/inbox.ts';
import type { ReceivedEvent } from '../db/repositories/receive.ts';
import type { Secrets } from '../db/secrets.ts';
import type { Gateways } from '../gateways/payments/registry.ts';
import type { Telegram } from '../gateways/telegram.ts';
import type { Door } from '../temporal/client.ts';
import type { Refused } from './refused.ts';
import type { Metrics } from './metrics.ts';
import type { VisitLimits } from './visitor/limits.ts';

export interface ApiOptions {
  readonly config: Pick<Config, 'mode' | 'temporal' | 'statusToken' | 'sandboxUrl' | 'publicUrl'>;
  readonly db: Database;
  readonly secrets: Secrets;
  readonly door: Door;
  readonly gateways: Gateways;
  readonly telegram: Telegram;
  /** Handles one update of a shop's bot; the 200 goes out after it. */
  readonly handleTelegramUpdate: (shopId: number, update: unknown) => Promise<void>;
  readonly log: Logger;
  /** Pages with policies of contents of their own, by the path under which they are. */
  readonly pages?: Readonly<Record<string, Hono>>;
  /** What the Mini App may ask, if not the usual. */
  readonly limits?: VisitLimits;
  /** Ends what stays open when the process stops. */
  readonly signal?: AbortSignal;
}

export interface ApiContext extends ApiOptions {
  readonly metrics: Metrics;
  /** Event ids of refused rows that were stored in this minute: the same again needs no row. */
  readonly refused: Refused;
  /** Stores an event of a webhook, together with those that come meanwhile. @returns undefined when its account has changed */
  readonly storeEvent: (received: ReceivedEvent) => Promise<InsertedRow | undefined>;
}
