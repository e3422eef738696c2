/** Where a worker process kills itself: as the power fails, between two steps. Once: its marker file outlives it. */
import { writeFileSync } from 'node:fs';

/** `before:open` an activity begins; `after:open` its effect is there, its answer not; `after:sendMessage` a call to Telegram likewise. */
export type KillPoint = `${'before' | 'after'}:${string}`;

const point = process.env.TILLFLOW_TEST_KILL_POINT;
const marker = process.env.TILLFLOW_TEST_KILL_MARKER;

/** Ends this process by SIGKILL if it is here that it shall die. */
export function dieAt(here: KillPoint): void {
  if (here !== point || marker === undefined) return;
  try {
    writeFileSync(marker, here, { flag: 'wx' });
  } catch {
    return;
  }
  process.kill(process.pid, 'SIGKILL');
  // The signal comes a moment later; nothing more may happen until then.
  for (;;);
}
