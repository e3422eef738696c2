/** Links into the Temporal UI. */
import type { Config } from '../config.ts';
import type { Payable } from '../domain/payment.ts';
import { depositWorkflowId } from '../workflows/messages/deposit.ts';
import { orderWorkflowId } from '../workflows/messages/order.ts';
import { payoutWorkflowId } from '../workflows/messages/payout.ts';

type Ui = Pick<Config['temporal'], 'uiUrl' | 'namespace'>;

/** Where an administrator sees the workflow of an order or a deposit. */
export function workflowUrl(ui: Ui, { noun, code, chainOutput }: Required<Payable>): string {
  return urlOf(ui, noun === 'order' ? orderWorkflowId(code) : depositWorkflowId(code, chainOutput));
}

/** The same of a payout. */
export function payoutUrl(ui: Ui, payoutCode: string): string {
  return urlOf(ui, payoutWorkflowId(payoutCode));
}

const urlOf = ({ uiUrl, namespace }: Ui, workflowId: string) =>
  `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
