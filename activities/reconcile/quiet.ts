/** Asking providers about payments nobody has spoken of for a while, one by one. What is learned becomes rows of the inbox. */
import { feeKey, postFee } from '../../domain/ledger.ts';
import { isNetworkCoin, networkCoins } from '../../domain/coin.ts';
import { statementOf } from '../../domain/reconcile.ts';
import { valueOfUnits } from '../../domain/rate.ts';
import type { PlainPayment } from '../../db/repositories/order-rows.ts';
import type { EntityManager } from '../../db/orm.ts';
import { post } from '../../db/repositories/ledger.ts';
import { type Answer, keepAnswers, listFeesToBook, markAsked, noteFee } from '../../db/repositories/quiet.ts';
import { readRate } from '../../db/repositories/rate.ts';
import { GatewayError, type ProviderEvent } from '../../gateways/payments/provider.ts';
import type { Rung } from '../../temporal/ring.ts';
import { type CallContext, prepareCall, storeAsked } from '../payment/call.ts';
import type { Reading } from './statement.ts';

/** What a provider said of one payment when it was asked. */
export interface Word {
  readonly payment: PlainPayment;
  readonly events: readonly ProviderEvent[];
  /** Why it would not say, for good; nothing is known then. */
  readonly refusal: string | null;
}

/** One call, nothing is written. @throws GatewayError what may be tried again */
export async function askAbout(context: CallContext, paymentId: string): Promise<Word> {
  const { payment, gateway, request, credentials } = await prepareCall(context, paymentId);
  try {
    const { events } = await gateway.find(request, credentials);
    return { payment, events, refusal: null };
  } catch (err) {
    if (!(err instanceof GatewayError) || err.retryable) throw err;
    // That it knows of no such payment is an answer too: it has nothing for us.
    return { payment, events: [], refusal: err.isUnknown ? null : err.message };
  }
}

/** Keeps what was said, in one transaction, which locks in the order of those who settle. @returns whom to ring for what is news */
export function keepWord(em: EntityManager, { payment, events, refusal }: Word, at: Date): Promise<Rung[]> {
  return em.transactional(async (tx) => {
    const { id: paymentId, shopId, provider } = payment;
    const news = refusal === null ? await storeAsked(tx, payment, events) : [];
    if (refusal === null && provider !== 'wallet' && statementOf[provider] === 'answers')
      await keepAnswers(tx, { shopId, provider }, paymentId, events.flatMap(answerOf));
    await markAsked(tx, { paymentId, at, refusal });
    return news;
  });
}

/** What is on its way, failed or was given back is nothing it has for us. */
function answerOf({ kind, coins, at }: ProviderEvent): Answer[] {
  if (!coins) return [];
  const { object: objectId, paidUnits, outcomeCoin, outcomeUnits } = coins;
  return [{ objectId, units: kind === 'settled' ? paidUnits : '0', outcomeCoin, outcomeUnits, at: new Date(at) }];
}

/**
 * What a provider took for itself of money that is counted: what it was worth less what is left of it, by the rate when it came. Booked once for
 * what came; what nothing prices waits. @returns what was booked, minor units
 */
export async function bookAnsweredFees(em: EntityManager, { shopId, provider, at }: Reading, currency: string): Promise<number> {
  if (statementOf[provider] !== 'answers') return 0;
  let booked = 0;
  for (const { objectId, units, outcomeCoin, outcomeUnits, counted, feesBefore, at: since } of await listFeesToBook(em, {
    shopId,
    provider,
  })) {
    const base = isNetworkCoin(outcomeCoin) ? networkCoins[outcomeCoin].coin : outcomeCoin;
    const found = await readRate(em, { base, quote: currency, at: since });
    if (!found) continue;
    const fee = Math.max(0, counted - valueOfUnits(outcomeUnits, found.rate, currency));
    const more = fee - feesBefore;
    if (more > 0) {
      const key = feeKey({ provider, shopId, objectId: `${objectId}:${units}` });
      await post(em, { shopId, currency, key, legs: postFee(provider, more), actor: 'system', reason: 'fee', at: new Date(at) });
      booked += more;
    }
    await noteFee(em, { shopId, provider }, objectId, Math.max(fee, feesBefore));
  }
  return booked;
}
