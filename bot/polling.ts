/**
 * Long polling of one bot. An update is confirmed to Telegram only when it and all before it were handled, so a killed process gets it
 * again; meanwhile newer ones are fetched and handled, so nobody waits behind a slow chat and a pre-checkout is answered in time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Api, GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import type { Logger } from 'pino';
import { reach } from '../gateways/telegram.ts';
import { allowedUpdates } from './updates.ts';

const longPollSeconds = 25;
/** How often newer updates are looked for while some are being handled, ms. */
const lookAgainMs = 200;
/** How long a stop waits for updates being handled, ms. */
const stopPatienceMs = 6_000;

export interface PollingOptions {
  readonly token: string;
  readonly apiRoot: string | undefined;
  /** Throws only when the update must come again. */
  readonly handle: (update: Update) => Promise<void>;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Polls until the signal is aborted. @throws when Telegram does not know the token */
export async function pollUpdates({ token, apiRoot, handle, log, signal }: PollingOptions): Promise<void> {
  const api = new Api(token, {
    timeoutSeconds: longPollSeconds + 15,
    sensitiveLogs: false,
    baseFetchConfig: reach(apiRoot),
    ...(apiRoot === undefined ? {} : { apiRoot }),
  });
  const unfinished = new Map<number, Promise<void>>();
  const begun = new Set<number>();
  let offset = 0;
  let failures = 0;

  const fetchUpdates = (timeout: number, limit: number, aborted?: AbortSignal) =>
    // grammY's signals are older than Node's and the same.
    api.getUpdates({ offset, limit, timeout, allowed_updates: [...allowedUpdates] }, aborted as Parameters<Api['getUpdates']>[1]);

  while (!signal.aborted) {
    let updates: Update[];
    try {
      updates = await fetchUpdates(unfinished.size > 0 ? 0 : longPollSeconds, 100, signal);
      failures = 0;
    } catch (err) {
      if (signal.aborted) break;
      if (err instanceof GrammyError && (err.error_code === 401 || err.error_code === 404)) throw err;
      failures += 1;
      log.warn({ err }, 'no updates from Telegram');
      await sleep(waitAfter(err, failures), undefined, { signal }).catch(() => undefined);
      continue;
    }
    for (const update of updates) {
      if (begun.has(update.update_id)) continue;
      begun.add(update.update_id);
      const work = handleUntilDone(update, handle, log, signal).then((done) => {
        // What was given up stays unfinished, so it is never confirmed.
        if (done) unfinished.delete(update.update_id);
      });
      unfinished.set(update.update_id, work);
    }
    if (unfinished.size > 0) {
      const all = Promise.all(unfinished.values());
      await Promise.race([all, sleep(lookAgainMs, undefined, { signal }).catch(() => undefined)]);
    }
    offset = nextOffset(offset, begun, unfinished);
    for (const id of begun) if (id < offset) begun.delete(id);
  }
  await Promise.race([Promise.all(unfinished.values()), sleep(stopPatienceMs)]);
  offset = nextOffset(offset, begun, unfinished);
  // Confirms what was handled; unsaid, it only comes again.
  if (offset > 0) await fetchUpdates(0, 1).catch(() => undefined);
}

/** The lowest update that is not handled yet, or the one after the last. */
function nextOffset(offset: number, begun: ReadonlySet<number>, unfinished: ReadonlyMap<number, unknown>): number {
  if (unfinished.size > 0) return Math.min(...unfinished.keys());
  return Math.max(offset, ...[...begun].map((id) => id + 1));
}

/** @returns false when it was given up because the process stops */
async function handleUntilDone(update: Update, handle: PollingOptions['handle'], log: Logger, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await handle(update);
      return true;
    } catch (err) {
      log.error({ err, updateId: update.update_id, attempt }, 'an update must be handled again');
    }
    if (signal.aborted) return false;
    await sleep(Math.min(15_000, 500 * 2 ** Math.min(attempt, 5)), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
  }
}

/** Another poller is about to notice (409), or Telegram says when to come back (429), or it is away. */
function waitAfter(err: unknown, failures: number): number {
  const seconds = err instanceof GrammyError ? err.parameters.retry_after : undefined;
  return seconds === undefined ? Math.min(5_000, 300 * 2 ** Math.min(failures, 5)) : seconds * 1000;
}
