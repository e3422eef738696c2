import { createAdjustmentActivities } from './adjustment.ts';
import { createAlertActivities } from './alert.ts';
import { createAutoBuyActivities } from './auto-buy.ts';
import { createChainActivities } from './chain.ts';
import type { ActivityContext } from './context.ts';
import { createClaimActivities } from './claim.ts';
import { createCommissionActivities } from './commission.ts';
import { createCoinOfferActivities } from './coin-offer.ts';
import { createDeliveryActivities } from './delivery.ts';
import { createDepositActivities } from './deposit.ts';
import { createNoticeActivities } from './notice.ts';
import { createOrderActivities } from './order.ts';
import { createPaymentActivities } from './payment.ts';
import { createPayoutActivities } from './payout.ts';
import { createRateActivities } from './rate.ts';
import { createReconcileActivities } from './reconcile.ts';
import { createRefundActivities } from './refund.ts';
import { createStartActivities } from './start.ts';
import { createStockWatchActivities } from './stock-watch.ts';
import { createStrayActivities } from './stray.ts';
import { createTellActivities } from './tell.ts';
import { createVoucherActivities } from './voucher.ts';

/** Every side effect; workers of both queues have them all. */
export function createActivities(context: ActivityContext) {
  return {
    ...createOrderActivities(context),
    ...createDepositActivities(context),
    ...createCommissionActivities(context),
    ...createClaimActivities(context),
    ...createNoticeActivities(context),
    ...createChainActivities(context),
    ...createPaymentActivities(context),
    ...createTellActivities(context),
    ...createRefundActivities(context),
    ...createPayoutActivities(context),
    ...createStockWatchActivities(context),
    ...createStrayActivities(context),
    ...createDeliveryActivities(context),
    ...createStartActivities(context),
    ...createRateActivities(context),
    ...createReconcileActivities(context),
    ...createAlertActivities(context),
    ...createAdjustmentActivities(context),
    ...createAutoBuyActivities(context),
    ...createCoinOfferActivities(context),
    ...createVoucherActivities(context),
  };
}

export type Activities = ReturnType<typeof createActivities>;
