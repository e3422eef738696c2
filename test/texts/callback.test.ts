import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claimReasons, claimVerdicts } from '../../domain/claim.ts';
import { networkCoins } from '../../domain/coin.ts';
import { makeOrderCode } from '../../domain/order-code.ts';
import type { MethodName } from '../../domain/payment.ts';
import { type Callback, decodeCallback, encodeCallback, type LinesSource, type Origin } from '../../texts/callback.ts';

const id = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const small = fc.integer({ min: 0, max: 100_000 });
const orderCode = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(makeOrderCode);
const method = fc.constantFrom<MethodName>('stars', 'card', 'crypto', 'wallet');
const coin = fc.option(fc.constantFrom(...(Object.keys(networkCoins) as (keyof typeof networkCoins)[])));
// The largest amounts and ids a button can carry: a product bought now names its id and quantity.
const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const source: fc.Arbitrary<LinesSource> = fc.oneof(
  fc.constant<LinesSource>({ from: 'basket' }),
  fc.record({ from: fc.constant('group' as const), index: fc.integer({ min: 0, max: 50 }) }),
  fc.record({
    from: fc.constant('product' as const),
    productId: fc.integer({ min: 1, max: 2 ** 40 }),
    quantity: fc.integer({ min: 1, max: 1000 }),
  }),
);
const origin = fc.option(
  fc.oneof(
    fc.record({ from: fc.constant('district' as const), pointId: id, page: small }),
    fc.record({ from: fc.constant('search' as const), page: small }),
    fc.record({ from: fc.constant('category' as const), categoryId: id, page: small }),
    fc.constant<Origin>({ from: 'basket' }),
    fc.record({ from: fc.constant('stage' as const), stageId: id }),
  ),
  { nil: undefined },
);
const digest = fc.stringMatching(/^[0-9a-z]{6}$/);

const callbacks: fc.Arbitrary<Callback> = fc.oneof(
  ...(
    [
      'menu',
      'shop',
      'nothing',
      'basket',
      'clear',
      'language',
      'help',
      'refill',
      'referrals',
      'leaders',
      'profile',
      'gifts',
      'redeem',
      'watches',
    ] as const
  ).map((to) => fc.constant({ to })),
  fc.record({ to: fc.constant('city' as const), pointId: id }),
  fc.record({ to: fc.constant('district' as const), pointId: id, page: small }),
  fc.record({ to: fc.constant('found' as const), page: small }),
  fc.record({ to: fc.constant('category' as const), categoryId: id, page: small }),
  fc.record({ to: fc.constantFrom('product' as const, 'add' as const), productId: id, origin }),
  fc.record({ to: fc.constant('watch' as const), productId: id }),
  fc.record({ to: fc.constant('claims' as const), orderCode }),
  fc.record({ to: fc.constant('claim' as const), orderCode, lineId: id, unitId: fc.option(id) }),
  fc.record({ to: fc.constantFrom('claimStatus' as const, 'claimWithdraw' as const, 'staffClaim' as const), claimId: id }),
  fc.record({
    to: fc.constant('claimAct' as const),
    claimId: id,
    verdict: fc.constantFrom(...claimVerdicts),
    reason: fc.option(fc.constantFrom(...claimReasons)),
    confirmed: fc.boolean(),
  }),
  fc.record({ to: fc.constant('unwatch' as const), productId: id, fromList: fc.boolean() }),
  fc.record({ to: fc.constant('quantity' as const), productId: id, quantity: small }),
  fc.record({ to: fc.constant('confirm' as const), source, origin }),
  fc.record({ to: fc.constantFrom('code' as const, 'codeRemove' as const), source: fc.option(source), origin }),
  fc.record({
    to: fc.constant('place' as const),
    orderCode,
    method,
    source,
    lines: digest,
    total: amount,
    stars: fc.option(amount),
    coin,
  }),
  fc.record({ to: fc.constant('placeCoins' as const), orderCode, method, source, lines: digest, total: amount }),
  fc.record({ to: fc.constant('payCoins' as const), orderCode, method, attempt: small }),
  fc.record({ to: fc.constant('pay' as const), orderCode, method, attempt: small, coin }),
  fc.record({ to: fc.constantFrom('cancel' as const, 'paid' as const, 'resend' as const, 'staff' as const), orderCode }),
  fc.record({ to: fc.constant('order' as const), orderCode, anew: fc.boolean() }),
  fc.record({ to: fc.constant('show' as const), deliveryId: id, anew: fc.boolean() }),
  fc.record({ to: fc.constantFrom('orders' as const, 'wallet' as const, 'friends' as const), page: small }),
  fc.record({ to: fc.constant('refillAmount' as const), amount }),
  fc.record({ to: fc.constant('deposit' as const), depositCode: orderCode, method, amount, coin }),
  fc.record({ to: fc.constant('refillCoins' as const), depositCode: orderCode, method, amount }),
  fc.record({ to: fc.constantFrom('depositStatus' as const, 'depositPaid' as const, 'depositCancel' as const), depositCode: orderCode }),
  fc.record({ to: fc.constant('giftMake' as const), giftCode: orderCode, amount }),
  fc.record({ to: fc.constantFrom('gift' as const, 'giftBack' as const), voucherId: id }),
  fc.record({ to: fc.constant('qr' as const), noun: fc.constantFrom('order' as const, 'deposit' as const), code: orderCode }),
  fc.record({ to: fc.constant('speak' as const), language: fc.constantFrom('en' as const, 'ru' as const, 'pl' as const) }),
  fc.record({
    to: fc.constant('act' as const),
    act: fc.constantFrom('resend' as const, 'handOver' as const, 'cancel' as const, 'refund' as const),
    orderCode,
    lineId: id,
    confirmed: fc.boolean(),
  }),
);

describe('callback data', () => {
  test('what a button carries is read back as it was, within 64 bytes', () => {
    void fc.assert(
      fc.property(callbacks, (callback) => {
        const data = encodeCallback(callback);
        expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
        expect(decodeCallback(data)).toEqual(callback);
      }),
      { numRuns: 2000 },
    );
  });

  test('anything else is refused, or is exactly what a button of ours says', () => {
    const nearMisses = fc
      .tuple(callbacks, fc.nat(63), fc.string({ maxLength: 3 }))
      .map(([callback, at, noise]) => encodeCallback(callback).slice(0, at) + noise + encodeCallback(callback).slice(at + 1));
    void fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 80 }), nearMisses), (data) => {
        const callback = decodeCallback(data);
        if (callback) expect(encodeCallback(callback)).toBe(data);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['another version', '2m'],
    ['no argument', '1p'],
    ['an argument too many', '1m:1'],
    ['a number written differently', '1p:01'],
    ['a negative number', '1p:-1'],
    ['a number past the safe integers', '1p:zzzzzzzzzzz'],
    ['a code with a look-alike', '1C:K7Q4MXIP'],
    ['a code in small letters', '1C:k7q4mx2p'],
    ['no unit', '1f:p1.0'],
    ['an empty argument', '1p:1:'],
    ['an unknown place to come from', '1p:1:z1.0'],
    ['too many units', '1f:p1.9999'],
    ['a method we do not have', '1Y:K7Q4MX2P:x:1'],
    ['nothing', ''],
  ])('refuses %s', (_, data) => {
    expect(decodeCallback(data)).toBeUndefined();
  });
});
