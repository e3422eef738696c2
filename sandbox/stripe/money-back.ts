/** Money going back: refunds and disputes. */
import { type Card, testCards } from './cards.ts';
import type { Core } from './core.ts';
import { invalid, missing, StripeFarError } from './errors.ts';
import {
  buildDispute,
  buildRefund,
  buildWarning,
  type StoredCharge,
  type StoredDispute,
  type StoredIntent,
  type StoredRefund,
} from './objects.ts';
import type { RefundParams } from './params.ts';

/** What a dispute costs besides, minor units. */
const disputeFee = 1_500;
/** How long slow refunds of the test cards take. */
const refundSeconds = 3;

/** @param schedule called when something was made that ends by itself */
export function createMoneyBack(core: Core, schedule: () => void) {
  const { store, now, emit, moveBalance, requireIntent } = core;
  const { atomically } = store;

  function createRefund(accountId: string, params: RefundParams): StoredRefund {
    return atomically(() => {
      const charge = chargeToRefund(accountId, params);
      const left = charge.amount_captured - charge.amount_refunded;
      if (disputesOf(accountId, charge).some((each) => !each.is_charge_refundable)) {
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
      if (status === 'succeeded') moveRefund(accountId, refund, 'refund', -amount);
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
      const hadLeft = refund.status === 'succeeded';
      refund.status = outcome;
      if (outcome === 'succeeded' && !hadLeft) moveRefund(accountId, refund, 'refund', -refund.amount);
      if (outcome === 'failed' && hadLeft) moveRefund(accountId, refund, 'refund_failure', refund.amount);
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

  function moveRefund(accountId: string, refund: StoredRefund, category: 'refund' | 'refund_failure', amount: number): void {
    const id = category === 'refund' && typeof refund.balance_transaction === 'string' ? { id: refund.balance_transaction } : {};
    moveBalance(accountId, { ...id, amount, fee: 0, currency: refund.currency, type: category, category, source: refund.id });
  }

  const disputesOf = (accountId: string, charge: StoredCharge) =>
    store.list<StoredDispute>(accountId, 'dispute').filter((each) => each.charge === charge.id);

  /** `amount`: only a part is disputed. `inquiry`: the bank asks first; `withdraw` makes it a dispute. */
  function dispute(intentId: string, wish: { reason: string; amount?: number | undefined; inquiry?: boolean | undefined }): StoredDispute {
    return atomically(() => {
      const { accountId, charge } = requireIntent(intentId);
      if (charge?.status !== 'succeeded') throw invalid('Only a paid PaymentIntent can be disputed.');
      const before = disputesOf(accountId, charge).reduce((sum, each) => sum + each.amount, 0);
      if (before >= charge.amount) throw invalid('The payment is disputed already.');
      const { reason, amount = charge.amount - before, inquiry = false } = wish;
      if (amount > charge.amount - before) throw invalid('More would be disputed than was paid.', 'amount');
      charge.disputed = true;
      store.put(accountId, charge);
      const made = buildDispute(charge, { reason, amount, inquiry }, now());
      if (!inquiry) takeFunds(accountId, made);
      store.put(accountId, made);
      emit(accountId, 'charge.dispute.created', made);
      if (!inquiry) emit(accountId, 'charge.dispute.funds_withdrawn', made);
      return made;
    });
  }

  function takeFunds(accountId: string, made: StoredDispute): void {
    const about = { fee: disputeFee, currency: made.currency, type: 'adjustment', category: 'dispute', source: made.id };
    made.balance_transactions.push(moveBalance(accountId, { ...about, amount: -made.amount }));
  }

  function requireDispute(disputeId: string) {
    const found = store.find<StoredDispute>('dispute', disputeId);
    if (!found) throw missing('dispute', disputeId, 'dispute');
    return { accountId: found.accountId, made: found.object };
  }

  /** The bank was not content with the answer to its inquiry. */
  function withdraw(disputeId: string): StoredDispute {
    return atomically(() => {
      const { accountId, made } = requireDispute(disputeId);
      if (made.status !== 'warning_needs_response') throw invalid(`The dispute is ${made.status}, no inquiry.`);
      Object.assign(made, { status: 'needs_response', is_charge_refundable: false });
      takeFunds(accountId, made);
      store.put(accountId, made);
      emit(accountId, 'charge.dispute.updated', made);
      emit(accountId, 'charge.dispute.funds_withdrawn', made);
      return made;
    });
  }

  /** The bank warns that a payment is likely a fraud. */
  function warn(intentId: string, fraudType: string) {
    return atomically(() => {
      const { accountId, charge } = requireIntent(intentId);
      if (charge?.status !== 'succeeded') throw invalid('Only a paid PaymentIntent can be warned of.');
      const warning = buildWarning(charge, fraudType, now());
      store.put(accountId, warning);
      emit(accountId, 'radar.early_fraud_warning.created', warning);
      return warning;
    });
  }

  /** The shop's owner refunds in Stripe's dashboard: nothing of the shop's own is on it. */
  function refundInDashboard(intentId: string, amount: number | undefined): StoredRefund {
    const { accountId } = requireIntent(intentId);
    return createRefund(accountId, { payment_intent: intentId, amount });
  }

  function closeDispute(disputeId: string, status: 'won' | 'lost'): StoredDispute {
    return atomically(() => {
      const { accountId, made } = requireDispute(disputeId);
      if (['won', 'lost', 'warning_closed'].includes(made.status)) throw invalid(`The dispute is ${made.status} already.`);
      const hadLeft = made.balance_transactions.length > 0;
      made.status = hadLeft ? status : 'warning_closed';
      if (hadLeft && status === 'won') {
        const about = { fee: 0, currency: made.currency, type: 'adjustment', category: 'dispute_reversal', source: made.id };
        made.balance_transactions.push(moveBalance(accountId, { ...about, amount: made.amount }));
      }
      store.put(accountId, made);
      if (hadLeft && status === 'won') emit(accountId, 'charge.dispute.funds_reinstated', made);
      emit(accountId, 'charge.dispute.closed', made);
      return made;
    });
  }

  return { createRefund, finishRefund, dispute, withdraw, warn, refundInDashboard, closeDispute };
}

function cardOf(charge: StoredCharge): Card | undefined {
  const last4 = charge.payment_method_details?.card?.last4;
  return testCards.find((card) => card.number.slice(-4) === last4);
}
