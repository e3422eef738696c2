/** The production gateway against the sandbox's NOWPayments, and its notifications against what the provider documents. */
import * as fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNowPaymentsGateway } from '../../gateways/payments/nowpayments.ts';
import { GatewayError, type PaymentGateway, type PaymentRequest, type ProviderCredentials } from '../../gateways/payments/provider.ts';
import { demoApiKey, demoIpnSecret } from '../../sandbox/nowpayments/demo.ts';
import { lighterValues } from '../support/nasty.ts';
import { makePaymentRequest } from '../support/payment-request.ts';
import { serveSandbox, type TestSandbox } from '../support/sandbox.ts';

const credentials: ProviderCredentials = {
  shopId: 7,
  accountId: 1,
  liveMode: false,
  keys: { apiKey: demoApiKey, ipnSecret: demoIpnSecret },
};
let sandbox: TestSandbox;
let gateway: PaymentGateway;
beforeEach(async () => {
  sandbox = await serveSandbox();
  gateway = createNowPaymentsGateway({ apiRoot: `${sandbox.url}/nowpayments` });
});
afterEach(() => sandbox.stop());

interface Told {
  readonly payment_id: string;
  readonly [field: string]: unknown;
}
const paymentsOf = async (payment: PaymentRequest): Promise<Told[]> =>
  (await sandbox.call<{ payments: Told[] }>('GET', `/nowpayments/payments?orderId=${payment.paymentId}`)).payments;
const act = (id: string | undefined, verb: string, wish: object = {}) =>
  sandbox.call<Told>('POST', `/nowpayments/payments/${id}/${verb}`, wish);

/** 10.00 EUR in Bitcoin at 40,000 EUR. */
function request(more: Partial<PaymentRequest> = {}): PaymentRequest {
  const amount = { amount: 1_000, currency: 'EUR' };
  return makePaymentRequest({
    paymentId: 'deposit-K7Q4MX2P',
    noun: 'deposit',
    coin: 'BTC',
    amount,
    callbackUrl: 'http://127.0.0.1:9/x',
    ...more,
  });
}

async function opened(more: Partial<PaymentRequest> = {}): Promise<PaymentRequest> {
  const payment = request(more);
  const { providerObject } = await gateway.open(payment, credentials);
  return { ...payment, providerObject };
}

describe('open', () => {
  it('says the address and the exact units', async () => {
    const payment = request();
    const { instructions, providerObject } = await gateway.open(payment, credentials);
    const [made] = await paymentsOf(payment);
    expect(made).toMatchObject({
      payment_id: providerObject,
      price_amount: 10,
      price_currency: 'eur',
      ipn_callback_url: 'http://127.0.0.1:9/x',
    });
    expect(instructions).toEqual({ kind: 'address', coin: 'BTC', address: made?.pay_address, units: '0.00025', memo: null });
  });

  it('says the memo without which coins are not found', async () => {
    const { instructions } = await gateway.open(request({ coin: 'TON' }), credentials);
    expect(instructions).toMatchObject({ coin: 'TON', memo: expect.stringMatching(/^\d+$/) });
  });

  it('is made once more when the answer was lost: only the second is ever known to anybody', async () => {
    const payment = request();
    await sandbox.fault({ target: 'nowpayments', kind: 'timeoutAfter', method: 'POST /v1/payment' });
    await expect(gateway.open(payment, credentials)).rejects.toMatchObject({ retryable: true });
    const { providerObject } = await gateway.open(payment, credentials);
    const made = await paymentsOf(payment);
    expect(made).toHaveLength(2);
    expect(made[1]?.payment_id).toBe(providerObject);
  });

  it.each([
    ['a coin that is switched off', { coin: 'BTC' as const }, /CURRENCY_UNAVAILABLE/],
    ['less than the least', { amount: { amount: 1, currency: 'EUR' } }, /AMOUNT_MINIMAL_ERROR/],
    ['no coin', { coin: undefined }, /no coin/],
  ])('refuses for good %s', async (_name, more, words) => {
    await sandbox.call('POST', '/nowpayments/accounts', { apiKey: demoApiKey, ipnSecret: demoIpnSecret, coins: ['ltc'] });
    const refused = await gateway.open(request({ coin: 'LTC', ...more }), credentials).catch((err: unknown) => err);
    expect(refused).toBeInstanceOf(GatewayError);
    expect(refused).toMatchObject({ retryable: false, message: expect.stringMatching(words) });
  });

  it('is worth another try after 429 and 5xx, not after a wrong key; and no message holds the key', async () => {
    for (const kind of ['429', '500']) {
      await sandbox.fault({ target: 'nowpayments', kind });
      await expect(gateway.open(request(), credentials)).rejects.toMatchObject({ retryable: true });
    }
    const wrong = { ...credentials, keys: { ...credentials.keys, apiKey: 'WRONG-KEY-0000' } };
    const refused = await gateway.open(request(), wrong).catch((err: unknown) => err);
    expect(refused).toMatchObject({ retryable: false, message: expect.not.stringContaining('WRONG-KEY') });
  });
});

