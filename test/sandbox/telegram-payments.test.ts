import { GrammyError, HttpError } from 'grammy';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serveSandbox, type TestSandbox } from '../support/sandbox.ts';

const anna = 1001;

let sandbox: TestSandbox;
let aheadMs = 0;
let stopBot: () => Promise<void>;
/** Payloads the bot refuses, or does not answer at all. */
const refused = new Map<string, string>();
const silent = new Set<string>();
const paid: string[] = [];
const refunds: string[] = [];
const unanswered: string[] = [];
const botErrors: unknown[] = [];

beforeAll(async () => {
  sandbox = await serveSandbox({ clock: () => Date.now() + aheadMs });
  const bot = sandbox.bot();
  bot.on('pre_checkout_query', async (ctx) => {
    const { invoice_payload: payload, id } = ctx.preCheckoutQuery;
    if (silent.has(payload)) unanswered.push(id);
    else if (refused.has(payload)) await ctx.answerPreCheckoutQuery(false, { error_message: refused.get(payload) ?? '' });
    else await ctx.answerPreCheckoutQuery(true);
  });
  bot.on('message:successful_payment', (ctx) => void paid.push(ctx.message.successful_payment.telegram_payment_charge_id));
  bot.on('message:refunded_payment', (ctx) => void refunds.push(ctx.message.refunded_payment.telegram_payment_charge_id));
  bot.catch((err) => void botErrors.push(err.error));
  await bot.init();
  void bot.start();
  stopBot = () => bot.stop();
});
afterAll(async () => {
  await stopBot();
  await sandbox.stop();
});
beforeEach(() => sandbox.call('DELETE', '/faults'));

async function makeLink(payload: string, amount = 250): Promise<{ slug: string }> {
  const link = await sandbox.api().createInvoiceLink('Night map', 'One key', payload, '', 'XTR', [{ label: 'Key', amount }]);
  return { slug: link.replace('https://t.me/$', '') };
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (err: unknown) => (err instanceof GrammyError ? err.description : err),
  );
const until = async (done: () => boolean) => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('payments in Stars', () => {
  test('an approved payment moves the Stars once and tells the bot by charge id', async () => {
    const before = await sandbox.stars(anna);
    const sent = await sandbox.api().sendInvoice(anna, 'Night map', 'One key', 'payment-1', 'XTR', [{ label: 'Key', amount: 250 }]);
    expect(sent.invoice).toEqual({ title: 'Night map', description: 'One key', start_parameter: '', currency: 'XTR', total_amount: 250 });
    const result = await sandbox.pay(anna, { messageId: sent.message_id });
    expect(result.status).toBe('paid');
    expect(await sandbox.stars(anna)).toBe(before - 250);
    await until(() => paid.includes(result.chargeId ?? ''));
    const { transactions } = await sandbox.api().getStarTransactions();
    expect(transactions.at(-1)).toMatchObject({
      id: result.chargeId,
      amount: 250,
      source: { type: 'user', transaction_type: 'invoice_payment', user: { id: anna }, invoice_payload: 'payment-1' },
    });
    expect((await sandbox.messages(anna)).at(-1)?.successfulPayment).toMatchObject({ total_amount: 250, invoice_payload: 'payment-1' });
  });

  test('a refused pre-checkout moves nothing and shows the reason', async () => {
    refused.set('payment-2', 'This order is over.');
    const before = await sandbox.stars(anna);
    expect(await sandbox.pay(anna, await makeLink('payment-2'))).toEqual({ status: 'refused', error: 'This order is over.' });
    expect(await sandbox.stars(anna)).toBe(before);
  });

  test('an old invoice can be paid again: two payments, two charges', async () => {
    const link = await makeLink('payment-3');
    const before = await sandbox.stars(anna);
    const [first, second] = [await sandbox.pay(anna, link), await sandbox.pay(anna, link)];
    expect([first.status, second.status]).toEqual(['paid', 'paid']);
    expect(first.chargeId).not.toBe(second.chargeId);
    expect(await sandbox.stars(anna)).toBe(before - 500);
  });

  test('a payment left after the approval moves nothing', async () => {
    const before = await sandbox.stars(anna);
    const link = await makeLink('payment-4');
    expect((await sandbox.pay(anna, link, { abandon: true })).status).toBe('refused');
    expect(await sandbox.stars(anna)).toBe(before);
  });

  test('a payment made long after the approval is told when it is made', async () => {
    const before = await sandbox.stars(anna);
    const count = paid.length;
    const link = await makeLink('payment-11');
    expect(await sandbox.pay(anna, link, { delaySeconds: 1 })).toEqual({ status: 'approved' });
    expect([await sandbox.stars(anna), paid.length]).toEqual([before, count]);
    await until(() => paid.length === count + 1);
    expect(await sandbox.stars(anna)).toBe(before - 250);
  });

  test('no answer within 10 seconds pays nothing, and a later answer is too late', async () => {
    silent.add('payment-5');
    const before = await sandbox.stars(anna);
    expect((await sandbox.pay(anna, await makeLink('payment-5'))).status).toBe('timeout');
    const id = unanswered.at(-1) ?? '';
    expect(await refusal(sandbox.api().answerPreCheckoutQuery(id, true))).toMatch(/query is too old/);
    expect(await sandbox.stars(anna)).toBe(before);
  });

  test('an approval counts by the clock at which it arrives', async () => {
    silent.add('payment-6');
    const paying = sandbox.pay(anna, await makeLink('payment-6'));
    const count = unanswered.length;
    await until(() => unanswered.length > count);
    aheadMs = 10_001;
    expect(await refusal(sandbox.api().answerPreCheckoutQuery(unanswered.at(-1) ?? '', true))).toMatch(/query is too old/);
    aheadMs = 0;
    expect(await refusal(sandbox.api().answerPreCheckoutQuery(unanswered.at(-1) ?? '', true))).toBe('accepted');
    expect((await paying).status).toBe('paid');
    expect(await refusal(sandbox.api().answerPreCheckoutQuery(unanswered.at(-1) ?? '', true))).toMatch(/query is too old/);
  });

  test('who has not enough Stars is told before the shop is asked', async () => {
    const { id } = await sandbox.call<{ id: number }>('POST', '/people', { firstName: 'Poor', languageCode: 'en', stars: 10 });
    expect(await sandbox.pay(id, await makeLink('payment-7'))).toEqual({ status: 'refused', error: 'You have 10 Stars; this costs 250.' });
  });
});

