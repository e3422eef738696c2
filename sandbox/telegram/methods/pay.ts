/** Invoices in Stars, their pre-checkouts, refunds and the bot's transactions. */
import type { Message, StarTransaction, SuccessfulPayment, TransactionPartnerUser } from 'grammy/types';
import { z } from 'zod';
import { readSendOptions } from '../content.ts';
import { badRequest } from '../errors.ts';
import { type Call, chatId, checkInlineKeyboard, flag, integer, json, parse } from '../params.ts';
import { type Bot, makeId } from '../store.ts';
import { userOf, type World } from '../world.ts';
import { tooOld } from './edit.ts';
import type { Methods } from './method.ts';

/** A pre-checkout must be answered within this. */
export const checkoutMs = 10_000;
const mostStars = 100_000;
const notEnough = 'There are not enough Stars on the balance.';

const invoice = z.object({
  title: z.string().trim().min(1, 'TITLE_INVALID').max(32, 'TITLE_INVALID'),
  description: z.string().trim().min(1, 'DESCRIPTION_INVALID').max(255, 'DESCRIPTION_INVALID'),
  payload: z.string().refine((text) => text.length > 0 && Buffer.byteLength(text) <= 128, 'INVOICE_PAYLOAD_INVALID'),
  provider_token: z.literal('', 'PAYMENT_PROVIDER_INVALID').optional(),
  currency: z.literal('XTR', 'CURRENCY_INVALID'),
  prices: json(
    z
      .array(z.object({ label: z.string().min(1, 'PRICE_LABEL_INVALID'), amount: z.number().int() }))
      .length(1, 'STARS_INVOICE_INVALID')
      .refine((list) => list.every(({ amount }) => amount >= 1 && amount <= mostStars), 'CURRENCY_TOTAL_AMOUNT_INVALID'),
  ),
  start_parameter: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,64}$/, 'START_PARAM_INVALID')
    .optional(),
});

function readInvoice({ params }: Call) {
  const parsed = invoice.safeParse(params);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  // Our own rules carry Telegram's word for it; anything else names the field.
  throw badRequest(
    /^[A-Z_]+$/.test(issue?.message ?? '') ? (issue?.message ?? '') : `parameter "${issue?.path.join('.')}" is invalid: ${issue?.message}`,
  );
}

function saveInvoice(world: World, bot: Bot, call: Call) {
  const { title, description, payload, currency, prices, start_parameter: startParameter = '' } = readInvoice(call);
  const slug = makeId(16);
  const amount = prices.reduce((sum, price) => sum + price.amount, 0);
  world.store.sql.run('INSERT INTO invoice VALUES (?, ?, ?, ?, ?, ?, ?)', slug, bot.id, title, description, payload, currency, amount);
  return { slug, shown: { title, description, start_parameter: startParameter, currency, total_amount: amount } };
}

/** Takes the Stars and tells the bot; runs in the transaction of the approval. @returns the charge id, or nothing when the balance is short */
function charge(world: World, bot: Bot, personId: number, slug: string, placeId: number): string | undefined {
  const { store } = world;
  const row = store.sql.get('SELECT * FROM invoice WHERE slug = ?', slug);
  const person = store.person(personId);
  if (!row || !person || !store.changeStars(personId, -Number(row.amount))) return undefined;
  const payment: SuccessfulPayment = {
    currency: String(row.currency),
    total_amount: Number(row.amount),
    invoice_payload: String(row.payload),
    telegram_payment_charge_id: `stx${makeId(48)}`,
    provider_payment_charge_id: `${personId}_${makeId(9)}`,
  };
  const chargeId = payment.telegram_payment_charge_id;
  store.sql.run(
    'INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)',
    chargeId,
    bot.id,
    personId,
    payment.invoice_payload,
    payment.currency,
    payment.total_amount,
    payment.provider_payment_charge_id,
    world.now(),
  );
  addTransaction(world, bot, chargeId, payment.total_amount, 'in');
  if (placeId > 0) store.saveChat(bot.id, placeId, false);
  tellPayment(world, bot, world.put(bot, placeId, userOf(person), { successful_payment: payment }));
  return chargeId;
}

/** Charges what was approved to be paid later and is due by now. @returns when to come back, in ms since epoch */
export function chargeDue(world: World): number | undefined {
  const { sql, transaction } = world.store;
  transaction(() => {
    for (const row of sql.all('SELECT * FROM checkout WHERE charge_at <= ?', world.context.clock())) {
      const bot = world.store.bot(Number(row.bot_id));
      const chargeId = bot && charge(world, bot, Number(row.person_id), String(row.slug), Number(row.place_id));
      const set = 'UPDATE checkout SET charge_at = NULL, charge_id = ?, error = ? WHERE id = ?';
      sql.run(set, chargeId ?? null, chargeId === undefined ? notEnough : null, String(row.id));
    }
  });
  const next = sql.get('SELECT min(charge_at) AS at FROM checkout WHERE charge_at IS NOT NULL')?.at;
  return typeof next === 'number' ? next : undefined;
}

function addTransaction(world: World, bot: Bot, chargeId: string, amount: number, direction: 'in' | 'out'): void {
  const sql = 'INSERT INTO star_transaction (bot_id, charge_id, amount, direction, made_at) VALUES (?, ?, ?, ?, ?)';
  world.store.sql.run(sql, bot.id, chargeId, amount, direction, world.now());
}

