/** What an administrator reads in the Temporal UI, in plain words. */
import type { VoucherStatus } from '../domain/voucher.ts';
import type { VoucherRow } from './messages/voucher.ts';
import type { ClaimStatus } from '../domain/claim.ts';
import type { ClaimRow } from './messages/claim.ts';
import type { AutoBuyStatus } from '../domain/auto-buy.ts';
import type { CommissionStatus } from '../domain/commission.ts';
import type { DepositStatus } from '../domain/deposit.ts';
import type { OrderStatus } from '../domain/order.ts';
import type { PayoutStage } from '../domain/payout.ts';
import type { AutoBuyRow } from './messages/auto-buy.ts';
import type { CommissionRow } from './messages/commission.ts';
import type { DepositRow } from './messages/deposit.ts';
import type { OrderRow } from './messages/order.ts';
import type { PayoutRow } from './messages/payout.ts';

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

const wordsOfDeposit: Readonly<Record<DepositStatus, string>> = {
  opened: 'The way to pay is being opened.',
  waiting: 'Waiting for the customer to pay. Cancel closes the page and tells the customer.',
  seen: 'Money was seen, or a receipt of it; the verdict is awaited. Cancel ends the wait, the money is credited when it comes.',
  confirming: "Money is confirmed; waiting for the provider's last word. Cancel ends the wait, the money is credited when it comes.",
  credited: 'Credited. Cancel changes nothing any more.',
  partial: 'Credited with less than was asked.',
  expired: 'Ended without money. What comes later is credited all the same.',
  rejected: 'The provider would not open it, or staff found no such money. What comes later is credited all the same.',
  reversed: 'All that was credited was taken back by the provider; what the wallet had not is a debt.',
};

const wordsOfAutoBuy: Readonly<Record<AutoBuyStatus, string>> = {
  waiting: 'Waiting for money in the wallet, holding nothing. Cancel ends the wait; the money stays in the wallet.',
  buying: 'The money is there; the order is being placed.',
  bought: 'Bought.',
  asked: 'The money came, but nothing was bought by itself: the customer decides.',
  ended: 'Nothing more comes of it.',
};

/** Current details of a basket that buys itself. */
export function describeAutoBuy(row: AutoBuyRow): string {
  return describe(wordsOfAutoBuy[row.status], row);
}

const wordsOfCommission: Readonly<Record<CommissionStatus, string>> = {
  none: 'Nobody brought this customer, or nothing was credited.',
  held: 'Held until the money can hardly be taken back. Cancel ends the wait, and nothing is paid.',
  paid: 'Paid as a bonus. It is taken back with the deposit; cancel changes nothing any more.',
  refused: 'Not paid: one of the two was banned or in debt when it fell due, or an administrator cancelled it.',
  reversed: 'Taken back with the deposit it came from.',
};

/** Current details of a commission. */
export function describeCommission(row: CommissionRow): string {
  return describe(wordsOfCommission[row.status], { ...row, untold: false });
}

const wordsOfPayout: Readonly<Record<PayoutStage, string>> = {
  naming: 'The customer is asked where to send the money. Cancel gives it to the wallet.',
  approval: 'Staff are to approve it. Cancel gives the money to the wallet.',
  second: 'Approved; above the limit, so a second person must approve it too. Cancel gives the money to the wallet.',
  sending: 'Approved. Staff are to send the money and write down the transaction. Cancel gives the money to the wallet.',
  arrival: 'Sent; staff are to say whether it arrived. Cancel changes nothing any more.',
  succeeded: 'The money went back.',
  failed: 'It did not go back; it is in the wallet.',
};

/** Current details of a payout. */
export function describePayout(row: PayoutRow): string {
  return describe(wordsOfPayout[row.stage], row);
}

const wordsOfVoucher: Readonly<Record<VoucherStatus, string>> = {
  drafted: 'The wallet is asked for the money.',
  open: 'Waits for somebody to open the link.',
  claimed: 'Claimed, and in the wallet of whoever brought it.',
  lapsed: 'Nobody opened it: the money is back.',
  refused: 'Not made: the wallet has not enough.',
  revoked: 'Revoked by staff.',
};

/** Current details of a voucher. */
export function describeVoucher({ status, wakeAt }: VoucherRow): string {
  return describe(wordsOfVoucher[status], { wakeAt, untold: false });
}

const wordsOfClaim: Readonly<Record<ClaimStatus, string>> = {
  asked: 'The customer is to write what is wrong.',
  open: 'Staff are to replace it, give its money back, or refuse. Cancel refuses it.',
  replaced: 'Another piece was given instead.',
  refunded: 'Its price goes back.',
  refused: 'Refused, with a reason.',
  withdrawn: 'The customer took it back.',
};

/** Current details of a claim. */
export function describeClaim(row: ClaimRow): string {
  return describe(wordsOfClaim[row.status], row);
}

/** Current details of an order. */
export function describeOrder(row: OrderRow): string {
  return describe(wordsOfStatus[row.status], row);
}

/** Current details of a deposit. */
export function describeDeposit(row: DepositRow): string {
  return describe(wordsOfDeposit[row.status], row);
}

function describe(words: string, row: Pick<OrderRow, 'wakeAt' | 'untold'>): string {
  const until = row.wakeAt === null ? '' : `\n\nLooks again at ${new Date(row.wakeAt).toISOString()}.`;
  const unsent = row.untold ? '\n\nSomething is unsent; Telegram is asked again until it takes it.' : '';
  return `${words}${until}${unsent}`;
}