describe('find', () => {
  it.each([
    ['waiting', 'pending', []],
    ['confirming', 'processing', ['seen']],
    ['confirmed', 'processing', ['confirming']],
    ['sending', 'processing', ['confirming']],
    ['partially_paid', 'paid', ['settled']],
    ['finished', 'paid', ['settled']],
    ['failed', 'closed', ['failed']],
    ['expired', 'closed', ['failed']],
    ['refunded', 'closed', ['refunded']],
  ] as const)('understands %s', async (status, found, kinds) => {
    const payment = await opened();
    await act(payment.providerObject, 'become', { status });
    const answer = await gateway.find(payment, credentials);
    expect([answer.status, answer.events.map(({ kind }) => kind)]).toEqual([found, kinds]);
    // Nothing closes an address: one that waits will be late from now on.
    expect((await gateway.close(payment, credentials)).status).toBe(found === 'pending' ? 'closed' : found);
  });

  it('tells further transfers too, each as money of its own', async () => {
    const payment = await opened();
    await act(payment.providerObject, 'send', { percent: 80 });
    await act(payment.providerObject, 'send', { percent: 30 });
    const { status, events } = await gateway.find(payment, credentials);
    expect(status).toBe('paid');
    expect(events.map(({ type, paymentId, coins }) => [type, paymentId, coins?.paidUnits, coins?.parent])).toEqual([
      ['asked.partially_paid', 'deposit-K7Q4MX2P', '0.0002', null],
      ['asked.finished', 'deposit-K7Q4MX2P', '0.000075', payment.providerObject],
    ]);
    expect(new Set(events.map(({ objectId }) => objectId)).size).toBe(2);
  });

  it('of what was never opened finds nothing', async () => {
    expect(await gateway.find(request(), credentials)).toEqual({ status: 'closed', events: [] });
  });
});

it('coins are those of ours that the account takes, each with its live minimum rounded up and about what it costs', async () => {
  await sandbox.call('POST', '/nowpayments/accounts', { apiKey: demoApiKey, ipnSecret: demoIpnSecret, coins: ['btc', 'xmr', 'usdttrc20'] });
  // 2.00 USD are 1.60 EUR.
  expect(await gateway.listCoins?.('EUR', credentials)).toEqual([
    { coin: 'BTC', minimum: 160, price: '40000' },
    { coin: 'USDT_TRC20', minimum: 160, price: expect.stringMatching(/^0\.7993/) },
  ]);
  // What nobody says is not shown, and nothing else is lost by it.
  for (const kind of ['500', '429', 'timeoutBefore']) {
    await sandbox.fault({ target: 'nowpayments', kind, method: 'GET /v1/estimate', times: 2 });
    expect(await gateway.listCoins?.('EUR', credentials)).toEqual([
      { coin: 'BTC', minimum: 160, price: undefined },
      { coin: 'USDT_TRC20', minimum: 160, price: undefined },
    ]);
  }
  await sandbox.fault({ target: 'nowpayments', kind: '500', method: 'GET /v1/min-amount' });
  expect(await gateway.listCoins?.('EUR', credentials)).toHaveLength(1);
});

