import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseApiScopes, parseApiToken } from '../../domain/api-token.ts';
import { linkPayload, parseLink } from '../../domain/link.ts';
import { conversionPercent, isStageParameter, stageRules, wordStage } from '../../domain/stage.ts';

describe('a stage', () => {
  test('says what any product says within Telegram’s limits, without half a character', () => {
    const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }).filter((text) => /[^\s\p{Cc}]/u.test(text));
    void fc.assert(
      fc.property(words, fc.string({ unit: 'grapheme', maxLength: 400 }), (title, description) => {
        const said = wordStage({ title, description });
        for (const name of ['title', 'description', 'label'] as const)
          expect([name, stageRules[name].fits(said[name])]).toEqual([name, true]);
      }),
    );
    const clef = wordStage({ title: `${'a'.repeat(30)}𝄞𝄞`, description: '' });
    expect(clef).toMatchObject({ title: `${'a'.repeat(30)}…`, label: clef.title, description: `${'a'.repeat(30)}𝄞𝄞` });
  });

  test.each([
    ['https://shop.example/a.jpg', true],
    ['http://shop.example/a.jpg', false],
    ['https://user:word@shop.example/a.jpg', false],
    ['https://localhost/a.jpg', false],
    ['https://shop.example/a b.jpg', false],
    ['https://', false],
    [`https://shop.example/${'a'.repeat(500)}`, false],
    ['javascript:alert(1)', false],
  ])('takes a picture from the web by https alone: %s', (address, fits) => {
    expect(stageRules.photoUrl.fits(address)).toBe(fits);
  });

  test('has a link of its own that is no other link', () => {
    const parameter = fc.stringMatching(/^stage_[A-Za-z0-9_-]{1,58}$/);
    void fc.assert(
      fc.property(parameter, (startParameter) => {
        expect(parseLink(startParameter)).toEqual({ to: 'stage', startParameter });
        expect(linkPayload({ to: 'stage', startParameter })).toBe(startParameter);
      }),
    );
    for (const wrong of ['stage_', `stage_${'a'.repeat(59)}`, 'stage_ä', 'stage_a b', 'Stage_a', 'stage_a\n'])
      expect(isStageParameter(wrong)).toBe(false);
  });

  test('is paid at by none to all of those who came', () => {
    expect([
      conversionPercent(0, 0),
      conversionPercent(0, 3),
      conversionPercent(2, 3),
      conversionPercent(1, 8),
      conversionPercent(3, 3),
    ]).toEqual([null, 0, 66.7, 12.5, 100]);
  });
});

describe('a token', () => {
  test('is read as it was given, and scopes only as there are', () => {
    const token = `tillflow_${'a'.repeat(43)}`;
    expect([parseApiToken(`Bearer ${token}`), parseApiToken(`bearer ${token}`)]).toEqual([token, token]);
    for (const wrong of [undefined, '', token, `Basic ${token}`, `Bearer ${token}a`, `Bearer  ${token}`])
      expect(parseApiToken(wrong)).toBeUndefined();
    expect(parseApiScopes('stages:read, stages:send,stages:read')).toEqual(['stages:read', 'stages:send']);
    for (const wrong of ['', 'stages', 'stages:read,', 'stages:*']) expect(parseApiScopes(wrong)).toBeUndefined();
  });
});
