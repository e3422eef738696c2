/** Follows one coin's chain for ever: a look, a pause, a look. What it finds is in rows; deposits have stories of their own. */
import { condition, continueAsNew, log, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow';
import { coinTraits } from '../domain/chain.ts';
import { type ChainWatchInput, lookSignal } from './messages/chain-watch.ts';
import { checkChainWatchInput } from './messages/validate.ts';
import { followChain, reasonOf } from './steps.ts';

/** A history has an end: so many looks, about eight events each, then a new run goes on. */
const looksPerRun = 200;
/** Whoever asks all the time is looked for once in a while. */
const leastPauseMs = 1_000;

/** Runs the watch. Its id is `chain-watch:<coin>`; the cursor in the database says where it stands. */
export async function chainWatchWorkflow(input: ChainWatchInput): Promise<void> {
  let wanted = false;
  setHandler(lookSignal, () => {
    wanted = true;
  });
  checkChainWatchInput(input);
  const { coin, pauseSeconds } = input;
  const { title } = coinTraits[coin];
  for (let look = 0; look < looksPerRun; look += 1) {
    wanted = false;
    let behind = false;
    try {
      const seen = await followChain({ coin, at: Date.now() });
      behind = seen.behind;
      setCurrentDetails(seen.height === null ? `No shop takes ${title}.` : `${title} is followed up to block ${seen.height}.`);
    } catch (err) {
      log.warn('chain not followed', { coin, reason: reasonOf(err) });
      setCurrentDetails(
        `${title} is not followed now: ${reasonOf(err)}. Tried again all the time; addresses are not shown after 15 minutes.`,
      );
    }
    if (behind) continue;
    await sleep(leastPauseMs);
    await condition(() => wanted, pauseSeconds * 1_000 - leastPauseMs);
  }
  await continueAsNew<typeof chainWatchWorkflow>(input);
}
