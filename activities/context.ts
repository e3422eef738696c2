/** What activities work with, handed over once by the worker. */
import type { Secrets } from '../db/secrets.ts';
import type { Database } from '../db/orm.ts';
import type { ChainSources } from '../gateways/chain/sources.ts';
import type { PaymentGateway } from '../gateways/payments/provider.ts';
import type { RateSources } from '../gateways/rates.ts';
import type { Telegram } from '../gateways/telegram.ts';
import type { ProviderName } from '../domain/payment.ts';
import type { Door } from '../temporal/client.ts';

export interface ActivityContext {
  readonly db: Database;
  readonly secrets: Secrets;
  readonly gateways: Readonly<Record<ProviderName, PaymentGateway | undefined>>;
  readonly rates: RateSources;
  readonly chains: ChainSources;
  readonly telegram: Telegram;
  readonly door: Door;
  /** The deployment's mode: rows of the other mode are never applied. */
  readonly mode: 'sandbox' | 'live';
  /** Where providers reach this deployment from outside. */
  readonly publicUrl: string;
}
