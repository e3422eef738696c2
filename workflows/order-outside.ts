/** The order's calls outside: opening, closing and asking about payments, and telling people. What fails here is answered, never thrown. */
import { log } from '@temporalio/workflow';
import { isUnpaid } from '../domain/order.ts';
import { type ProviderName, providerTraits } from '../domain/payment.ts';
import type { OrderRow } from './messages/order.ts';
import { askPayments, closePayment, openPayment, reasonOf, steps, tellEndOfPage, tellGoods, tellScreen } from './steps.ts';

/** Opens the payment in force where that takes a call; a provider that will not makes the customer choose again. */
export async function openOutside(row: OrderRow): Promise<OrderRow> {
  const { orderCode, opening: paymentId } = row;
  if (!paymentId) return row;
  try {
    await openPayment({ orderCode, paymentId, at: Date.now() });
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
        return await closePayment({ orderCode, paymentId, at: Date.now() });
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
    await askPayments({ orderCode, at: Date.now() });
  } catch (err) {
    log.warn('not asked', { orderCode, reason: reasonOf(err) });
  }
}

/** Sends what is unsent. Goods that stay refused become a staff task; a screen nobody can be shown is left. */
export async function tellOnce({ orderCode, status, provider }: OrderRow): Promise<OrderRow> {
  const endedUnpaid = status === 'expired' || status === 'cancelled';
  const hasGoods = !endedUnpaid && !isUnpaid(status);
  const hadPage = providerTraits[provider as ProviderName]?.opens === 'outside';
  const tell = hasGoods ? tellGoods : endedUnpaid && hadPage ? tellEndOfPage : tellScreen;
  try {
    return await tell({ orderCode, at: Date.now() });
  } catch (err) {
    log.warn('not told', { orderCode, reason: reasonOf(err) });
    if (!hasGoods) {
      // Goods paid for meanwhile have days of their own; a screen that nobody could be shown for an hour is left.
      const row = await steps.settle({ orderCode, at: Date.now() });
      return row.status === status ? { ...row, untold: false } : row;
    }
    const row = await steps.leaveToStaff({ orderCode, at: Date.now() });
    const left = { ...row, untold: false };
    return row.untold ? tellScreen({ orderCode, at: Date.now() }).catch(() => left) : left;
  }
}
