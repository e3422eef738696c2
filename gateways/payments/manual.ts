/**
 * Transfers to the shop's own account or phone number: nothing outside is called, staff look at their bank.
 * @see MONEY.md section 10
 */
import { z } from 'zod';
import type { TransferInstructions } from '../../domain/payment.ts';
import { GatewayError, type PaymentGateway, type PaymentRequest } from './provider.ts';

/** What a shop says of where its customers transfer to; kept as the account's keys. */
const place = z.object({
  name: z.string().min(1),
  account: z.string().min(1).optional(),
  bank: z.string().min(1).optional(),
  phone: z.string().min(1).optional(),
});

export function createManualGateway(): PaymentGateway {
  return {
    provider: 'manual',
    async open(payment, { keys }) {
      return { instructions: instruct(payment, keys) };
    },
    // Nobody can take an account number back: what comes afterwards is credited by staff all the same.
    close: async () => ({ status: 'closed', events: [] }),
    find: async () => ({ status: 'pending', events: [] }),
    refund: async () => ({ status: 'failed', reason: 'a transfer is paid back by hand' }),
    parse: () => ({ verdict: 'refused', reason: 'nobody outside tells of transfers' }),
  };
}

/** The title is the deposit's code: short, without look-alikes, and no other deposit has it. */
function instruct({ method, code }: PaymentRequest, keys: Readonly<Record<string, string>>): TransferInstructions {
  const parsed = place.safeParse(keys);
  if (!parsed.success) throw new GatewayError('name: the shop says nobody to transfer to.', { retryable: false });
  const { name, account, bank = null, phone } = parsed.data;
  const number = method === 'blik' ? phone : account;
  if (number === undefined) {
    throw new GatewayError(`${method === 'blik' ? 'phone' : 'account'}: the shop has none.`, { retryable: false });
  }
  return { kind: 'transfer', to: method === 'blik' ? 'phone' : 'account', number, name, bank, title: code };
}
