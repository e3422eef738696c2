/** The steps of a commission: each one transaction that answers the row's real state. */
import type { CommissionRow } from '../workflows/messages/commission.ts';
import { settleCommission } from './commission/settle.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';

/** `at`: workflow time, ms since epoch. */
interface Step {
  readonly depositCode: string;
  readonly at: number;
}

export function createCommissionActivities({ db }: Pick<ActivityContext, 'db'>) {
  return failing({
    /** Reads what the deposit brought and lost, decides on what fell due, and pays or takes back the difference. */
    settleCommission: ({ depositCode, at }: Step): Promise<CommissionRow> => settleCommission(db.em.fork(), depositCode, new Date(at)),

    /** An administrator's cancel: what is still held brings nothing. What was paid stays paid. */
    cancelCommission: ({ depositCode, at }: Step): Promise<CommissionRow> =>
      settleCommission(db.em.fork(), depositCode, new Date(at), { cancelled: true }),
  });
}

export type CommissionActivities = ReturnType<typeof createCommissionActivities>;
