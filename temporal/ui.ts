/** Links into the Temporal UI. */
import type { Config } from '../config.ts';
import type { Payable } from '../domain/payment.ts';
import { depositWorkflowId } from '../workflows/messages/deposit.ts';
import { orderWorkflowId } from '../workflows/messages/order.ts';

/** Where an administrator sees the workflow of an order or a deposit. */
export function workflowUrl({ uiUrl, namespace }: Pick<Config['temporal'], 'uiUrl' | 'namespace'>, { noun, code }: Payable): string {
  const workflowId = noun === 'order' ? orderWorkflowId(code) : depositWorkflowId(code);
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}
