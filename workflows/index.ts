export { deliveryWorkflow, handoverWorkflow } from './delivery.ts';
export { orderWorkflow } from './order.ts';
export { refundWorkflow } from './refund.ts';
export { strayWorkflow } from './stray.ts';
