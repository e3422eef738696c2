/** One refresh of the rates: both sources are asked, what they say is kept and judged, and staff hear when a rate fails or is back. */
import { log, setCurrentDetails } from '@temporalio/workflow';
import { type RateSourceName, rateSources } from '../domain/rate.ts';
import type { RatesOutcome } from './messages/rate.ts';
import { readPrices, reasonOf, startAlerts, steps } from './steps.ts';

/** Runs on a Schedule every 10 minutes, and by hand. */
export async function ratesWorkflow(): Promise<RatesOutcome> {
  setCurrentDetails('Asking the sources.');
  const asked = await Promise.all(rateSources.map(async (source) => [source, await read(source)] as const));
  const kept = await steps.keepRates({ at: Date.now(), prices: Object.fromEntries(asked) });
  if (kept.alerted.length > 0) await startAlerts({ shopIds: kept.alerted }).catch(() => undefined);
  const away = asked.flatMap(([source, prices]) => (prices ? [] : [source]));
  setCurrentDetails(`${kept.pairs} pairs kept.${away.length > 0 ? ` Away: ${away.join(', ')}.` : ''}`);
  return { status: away.length > 0 ? `without ${away.join(' and ')}` : 'refreshed' };
}

/** A source that does not answer in a minute is missing from this refresh. */
async function read(source: RateSourceName) {
  try {
    return await readPrices({ source });
  } catch (err) {
    log.warn('source away', { source, reason: reasonOf(err) });
    return undefined;
  }
}
