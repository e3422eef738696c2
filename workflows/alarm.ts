/** A timer that outlives the events between: setting it again to the same time costs nothing in the history. */
import { CancellationScope, sleep } from '@temporalio/workflow';

export interface Alarm {
  /** Rings at `at`, ms since epoch; null for never. Another time than before starts anew. */
  set(at: number | null): void;
  /** Whether the time set has come. */
  hasRung(): boolean;
}

export function createAlarm(): Alarm {
  let at: number | null = null;
  let running: { readonly scope: CancellationScope; rung: boolean } | undefined;
  return {
    set(next) {
      if (next === at) return;
      at = next;
      running?.scope.cancel();
      running = undefined;
      if (next === null) return;
      const mine = { scope: new CancellationScope(), rung: false };
      running = mine;
      mine.scope
        .run(() => sleep(Math.max(1, next - Date.now())))
        .then(
          () => {
            mine.rung = true;
          },
          // Cancelled because another time was set.
          () => undefined,
        );
    },
    hasRung: () => running?.rung ?? false,
  };
}