/** Bodies with what the provider's own program makes of them before it signs: its sorted text, written down. */
const vectors: readonly { readonly name: string; readonly body: string; readonly signed: string }[] = [
  {
    name: 'nested, as documented',
    body: '{"payment_id":123456789,"parent_payment_id":987654321,"payment_status":"finished","price_amount":1,"price_currency":"usd","pay_amount":15,"pay_currency":"trx","actually_paid":15,"outcome_amount":14.8106,"outcome_currency":"trx","payment_extra_ids":null,"fee":{"withdrawalFee":0,"currency":"btc","depositFee":0.09853637216235617,"serviceFee":0}}',
    signed:
      '{"actually_paid":15,"fee":{"currency":"btc","depositFee":0.09853637216235617,"serviceFee":0,"withdrawalFee":0},"outcome_amount":14.8106,"outcome_currency":"trx","parent_payment_id":987654321,"pay_amount":15,"pay_currency":"trx","payment_extra_ids":null,"payment_id":123456789,"payment_status":"finished","price_amount":1,"price_currency":"usd"}',
  },
  {
    name: 'unicode and escapes',
    body: '{"payment_status":"finished","payment_id":1,"price_amount":1,"price_currency":"eur","pay_amount":1,"pay_currency":"btc","order_description":"Кофе \\u2615 „Łódź\\" \\/ end"}',
    signed:
      '{"order_description":"Кофе ☕ „Łódź\\" / end","pay_amount":1,"pay_currency":"btc","payment_id":1,"payment_status":"finished","price_amount":1,"price_currency":"eur"}',
  },
  {
    name: 'floats as JavaScript writes them',
    body: '{"pay_amount":0.00000062,"payment_id":1,"payment_status":"waiting","price_amount":10.00,"price_currency":"eur","pay_currency":"btc"}',
    signed: '{"pay_amount":6.2e-7,"pay_currency":"btc","payment_id":1,"payment_status":"waiting","price_amount":10,"price_currency":"eur"}',
  },
  {
    name: 'big numbers and floats as they were written',
    body: '{"pay_amount":1.10,"payment_id":12345678901234567890,"payment_status":"waiting","price_amount":10.00,"price_currency":"eur","pay_currency":"btc"}',
    signed:
      '{"pay_amount":1.10,"pay_currency":"btc","payment_id":12345678901234567890,"payment_status":"waiting","price_amount":10.00,"price_currency":"eur"}',
  },
  {
    name: 'lists that stay lists',
    body: '{"payment_id":1,"payment_status":"waiting","pay_amount":1,"price_amount":1,"price_currency":"eur","pay_currency":"btc","payment_extra_ids":[513339741,{"b":1,"a":2}]}',
    signed:
      '{"pay_amount":1,"pay_currency":"btc","payment_extra_ids":[513339741,{"a":2,"b":1}],"payment_id":1,"payment_status":"waiting","price_amount":1,"price_currency":"eur"}',
  },
  {
    name: 'lists as objects of their indices, in their order beyond ten',
    body: '{"payment_id":1,"payment_status":"waiting","pay_amount":1,"price_amount":1,"price_currency":"eur","pay_currency":"btc","payment_extra_ids":[0,1,2,3,4,5,6,7,8,9,10]}',
    signed:
      '{"pay_amount":1,"pay_currency":"btc","payment_extra_ids":{"0":0,"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9,"10":10},"payment_id":1,"payment_status":"waiting","price_amount":1,"price_currency":"eur"}',
  },
];
const hmac = (text: string, secret = demoIpnSecret) => createHmac('sha512', secret).update(text).digest('hex');
const parse = (body: string, signature: string | undefined, keys: Record<string, string> = credentials.keys) =>
  gateway.parse(Buffer.from(body), { 'X-NOWPayments-Sig': signature }, { ...credentials, keys }, Date.parse('2026-11-26T12:00:00Z'));

