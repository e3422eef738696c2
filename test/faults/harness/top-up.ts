/** A customer puts money into their wallet by card before they buy, while the world around them breaks. */
import type { Customer } from '../../../db/entities/customer.ts';
import { findDepositView } from '../../../db/repositories/deposit.ts';
import { depositPaymentId, depositSeconds } from '../../../domain/deposit.ts';
import { openDeposit } from '../../../temporal/deposit.ts';
import { newCode } from '../../support/shop.ts';
import type { Market, Stall } from './market.ts';
import { patiently } from './patience.ts';
import { sessionOf } from './session.ts';

/**
 * Opens it by the door, pays on Stripe's page, and waits until the money is there. `amount` in minor units.
 * @returns the code of the deposit that was paid; one whose page could not be opened came to nothing, and another was opened
 */
export async function topUp(
  { stack }: Market,
  {
    stall,
    customer,
    amount,
    until,
  }: { readonly stall: Stall; readonly customer: Customer; readonly amount: number; readonly until: number },
): Promise<string> {
  let depositCode = newCode();
  const open = { shopId: stall.shop.id, customerId: customer.id, amount, method: 'card', language: 'en' } as const;
  const see = async () => (await findDepositView(stack.db.em.fork(), depositCode))?.view.status;
  await patiently(until, `pay ${depositCode} by card`, async () => {
    const answer = await openDeposit(stack.door, depositCode, { ...open, payWithinSeconds: depositSeconds('card') });
    if ('later' in answer) throw new Error('not answered');
    const status = await see();
    if (status === undefined || status === 'rejected') {
      depositCode = newCode();
      throw new Error(`it came to nothing: ${JSON.stringify(answer)}`);
    }
    const session = await sessionOf(stack, depositPaymentId(depositCode));
    if (!session) throw new Error(`there is no page to pay on, it is ${status}`);
    if (session.status === 'open') await stack.control(`/stripe/sessions/${session.id}/pay`, {});
  });
  await patiently(until, `see ${depositCode} in the wallet`, async () => {
    const status = await see();
    if (status !== 'credited') throw new Error(`it is ${status}`);
  });
  return depositCode;
}
