/** Starting other workflows from within one: each an outside call, safe to repeat. */
import { startRefund } from '../temporal/refund.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';

export function createStartActivities({ door }: Pick<ActivityContext, 'door'>) {
  return failing({
    /** Starts the workflows of decided refunds; those that run already are left alone. */
    async startRefunds({ orderCode, refundIds }: { readonly orderCode: string; readonly refundIds: readonly string[] }): Promise<void> {
      for (const refundId of refundIds) await startRefund(door, { refundId, orderCode });
    },
  });
}
