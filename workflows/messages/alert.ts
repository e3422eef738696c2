/** The contract of telling a shop's staff its alerts. */
export interface AlertInput {
  readonly shopId: number;
}

/** Workflow id of a shop's alerts: one at a time tells them all. */
export function alertWorkflowId(shopId: number): string {
  return `alert:${shopId}`;
}
