/** Deciding that a deposit goes back, under its lock and the wallet's: at most what of its very money is unspent. */
import { postPayoutDecided } from '../../domain/ledger.ts';
import { providerTraits } from '../../domain/payment.ts';
import type { PayoutRejection } from '../../domain/payout.ts';
import { isBlocking } from '../../domain/reversal.ts';
import { Payout } from '../../db/entities/payout.ts';
import { Reversal } from '../../db/entities/reversal.ts';
import type { EntityManager } from '../../db/orm.ts';
import { readRests } from '../../db/repositories/cash-rest.ts';
import { lockWallet, post } from '../../db/repositories/ledger.ts';
import type { PayoutAnswer, PayoutInput } from '../../workflows/messages/payout.ts';
import { inDeposit, type LockedDeposit, record } from '../deposit/row.ts';
import { addPayout } from './add.ts';

const refuse = (rejected: PayoutRejection): PayoutAnswer => ({ ok: false, rejected });

/** Writes the payout and takes its money out of the wallet, or answers for the one that stands. Repeated it is one payout. */
export async function requestPayout(em: EntityManager, { payoutCode, request }: PayoutInput, at: Date): Promise<PayoutAnswer> {
  if ((await em.count(Payout, { code: payoutCode })) > 0) return { ok: true, payoutCode };
  if (!request) return refuse('UnknownDeposit');
  return inDeposit(em.fork(), request.depositCode, async (tx, locked) => {
    if (!locked) return refuse('UnknownDeposit');
    if ((await tx.count(Payout, { code: payoutCode })) > 0) return { ok: true, payoutCode };
    const { deposit, payment, shop } = locked;
    const left = await findLeft(tx, locked);
    if (typeof left === 'string') return refuse(left);
    const amount = request.amount ?? left;
    // Also what is no number at all: it would compare as neither less nor more.
    if (!Number.isSafeInteger(amount) || amount <= 0 || amount > left) return refuse('TooMuch');
    const { actor, reason } = request;
    const of = { id: payoutCode, shopId: shop.id, amount, currency: shop.currency, requestedBy: actor, reason, depositId: deposit.id };
    deposit.paidOut += amount;
    await addPayout(tx, { of, payment, customerId: deposit.customerId }, at);
    await post(tx, {
      shopId: shop.id,
      currency: shop.currency,
      key: `${payoutCode}:decided`,
      legs: postPayoutDecided(deposit.customerId, amount),
      actor,
      reason: 'payoutDecided',
      at,
    });
    record(tx, deposit, actor, 'payoutRequested', at, { after: { payoutCode, amount, reason } });
    return { ok: true, payoutCode };
  });
}

/** What of the deposit may go back, minor units; or why nothing may. */
async function findLeft(em: EntityManager, { deposit, payment, shop }: LockedDeposit): Promise<number | PayoutRejection> {
  if (!providerTraits[payment.provider].payout) return 'GoesBackItself';
  const reversals = await em.find(Reversal, { depositId: deposit.id });
  if (reversals.some(isBlocking)) return 'Disputed';
  const wallet = await lockWallet(em, shop, deposit.customerId);
  if (wallet.debt > 0) return 'WalletInDebt';
  const rests = await readRests(em, { shopId: shop.id, currency: shop.currency, customerId: deposit.customerId });
  const net = deposit.credited - deposit.debtPaid - deposit.reversed - deposit.paidOut;
  const left = Math.min(net, rests.get(deposit.code) ?? 0, wallet.cash);
  return left > 0 ? left : 'NothingLeft';
}
