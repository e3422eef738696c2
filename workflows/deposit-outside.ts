/** The deposit's calls outside: opening, closing and asking about its payment, and telling the customer. What fails here is answered. */
import { log } from '@temporalio/workflow';
import type { DepositRow } from './messages/deposit.ts';
import { askPayments, closePayment, openPayment, reasonOf, steps, tellDeposit, tellEndOfDepositPage } from './steps.ts';

/** Opens the payment where that takes a call; a provider that will not ends the deposit. */
export async function openOutside(row: DepositRow): Promise<DepositRow> {
  const { depositCode, opening: paymentId } = row;
  if (!paymentId) return row;
  try {
    await openPayment({ depositCode, paymentId, at: Date.now() });
  } catch (err) {
    log.warn('payment not opened', { depositCode, reason: reasonOf(err) });
    await steps.rejectDeposit({ depositCode, at: Date.now() });
  }
  return steps.settleDeposit({ depositCode, at: Date.now() });
}

/** Closes the page. What turns out paid or on its way is in the inbox then. */
export async function closeOutside(depositCode: string, paymentId: string): Promise<void> {
  try {
    await closePayment({ depositCode, paymentId, at: Date.now() });
  } catch (err) {
    log.warn('page not closed', { depositCode, reason: reasonOf(err) });
  }
}

/** Asks the provider about a payment it has said nothing of; one that does not answer now is asked again later. */
export async function askOutside(depositCode: string): Promise<void> {
  try {
    await askPayments({ depositCode, at: Date.now() });
  } catch (err) {
    log.warn('not asked', { depositCode, reason: reasonOf(err) });
  }
}

/** Draws the screen and says that money came; a customer who cannot be shown it for an hour is left, `/wallet` has it. */
export async function tellOnce({ depositCode, status }: DepositRow): Promise<DepositRow> {
  const tell = status === 'expired' ? tellEndOfDepositPage : tellDeposit;
  try {
    return await tell({ depositCode, at: Date.now() });
  } catch (err) {
    log.warn('not told', { depositCode, reason: reasonOf(err) });
    return { ...(await steps.settleDeposit({ depositCode, at: Date.now() })), untold: false };
  }
}
