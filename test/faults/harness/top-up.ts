/** A customer puts money into their wallet by card before they buy, while the world around them breaks. */
import type { Customer } from '../../../db/entities/customer.ts';
import { findDepositView } from '../../../db/repositories/deposit.ts';
import { depositPaymentId, depositSeconds } from '../../../domain/deposit.ts';
import { openDeposit } from '../../../temporal/deposit.ts';
import { newCode } from '../../support/shop.ts';
import type { Market, Stall } from './market.ts';
import { patiently } from './patience.ts';
import { sessionOf } from './session.ts';

/** Opens it by the door, pays on Stripe's page, and waits until the money is there. `amount` in minor units. @returns the deposit's code */
export async function topUp(
  { stack }: Market,
  {
    stall,
    customer,
    amount,
    until,
  }: { readonly stall: Stall; readonly customer: Customer; readonly amount: number; readonly until: number },
): Promise<string> {
  const depositCode = newCode();
  const open = { shopId: stall.shop.id, customerId: customer.id, amount, method: 'card', language: 'en' } as const;
  const see = async () => (await findDepositView(stack.db.em.fork(), depositCode))?.view;
  await patiently(until, 'top up', async () => {
    const answer = await openDeposit(stack.door, depositCode, { ...open, payWithinSeconds: depositSeconds });
    if ('later' in answer) throw new Error('not answered');
    if ('ok' in answer && !answer.ok) throw new Error(`refused: ${answer.rejected}`);
  });
  await patiently(until, `pay ${depositCode} by card`, async () => {
    const session = await sessionOf(stack, depositPaymentId(depositCode));
    if (!session) throw new Error(`there is no page to pay on, it is ${(await see())?.status}`);
    if (session.status === 'open') await stack.control(`/stripe/sessions/${session.id}/pay`, {});
  });
  await patiently(until, `see ${depositCode} in the wallet`, async () => {
    const view = await see();
    if (view?.status !== 'credited') throw new Error(`it is ${view?.status}`);
  });
  return depositCode;
}
