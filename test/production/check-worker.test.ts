import { expect, test } from 'vitest';
import { checkWorker } from '../../deploy/check-worker.ts';
import type { Door } from '../../temporal/client.ts';

const secondsAgo = (seconds: number) => ({ seconds: Math.floor(Date.now() / 1_000) - seconds });

/** Pollers as Temporal would list them: of workflows, then of activities; of the queue of orders, then of the background. */
function doorWith(...pollers: { identity: string; lastAccessTime: { seconds: number } }[][]): Door {
  const lists = [...pollers];
  const connection = {
    withDeadline: (_: number, call: () => unknown) => call(),
    workflowService: { describeTaskQueue: async () => ({ pollers: lists.shift() ?? [] }) },
  };
  return {
    connection,
    client: { options: { namespace: 'tillflow' } },
    queues: { orders: 'orders', background: 'background' },
  } as unknown as Door;
}

test('a worker that polls workflows and activities of both queues is healthy', async () => {
  const mine = { identity: '7@here', lastAccessTime: secondsAgo(3) };
  const other = { identity: '1@there', lastAccessTime: secondsAgo(3) };
  await expect(checkWorker(doorWith([other, mine], [mine], [mine], [other, mine]), 'here')).resolves.toBeUndefined();
});

test('another worker, an old poll or half a worker does not make it healthy', async () => {
  const mine = { identity: '7@here', lastAccessTime: secondsAgo(3) };
  const old = { identity: '7@here', lastAccessTime: secondsAgo(200) };
  const other = { identity: '1@there', lastAccessTime: secondsAgo(3) };
  for (const pollers of [
    [[other], [other]],
    [[old], [old]],
    [[mine], []],
    [[mine], [other]],
    [[mine], [mine]],
    [[mine], [mine], [mine], [other]],
  ]) {
    await expect(checkWorker(doorWith(...pollers), 'here')).rejects.toThrow('does not poll');
  }
});
