/** Stripe's objects as its API answers them: built here, stored as JSON, typed by Stripe's own package. */
import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import type { Card } from './cards.ts';
import type { SessionParams } from './params.ts';

/** Ids look like Stripe's: `pi_3...`, `cs_test_a1...`. */
export function makeId(prefix: string, length = 24): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return prefix + [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join('');
}

export type StoredSession = Stripe.Checkout.Session & { payment_intent: string | null; line_items: Stripe.ApiList<Stripe.LineItem> };
export type StoredIntent = Stripe.PaymentIntent & { latest_charge: string | null };
export type StoredCharge = Stripe.Charge & { payment_intent: string };
export type StoredRefund = Stripe.Refund & { payment_intent: string; charge: string };
export type StoredDispute = Stripe.Dispute & { payment_intent: string; charge: string };
export type StoredBalanceTransaction = Stripe.BalanceTransaction;

/** @param seconds Unix time */
export function buildSession(params: SessionParams, seconds: number, payUrl: (id: string) => string): StoredSession {
  const id = makeId('cs_test_a1', 56);
  const items = params.line_items.map((item) => buildLineItem(item.price_data, item.quantity));
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: params.adaptive_pricing?.enabled ?? true },
    after_expiration: null,
    allow_promotion_codes: null,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: seconds,
    currency: params.line_items[0]?.price_data.currency ?? null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: null,
    customer_account: null,
    customer_creation: 'if_required',
    customer_details: null,
    customer_email: params.customer_email ?? null,
    discounts: [],
    expires_at: params.expires_at ?? seconds + 24 * 3600,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    line_items: { object: 'list', data: items, has_more: false, url: `/v1/checkout/sessions/${id}/line_items` },
    livemode: false,
    locale: params.locale ?? null,
    managed_payments: null,
    metadata: params.metadata ?? {},
    mode: 'payment',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: params.payment_method_types ?? ['card'],
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: params.submit_type ?? null,
    subscription: null,
    success_url: params.success_url,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: payUrl(id),
    wallet_options: null,
  } as unknown as StoredSession;
}

function buildLineItem(price: SessionParams['line_items'][number]['price_data'], quantity: number): Stripe.LineItem {
  const amount = price.unit_amount * quantity;
  return {
    id: makeId('li_1'),
    object: 'item',
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: price.product_data.name,
    price: {
      id: makeId('price_1'),
      object: 'price',
      active: false,
      currency: price.currency,
      livemode: false,
      metadata: {},
      product: makeId('prod_', 14),
      type: 'one_time',
      unit_amount: price.unit_amount,
      unit_amount_decimal: String(price.unit_amount),
    },
    quantity,
  } as unknown as Stripe.LineItem;
}

export function buildIntent(session: StoredSession, data: SessionParams['payment_intent_data'], seconds: number): StoredIntent {
  const id = makeId('pi_3');
  return {
    id,
    object: 'payment_intent',
    amount: session.amount_total,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${makeId('')}`,
    confirmation_method: 'automatic',
    created: seconds,
    currency: session.currency,
    customer: null,
    customer_account: null,
    description: data?.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: data?.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_options: {},
    payment_method_types: session.payment_method_types,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  } as unknown as StoredIntent;
}

export function buildCharge(intent: StoredIntent, card: Card, method: string, seconds: number): StoredCharge {
  const declined = card.outcome === 'decline';
  const details =
    method === 'card' ? { type: 'card', card: { brand: card.brand, last4: card.number.slice(-4), country: 'PL' } } : undefined;
  return {
    id: makeId('ch_3'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: declined ? null : makeId('txn_3'),
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: 'SANDBOX',
    captured: false,
    created: seconds,
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: declined ? 'card_declined' : null,
    failure_message: declined ? card.message : null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: {
      network_status: declined ? 'declined_by_network' : 'approved_by_network',
      reason: declined ? card.declineCode : null,
      risk_level: 'normal',
      seller_message: declined ? card.message : 'Payment complete.',
      type: declined ? 'issuer_declined' : 'authorized',
    },
    paid: false,
    payment_intent: intent.id,
    payment_method: makeId('pm_1'),
    payment_method_details: details ?? { type: method, [method]: {} },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: declined ? 'failed' : 'pending',
    transfer_data: null,
    transfer_group: null,
  } as unknown as StoredCharge;
}

export function buildRefund(
  charge: StoredCharge,
  params: { amount: number; metadata: Stripe.Metadata; reason: string | null },
  status: string,
  seconds: number,
): StoredRefund {
  return {
    id: makeId('re_3'),
    object: 'refund',
    amount: params.amount,
    balance_transaction: makeId('txn_3'),
    charge: charge.id,
    created: seconds,
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: params.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: params.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status,
    transfer_reversal: null,
  } as unknown as StoredRefund;
}

/** @param dispute.inquiry nothing is withdrawn yet, and the charge may still be refunded */
export function buildDispute(
  charge: StoredCharge,
  dispute: { reason: string; amount: number; inquiry: boolean },
  seconds: number,
): StoredDispute {
  return {
    id: makeId('du_1'),
    object: 'dispute',
    amount: dispute.amount,
    balance_transactions: [],
    charge: charge.id,
    created: seconds,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: { due_by: seconds + 7 * 86_400, has_evidence: false, past_due: false, submission_count: 0, enhanced_eligibility: {} },
    is_charge_refundable: dispute.inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: charge.payment_method_details,
    reason: dispute.reason,
    status: dispute.inquiry ? 'warning_needs_response' : 'needs_response',
  } as unknown as StoredDispute;
}

export function buildWarning(charge: StoredCharge, fraudType: string, seconds: number): Stripe.Radar.EarlyFraudWarning {
  return {
    id: makeId('issfr_1'),
    object: 'radar.early_fraud_warning',
    actionable: !charge.disputed && !charge.refunded,
    charge: charge.id,
    created: seconds,
    fraud_type: fraudType,
    livemode: false,
    payment_intent: charge.payment_intent,
  } as unknown as Stripe.Radar.EarlyFraudWarning;
}

/** What moved the account's balance. `amount` is negative when it left; the fee is taken from it besides. */
export function buildBalanceTransaction(
  about: { id?: string; amount: number; fee: number; currency: string; type: string; category: string; source: string },
  seconds: number,
): Stripe.BalanceTransaction {
  const { id = makeId('txn_1'), amount, fee, currency, type, category, source } = about;
  return {
    id,
    object: 'balance_transaction',
    amount,
    available_on: seconds,
    balance_type: 'payments',
    created: seconds,
    currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [{ amount: fee, application: null, currency, description: 'Stripe fees', type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: category,
    source,
    status: 'available',
    type,
  } as unknown as Stripe.BalanceTransaction;
}

export function buildEvent(
  type: string,
  object: unknown,
  options: { seconds: number; apiVersion: string; request: string | null },
): Stripe.Event {
  return {
    id: makeId('evt_1'),
    object: 'event',
    api_version: options.apiVersion,
    created: options.seconds,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: options.request, idempotency_key: null },
    type,
  } as unknown as Stripe.Event;
}
