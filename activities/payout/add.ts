/** A payout begins with the decision that money goes back: one transaction, one row, and its customer is asked where to. */
import { railOf } from '../../domain/payout.ts';
import type { MethodName, ProviderName } from '../../domain/payment.ts';
import { Payout } from '../../db/entities/payout.ts';
import type { EntityManager } from '../../db/orm.ts';
import { addNotice } from '../../db/repositories/notice.ts';
import { drawIds } from '../../db/secrets.ts';

/** What it gives back: a refund of a sale, or a part of a deposit. Amounts in minor units. */
interface GivenBack {
  readonly id: string;
  readonly shopId: number;
  readonly amount: number;
  readonly currency: string;
  readonly requestedBy: string;
  readonly reason: string;
  /** Absent: it is the refund with this id. */
  readonly depositId?: number | null | undefined;
}

interface PaidBy {
  readonly id: string;
  readonly provider: ProviderName;
  readonly method: MethodName;
  readonly coin?: string | null | undefined;
  readonly network?: string | null | undefined;
}

/** Writes its row, and the notice that asks where to. @throws when nobody knows by which rail the money came */
export async function addPayout(
  em: EntityManager,
  { of, payment, customerId }: { readonly of: GivenBack; readonly payment: PaidBy; readonly customerId: number },
  at: Date,
): Promise<void> {
  const rail = railOf(payment);
  if (!rail) throw new Error(`Payment ${payment.id} has no rail to go back by`);
  const { id: code, shopId, amount, currency, requestedBy, reason, depositId } = of;
  const [id = 0] = await drawIds(em, 'payout');
  em.persist(
    em.create(Payout, {
      id,
      code,
      shopId,
      customerId,
      refundId: depositId == null ? code : null,
      depositId: depositId ?? null,
      paymentId: payment.id,
      provider: payment.provider,
      method: payment.method,
      amount,
      currency,
      status: 'requested',
      requestedBy,
      reason,
      requestedAt: at,
      destinationKind: rail.kind,
      coin: rail.coin,
      staffSince: at,
    }),
  );
  await em.flush();
  await addNotice(em, {
    shopId,
    customerId,
    key: `payout:${code}:ask:0`,
    content: { kind: 'payoutAsked', payoutId: id, ...ofWhat(code, depositId), amount, currency, again: false },
  });
}

export const ofWhat = (code: string, depositId: number | null | undefined) =>
  ({ noun: depositId == null ? 'order' : 'deposit', code: code.slice(0, 8) }) as const;
