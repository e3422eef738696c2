/** One process of a deployment polls Telegram; the others wait for their turn. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database, EntityManager } from '../db/orm.ts';

const lockId = 7_447_002;
/** How often the lock is asked for, and asked whether it still holds, ms. */
const askEveryMs = 3_000;

/**
 * Runs `lead` whenever this process holds the deployment's advisory lock; its signal is aborted when the lock is lost or `signal` is.
 * The lock lives in one open transaction, so it ends with the connection that holds it.
 */
export async function leadInTurn(
  db: Database,
  log: Logger,
  signal: AbortSignal,
  lead: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const em = db.em.fork();
    try {
      await em.begin();
      if (await tryLock(em)) {
        log.info('polling in this process');
        await leadWhileLocked(em, signal, lead);
      }
    } catch (err) {
      log.warn({ err }, 'the polling lock is not to be had');
    } finally {
      await em.rollback().catch(() => undefined);
    }
    if (!signal.aborted) await sleep(askEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

async function tryLock(em: EntityManager): Promise<boolean> {
  const [row]: { locked: boolean }[] = await em.execute('select pg_try_advisory_xact_lock(?) as locked', [lockId]);
  return row?.locked === true;
}

async function leadWhileLocked(em: EntityManager, signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const lost = new AbortController();
  const leading = lead(AbortSignal.any([signal, lost.signal]));
  try {
    while (!signal.aborted) {
      await sleep(askEveryMs, undefined, { signal }).catch(() => undefined);
      // Fails when the connection is gone, and the lock with it.
      if (!signal.aborted) await em.execute('select 1');
    }
  } finally {
    lost.abort();
    await leading;
  }
}
