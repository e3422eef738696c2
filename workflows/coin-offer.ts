/** One look at the coins a shop's account takes now, because somebody wants to pay in one. */
import { setCurrentDetails } from '@temporalio/workflow';
import type { CoinOffersInput, CoinOffersOutcome } from './messages/coin-offer.ts';
import { checkCoinOffersInput } from './messages/validate.ts';
import { askCoinOffers, reasonOf } from './steps.ts';

/** Its id is `coin-offers:<provider>:<shop>`. What was known before stands when the provider does not answer. */
export async function coinOffersWorkflow(input: CoinOffersInput): Promise<CoinOffersOutcome> {
  checkCoinOffersInput(input);
  setCurrentDetails('Asking the provider which coins it takes.');
  try {
    await askCoinOffers({ ...input, at: Date.now() });
    return { status: 'asked' };
  } catch (err) {
    setCurrentDetails(`Not asked: ${reasonOf(err)}`);
    return { status: 'not asked' };
  }
}
