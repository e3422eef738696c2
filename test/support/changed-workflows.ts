/** A deploy nobody should make: the product's workflows with one command more in front of every order, and no patch. */
import { sleep } from '@temporalio/workflow';
import { orderWorkflow as before } from '../../workflows/order.ts';
import type { OrderInput, OrderOutcome } from '../../workflows/messages/order.ts';

export * from '../../workflows/index.ts';

export async function orderWorkflow(input: OrderInput): Promise<OrderOutcome> {
  await sleep('1 second');
  return before(input);
}
