import type { Worker } from '@temporalio/worker';
import { createOrdersWorker as create, type OrdersWorkerOptions } from '../../workers/orders.ts';

const { TILLFLOW_TEST_CACHED_WORKFLOWS: cached, TILLFLOW_TEST_BUNDLE: codePath } = process.env;

/** The product's worker, with another cache or another bundle where the environment says so. */
export function createOrdersWorker(options: OrdersWorkerOptions): Promise<Worker> {
  return create({ ...options, ...(cached && { maxCachedWorkflows: Number(cached) }), ...(codePath && { bundle: { codePath } }) });
}
