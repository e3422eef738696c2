/**
 * Telegram Stars: an invoice in the chat, approved by pre-checkout, known by its charge id.
 * @see MONEY.md section 5
 */
import type { StarTransaction } from 'grammy/types';
import { z } from 'zod';
import { makeInvoice } from '../../domain/payment.ts';
import type { ProviderMove } from '../../domain/reconcile.ts';
import { type Telegram, TelegramError } from '../telegram.ts';
import {
  GatewayError,
  type ParsedWebhook,
  type PaymentGateway,
  type PaymentRequest,
  type ProviderCredentials,
  type ProviderEvent,
  type RefundRequest,
  type RefundResult,
} from './provider.ts';

const pageSize = 100;
/** Lines of a statement read at once; the next reading goes on from there. */
const mostMoves = 50_000;
/** Calls one `find` may make: enough for a bot with more transactions than there are. */
const mostCalls = 80;
/** Telegram's clock and ours may differ. */
const clockSlackMs = 300_000;

const chargeId = z.string().min(1).max(255);
const paid = z.object({
  currency: z.string().regex(/^[A-Z]{3}$/),
  total_amount: z.number().int().positive(),
  invoice_payload: z.string().min(1).max(128),
  telegram_payment_charge_id: chargeId,
});
const message = z.object({
  date: z.number().int().positive(),
  successful_payment: paid.optional(),
  refunded_payment: paid.optional(),
});
const update = z.object({ update_id: z.number().int(), message });

export function createStarsGateway(telegram: Telegram): PaymentGateway {
  const botOf = (credentials: ProviderCredentials) => {
    const token = credentials.keys.botToken;
    if (!token) throw new GatewayError('botToken: the shop has no bot.', { retryable: false });
    return telegram.bot(token);
  };
  const find = async (payment: PaymentRequest, credentials: ProviderCredentials) => {
    const bot = botOf(credentials);
    const found = await guard('find', () => findTransactions((page) => bot.getStarTransactions(page), payment));
    const events = found.map((transaction) => toEvent(transaction, payment));
    return { paid: events.some((event) => event.kind === 'settled'), events };
  };
  return {
    provider: 'stars',
    open: async (payment) => ({ instructions: { kind: 'invoice', invoice: invoiceOf(payment) } }),
    // Nothing to close at Telegram: an old invoice may be tapped for ever, and pre-checkout refuses it by the row. But a payment that was
    // approved may have been made although nobody told us.
    async close(payment, credentials) {
      const { paid, events } = await find(payment, credentials);
      return { status: paid ? 'paid' : 'closed', events };
    },
    async find(payment, credentials) {
      const { paid, events } = await find(payment, credentials);
      return { status: paid ? 'paid' : 'pending', events };
    },
    refund: (request, credentials) => guard('refund', () => refundWhole(botOf(credentials), request)),
    statement: (credentials, cursor) =>
      guard('statement', () => readStatement((page) => botOf(credentials).getStarTransactions(page), cursor)),
    parse: (rawBody) => parseUpdate(rawBody),
  };
}

/** What a payment's customer is asked to pay in Stars. */
function invoiceOf(payment: PaymentRequest) {
  const { paymentId: id, noun, code, lines } = payment;
  const titles = lines.length > 0 ? lines.map((line) => line.title) : [payment.title];
  return makeInvoice({ id, amount: payment.amount.amount, noun, code, titles });
}

async function refundWhole(bot: ReturnType<Telegram['bot']>, request: RefundRequest): Promise<RefundResult> {
  if (request.telegramUserId === undefined) throw new GatewayError('telegramUserId: a Stars refund needs the payer.', { retryable: false });
  try {
    await bot.refundStarPayment(request.telegramUserId, request.objectId);
  } catch (err) {
    if (err instanceof TelegramError && err.kind === 'refused') return { status: 'failed', reason: err.message };
    throw err;
  }
  const event: ProviderEvent = {
    eventId: `${request.objectId}:refunded`,
    kind: 'refunded',
    objectId: request.objectId,
    paymentId: request.paymentId,
    money: request.amount,
    at: Date.now(),
    type: 'asked.refunded',
  };
  return { status: 'succeeded', refundId: request.objectId, event };
}

type ReadPage = (page: { offset: number; limit: number }) => Promise<StarTransaction[]>;

/**
 * Looks for a payment's money among the bot's transactions, without reading all of them: Telegram lists oldest first and cannot
 * search, so the end of the list is found by doubling and read backwards to when the payment was opened.
 */
