/** Stripe's pages, as Stripe has them. */
import type { FaultStack } from './stack.ts';

/** The page of a payment of ours; undefined while there is none. */
export async function sessionOf(stack: FaultStack, paymentId: string): Promise<{ id: string; status: string } | undefined> {
  const [row]: { provider_object: string | null }[] = await stack.db.em
    .fork()
    .execute('select provider_object from payment where id = ?', [paymentId]);
  return row?.provider_object ? stack.control(`/stripe/sessions/${row.provider_object}`) : undefined;
}
