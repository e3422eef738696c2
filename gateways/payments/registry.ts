/** Every provider that talks to the outside, one line each. The wallet has none: it is paid in the order's own transaction. */
import type { Config } from '../../config.ts';
import type { ProviderName } from '../../domain/payment.ts';
import type { Telegram } from '../telegram.ts';
import type { PaymentGateway } from './provider.ts';
import { createManualGateway } from './manual.ts';
import { createNowPaymentsGateway } from './nowpayments.ts';
import { createStarsGateway } from './stars.ts';
import { createStripeGateway } from './stripe.ts';

/** Gateways by provider; undefined where nothing outside is asked. */
export type Gateways = Readonly<Record<ProviderName, PaymentGateway | undefined>>;

export function createGateways({ config, telegram }: { config: Pick<Config, 'farEnds'>; telegram: Telegram }): Gateways {
  return {
    wallet: undefined,
    stars: createStarsGateway(telegram),
    manual: createManualGateway(),
    stripe: createStripeGateway({ apiRoot: config.farEnds.stripe }),
    nowpayments: createNowPaymentsGateway({ apiRoot: config.farEnds.nowpayments }),
    // It asks for nothing and is asked nothing: its chain is watched (gateways/chain/).
    chain: undefined,
  };
}
