/** Telling those who wait for a product that it is back. */
import { tellWatchers, type WatchRound } from '../db/repositories/stock-watch.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';

export function createStockWatchActivities({ db }: Pick<ActivityContext, 'db'>) {
  return failing({
    /** One round: writes the notices of those whose turn it is. `at`: workflow time, ms. */
    tellWatchers: ({ productId, at }: { readonly productId: number; readonly at: number }): Promise<WatchRound> =>
      tellWatchers(db.em.fork(), { productId, at: new Date(at) }),
  });
}

export type StockWatchActivities = ReturnType<typeof createStockWatchActivities>;
