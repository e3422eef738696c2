import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeReferralCode, parseReferralPayload, referralPayload, shortenName } from '../../domain/referral.ts';

describe('a referral code', () => {
  test('of any twelve random bytes is read back from its link, which Telegram takes', () => {
    void fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 40 }), (bytes) => {
        const code = makeReferralCode(bytes);
        expect(referralPayload(code)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        expect(parseReferralPayload(referralPayload(code))).toBe(code);
      }),
    );
    expect(() => makeReferralCode(new Uint8Array(11))).toThrow(RangeError);
  });

  test.each([
    '',
    'ref_',
    'ref_1',
    'ref_abcdefghjkmn',
    'ref_ABCDEFGHJKMI',
    'ref_ABCDEFGHJKMN1',
    ' ref_ABCDEFGHJKMN',
    'REF_ABCDEFGHJKMN',
    'p_1',
  ])('%s is none', (payload) => expect(parseReferralPayload(payload)).toBeUndefined());
});

test.each([
  ['Ada Lovelace', 'Ad…'],
  ['Ж', 'Ж…'],
  ['👨‍👩‍👧👍🏽x', '👨‍👩‍👧👍🏽…'],
  ['  ', ''],
  ['', ''],
])('others see of the name %j no more than %j', (name, shown) => expect(shortenName(name)).toBe(shown));
