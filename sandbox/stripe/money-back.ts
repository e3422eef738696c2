/** Money going back: refunds and disputes. */
import { type Card, testCards } from './cards.ts';
import type { Core } from './core.ts';
import { invalid, missing, StripeFarError } from './errors.ts';
import { buildDispute, buildRefund, type StoredCharge, type StoredDispute, type StoredIntent, type StoredRefund } from './objects.ts';
import type { RefundParams } from './params.ts';

/** How long slow refunds of the test cards take. */
const refundSeconds = 3;

/** @param schedule called when something was made that ends by itself */
export function createMoneyBack(core: Core, schedule: () => void) {
  const { store, now, emit, requireIntent } = core;
  const { atomically } = store;

  function createRefund(accountId: string, params: RefundParams): StoredRefund {
    return atomically(() => {
      const charge = chargeToRefund(accountId, params);
      const left = charge.amount_captured - charge.amount_refunded;
      if (charge.disputed) {
        throw new StripeFarError(400, {
          type: 'invalid_request_error',
          code: 'charge_disputed',
          charge: charge.id,
          message: `Charge ${charge.id} has been charged back; cannot issue a refund.`,
        });
      }
      if (left === 0) {
        throw new StripeFarError(400, {
          type: 'invalid_request_error',
          code: 'charge_already_refunded',
          charge: charge.id,
          message: `Charge ${charge.id} has already been refunded.`,
        });
      }
      const amount = params.amount ?? left;
      if (amount > left) throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, 'amount');
      const outcome = cardOf(charge)?.outcome;
      const status = outcome === 'refundPending' ? 'pending' : 'succeeded';
      const refund = buildRefund(charge, { amount, metadata: params.metadata ?? {}, reason: params.reason ?? null }, status, now());
      charge.amount_refunded += amount;
      charge.refunded = charge.amount_refunded === charge.amount_captured;
      store.put(accountId, charge);
      const slow = outcome === 'refundPending' || outcome === 'refundFails';
      store.put(accountId, refund, slow ? core.context.clock() + refundSeconds * 1000 : null);
      emit(accountId, 'refund.created', refund);
      emit(accountId, 'charge.refunded', charge);
      schedule();
      return refund;
    });
  }

  function chargeToRefund(accountId: string, params: RefundParams): StoredCharge {
    const intent = params.payment_intent ? store.get<StoredIntent>(accountId, 'payment_intent', params.payment_intent) : undefined;
    if (params.payment_intent && !intent) throw missing('payment_intent', params.payment_intent, 'payment_intent');
    const chargeId = intent ? intent.latest_charge : (params.charge ?? null);
    const charge = chargeId ? store.get<StoredCharge>(accountId, 'charge', chargeId) : undefined;
    if (intent && (!charge || intent.status !== 'succeeded')) {
      throw invalid(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, 'payment_intent');
    }
    if (!charge) throw missing('charge', chargeId ?? '', 'charge');
    return charge;
  }

  /** What the bank says of a refund in the end. */
  function finishRefund(refundId: string, outcome: 'succeeded' | 'failed'): StoredRefund {
    return atomically(() => {
      const found = store.find<StoredRefund>('refund', refundId);
      if (!found) throw missing('refund', refundId, 'refund');
      const { accountId, object: refund } = found;
      if (refund.status === 'failed') throw invalid('The refund has failed already.');
      refund.status = outcome;
      if (outcome === 'failed') {
        refund.failure_reason = 'expired_or_canceled_card';
        const charge = store.get<StoredCharge>(accountId, 'charge', refund.charge);
        if (charge) {
          charge.amount_refunded -= refund.amount;
          charge.refunded = false;
          store.put(accountId, charge);
        }
      }
      store.put(accountId, refund);
      emit(accountId, 'refund.updated', refund);
      if (outcome === 'failed') emit(accountId, 'refund.failed', refund);
      return refund;
    });
  }

  function dispute(intentId: string, reason: string): StoredDispute {
    return atomically(() => {
      const { accountId, charge } = requireIntent(intentId);
      if (charge?.status !== 'succeeded') throw invalid('Only a paid PaymentIntent can be disputed.');
      if (charge.disputed) throw invalid('The payment is disputed already.');
      charge.disputed = true;
      store.put(accountId, charge);
      const made = buildDispute(charge, reason, now());
      store.put(accountId, made);
      emit(accountId, 'charge.dispute.created', made);
      emit(accountId, 'charge.dispute.funds_withdrawn', made);
      return made;
    });
  }

  function closeDispute(disputeId: string, status: 'won' | 'lost'): StoredDispute {
    return atomically(() => {
      const found = store.find<StoredDispute>('dispute', disputeId);
      if (!found) throw missing('dispute', disputeId, 'dispute');
      const { accountId, object: made } = found;
      if (made.status === 'won' || made.status === 'lost') throw invalid(`The dispute is ${made.status} already.`);
      made.status = status;
      store.put(accountId, made);
      if (status === 'won') emit(accountId, 'charge.dispute.funds_reinstated', made);
      emit(accountId, 'charge.dispute.closed', made);
      return made;
    });
  }

  return { createRefund, finishRefund, dispute, closeDispute };
}

function cardOf(charge: StoredCharge): Card | undefined {
  const last4 = charge.payment_method_details?.card?.last4;
  return testCards.find((card) => card.number.slice(-4) === last4);
}
