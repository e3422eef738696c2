import type { StarTransaction } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { createStarsGateway } from '../../gateways/payments/stars.ts';
import type { ProviderCredentials } from '../../gateways/payments/provider.ts';
import { type Telegram, TelegramError } from '../../gateways/telegram.ts';
import { makePaymentRequest } from '../support/payment-request.ts';

const credentials: ProviderCredentials = { shopId: 1, accountId: 2, liveMode: false, keys: { botToken: 'token' } };
const openedAt = Date.UTC(2026, 10, 21, 12);
const payment = { ...makePaymentRequest(), paymentId: 'K7Q4MX2P-1', openedAt, amount: { amount: 40, currency: 'XTR' } };

/** A bot of which only what a test gives exists. */
function gatewayWith(bot: object) {
  return createStarsGateway({ bot: () => bot } as unknown as Telegram);
}

function transaction(id: string, date: number, payload: string, out = false): StarTransaction {
  const partner = {
    type: 'user',
    transaction_type: 'invoice_payment',
    user: { id: 5, is_bot: false, first_name: 'A' },
    invoice_payload: payload,
  };
  return { id, amount: 40, date, ...(out ? { receiver: partner } : { source: partner }) } as unknown as StarTransaction;
}

/** The transactions of a bot that sold for long; ours lies `back` before the end. */
function history(count: number, back: number): StarTransaction[] {
  const end = openedAt / 1_000 + 60;
  return Array.from({ length: count }, (_, index) => {
    const fromEnd = count - 1 - index;
    return transaction(`charge${index}`, end - fromEnd * 10, fromEnd === back ? payment.paymentId : `OTHER-${index}`);
  });
}

const pagesOf = (all: readonly StarTransaction[], calls: number[]) => ({
  getStarTransactions: ({ offset, limit }: { offset: number; limit: number }) => {
    calls.push(offset);
    expect(limit).toBeGreaterThanOrEqual(1);
    expect(limit).toBeLessThanOrEqual(100);
    return Promise.resolve(all.slice(offset, offset + limit));
  },
});

test('an invoice keeps Telegram’s limits and names our payment', async () => {
  const { instructions } = await gatewayWith({}).open(
    { ...payment, lines: [{ title: '🎁'.repeat(200), quantity: 1, amount: payment.amount }] },
    credentials,
  );
  if (instructions.kind !== 'invoice') throw new Error('no invoice');
  expect(instructions.invoice.payload).toBe(payment.paymentId);
  expect(instructions.invoice.title.length).toBeLessThanOrEqual(32);
  expect(instructions.invoice.description.length).toBeLessThanOrEqual(255);
  expect(instructions.invoice.price).toEqual({ amount: 40, currency: 'XTR' });
  expect(instructions.invoice.startParameter).not.toBe('');
});

describe('money we were not told of is found', () => {
  test.each([
    [1, 0],
    [99, 3],
    [100, 0],
    [101, 0],
    [250, 4],
    [1_000, 0],
    [12_345, 20],
  ])('among %i transactions, %i before the end', async (count, back) => {
    const calls: number[] = [];
    const found = await gatewayWith(pagesOf(history(count, back), calls)).find(payment, credentials);
    expect(found.status).toBe('paid');
    expect(found.events).toHaveLength(1);
    expect(found.events[0]).toMatchObject({ kind: 'settled', paymentId: payment.paymentId, money: { amount: 40, currency: 'XTR' } });
    expect(calls.length).toBeLessThan(60);
  });

  test('although Telegram listed newest first', async () => {
    const found = await gatewayWith(pagesOf(history(450, 130).reverse(), [])).find(
      { ...payment, openedAt: openedAt - 3_600_000 },
      credentials,
    );
    expect(found.status).toBe('paid');
  });

  test('and what is not there is not', async () => {
    const found = await gatewayWith(pagesOf(history(3_000, 5_000), [])).find(payment, credentials);
    expect(found).toEqual({ status: 'pending', events: [] });
  });

  test('under the same event id as the update has, so that it counts once', async () => {
    const gateway = gatewayWith(pagesOf([transaction('c1', openedAt / 1_000, payment.paymentId)], []));
    const found = await gateway.find(payment, credentials);
    const body = {
      update_id: 1,
      message: {
        date: openedAt / 1_000,
        successful_payment: {
          currency: 'XTR',
          total_amount: 40,
          invoice_payload: payment.paymentId,
          telegram_payment_charge_id: 'c1',
          provider_payment_charge_id: '',
        },
      },
    };
    const told = gateway.parse(Buffer.from(JSON.stringify(body)), {}, credentials, openedAt);
    if (told.verdict !== 'verified') throw new Error(told.reason);
    expect(told.events[0]?.eventId).toBe(found.events[0]?.eventId);
    expect(told.events[0]).toMatchObject({ kind: 'settled', objectId: 'c1', paymentId: payment.paymentId, at: openedAt });
  });
});

