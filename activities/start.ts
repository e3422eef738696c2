/** Starting other workflows from within one: each an outside call, safe to repeat. */
import { findStandingPayouts } from '../db/repositories/payout.ts';
import { ringCommission } from '../temporal/commission.ts';
import { ringNotice } from '../temporal/notice.ts';
import { startPayout } from '../temporal/payout.ts';
import { startRefund } from '../temporal/refund.ts';
import type { Refunded } from '../domain/refund.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';

export function createStartActivities({ db, door }: Pick<ActivityContext, 'db' | 'door'>) {
  return failing({
    /** Starts the workflows of decided refunds, or of their payouts when staff must send them; those that run already are left alone. */
    async startRefunds({ refundIds, ...of }: Refunded & { readonly refundIds: readonly string[] }): Promise<void> {
      const payouts = await findStandingPayouts(db.em.fork(), { refundIds });
      for (const payout of payouts) await startPayout(door, payout);
      const byHand = new Set(payouts.map(({ payoutCode }) => payoutCode));
      for (const refundId of refundIds) if (!byHand.has(refundId)) await startRefund(door, { refundId, ...of });
    },

    /** Starts the commission of a deposit, or rings it while it runs. */
    startCommission: ({ depositCode }: { readonly depositCode: string }): Promise<void> => ringCommission(door, depositCode),

    /** Has customers told what their notices say. */
    async ringNotices({ customerIds }: { readonly customerIds: readonly number[] }): Promise<void> {
      for (const customerId of customerIds) await ringNotice(door, customerId);
    },
  });
}
