/** What NOWPayments does: makes payments, sees coins arrive, tells of each status by a signed notification. One per sandbox. */
import { createHmac, randomBytes } from 'node:crypto';
import type { SandboxContext } from '../context.ts';
import { usualPrices } from '../rates/index.ts';
import { demoApiKey, demoIpnSecret } from './demo.ts';
import { type Account, openNowPaymentsStore, type StoredPayment } from './store.ts';

/** Coins by NOWPayments' names, with what they are priced as and how their addresses begin. */
export const tickers: Readonly<Record<string, { readonly priced: string; readonly prefix: string; readonly memo?: boolean }>> = {
  btc: { priced: 'BTC', prefix: 'bc1q' },
  eth: { priced: 'ETH', prefix: '0x' },
  ltc: { priced: 'LTC', prefix: 'ltc1q' },
  ton: { priced: 'TON', prefix: 'UQ', memo: true },
  sol: { priced: 'SOL', prefix: '5o' },
  usdttrc20: { priced: 'USDT', prefix: 'T' },
  usdterc20: { priced: 'USDT', prefix: '0x' },
  usdtbsc: { priced: 'USDT', prefix: '0x' },
  usdtsol: { priced: 'USDT', prefix: '5t' },
  usdc: { priced: 'USDC', prefix: '0x' },
  usdcsol: { priced: 'USDC', prefix: '5c' },
  xmr: { priced: 'LTC', prefix: '8' },
};

/** What a payment is at least worth, in USD. */
export const leastUsd = 2;
/** Part of what arrives that the shop is left with. */
const keptPart = 0.99;

export interface Wish {
  readonly price_amount: number;
  readonly price_currency: string;
  readonly pay_currency: string;
  readonly order_id?: string | null | undefined;
  readonly order_description?: string | null | undefined;
  readonly ipn_callback_url?: string | null | undefined;
}

export interface Sending {
  /** Of what is asked. */
  readonly percent: number;
  /** The last status that comes by itself; the final one when absent. */
  readonly until?: string | undefined;
  /** Between two statuses; at once when 0. */
  readonly stepSeconds: number;
}

const round = (value: number, decimals: number) => Number(value.toFixed(decimals));
export const priceOf = (currency: string) => usualPrices[(tickers[currency.toLowerCase()]?.priced ?? currency).toUpperCase()];

