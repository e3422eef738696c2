/**
 * Restarts a local Temporal that is there and does not work: one that answers nothing, and one whose store refuses everything for ever. Its
 * driver of SQLite may be left "interrupted" by a call that was given up at the wrong instant, and only a restart ends that
 * (temporalio/temporal#9198). Its store is a file, and open orders start again from their rows, so a restart loses nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface TemporalWatch {
  /** Where the server's UI listens; it asks the server, which asks its store. */
  readonly uiUrl: string;
  readonly restart: () => Promise<void>;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** How often it is asked, ms. */
  readonly intervalMs?: number;
  /** How long it may answer nothing, ms: a busy machine is no reason. */
  readonly silentMs?: number;
  /** How long its store may refuse, ms. */
  readonly refusingMs?: number;
}

type Health = 'well' | 'refusing' | 'silent';

/** Watches until `signal`. */
export async function watchTemporal(watch: TemporalWatch): Promise<void> {
  const { uiUrl, restart, say, signal, intervalMs = 3_000, silentMs = 60_000, refusingMs = 12_000 } = watch;
  const patience: Readonly<Record<Health, number>> = { well: Number.POSITIVE_INFINITY, refusing: refusingMs, silent: silentMs };
  let since = performance.now();
  let last: Health = 'well';
  while (!signal.aborted) {
    const health = await look(uiUrl, intervalMs, signal);
    if (signal.aborted) return;
    if (health !== last) {
      last = health;
      since = performance.now();
    }
    if (performance.now() - since >= patience[health]) {
      say(`Temporal ${health === 'silent' ? 'answers nothing' : 'cannot use its store'}; it is started again.`);
      await restart().catch((err: unknown) => say(`Temporal could not be ended: ${err instanceof Error ? err.message : String(err)}`));
      last = 'well';
    }
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function look(uiUrl: string, timeoutMs: number, signal: AbortSignal): Promise<Health> {
  try {
    const asked = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1_000, timeoutMs))]);
    const response = await fetch(`${uiUrl}/api/v1/namespaces?pageSize=1`, { signal: asked });
    await response.arrayBuffer();
    return response.ok ? 'well' : 'refusing';
  } catch {
    return 'silent';
  }
}