describe('a refund is whole and happens once', () => {
  const request = { refundId: 'K7Q4MX2P-r1', paymentId: payment.paymentId, objectId: 'c1', amount: payment.amount, telegramUserId: 5 };

  test.each(['refunded', 'alreadyRefunded'])('%s is success', async (answer) => {
    const result = await gatewayWith({ refundStarPayment: async () => answer }).refund(request, credentials);
    expect(result).toMatchObject({ status: 'succeeded', refundId: 'c1', event: { eventId: 'c1:refunded', kind: 'refunded' } });
  });

  test('a refusal is a verdict, an outage is not', async () => {
    const throwing = (kind: 'refused' | 'unreachable' | 'retryAfter', seconds?: number) =>
      gatewayWith({ refundStarPayment: () => Promise.reject(new TelegramError(kind, 'refundStarPayment', 'no', seconds)) });
    expect((await throwing('refused').refund(request, credentials)).status).toBe('failed');
    await expect(throwing('unreachable').refund(request, credentials)).rejects.toMatchObject({ retryable: true });
    await expect(throwing('retryAfter', 3).refund(request, credentials)).rejects.toMatchObject({ retryable: true, retryAfter: 3_000 });
  });

  test('without the payer it is refused for good', async () => {
    await expect(gatewayWith({}).refund({ ...request, telegramUserId: undefined }, credentials)).rejects.toMatchObject({
      retryable: false,
    });
  });
});

test.each([
  '',
  'no json',
  '[]',
  '{"update_id":1}',
  '{"update_id":1,"message":{"date":1,"successful_payment":{"currency":"XTR","total_amount":-5}}}',
])('what is no update is refused: %s', (body) => {
  expect(gatewayWith({}).parse(Buffer.from(body), {}, credentials, openedAt).verdict).toBe('refused');
});

describe('the statement', () => {
  test('is read on from where it ended, both ways of the money, page by page', async () => {
    const all = [...history(150, 3), transaction('charge0', openedAt / 1_000 + 100, 'OTHER-0', true)];
    const gateway = gatewayWith(pagesOf(all, []));
    const first = await gateway.statement?.(credentials, undefined);
    expect(first?.moves).toHaveLength(151);
    expect(first?.cursor).toBe('151');
    expect(first?.moves.at(-1)).toMatchObject({ kind: 'refund', objectId: 'charge0', paymentId: 'OTHER-0', amount: -40, currency: 'XTR' });
    expect(first?.moves.at(-5)).toMatchObject({ kind: 'payment', paymentId: payment.paymentId, amount: 40, fee: 0 });
    expect(await gateway.statement?.(credentials, first?.cursor)).toEqual({ moves: [], cursor: '151' });
  });

  test('leaves alone what is no customer’s', async () => {
    const withdrawal = { id: 'w1', amount: 500, date: openedAt / 1_000, receiver: { type: 'fragment' } } as unknown as StarTransaction;
    const read = await gatewayWith(pagesOf([withdrawal], [])).statement?.(credentials, undefined);
    expect(read?.moves).toMatchObject([{ kind: 'other', amount: -500 }]);
  });
});