describe('a notification', () => {
  it.each(vectors)('is verified: $name', ({ body, signed }) => {
    expect(parse(body, hmac(signed)).verdict).toBe('verified');
    expect(parse(body, hmac(signed).toUpperCase()).verdict).toBe('verified');
  });

  it('is verified whatever a proxy made of its bytes', () => {
    for (const { body, signed } of vectors.slice(0, 3))
      expect(parse(JSON.stringify(JSON.parse(body), null, 2), hmac(signed)).verdict).toBe('verified');
  });

  it('is verified by either secret while one replaces the other', () => {
    const [{ body, signed }] = vectors as [(typeof vectors)[number]];
    const keys = { ipnSecret: 'old-secret', nextIpnSecret: 'new-secret' };
    for (const secret of ['old-secret', 'new-secret']) expect(parse(body, hmac(signed, secret), keys).verdict).toBe('verified');
    expect(parse(body, hmac(signed, 'third-secret'), keys).verdict).toBe('refused');
    expect(parse(body, hmac(signed, ''), { apiKey: 'x' })).toMatchObject({ reason: expect.stringContaining('ipnSecret') });
  });

  it('is refused when its signature leaves nested keys out, is of other bytes, is none, or is of no JSON', () => {
    const [{ body, signed }] = vectors as [(typeof vectors)[number]];
    const params = JSON.parse(body) as object;
    const dropping = JSON.stringify(params, Object.keys(params).sort());
    expect(dropping).toContain('"fee":{}');
    const altered = body.replace('"actually_paid":15', '"actually_paid":16');
    for (const [sent, signature] of [
      [body, hmac(dropping)],
      [altered, hmac(signed)],
      [body, undefined],
      [body, ''],
      [body, 'abc'],
      ['', hmac('')],
      ['{', hmac('{')],
      [`${'['.repeat(5_000)}${']'.repeat(5_000)}`, hmac(signed)],
    ] as const)
      expect(parse(sent, signature), sent.slice(0, 20)).toMatchObject({
        verdict: 'refused',
        reason: expect.stringMatching(/^(x-nowpayments-sig|body):/),
      });
  });

  const good = {
    payment_id: 5_000_000_001,
    payment_status: 'finished',
    price_amount: 10,
    price_currency: 'eur',
    pay_amount: 0.00025,
    pay_currency: 'btc',
    actually_paid: 0.00025,
    order_id: 'deposit-K7Q4MX2P',
    outcome_amount: 9.9,
    outcome_currency: 'usdttrc20',
    updated_at: 1_795_000_000_000,
  };
  const tell = (more: object) => {
    const body = JSON.stringify({ ...good, ...more });
    return parse(body, hmac(JSON.stringify(Object.fromEntries(Object.entries({ ...good, ...more }).sort(([a], [b]) => (a < b ? -1 : 1))))));
  };

  it('says what came in units, by ids that tell each sum apart', () => {
    expect(tell({})).toMatchObject({
      verdict: 'verified',
      events: [
        {
          eventId: '5000000001:finished:0.00025:9.9',
          kind: 'settled',
          objectId: '5000000001:0.00025',
          paymentId: 'deposit-K7Q4MX2P',
          at: 1_795_000_000_000,
          coins: {
            payCoin: 'BTC',
            payUnits: '0.00025',
            paidUnits: '0.00025',
            price: '10',
            priceCurrency: 'EUR',
            outcomeCoin: 'USDT_TRC20',
            outcomeUnits: '9.9',
            parent: null,
          },
        },
      ],
    });
    expect(tell({ parent_payment_id: 77, order_id: null })).toMatchObject({ events: [{ paymentId: undefined, parentObject: '77' }] });
    // Orders of another system on the same account are nothing of ours.
    for (const order_id of ['RGDBP-21314', 'x'.repeat(400), 'Łódź', ''])
      expect(tell({ order_id })).toMatchObject({ events: [{ paymentId: undefined }] });
    expect(tell({ updated_at: 'soon' })).toMatchObject({ events: [{ at: Date.parse('2026-11-26T12:00:00Z') }] });
    expect(tell({ payment_status: 'something_new' })).toMatchObject({ events: [{ kind: 'other' }] });
  });

  it.each(Object.keys(good).filter((field) => !['order_id', 'updated_at'].includes(field)))(
    'with nonsense for %s is refused by name, or told as it is',
    (field) => {
      for (const { name, value } of lighterValues) {
        if (value === undefined || JSON.stringify(value) === undefined) continue;
        const told = tell({ [field]: value });
        if (told.verdict === 'refused')
          expect([name, told.reason]).toEqual([name, expect.stringMatching(/^(\w+(\.\d+)?: |x-nowpayments-sig|body)/)]);
      }
      expect(tell({ [field]: { a: 1 } })).toMatchObject({ verdict: 'refused' });
    },
  );

  it('never throws, whatever bytes come with a right signature', () => {
    void fc.assert(
      fc.property(fc.json(), (body) => {
        let text = body;
        try {
          text = JSON.stringify(JSON.parse(body));
        } catch {
          // Signed as it is.
        }
        expect(['verified', 'refused']).toContain(parse(body, hmac(text)).verdict);
      }),
    );
  });
});
