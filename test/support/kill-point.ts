/**
 * Where a worker process kills itself: as the power fails, between two steps. The point stands in a file, so that a worker that runs already
 * can be told its own; whoever dies there takes the file along, and so it is once.
 */
import { readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';

/** `before:open` an activity begins; `after:open` its effect is there, its answer not; `after:sendMessage` a call to Telegram likewise. */
export type KillPoint = `${'before' | 'after'}:${string}`;

/** The variable that names the file to a worker. */
export const killFileVariable = 'TILLFLOW_TEST_KILL_FILE';

/** From now on the first worker with this file that comes to `point` dies there. */
export function armKill(file: string, point: KillPoint): void {
  writeFileSync(file, point);
}

export function isKillArmed(file: string): boolean {
  return readPoint(file) !== undefined;
}

export function disarmKill(file: string): void {
  rmSync(file, { force: true });
}

/** Ends this process by SIGKILL if it is here that it shall die. */
export function dieAt(here: KillPoint): void {
  const file = process.env[killFileVariable];
  if (file === undefined || readPoint(file) !== here) return;
  try {
    unlinkSync(file);
  } catch {
    // Another was here first.
    return;
  }
  process.kill(process.pid, 'SIGKILL');
  // The signal comes a moment later; nothing more may happen until then.
  for (;;);
}

function readPoint(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
