/** The NOWPayments far end: its API under `/v1`, a wallet to pay from under `/pay`, and its control. */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import { isLoopback } from '../deliveries.ts';
import { leastUsd, nowPaymentsOf, priceOf, tickers, toNotice } from './far-end.ts';
import { createWallet } from './pay-page.ts';
import type { Account, StoredPayment } from './store.ts';

const fiats = ['usd', 'eur', 'cad', 'gbp', 'aud', 'ils', 'ron'];
const wish = z.object({
  price_amount: z.number().positive(),
  price_currency: z
    .string()
    .toLowerCase()
    .pipe(z.enum(fiats as [string, ...string[]])),
  pay_currency: z.string().toLowerCase(),
  order_id: z.string().max(200).nullish(),
  order_description: z.string().max(500).nullish(),
  ipn_callback_url: z.url().refine(isLoopback, 'only loopback addresses').nullish(),
});

/** As an answer of the API. */
function toAnswer(payment: StoredPayment): Record<string, unknown> {
  const { updated_at: _, invoice_id: __, fee: ___, ...told } = toNotice(payment);
  const { created_at, updated_at, payment_id, parent_payment_id, ipn_callback_url } = payment;
  return { ...told, payment_id, parent_payment_id, ipn_callback_url, created_at, updated_at, network_precision: 8, smart_contract: '' };
}

/** Routes relative to where NOWPayments is mounted (`/nowpayments`). */
export function createNowPayments(context: SandboxContext): Hono {
  const farEnd = nowPaymentsOf(context);
  const problem = (c: Context, statusCode: 400 | 403 | 404 | 429 | 500, code: string, message: string) =>
    c.json({ status: false, statusCode, code, message }, statusCode);

  /** Answers, or as the next fault wants: a refusal before any effect, a cut connection before or after it. */
  function answering(c: Context, answer: (account: Account) => Response): Response {
    const fault = context.faults.take('nowpayments', `${c.req.method} ${c.req.path.replace(/^.*\/v1/, '/v1')}`)?.kind;
    if (fault === '429') {
      c.header('retry-after', '1');
      return problem(c, 429, 'TOO_MANY_REQUESTS', 'Too many requests');
    }
    if (fault === '500') return problem(c, 500, 'INTERNAL_ERROR', 'Internal error (sandbox fault)');
    const account = farEnd.store.account(c.req.header('x-api-key') ?? '');
    if (!account) return problem(c, 403, 'INVALID_API_KEY', 'Invalid api key');
    if (fault !== 'timeoutBefore' && fault !== 'timeoutAfter') return answer(account);
    if (fault === 'timeoutAfter') answer(account);
    const { outgoing } = c.env as { outgoing?: { destroy: () => void } };
    outgoing?.destroy();
    return outgoing ? RESPONSE_ALREADY_SENT : c.body(null, 504 as never);
  }

  const api = new Hono()
    .get('/status', (c) => c.json({ message: 'OK' }))
    .get('/merchant/coins', (c) => answering(c, ({ coins }) => c.json({ selectedCurrencies: coins.map((coin) => coin.toUpperCase()) })))
    .get('/min-amount', (c) =>
      answering(c, () => {
        const [from, fiat = 'usd'] = [c.req.query('currency_from')?.toLowerCase() ?? '', c.req.query('fiat_equivalent')];
        const [coin, money] = [priceOf(from), priceOf(fiat)];
        if (!tickers[from] || coin === undefined) return problem(c, 400, 'CURRENCY_UNAVAILABLE', `Currency ${from} is not available`);
        const answer = { currency_from: from, currency_to: 'usdttrc20', min_amount: leastUsd / coin };
        return c.json(money === undefined ? answer : { ...answer, fiat_equivalent: leastUsd / money });
      }),
    )
    .get('/estimate', (c) =>
      answering(c, () => {
        const { amount = '', currency_from: from = '', currency_to: to = '' } = c.req.query();
        const [one, other] = [priceOf(from), priceOf(to)];
        if (one === undefined || other === undefined) return problem(c, 400, 'CURRENCY_UNAVAILABLE', 'Currency is not available');
        return c.json({
          currency_from: from,
          amount_from: Number(amount),
          currency_to: to,
          estimated_amount: (Number(amount) * one) / other,
        });
      }),
    )
    .post('/payment', async (c) => {
      const parsed = wish.safeParse(await c.req.json().catch(() => undefined));
      return answering(c, (account) => {
        if (!parsed.success) {
          const [issue] = parsed.error.issues;
          return problem(c, 400, 'BAD_CREATE_PAYMENT_REQUEST', `${issue?.path.join('.')}: ${issue?.message}`);
        }
        const { pay_currency: coin, price_amount: amount, price_currency: currency } = parsed.data;
        if (!account.coins.includes(coin))
          return problem(c, 400, 'CURRENCY_UNAVAILABLE', `Currency ${coin.toUpperCase()} is not available`);
        if (amount * (priceOf(currency) ?? 0) < leastUsd) return problem(c, 400, 'AMOUNT_MINIMAL_ERROR', 'amountTo is too small');
        return c.json(toAnswer(farEnd.create(account, parsed.data)), 201);
      });
    })
    .get('/payment/:id', (c) =>
      answering(c, (account) => {
        const payment = farEnd.store.payment(c.req.param('id'));
        return payment?.apiKey === account.apiKey ? c.json(toAnswer(payment)) : problem(c, 404, 'PAYMENT_NOT_FOUND', 'Payment not found');
      }),
    );
  return new Hono().route('/v1', api).route('/', createWallet(context));
}

