/** Whether a purchase would work now: the database answers, Temporal answers, workers poll. */
import type { ApiContext } from './context.ts';

export interface Readiness {
  readonly ready: boolean;
  /** `ok`, or in a few words what is wrong. */
  readonly checks: Readonly<Record<'database' | 'temporal' | 'workers', string>>;
}

const answerMs = 1_500;
/** A poll lasts a minute at most; a poller not seen for longer is gone. */
const freshMs = 75_000;
/** Task queue types of Temporal's API: workflows and activities. */
const kinds = [1, 2] as const;

export async function checkReadiness(context: Pick<ApiContext, 'db' | 'door'>): Promise<Readiness> {
  const [database, temporal] = await Promise.all([
    attempt(() => inTime(context.db.em.fork().execute('select 1'))),
    attempt(() =>
      context.door.connection.withDeadline(Date.now() + answerMs, () => context.door.connection.workflowService.getSystemInfo({})),
    ),
  ]);
  const workers = temporal === 'ok' ? await attempt(() => findPollers(context)) : 'unknown while Temporal is away';
  return { ready: [database, temporal, workers].every((one) => one === 'ok'), checks: { database, temporal, workers } };
}

async function findPollers({ door }: Pick<ApiContext, 'door'>): Promise<void> {
  for (const name of Object.values(door.queues)) await findPollersOf(door, name);
}

async function findPollersOf(door: ApiContext['door'], name: string): Promise<void> {
  for (const taskQueueType of kinds) {
    const { pollers } = await door.connection.withDeadline(Date.now() + answerMs, () =>
      door.connection.workflowService.describeTaskQueue({
        namespace: door.client.options.namespace,
        taskQueue: { name },
        taskQueueType,
      }),
    );
    const fresh = (pollers ?? []).some((poller) => Date.now() - Number(poller.lastAccessTime?.seconds ?? 0) * 1_000 < freshMs);
    if (!fresh) throw new Error(`nobody polls ${name}`);
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), answerMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What went wrong stays in general words: anyone may read /ready. */
async function attempt(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'ok';
  } catch (err) {
    return err instanceof Error && err.message.startsWith('nobody polls') ? err.message : 'no answer';
  }
}
