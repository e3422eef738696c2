/**
 * Runs that are open and do not move although their rows say that something is due: their task fails again and again because another code
 * began them, or an older copy of Temporal's store does not remember what was done. They are ended and start again from their rows.
 */
import type { Door } from '../temporal/client.ts';
import { describeRun, endRun, findLastTaskDone } from '../temporal/standstill.ts';

export interface StandstillOptions {
  readonly door: Door;
  /** How long a run must not have moved, ms. */
  readonly stillMs: number;
  /** How long one that was started again is let be, ms. */
  readonly restMs: number;
}

export interface Standstill {
  /**
   * Looks at a run. `owing`: its row has work for which neither a customer nor a time is awaited.
   * @returns `closed` when none is open, `ended` when it stood still for long enough and was ended, so that its row must start it again
   */
  look(workflowId: string, owing: boolean): Promise<'closed' | 'moving' | 'ended'>;
  /** Those it must be asked about again. */
  suspects(): string[];
  /** Forgets all but these: the others have no open row any more. */
  keep(workflowIds: ReadonlySet<string>): void;
}

interface Suspicion {
  /** The run and the last of its tasks that was done. */
  readonly mark: string;
  readonly since: number;
}

export function watchStandstill({ door, stillMs, restMs }: StandstillOptions): Standstill {
  const suspicions = new Map<string, Suspicion>();
  const endedAt = new Map<string, number>();

  return {
    suspects: () => [...suspicions.keys()],
    keep(workflowIds) {
      for (const id of suspicions.keys()) if (!workflowIds.has(id)) suspicions.delete(id);
    },
    async look(workflowId, owing) {
      const run = await describeRun(door, workflowId);
      // By this process's own steady clock: those of the machines may be hours apart.
      const now = performance.now();
      for (const [id, at] of endedAt) if (now - at > restMs) endedAt.delete(id);
      // A run that waits for time, for a message or for an activity that is tried again only waits.
      if (!run || endedAt.has(workflowId) || !(run.taskTaken || (owing && run.idle))) {
        suspicions.delete(workflowId);
        return run ? 'moving' : 'closed';
      }
      const known = suspicions.get(workflowId);
      if (known && now - known.since < stillMs) return 'moving';
      const mark = `${run.runId} ${await findLastTaskDone(door, workflowId, run.runId)}`;
      if (known?.mark !== mark) {
        suspicions.set(workflowId, { mark, since: now });
        return 'moving';
      }
      suspicions.delete(workflowId);
      endedAt.set(workflowId, now);
      await endRun(door, workflowId, run.runId, 'it stood still; it starts again from its row');
      return 'ended';
    },
  };
}
