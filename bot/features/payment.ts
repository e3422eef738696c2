/** Payments in Stars: the pre-checkout, the payment, and what Telegram took back. Stored before anything else, rung afterwards. */
import type { Composer } from 'grammy';
import type { PreCheckoutQuery, Update } from 'grammy/types';
import { z } from 'zod';
import { findCustomer } from '../../db/repositories/customer.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { markPreCheckout } from '../../db/repositories/payment.ts';
import { ringFor } from '../../temporal/ring.ts';
import { textsOfShop } from '../../texts/wording.ts';
import type { BotContext, Visit } from '../context.ts';
import { createFeature } from '../route.ts';

/** Telegram waits ten seconds and people less; a verdict that takes longer is a refusal. */
const verdictDeadlineMs = 1_500;

const refusals = {
  notYours: 'precheckout-yours',
  over: 'precheckout-over',
  other: 'precheckout-other',
  error: 'precheckout-error',
} as const;

/** Approves or refuses, in words the customer reads in their language. */
export async function answerPreCheckout(visit: Visit, query: PreCheckoutQuery): Promise<void> {
  const verdict = await Promise.race([
    markPreCheckout(visit.em(), {
      shopId: visit.shop.id,
      paymentId: query.invoice_payload,
      telegramUserId: query.from.id,
      amount: query.total_amount,
      currency: query.currency,
      at: new Date(),
    }),
    new Promise<'error'>((resolve) => setTimeout(resolve, verdictDeadlineMs, 'error').unref()),
  ]).catch((err: unknown) => {
    visit.services.log.error({ err, shopId: visit.shop.id, paymentId: query.invoice_payload }, 'pre-checkout not decided');
    return 'error' as const;
  });
  visit.services.log.info({ shopId: visit.shop.id, paymentId: query.invoice_payload, verdict }, 'pre-checkout');
  if (verdict === 'approved') return visit.bot.answerPreCheckoutQuery(query.id, { ok: true });
  const language = await languageOf(visit, query.from);
  await visit.bot.answerPreCheckoutQuery(query.id, { ok: false, error: textsOfShop(visit.shop, language).say(refusals[verdict]) });
}

async function languageOf({ em, shop }: Visit, from: PreCheckoutQuery['from']): Promise<string | undefined> {
  const customer = await findCustomer(em(), shop.id, from.id).catch(() => undefined);
  return customer?.language ?? from.language_code;
}

/** Ids are plain: what the database cannot hold, or would hold as something else, is none. */
const plain = z.string().regex(/^[\x20-\x7e]+$/, 'a plain text');
const payment = z.object({
  currency: z.literal('XTR'),
  total_amount: z.int().positive(),
  invoice_payload: plain.max(128),
  telegram_payment_charge_id: plain.max(255),
});
/** Seconds since epoch, before the year 10000: what a date can hold. */
const date = z.int().positive().max(253_402_300_799);

/** Whether losing this update would lose money: it is handled again until it is stored. */
export function isMoney(update: Update): boolean {
  return update.message?.successful_payment !== undefined || update.message?.refunded_payment !== undefined;
}

async function storePayment(ctx: BotContext): Promise<void> {
  const { visit, update } = ctx;
  const { shop, services } = visit;
  const message = update.message;
  const refunded = message?.refunded_payment !== undefined;
  const parsed = payment.extend({ date }).safeParse({ ...(message?.successful_payment ?? message?.refunded_payment), date: message?.date });
  if (!message || !parsed.success) {
    const what = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    services.log.error({ shopId: shop.id, updateId: update.update_id, what }, 'a payment that does not parse');
    return;
  }
  const { telegram_payment_charge_id: chargeId, invoice_payload: paymentId, total_amount: amount, currency } = parsed.data;
  const kind = refunded ? 'refunded' : 'settled';
  const row = await insertInboxRow(visit.em(), {
    shopId: shop.id,
    provider: 'stars',
    source: 'update',
    eventId: `${chargeId}:${kind}`,
    type: refunded ? 'refunded_payment' : 'successful_payment',
    verdict: 'verified',
    kind,
    objectId: chargeId,
    paymentId,
    amount,
    currency,
    providerAt: new Date(parsed.data.date * 1000),
    body: new TextEncoder().encode(JSON.stringify(evidenceOf(update))),
  });
  if (!row.waiting) return;
  // From here on the row carries it: whoever is not rung now is rung by the relay, and the chat does not wait for what comes of it.
  ringFor(services.door, { about: row.about, shopId: shop.id, provider: 'stars', objectId: chargeId }, 'update').catch((err: unknown) =>
    services.log.warn({ err, shopId: shop.id, inboxId: row.id }, 'a payment is stored but nobody was rung yet'),
  );
}

/** What an update says of money, without the person's name, which is kept sealed only. */
function evidenceOf({ update_id, message }: Update) {
  const { message_id, date, from, chat, successful_payment, refunded_payment } = message ?? {};
  const people = { from: { id: from?.id }, chat: { id: chat?.id, type: chat?.type } };
  return { update_id, message: { message_id, date, ...people, successful_payment, refunded_payment } };
}

export function createPaymentFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.on(['message:successful_payment', 'message:refunded_payment'], storePayment);
  return feature;
}
