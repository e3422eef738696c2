/** Changing a wallet by hand: one transaction for the ledger, the audit and what the customer is told. */
import { type AdjustmentKind, decideAdjustment } from '../domain/adjustment.ts';
import { type Leg, postAdded, postDebtWrittenOff, postTaken, type WalletBalances } from '../domain/ledger.ts';
import { Audit } from '../db/entities/audit.ts';
import { Customer } from '../db/entities/customer.ts';
import { Shop } from '../db/entities/shop.ts';
import { lockWallet, post } from '../db/repositories/ledger.ts';
import { addNotice } from '../db/repositories/notice.ts';
import type { AdjustmentAnswer, AdjustmentInput } from '../workflows/messages/adjustment.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';

const legsOf: Readonly<Record<AdjustmentKind, (customerId: number, balances: WalletBalances, amount: number) => Leg[]>> = {
  writeOff: (customerId, _, amount) => postDebtWrittenOff(customerId, amount),
  add: (customerId, { debt }, amount) => postAdded(customerId, debt, amount),
  take: (customerId, balances, amount) => postTaken(customerId, balances, amount),
};

export function createAdjustmentActivities({ db }: Pick<ActivityContext, 'db'>) {
  return failing({
    /** Books it, or answers what it came to when it was booked before. `at`: workflow time, ms. */
    adjustWallet: ({ adjustmentId, at, ...wish }: AdjustmentInput & { readonly at: number }): Promise<AdjustmentAnswer> =>
      db.em.fork().transactional(async (em): Promise<AdjustmentAnswer> => {
        const { shopId, customerId, kind, reason, actor } = wish;
        const shop = await em.findOne(Shop, { id: shopId });
        if (!shop || (await em.count(Customer, { id: customerId, shopId })) === 0) return { ok: false, rejected: 'UnknownCustomer' };
        const { currency } = shop;
        const balances = await lockWallet(em, shop, customerId);
        // Under the wallet's lock: whoever did the same is done.
        const done = await em.findOne(Audit, { subject: 'adjustment', subjectId: adjustmentId });
        if (done) return { ok: true, amount: (done.after as { amount: number }).amount };
        const decided = decideAdjustment(balances, kind, wish.amount);
        if ('rejected' in decided) return { ok: false, rejected: decided.rejected };
        const { amount } = decided;
        const key = `adjustment:${adjustmentId}`;
        const legs = legsOf[kind](customerId, balances, amount);
        await post(em, { shopId, currency, key, legs, actor, reason: 'adjustment', at: new Date(at) });
        const after = { customerId, kind, amount, currency, reason };
        em.persist(
          em.create(Audit, {
            shopId,
            actor,
            action: kind,
            subject: 'adjustment',
            subjectId: adjustmentId,
            before: balances,
            after,
            at: new Date(at),
          }),
        );
        await addNotice(em, { shopId, customerId, key, content: { kind: 'adjusted', what: kind, amount, currency, reason } });
        return { ok: true, amount };
      }),
  });
}

export type AdjustmentActivities = ReturnType<typeof createAdjustmentActivities>;