/** Keys sorted at every depth, as the provider's own program does it: lists become objects of their indices. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const source = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(source)
      .sort()
      .map((key) => [key, sorted(source[key])]),
  );
}

export function signNotice(body: string, secret: string): string {
  return createHmac('sha512', secret)
    .update(JSON.stringify(sorted(JSON.parse(body))))
    .digest('hex');
}

function createFarEnd(context: SandboxContext) {
  const store = openNowPaymentsStore(context);
  const { clock, deliveries } = context;
  let timer: NodeJS.Timeout | undefined;
  if (!store.account(demoApiKey)) {
    store.saveAccount({ apiKey: demoApiKey, ipnSecret: demoIpnSecret, outcomeCurrency: 'usdttrc20', coins: Object.keys(tickers) });
  }
  deliveries.handle('nowpayments', {
    sign: ({ body, secret }) => ({ 'x-nowpayments-sig': signNotice(body, secret ?? '') }),
  });

  /** Sends what was told, once more when it was told before. */
  function send(payment: StoredPayment, body: string): void {
    const account = store.account(payment.apiKey) as Account;
    if (payment.ipn_callback_url === null) return;
    const headers = { 'user-agent': 'NOWPayments v1.0 (sandbox)', 'content-type': 'application/json' };
    deliveries.enqueue({ target: 'nowpayments', url: payment.ipn_callback_url, headers, body, secret: account.ipnSecret });
  }

  function setStatus(payment: StoredPayment, status: string): void {
    payment.payment_status = status;
    payment.updated_at = new Date(clock()).toISOString();
    if (status === 'finished' || status === 'partially_paid') {
      const worth = (payment.actually_paid * (priceOf(payment.pay_currency) ?? 0)) / (priceOf(payment.outcome_currency) ?? 1);
      payment.outcome_amount = round(worth * keptPart, 6);
    }
    if (status === 'waiting') return;
    const body = JSON.stringify(toNotice(payment));
    store.keepNotice(payment.payment_id, body);
    send(payment, body);
  }

  /** Goes on to the statuses whose time has come. */
  function advance(payment: StoredPayment): void {
    while (payment.next[0]?.seconds === 0) setStatus(payment, (payment.next.shift() as { status: string }).status);
    const [next] = payment.next;
    store.save(payment, next ? clock() + next.seconds * 1_000 : null);
  }

  function runDue(): void {
    store.transaction(() => {
      for (const payment of store.due(clock())) {
        const [next] = payment.next;
        if (next) next.seconds = 0;
        advance(payment);
      }
    });
    plan();
  }

  function plan(): void {
    clearTimeout(timer);
    const at = store.firstDueAt();
    if (at === undefined) return;
    timer = setTimeout(runDue, Math.min(Math.max(at - clock(), 10), 60_000));
    timer.unref();
  }

  function make(account: Account, wish: Wish, parent: StoredPayment | undefined, paid: number): StoredPayment {
    const now = new Date(clock()).toISOString();
    const coin = tickers[wish.pay_currency] as (typeof tickers)[string];
    const worth = (wish.price_amount * (priceOf(wish.price_currency) ?? 1)) / (priceOf(wish.pay_currency) ?? 1);
    return {
      payment_id: store.nextPaymentId(),
      parent_payment_id: parent?.payment_id ?? null,
      apiKey: account.apiKey,
      payment_status: 'waiting',
      pay_address: parent?.pay_address ?? `${coin.prefix}${randomBytes(16).toString('hex')}`,
      payin_extra_id: parent?.payin_extra_id ?? (coin.memo ? String(randomBytes(4).readUInt32BE()) : null),
      price_amount: wish.price_amount,
      price_currency: wish.price_currency.toLowerCase(),
      pay_amount: parent ? paid : Math.ceil(worth * 1e8) / 1e8,
      pay_currency: wish.pay_currency,
      actually_paid: 0,
      outcome_amount: null,
      outcome_currency: account.outcomeCurrency,
      order_id: wish.order_id ?? null,
      order_description: wish.order_description ?? null,
      ipn_callback_url: wish.ipn_callback_url ?? null,
      purchase_id: parent?.purchase_id ?? store.nextPaymentId(),
      payment_extra_ids: null,
      created_at: now,
      updated_at: now,
      next: [],
    };
  }

  function create(account: Account, wish: Wish): StoredPayment {
    const payment = make(account, wish, undefined, 0);
    store.save(payment, null);
    return payment;
  }

  /** Coins reach the payment's address: its own when nothing has come yet, else a further transfer. @returns the payment they are of */
  function pay(paymentId: string, { percent, until, stepSeconds }: Sending): StoredPayment | undefined {
    return store.transaction(() => {
      const asked = store.payment(paymentId);
      if (!asked) return undefined;
      const paid = Math.floor(asked.pay_amount * percent * 1e6 + 1e-6) / 1e8;
      const isFirst = asked.payment_status === 'waiting' || asked.payment_status === 'expired';
      const payment = isFirst ? asked : make(store.account(asked.apiKey) as Account, { ...asked, order_id: null }, asked, paid);
      if (!isFirst) {
        asked.payment_extra_ids = [...(asked.payment_extra_ids ?? []), payment.payment_id];
        store.save(asked, null);
      }
      payment.actually_paid = paid;
      const statuses = ['confirming', 'confirmed', 'sending', paid >= payment.pay_amount ? 'finished' : 'partially_paid'];
      const last = until === undefined ? statuses.length : statuses.indexOf(until) + 1;
      payment.next = statuses.slice(0, last).map((status, index) => ({ status, seconds: index === 0 ? 0 : stepSeconds }));
      advance(payment);
      plan();
      return payment;
    });
  }

  /** The payment comes to a status by hand. */
  function become(paymentId: string, status: string): StoredPayment | undefined {
    return store.transaction(() => {
      const payment = store.payment(paymentId);
      if (!payment) return undefined;
      payment.next = [{ status, seconds: 0 }];
      advance(payment);
      return payment;
    });
  }

  /** A lie: from now on the API answers that so much was paid, or knows nothing of the payment (null). Nobody is told. */
  function claim(paymentId: string, paid: number | null): StoredPayment | undefined {
    const payment = store.payment(paymentId);
    if (!payment) return undefined;
    const claimed = paid === null ? { ...payment, apiKey: '' } : { ...payment, actually_paid: paid };
    store.save(claimed, null);
    return claimed;
  }

  /** Tells everything again, `times` times each, in any order. */
  function repeat(paymentId: string, times: number): number {
    const payment = store.payment(paymentId);
    if (!payment) return 0;
    const all = Array.from({ length: times }, () => store.notices(paymentId)).flat();
    for (const body of all.map((one) => ({ one, at: Math.random() })).sort((a, b) => a.at - b.at)) send(payment, body.one);
    return all.length;
  }

  runDue();
  return { store, create, pay, become, claim, repeat, stop: () => clearTimeout(timer) };
}

/** As it stands in a notification. */
export function toNotice(payment: StoredPayment): Record<string, unknown> {
  const { apiKey: _, next: __, created_at: ___, updated_at, ipn_callback_url: ____, payment_id, parent_payment_id, ...told } = payment;
  return {
    payment_id: Number(payment_id),
    ...(parent_payment_id === null ? {} : { parent_payment_id: Number(parent_payment_id) }),
    invoice_id: null,
    ...told,
    actually_paid_at_fiat: 0,
    fee: { currency: told.pay_currency, depositFee: 0.000001, withdrawalFee: 0, serviceFee: 0 },
    updated_at: Date.parse(updated_at),
  };
}

export type NowPaymentsFarEnd = ReturnType<typeof createFarEnd>;

const farEnds = new WeakMap<SandboxContext, NowPaymentsFarEnd>();

export function nowPaymentsOf(context: SandboxContext): NowPaymentsFarEnd {
  const known = farEnds.get(context);
  if (known) return known;
  const farEnd = createFarEnd(context);
  farEnds.set(context, farEnd);
  return farEnd;
}
