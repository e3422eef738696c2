export { deliveryWorkflow, handoverWorkflow } from './delivery.ts';
export { depositWorkflow } from './deposit.ts';
export { orderWorkflow } from './order.ts';
export { refundWorkflow } from './refund.ts';
export { strayWorkflow } from './stray.ts';
