/** A timer that outlives the events between: setting it again to the same time costs nothing in the history. */
import { CancellationScope, sleep } from '@temporalio/workflow';

export interface Alarm {
  /** Rings at `at`, ms since epoch. Another time than before starts anew. With null it is deaf: what ends soon need not stop its timer. */
  set(at: number | null): void;
  /** Whether the time set has come. */
  hasRung(): boolean;
}

export function createAlarm(): Alarm {
  let at: number | null = null;
  let running: { readonly scope: CancellationScope; rung: boolean; deaf: boolean } | undefined;
  return {
    set(next) {
      if (next === at) return;
      at = next;
      if (next === null) {
        if (running) running.deaf = true;
        return;
      }
      running?.scope.cancel();
      const mine = { scope: new CancellationScope(), rung: false, deaf: false };
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
    hasRung: () => running?.rung === true && !running.deaf,
  };
}
