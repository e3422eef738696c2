/**
 * The worker of the empty workflow: a process of its own with the product's settings of the SDK, and the SDK's thread for workflows as it is
 * shipped. Its queue is its only argument.
 */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { readConfig } from '../config.ts';

const [taskQueue = ''] = process.argv.slice(2);
const config = readConfig();
const logger = new DefaultLogger('WARN');
Runtime.install({ logger, shutdownSignals: [] });
const { code } = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./empty-workflow.ts', import.meta.url)), logger });
const connection = await NativeConnection.connect({ address: config.temporal.address });
const worker = await Worker.create({
  connection,
  namespace: config.temporal.namespace,
  taskQueue,
  workflowBundle: { code },
  maxCachedWorkflows: 2000,
  maxConcurrentWorkflowTaskExecutions: 40,
  workflowTaskPollerBehavior: { type: 'autoscaling' },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => worker.getState() === 'RUNNING' && worker.shutdown());
await worker.run();
await connection.close();
