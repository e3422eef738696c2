/** What an administrator reads in the Temporal UI, in plain words. */
import type { OrderStatus } from '../domain/order.ts';
import type { OrderRow } from './messages/order.ts';

const wordsOfStatus: Readonly<Record<OrderStatus, string>> = {
  awaitingPayment: 'Waiting for payment. Units are kept; cancel puts them back, closes the invoice and tells the customer.',
  awaitingSettlement: "Money was seen in time; waiting for the provider's verdict. Cancel compensates at once, the money becomes stray.",
  paid: "Paid. The goods are the customer's and are being sent; cancel changes nothing any more.",
  delivered: 'Delivered.',
  unfulfillable: 'Paid, but the goods are gone. The money is going back by itself.',
  refunded: 'Refunded.',
  expired: 'Ended unpaid. Units are back.',
  cancelled: 'Cancelled. Units are back.',
};

/** Current details of an order. */
export function describeOrder(row: OrderRow): string {
  const until = row.wakeAt === null ? '' : `\n\nLooks again at ${new Date(row.wakeAt).toISOString()}.`;
  const unsent = row.untold ? '\n\nSomething is unsent; Telegram is asked again until it takes it.' : '';
  return `${wordsOfStatus[row.status]}${until}${unsent}`;
}
