/** The worker of the `background` queue: what runs by the clock or waits for no customer, so that it never stands before an order. */
import { type NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import type { ActivityContext } from '../activities/context.ts';

export interface BackgroundWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly bundle: { readonly codePath: string } | { readonly code: string };
  readonly context: ActivityContext;
}

/** Few at once: there is little of it, and it may wait. */
export function createBackgroundWorker({ connection, namespace, bundle, context }: BackgroundWorkerOptions): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: context.door.queues.background,
    workflowBundle: bundle,
    activities: createActivities(context),
    workflowThreadPoolSize: 1,
    maxCachedWorkflows: 200,
    maxConcurrentWorkflowTaskExecutions: 10,
    maxConcurrentLocalActivityExecutions: 10,
    maxConcurrentActivityTaskExecutions: 10,
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 2, maximum: 10 },
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 1, maximum: 10 },
    shutdownGraceTime: '5 seconds',
  });
}