async function findTransactions(read: ReadPage, payment: PaymentRequest): Promise<StarTransaction[]> {
  let calls = 0;
  const readAt = (offset: number, limit: number) => {
    calls += 1;
    if (calls > mostCalls) throw new GatewayError('Stars find: too many transactions to look through.', { retryable: false });
    return read({ offset, limit });
  };
  const from = payment.openedAt - clockSlackMs;
  const isOurs = (transaction: StarTransaction) => payloadOf(transaction) === payment.paymentId;

  const first = await readAt(0, pageSize);
  const found = first.filter(isOurs);
  if (first.length < pageSize) return found;
  const newestFirst = dateOf(first[0]) > dateOf(first.at(-1));
  if (newestFirst) {
    for (let offset = pageSize, page = first; page.length === pageSize && dateOf(page.at(-1)) >= from; offset += pageSize) {
      page = await readAt(offset, pageSize);
      found.push(...page.filter(isOurs));
    }
    return found;
  }
  let below = pageSize;
  let above = pageSize * 2;
  while ((await readAt(above - 1, 1)).length > 0) {
    below = above;
    above *= 2;
  }
  while (above - below > pageSize) {
    const middle = Math.floor((below + above) / 2);
    if ((await readAt(middle - 1, 1)).length > 0) below = middle;
    else above = middle;
  }
  // Between `below` and `above` lies the end; new arrivals may have moved it on.
  for (let end = above + pageSize; end > pageSize; end -= pageSize) {
    const offset = Math.max(pageSize, end - pageSize);
    const page = await readAt(offset, Math.min(pageSize, end - offset));
    found.push(...page.filter(isOurs));
    if (page.length > 0 && dateOf(page[0]) < from) break;
  }
  return found;
}

/** Telegram lists oldest first, and what was listed once stays where it is: the cursor is how many were read. */
async function readStatement(read: ReadPage, cursor: string | undefined): Promise<{ moves: ProviderMove[]; cursor: string }> {
  const moves: ProviderMove[] = [];
  let offset = Number(cursor ?? 0);
  for (let page = await read({ offset, limit: pageSize }); page.length > 0; page = await read({ offset, limit: pageSize })) {
    moves.push(...page.map(toMove));
    offset += page.length;
    if (page.length < pageSize || moves.length >= mostMoves) break;
  }
  return { moves, cursor: String(offset) };
}

function toMove(transaction: StarTransaction): ProviderMove {
  const { id, amount, source, receiver } = transaction;
  const isOfUser = (source ?? receiver)?.type === 'user';
  return {
    transactionId: id,
    // Stars to Fragment or for Telegram's own services leave the bot, and are no customer's.
    kind: isOfUser ? (source ? 'payment' : 'refund') : 'other',
    objectId: id,
    moneyObject: id,
    paymentId: payloadOf(transaction),
    amount: source ? amount : -amount,
    fee: 0,
    currency: 'XTR',
    at: dateOf(transaction),
  };
}

function dateOf(transaction: StarTransaction | undefined): number {
  return (transaction?.date ?? 0) * 1_000;
}

function payloadOf(transaction: StarTransaction): string | undefined {
  const partner = transaction.source ?? transaction.receiver;
  return partner?.type === 'user' ? partner.invoice_payload : undefined;
}

/** The same event ids as the updates have, so that what we ask and what we are told count once. */
function toEvent(transaction: StarTransaction, payment: PaymentRequest): ProviderEvent {
  const kind = transaction.source ? 'settled' : 'refunded';
  return {
    eventId: `${transaction.id}:${kind}`,
    kind,
    objectId: transaction.id,
    paymentId: payment.paymentId,
    money: { amount: transaction.amount, currency: 'XTR' },
    at: transaction.date * 1_000,
    type: `asked.${kind}`,
  };
}

/** Reads a bot's update, which only Telegram can have sent: by polling with the token, or by webhook with its secret. */
function parseUpdate(rawBody: Uint8Array): ParsedWebhook {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(rawBody));
  } catch {
    return { verdict: 'refused', reason: 'body: not JSON' };
  }
  const parsed = update.safeParse(json);
  if (!parsed.success) {
    return {
      verdict: 'refused',
      reason: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '),
    };
  }
  const { date, successful_payment: settled, refunded_payment: refunded } = parsed.data.message;
  const events: ProviderEvent[] = [];
  if (settled) events.push(tell('settled', settled, date));
  if (refunded) events.push(tell('refunded', refunded, date));
  return { verdict: 'verified', events };
}

function tell(kind: 'settled' | 'refunded', payment: z.infer<typeof paid>, date: number): ProviderEvent {
  return {
    eventId: `${payment.telegram_payment_charge_id}:${kind}`,
    kind,
    objectId: payment.telegram_payment_charge_id,
    paymentId: payment.invoice_payload,
    money: { amount: payment.total_amount, currency: payment.currency },
    at: date * 1_000,
    type: kind === 'settled' ? 'successful_payment' : 'refunded_payment',
  };
}

async function guard<T>(verb: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (err) {
    if (!(err instanceof TelegramError)) throw err;
    const retryAfter = err.retryAfter === undefined ? undefined : err.retryAfter * 1_000;
    throw new GatewayError(`Stars ${verb}: ${err.message}`, {
      retryable: err.kind === 'retryAfter' || err.kind === 'unreachable',
      retryAfter,
    });
  }
}
