/** Requests of the production gateway are accepted by Stripe's own mock. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayError, type PaymentGateway, type ProviderCredentials } from '../../gateways/payments/provider.ts';
import { createStripeGateway } from '../../gateways/payments/stripe.ts';
import { makePaymentRequest } from '../support/payment-request.ts';
import { resolveStripeMock, startStripeMock } from '../support/stripe-mock.ts';

const mockPath = resolveStripeMock();
const credentials: ProviderCredentials = { shopId: 7, accountId: 1, liveMode: false, keys: { secretKey: 'sk_test_123' } };

describe.skipIf(mockPath === undefined)("Stripe's own mock", () => {
  let mock: Awaited<ReturnType<typeof startStripeMock>>;
  let gateway: PaymentGateway;
  beforeAll(async () => {
    mock = await startStripeMock(mockPath as string);
    gateway = createStripeGateway({ apiRoot: mock.url });
  });
  afterAll(() => mock?.stop());

  it('accepts opening a session, in every currency shape and for the rest of an order', async () => {
    for (const amount of [
      { amount: 4990, currency: 'PLN' },
      { amount: 500, currency: 'JPY' },
      { amount: 1230, currency: 'KWD' },
    ]) {
      const opened = await gateway.open(makePaymentRequest({ amount }), credentials);
      expect(opened.instructions).toMatchObject({ kind: 'link', url: expect.stringContaining('http') });
      expect(opened.providerObject).toMatch(/^cs_/);
    }
  });
  it('accepts finding, by id and by looking through the sessions', async () => {
    const known = makePaymentRequest({ providerObject: 'cs_test_123' });
    expect((await gateway.find(known, credentials)).status).toBe('pending');
    // The mock lists one session, which is not this payment's.
    expect((await gateway.find(makePaymentRequest(), credentials)).status).toBe('closed');
  });
  it('accepts closing', async () => {
    expect(await gateway.close(makePaymentRequest({ providerObject: 'cs_test_123' }), credentials)).toEqual({
      status: 'closed',
      events: [],
    });
  });
  it('accepts a refund', async () => {
    const request = { refundId: 'refund-1', paymentId: 'payment-1', objectId: 'pi_123', amount: { amount: 500, currency: 'PLN' } };
    expect(await gateway.refund(request, credentials)).toMatchObject({ status: 'succeeded', refundId: expect.stringMatching(/^re_/) });
  });
  it('refuses what Stripe does not know, so acceptance means something', async () => {
    const broken = makePaymentRequest({ returnUrl: ['https://t.me/demo_tillflow_bot'] as never });
    await expect(gateway.open(broken, credentials)).rejects.toThrow(GatewayError);
  });
});
