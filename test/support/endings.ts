/** Every way a workflow of the product ends, acted out on a world with a worker and bots: each noun keeps its own. */
import { transferEndings } from './approvals.ts';
import { autoBuyEndings } from './auto-buys.ts';
import { backgroundEndings } from './background.ts';
import { chainEndings } from './chain-endings.ts';

import { claimEndings } from './claims.ts';
import { deliveryEndings } from './delivery-endings.ts';
import { depositEndings } from './deposits.ts';
import type { Ending } from './ending.ts';
import { orderCoinsEndings } from './order-coins-endings.ts';
import { orderEndings } from './order-endings.ts';
import { orderPaymentEndings } from './order-payment-endings.ts';
import { reconcileEndings } from './reconcile-endings.ts';
import { payoutEndings } from './payout-endings.ts';
import { referralEndings } from './referrals.ts';
import { refundEndings } from './refund-endings.ts';
import { starsEndings } from './stars-endings.ts';
import { stockEndings } from './stock-endings.ts';
import { strayEndings } from './stray-endings.ts';
import { voucherEndings } from './voucher-endings.ts';

export const endings: readonly Ending[] = [
  ...orderEndings,
  ...orderPaymentEndings,
  ...orderCoinsEndings,
  ...refundEndings,
  ...payoutEndings,
  ...strayEndings,
  ...deliveryEndings,
  ...depositEndings,
  ...starsEndings,
  ...chainEndings,
  ...transferEndings,
  ...backgroundEndings,
  ...reconcileEndings,
  ...autoBuyEndings,
  ...referralEndings,
  ...stockEndings,
  ...voucherEndings,
  ...claimEndings,
];
