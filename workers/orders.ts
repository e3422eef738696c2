/** The worker of the `orders` queue: what a customer waits for. */
import { type NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import type { ActivityContext } from '../activities/context.ts';

export interface OrdersWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly bundle: { readonly codePath: string } | { readonly code: string };
  readonly context: ActivityContext;
  /** Workflows kept in memory; a miss replays a dozen events. */
  readonly maxCachedWorkflows?: number;
}

/** Workflow tasks at once; each waits for its local activities. What finds nobody polling is written to a queue in the store first. */
const workflowTaskSlots = 100;
const pollers = { minimum: 20, initial: 20, maximum: workflowTaskSlots };
/** Local activities at once. Those that wait for Telegram or a provider must not keep steps on the database waiting. */
const localActivitySlots = 100;

export function createOrdersWorker({
  connection,
  namespace,
  bundle,
  context,
  maxCachedWorkflows = 1000,
}: OrdersWorkerOptions): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: context.door.queues.orders,
    workflowBundle: bundle,
    activities: createActivities(context),
    maxCachedWorkflows,
    maxConcurrentLocalActivityExecutions: localActivitySlots,
    maxConcurrentActivityTaskExecutions: 50,
    maxConcurrentWorkflowTaskExecutions: workflowTaskSlots,
    workflowTaskPollerBehavior: { type: 'autoscaling', ...pollers },
    activityTaskPollerBehavior: { type: 'autoscaling' },
    shutdownGraceTime: '5 seconds',
  });
}
