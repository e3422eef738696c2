/** The contract of asking a provider which coins a shop's account takes, and from which amount on. It carries no facts. */
import type { ProviderName } from '../../domain/payment.ts';

export interface CoinOffersInput {
  readonly shopId: number;
  readonly provider: ProviderName;
}

/** `asked`, or why it was not. */
export interface CoinOffersOutcome {
  readonly status: string;
}

/** Workflow id of one shop's offers: taps that come together ask once. */
export function coinOffersWorkflowId({ shopId, provider }: CoinOffersInput): string {
  return `coin-offers:${provider}:${shopId}`;
}