const statuses = ['waiting', 'confirming', 'confirmed', 'sending', 'partially_paid', 'finished', 'failed', 'refunded', 'expired'] as const;
const account = z.strictObject({
  apiKey: z.string().regex(/^[\w-]{8,100}$/, 'a key of letters, digits and dashes'),
  ipnSecret: z.string().min(8).max(200),
  outcomeCurrency: z.string().default('usdttrc20'),
  coins: z.array(z.enum(Object.keys(tickers) as [string, ...string[]])).default(Object.keys(tickers)),
});
const sending = z.strictObject({
  percent: z.number().positive().max(10_000).default(100),
  until: z.enum(['confirming', 'confirmed', 'sending']).optional(),
  stepSeconds: z.number().min(0).max(3_600).default(0),
});
const turn = z.strictObject({ status: z.enum(statuses) });
const claiming = z.strictObject({ paid: z.number().min(0).nullable() });
const repeating = z.strictObject({ times: z.number().int().min(1).max(100).default(1) });

/** Control for scripts, tests and the bar, relative to `/sandbox/nowpayments`. Errors are `{ error: string }`, naming the field. */
export function createNowPaymentsControl(context: SandboxContext): Hono {
  const farEnd = nowPaymentsOf(context);
  const read = async <Shape extends z.ZodType>(shape: Shape, c: Context): Promise<z.infer<Shape>> => {
    const text = await c.req.text();
    return shape.parse(text === '' ? {} : JSON.parse(text));
  };
  const found = (c: Context, payment: StoredPayment | undefined) =>
    payment ? c.json(toAnswer(payment)) : c.json({ error: 'id: there is no such payment' }, 404);

  const app = new Hono();
  app.onError((err, c) => {
    if (err instanceof z.ZodError)
      return c.json({ error: err.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ') }, 400);
    if (err instanceof SyntaxError) return c.json({ error: 'body: not JSON' }, 400);
    throw err;
  });
  app.post('/accounts', async (c) => {
    const made = await read(account, c);
    farEnd.store.saveAccount(made);
    return c.json({ apiKey: made.apiKey }, 201);
  });
  app.get('/payments', (c) => {
    const orderId = c.req.query('orderId');
    const payments = orderId === undefined ? farEnd.store.newest(50) : farEnd.store.ofOrder(orderId);
    return c.json({ payments: payments.map(toAnswer) });
  });
  app.post('/payments/:id/send', async (c) => found(c, farEnd.pay(c.req.param('id'), await read(sending, c))));
  app.post('/payments/:id/become', async (c) => found(c, farEnd.become(c.req.param('id'), (await read(turn, c)).status)));
  app.post('/payments/:id/claim', async (c) => found(c, farEnd.claim(c.req.param('id'), (await read(claiming, c)).paid)));
  app.post('/payments/:id/repeat', async (c) => c.json({ sent: farEnd.repeat(c.req.param('id'), (await read(repeating, c)).times) }));
  return app;
}
