/** Health check of a worker's container: this very worker was seen by Temporal polling its queues. */
import { hostname } from 'node:os';
import { readConfig } from '../config.ts';
import { type Door, openDoor } from '../temporal/client.ts';

/** A poll lasts a minute at most; a poller not seen for longer is gone. */
const freshMs = 75_000;
const answerMs = 5_000;
/** Task queue types of Temporal's API: workflows and activities. */
const kinds = [1, 2] as const;

/**
 * Looks for the worker of `host` among the pollers of both queues. Workers call themselves `<pid>@<host>`.
 * @throws when it does not poll, or Temporal does not answer
 */
export async function checkWorker(door: Door, host: string): Promise<void> {
  for (const name of Object.values(door.queues)) await checkQueue(door, host, name);
}

async function checkQueue(door: Door, host: string, name: string): Promise<void> {
  for (const taskQueueType of kinds) {
    const { pollers } = await door.connection.withDeadline(Date.now() + answerMs, () =>
      door.connection.workflowService.describeTaskQueue({
        namespace: door.client.options.namespace,
        taskQueue: { name },
        taskQueueType,
      }),
    );
    const seen = (pollers ?? []).some(
      ({ identity, lastAccessTime }) =>
        identity?.endsWith(`@${host}`) && Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < freshMs,
    );
    if (!seen) throw new Error(`The worker of ${host} does not poll ${name}`);
  }
}

if (import.meta.main) {
  const door = openDoor(readConfig());
  await checkWorker(door, hostname());
  await door.close();
}