describe('refunds', () => {
  test('a charge is given back once, whole, and only to who paid', async () => {
    const before = await sandbox.stars(anna);
    const { chargeId = '' } = await sandbox.pay(anna, await makeLink('payment-8'));
    const api = sandbox.api();
    expect(await refusal(api.refundStarPayment(1002, chargeId))).toBe('Bad Request: CHARGE_ID_INVALID');
    expect(await refusal(api.refundStarPayment(anna, chargeId))).toBe('accepted');
    expect(await refusal(api.refundStarPayment(anna, chargeId))).toBe('Bad Request: CHARGE_ALREADY_REFUNDED');
    expect(await sandbox.stars(anna)).toBe(before);
    await until(() => refunds.includes(chargeId));
    const { transactions } = await api.getStarTransactions();
    const own = transactions.filter((one) => one.id === chargeId);
    expect(own.map((one) => [one.amount, one.source !== undefined, one.receiver !== undefined])).toEqual([
      [250, true, false],
      [250, false, true],
    ]);
    const balance = transactions.reduce((sum, one) => sum + (one.source ? one.amount : -one.amount), 0);
    expect((await api.getMyStarBalance()).amount).toBe(balance);
  });

  test('a refund whose answer is lost has been made', async () => {
    const before = await sandbox.stars(anna);
    const { chargeId = '' } = await sandbox.pay(anna, await makeLink('payment-9'));
    await sandbox.fault({ target: 'telegram', kind: 'timeoutAfter', method: 'refundStarPayment' });
    expect(await refusal(sandbox.api().refundStarPayment(anna, chargeId))).toBeInstanceOf(HttpError);
    expect(await refusal(sandbox.api().refundStarPayment(anna, chargeId))).toBe('Bad Request: CHARGE_ALREADY_REFUNDED');
    expect(await sandbox.stars(anna)).toBe(before);
  });

  test('an approval whose answer is lost has been paid', async () => {
    const before = await sandbox.stars(anna);
    await sandbox.fault({ target: 'telegram', kind: 'timeoutAfter', method: 'answerPreCheckoutQuery' });
    expect((await sandbox.pay(anna, await makeLink('payment-10'))).status).toBe('paid');
    expect(await sandbox.stars(anna)).toBe(before - 250);
    await until(() => botErrors.length === 1);
    expect(botErrors[0]).toBeInstanceOf(HttpError);
  });
});

test('invoices Telegram would refuse are refused', async () => {
  const make = (change: object) =>
    sandbox.raw('createInvoiceLink', {
      ...{ title: 'T', description: 'D', payload: 'p', provider_token: '', currency: 'XTR', prices: [{ label: 'L', amount: 1 }] },
      ...change,
    });
  const words = async (change: object) => (await make(change)).body.description;
  expect((await make({})).status).toBe(200);
  expect(await words({ title: 'x'.repeat(33) })).toBe('Bad Request: TITLE_INVALID');
  expect(await words({ description: 'x'.repeat(256) })).toBe('Bad Request: DESCRIPTION_INVALID');
  expect(await words({ payload: 'ż'.repeat(65) })).toBe('Bad Request: INVOICE_PAYLOAD_INVALID');
  expect(await words({ currency: 'EUR' })).toBe('Bad Request: CURRENCY_INVALID');
  expect(await words({ provider_token: 'x' })).toBe('Bad Request: PAYMENT_PROVIDER_INVALID');
  expect(await words({ prices: [1, 2].map((amount) => ({ label: 'L', amount })) })).toBe('Bad Request: STARS_INVOICE_INVALID');
  expect(await words({ prices: [{ label: 'L', amount: 0 }] })).toBe('Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID');
});
