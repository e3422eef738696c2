/** Payments as the Mini App reads them. */
import QRCode from 'qrcode';
import { coinUri } from '../../domain/coin.ts';
import { type DepositStatus, isCredited, isOpen } from '../../domain/deposit.ts';
import { isPaid, isUnpaid, type OrderStatus } from '../../domain/order.ts';
import type { Instructions, Invoice } from '../../domain/payment.ts';
import type { PaymentState } from '../../db/repositories/payment-state.ts';
import type { PaymentAnswer, StatusAnswer } from './schemas.ts';

type WayToPay = Omit<PaymentAnswer, 'payment_id' | 'method' | 'expires_at'>;

/** Makes a link of an invoice; undefined when Telegram gives none now. */
export type MakeLink = (invoice: Invoice) => Promise<string | undefined>;

/** What a customer does in a Mini App for each kind of instructions; undefined while it cannot be said. */
async function wayOf(instructions: Instructions, makeLink: MakeLink): Promise<WayToPay | undefined> {
  switch (instructions.kind) {
    case 'nothing':
      return { paid: true };
    case 'link':
      return { url: instructions.url };
    case 'invoice': {
      const link = await makeLink(instructions.invoice);
      return link === undefined ? undefined : { invoice_link: link };
    }
    case 'address': {
      const { coin, address, units, memo } = instructions;
      const qr = `data:image/svg+xml;utf8,${encodeURIComponent(await QRCode.toString(coinUri(instructions), { type: 'svg', errorCorrectionLevel: 'M' }))}`;
      return { pay_address: address, pay_amount: units, pay_currency: coin, ...(memo === null ? {} : { pay_memo: memo }), qr };
    }
    case 'transfer': {
      const { to, number, name, bank, title } = instructions;
      return { transfer: { to, number, name, title, ...(bank === null ? {} : { bank }) } };
    }
    default:
      return instructions satisfies never;
  }
}

/** Its money is the order's or in the wallet. */
export function isPaidFor({ pays }: PaymentState): boolean {
  return pays.noun === 'order' ? isPaid(pays.status as OrderStatus) : isCredited(pays.status as DepositStatus);
}

/** Whoever still has to pay can pay it. */
export function isPayable({ pays, status, replaced }: PaymentState): boolean {
  const stands = pays.noun === 'order' ? isUnpaid(pays.status as OrderStatus) : isOpen(pays.status as DepositStatus);
  return stands && !replaced && status !== 'failed' && status !== 'expired';
}

/** Nothing more is expected of it. Goods on their way are; a failed attempt is over when its order is, since another method may follow. */
export function isFinal({ pays, replaced }: PaymentState): boolean {
  if (pays.noun === 'deposit') return !isOpen(pays.status as DepositStatus);
  return replaced || !(isUnpaid(pays.status as OrderStatus) || pays.status === 'paid');
}

/** @returns undefined when nothing can be said yet of how to pay */
export async function toPaymentAnswer(state: PaymentState, makeLink: MakeLink): Promise<PaymentAnswer | undefined> {
  const way = isPaidFor(state) ? { paid: true as const } : state.instructions && (await wayOf(state.instructions, makeLink));
  return way ? { payment_id: state.id, method: state.method, expires_at: new Date(state.expiresAt).toISOString(), ...way } : undefined;
}

export async function toStatusAnswer(state: PaymentState, makeLink: MakeLink): Promise<StatusAnswer> {
  const { id, status, method, amount, currency, pays } = state;
  const told = isPaidFor(state) || (isPayable(state) && status === 'pending') ? await toPaymentAnswer(state, makeLink) : undefined;
  const subject = { code: pays.code, status: pays.status };
  return {
    ...told,
    payment_id: id,
    status,
    final: isFinal(state),
    method,
    amount,
    currency,
    expires_at: new Date(state.expiresAt).toISOString(),
    ...(pays.noun === 'order' ? { order: subject as StatusAnswer['order'] } : { deposit: subject as StatusAnswer['deposit'] }),
  };
}

/** Changes with everything a status says: the id of its event. */
export function markOf({ id, version, status, pays, instructions, replaced }: PaymentState): string {
  return [id, version, status, pays.status, instructions ? 'ready' : 'opening', ...(replaced ? ['replaced'] : [])].join('.');
}
