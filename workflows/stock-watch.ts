/** Tells those who wait for a product, a round at a time: as many as there are units; the others when the head start of these is over. */
import { condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { type StockWatchInput, stockWatchRingSignal } from './messages/stock-watch.ts';
import { checkStockWatchInput } from './messages/validate.ts';
import { ringNotices, steps } from './steps.ts';

/** One run does no more rounds: the relay starts the next. */
const mostRounds = 200;

/** Runs while there are units and people who wait for them. Its id is `stock-watch:<product id>`. The relay starts it when units come. */
export async function stockWatchWorkflow(input: StockWatchInput): Promise<{ status: 'told' | 'nobody'; told: number }> {
  let rung = false;
  setHandler(stockWatchRingSignal, () => {
    rung = true;
  });
  checkStockWatchInput(input);
  let told = 0;
  for (let round = 1; round <= mostRounds; round += 1) {
    rung = false;
    const { customerIds, wakeAt } = await steps.tellWatchers({ productId: input.productId, at: Date.now() });
    told += customerIds.length;
    // Their notices are rows: what cannot be rung now, the relay rings for.
    if (customerIds.length > 0) await ringNotices({ customerIds });
    if (wakeAt === null && !rung) break;
    setCurrentDetails(`${told} told. The others are told of what is left when these have had their time.`);
    if (wakeAt !== null) await condition(() => rung, Math.max(1_000, wakeAt - Date.now()));
  }
  setCurrentDetails(`${told} told.`);
  return { status: told > 0 ? 'told' : 'nobody', told };
}
