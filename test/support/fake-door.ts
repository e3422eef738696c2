/** A door whose Temporal is a list: it remembers who was rung and which stray stories were started. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Door } from '../../temporal/client.ts';

export interface FakeDoor {
  readonly door: Door;
  /** Workflow ids rung, in order. */
  readonly rung: string[];
  /** Rings that were answered, also those at closed workflows. */
  readonly calls: number;
  /** Most updates one workflow had at once. */
  readonly mostAtOneDoor: number;
  /** Workflow ids started, in order. */
  readonly started: string[];
  /** Workflows that are closed or unknown; ringing them fails as Temporal's does. */
  readonly closed: Set<string>;
  /** When set, every call fails as with Temporal away. */
  away: boolean;
  /** Seconds since epoch of the last poll; undefined while nobody polls. */
  polledAt: number | undefined;
}

export function makeFakeDoor(): FakeDoor {
  const fake = {
    rung: [] as string[],
    atTheDoor: [] as string[],
    mostAtOneDoor: 0,
    calls: 0,
    started: [] as string[],
    closed: new Set<string>(),
    away: false,
    polledAt: Date.now() / 1_000,
  };
  const orAway = async <T>(work: () => T): Promise<T> => {
    if (fake.away) throw Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });
    return work();
  };
  const workflowService = {
    getSystemInfo: () => orAway(() => ({})),
    describeTaskQueue: () =>
      orAway(() => ({ pollers: fake.polledAt === undefined ? [] : [{ lastAccessTime: { seconds: fake.polledAt } }] })),
  };
  const ring = (id: string) =>
    orAway(() => {
      fake.calls += 1;
      if (fake.closed.has(id)) throw new WorkflowNotFoundError('not found', id, undefined);
      fake.rung.push(id);
    });
  const workflow = {
    getHandle: (id: string) => ({
      signal: () => ring(id),
      // Answered with the workflow's task, so later than a signal.
      executeUpdate: async () => {
        const others = fake.atTheDoor.filter((other) => other === id).length;
        fake.mostAtOneDoor = Math.max(fake.mostAtOneDoor, others + 1);
        fake.atTheDoor.push(id);
        await new Promise((done) => setTimeout(done, 1));
        fake.atTheDoor.splice(fake.atTheDoor.indexOf(id), 1);
        await ring(id);
      },
    }),
    signalWithStart: (_type: string, { workflowId }: { workflowId: string }) => orAway(() => fake.started.push(workflowId)),
  };
  const door = {
    connection: { withDeadline: (_at: number, work: () => unknown) => work(), workflowService },
    client: { options: { namespace: 'default' }, workflow },
    queues: { orders: 'orders', background: 'background' },
    close: async () => undefined,
  } as unknown as Door;
  return Object.assign(fake, { door });
}