/** @returns whether there was such a payment, not given back yet */
export function takeStarsBack(world: World, chargeId: string): boolean {
  const row = world.store.sql.get('SELECT * FROM payment WHERE charge_id = ? AND refunded_at IS NULL', chargeId);
  const bot = row && world.store.bot(Number(row.bot_id));
  if (!row || !bot) return false;
  world.store.sql.run('UPDATE payment SET refunded_at = ? WHERE charge_id = ?', world.now(), chargeId);
  addTransaction(world, bot, chargeId, Number(row.amount), 'out');
  return true;
}

function tellPayment(world: World, bot: Bot, message: Message): void {
  world.updates.add(bot.id, 'message', { message: message as never }, String(message.chat.id));
}

const starBalance = (world: World, bot: Bot) =>
  Number(
    world.store.sql.get(
      `SELECT coalesce(sum(CASE direction WHEN 'in' THEN amount ELSE -amount END), 0) AS n FROM star_transaction WHERE bot_id = ?`,
      bot.id,
    )?.n ?? 0,
  );

export const payMethods: Methods = {
  sendInvoice(world, bot, call) {
    const chat = world.openChat(bot, parse(z.object({ chat_id: chatId }), call.params).chat_id);
    const { markup, content } = readSendOptions(world, bot, chat, call);
    const inline = checkInlineKeyboard(markup, { isInvoice: true });
    const { slug, shown } = saveInvoice(world, bot, call);
    return world.put(
      bot,
      chat,
      userOf(bot),
      { ...content, invoice: shown, ...(inline && { reply_markup: inline }) },
      { invoiceSlug: slug },
    );
  },
  createInvoiceLink: (world, bot, call) => `https://t.me/$${saveInvoice(world, bot, call).slug}`,
  answerPreCheckoutQuery(world, bot, { params }) {
    const given = parse(z.object({ pre_checkout_query_id: z.string(), ok: flag, error_message: z.string().optional() }), params);
    const id = given.pre_checkout_query_id;
    const row = world.store.sql.get('SELECT * FROM checkout WHERE id = ? AND bot_id = ?', id, bot.id);
    if (row?.status !== 'asked' || world.context.clock() - Number(row.asked_at) > checkoutMs) throw tooOld();
    if (!given.ok && !given.error_message) throw badRequest('parameter "error_message" is required when ok is False');
    const set = (status: string, chargeId: string | null, error: string | null) =>
      world.store.sql.run('UPDATE checkout SET status = ?, charge_id = ?, error = ? WHERE id = ?', status, chargeId, error, id);
    if (!given.ok) set('refused', null, given.error_message ?? null);
    // Sometimes people leave between the approval and the payment, or take their time.
    else if (row.abandon === 1) set('approved', null, 'You left before paying.');
    else if (Number(row.delay_ms) > 0) {
      set('approved', null, null);
      world.store.sql.run('UPDATE checkout SET charge_at = ? WHERE id = ?', world.context.clock() + Number(row.delay_ms), id);
      world.planCharges();
    } else {
      const chargeId = charge(world, bot, Number(row.person_id), String(row.slug), Number(row.place_id));
      if (chargeId === undefined) set('refused', null, notEnough);
      else set('approved', chargeId, null);
    }
    world.waiting.get(id)?.();
    return true;
  },
  refundStarPayment(world, bot, { params }) {
    const { user_id: userId, telegram_payment_charge_id: chargeId } = parse(
      z.object({ user_id: integer, telegram_payment_charge_id: z.string() }),
      params,
    );
    const { sql } = world.store;
    const row = sql.get('SELECT * FROM payment WHERE charge_id = ? AND bot_id = ?', chargeId, bot.id);
    if (!world.store.person(userId)) throw badRequest('USER_ID_INVALID');
    if (!row || row.person_id !== userId) throw badRequest('CHARGE_ID_INVALID');
    if (row.refunded_at !== null) throw badRequest('CHARGE_ALREADY_REFUNDED');
    const amount = Number(row.amount);
    if (starBalance(world, bot) < amount) throw badRequest('BALANCE_TOO_LOW');
    sql.run('UPDATE payment SET refunded_at = ? WHERE charge_id = ?', world.now(), chargeId);
    world.store.changeStars(userId, amount);
    addTransaction(world, bot, chargeId, amount, 'out');
    const refunded = {
      currency: 'XTR',
      total_amount: amount,
      invoice_payload: String(row.payload),
      telegram_payment_charge_id: chargeId,
      provider_payment_charge_id: String(row.provider_charge_id),
    };
    tellPayment(world, bot, world.put(bot, userId, userOf(bot), { refunded_payment: refunded as never }));
    return true;
  },
  getStarTransactions(world, bot, { params }): { transactions: StarTransaction[] } {
    const { offset, limit } = parse(z.object({ offset: integer.default(0), limit: integer.default(100) }), params);
    if (limit < 1 || limit > 100 || offset < 0) throw badRequest('LIMIT_INVALID');
    const rows = world.store.sql.all(
      `SELECT t.*, p.person_id, p.payload FROM star_transaction t JOIN payment p USING (charge_id)
       WHERE t.bot_id = ? ORDER BY t.sequence LIMIT ? OFFSET ?`,
      bot.id,
      limit,
      offset,
    );
    const transactions = rows.flatMap((row): StarTransaction[] => {
      const person = world.store.person(Number(row.person_id));
      if (!person) return [];
      const partner: TransactionPartnerUser = {
        type: 'user',
        transaction_type: 'invoice_payment',
        user: userOf(person),
        invoice_payload: String(row.payload),
      };
      const side = row.direction === 'in' ? { source: partner } : { receiver: partner };
      return [{ id: String(row.charge_id), amount: Number(row.amount), date: Number(row.made_at), ...side }];
    });
    return { transactions };
  },
  getMyStarBalance: (world, bot) => ({ amount: starBalance(world, bot) }),
};
