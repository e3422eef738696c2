/** The order's calls outside: opening, closing and asking about payments, and telling people. What fails here is answered, never thrown. */
import { log } from '@temporalio/workflow';
import { isUnpaid } from '../domain/order.ts';
import type { OrderRow } from './messages/order.ts';
import { asking, closing, opening, reasonOf, steps, tellingGoods, tellingScreen } from './steps.ts';

/** Opens the payment in force where that takes a call; a provider that will not makes the customer choose again. */
export async function openOutside(row: OrderRow): Promise<OrderRow> {
  const { orderCode, opening: paymentId } = row;
  if (!paymentId) return row;
  try {
    await opening.openPayment({ orderCode, paymentId, at: Date.now() });
  } catch (err) {
    log.warn('payment not opened', { orderCode, reason: reasonOf(err) });
    await steps.failPayment({ orderCode, paymentId, at: Date.now() });
    return steps.settle({ orderCode, at: Date.now() });
  }
  return { ...row, opening: null };
}

/** Closes invoices that could still be paid. @returns whether one turned out paid or on its way, and those that could not be closed */
export async function closeOutside({ orderCode, closing: paymentIds }: OrderRow): Promise<{ learned: boolean; left: string[] }> {
  const results = await Promise.all(
    paymentIds.map(async (paymentId) => {
      try {
        return await closing.closePayment({ orderCode, paymentId, at: Date.now() });
      } catch (err) {
        log.warn('invoice not closed', { orderCode, reason: reasonOf(err) });
        return { learned: false, closed: false };
      }
    }),
  );
  return {
    learned: results.some((result) => result.learned),
    left: paymentIds.filter((_, index) => results[index]?.closed !== true),
  };
}

/** Asks providers about payments they have said nothing of; a provider that does not answer now is asked again at the end of the hold. */
export async function askOutside(orderCode: string): Promise<void> {
  try {
    await asking.askPayments({ orderCode, at: Date.now() });
  } catch (err) {
    log.warn('not asked', { orderCode, reason: reasonOf(err) });
  }
}

/** Sends what is unsent. Goods that stay refused become a staff task; a screen nobody can be shown is left. */
export async function tellOnce(orderCode: string, status: OrderRow['status']): Promise<OrderRow> {
  const telling = isUnpaid(status) || status === 'expired' || status === 'cancelled' ? tellingScreen : tellingGoods;
  try {
    return await telling.tell({ orderCode, at: Date.now() });
  } catch (err) {
    log.warn('not told', { orderCode, reason: reasonOf(err) });
    if (telling === tellingScreen) {
      // Goods paid for meanwhile have days of their own; a screen that nobody could be shown for an hour is left.
      const row = await steps.settle({ orderCode, at: Date.now() });
      return row.status === status ? { ...row, untold: false } : row;
    }
    const row = await steps.leaveToStaff({ orderCode, at: Date.now() });
    const left = { ...row, untold: false };
    return row.untold ? tellingScreen.tell({ orderCode, at: Date.now() }).catch(() => left) : left;
  }
}
