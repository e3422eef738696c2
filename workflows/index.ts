export { alertWorkflow } from './alert.ts';
export { autoBuyWorkflow } from './auto-buy.ts';
export { deliveryWorkflow, handoverWorkflow } from './delivery.ts';
export { depositWorkflow } from './deposit.ts';
export { noticeWorkflow } from './notice.ts';
export { orderWorkflow } from './order.ts';
export { ratesWorkflow } from './rate.ts';
export { refundWorkflow } from './refund.ts';
export { strayWorkflow } from './stray.ts';
