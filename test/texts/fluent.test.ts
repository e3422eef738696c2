import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FluentResource } from '@fluent/bundle';
import { describe, expect, test } from 'vitest';
import { claimReasons, claimRejections } from '../../domain/claim.ts';
import { alertKinds } from '../../domain/alert.ts';
import { autoBuyDoubts } from '../../domain/auto-buy.ts';
import { languages } from '../../domain/language.ts';
import { orderStatuses, rejectionTypes } from '../../domain/order.ts';
import { achievementNames } from '../../domain/achievement.ts';
import { tierNames } from '../../domain/tier.ts';
import { readFluent, textsOf } from '../../texts/bundle.ts';
import { formatMoney } from '../../texts/money.ts';
import { bold, code } from '../../texts/rich-text.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Text ids of a language with the variables each takes. */
function variablesOf(language: (typeof languages)[number]): Map<string, string> {
  const messages = new Map<string, string>();
  for (const { id, value } of new FluentResource(readFluent(language)).body) {
    const names = [...JSON.stringify(value).matchAll(/"type":"var","name":"(\w+)"/g)].map((match) => match[1] as string);
    messages.set(id, [...new Set(names)].sort().join(','));
  }
  return messages;
}

describe('languages', () => {
  const english = variablesOf('en');

  test('the English file has texts with variables', () => {
    expect(english.size).toBeGreaterThan(150);
    expect(english.get('order-until')).toBe('countdown,time');
  });

  test.each(languages)('%s has the same texts with the same variables', (language) => {
    expect(Object.fromEntries(variablesOf(language))).toEqual(Object.fromEntries(english));
  });

  test.each(languages)('%s: every text formats, for every plural form', (language) => {
    const texts = textsOf(language);
    for (const [id, names] of english) {
      for (const count of [0, 1, 2, 5, 21, 1000]) {
        const args = Object.fromEntries(
          names
            .split(',')
            .flatMap((name) => (name === '' ? [] : [[name, /count|minutes|seconds|quantity|number/.test(name) ? count : name]])),
        );
        const text = texts.say(id, args);
        expect(text, id).not.toBe('');
        expect(text, id).not.toMatch(/[{}]/);
      }
    }
  });

  test('a language has no text in the words of another by oversight', () => {
    const same = [...english.keys()].filter((id) => /[a-z]{4}/.test(sample('en', id)) && sample('en', id) === sample('ru', id));
    expect(same).toEqual([]);
  });

  function sample(language: string, id: string): string {
    const names = (english.get(id) ?? '').split(',').filter(Boolean);
    return textsOf(language)
      .say(id, Object.fromEntries(names.map((name) => [name, 3])))
      .replace(/\/\w+|Stars|Telegram|id/g, '');
  }
});

test('every status and rejection has its words', () => {
  const texts = textsOf('en');
  for (const status of orderStatuses) expect(texts.has(`staff-status-${status}`)).toBe(true);
  for (const doubt of autoBuyDoubts) expect(texts.has(`auto-buy-${doubt}`), doubt).toBe(true);
  for (const name of achievementNames) expect(texts.has(`achievement-${name}`), name).toBe(true);
  for (const tier of tierNames) expect(texts.has(`tier-${tier}`), tier).toBe(true);
  for (const kind of alertKinds) expect(texts.has(`alert-${kind}`), kind).toBe(true);
  for (const reason of claimReasons) expect(texts.has(`claim-reason-${reason}`), reason).toBe(true);
  for (const type of claimRejections) expect(texts.has(`claim-rejected-${type}`), type).toBe(true);
  for (const type of rejectionTypes) expect(texts.has(`rejection-${type}`), type).toBe(true);
});

test('every text id written in the code exists, and every text is used', () => {
  const texts = textsOf('en');
  const sources = ['texts', 'bot', 'activities', 'web'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => readFileSync(join(root, room, name), 'utf8')),
  );
  const all = sources.join('\n');
  const written = [...all.matchAll(/\b(?:say|sayRich)\(\s*'([\w-]+)'/g)].map((match) => match[1] as string);
  expect(written.length).toBeGreaterThan(80);
  expect(written.filter((id) => !texts.has(id))).toEqual([]);

  const built = [
    /^rejection-/,
    /^staff-(status|delivery|done|sure)-/,
    /^method-/,
    /^order-(refund|money)-/,
    /^command-/,
    /^wallet-reason-/,
    /^alert-/,
    /^auto-buy-(late|changed)$/,
    /^tier-/,
    /^achievement-/,
    /^approval-(status|twin|reason|refused)-/,
    /^(staff-)?payout-/,
    /^transfer-(account|phone|copy|reason)/,
    /^receipt-/,
    /^help-(terms|privacy)$/,
    // test/web/app.test.ts knows these better.
    /^app-(tab|kind|transfer)-/,
    /^app-(broken|offline|session|not-met|banned|slow-down|gone|outside)(-text)?$/,
    /^claim-(reason|rejected)-/,
    /^staff-claim-/,
  ];
  const unused = [...variablesOf('en').keys()].filter((id) => !all.includes(`'${id}'`) && !built.some((pattern) => pattern.test(id)));
  expect(unused).toEqual([]);
});

test('money is in the digits of the language, exact, with the decimals of its currency', () => {
  expect(formatMoney('en', 8000, 'PLN')).toBe('80.00\u00a0PLN');
  expect(formatMoney('pl', 8000, 'PLN')).toBe('80,00\u00a0PLN');
  expect(formatMoney('ru', 123456789, 'EUR')).toBe('1\u00a0234\u00a0567,89\u00a0EUR');
  expect(formatMoney('en', 1500, 'JPY')).toBe('1,500\u00a0JPY');
  expect(formatMoney('en', 1500, 'KWD')).toBe('1.500\u00a0KWD');
  expect(formatMoney('en', 40, 'XTR')).toBe('40\u00a0⭐');
  expect(formatMoney('en', Number.MAX_SAFE_INTEGER, 'EUR')).toBe('90,071,992,547,409.91\u00a0EUR');
});

test('Russian and Polish count in their own forms', () => {
  const ru = [1, 2, 5, 21].map((count) => textsOf('ru').say('shop-list-found', { count }));
  expect(ru).toEqual(['1 товар', '2 товара', '5 товаров', '21 товар']);
  const pl = [1, 2, 5, 22].map((count) => textsOf('pl').say('shop-list-found', { count }));
  expect(pl).toEqual(['1 produkt', '2 produkty', '5 produktów', '22 produkty']);
});

test('formatted parts keep their place in a sentence, and marks inside values do no harm', () => {
  const text = textsOf('en').sayRich('stray-late-wallet', { amount: '\u00010\u0002 5.00\u00a0EUR', code: code('K7Q4-MX2P') });
  expect(text.text).toBe('0 5.00\u00a0EUR for order K7Q4-MX2P arrived too late. It is in your wallet now.');
  expect(text.entities).toEqual([{ type: 'code', offset: text.text.indexOf('K7Q4'), length: 9 }]);
});

test("a shop's own wording replaces ours, with variables and plural forms; one that does not work out is ours again", () => {
  const own = {
    'start-welcome': 'Hi from { $shop } <b>\n[that is it]\n\n.bye',
    'order-thanks': 'Cheers',
    'shop-list-found': '{ $count ->\n [one] { $count } thing\n *[other] { $count } things\n}',
    'order-title': 'No. { $code }',
    'menu-shop': 'Look { around',
    'menu-basket': '{ $nothing }',
  };
  const texts = textsOf('en', own);
  expect(texts.say('start-welcome', { shop: 'North' })).toBe('Hi from North <b>\n[that is it]\n\n.bye');
  expect([1, 5].map((count) => texts.say('shop-list-found', { count }))).toEqual(['1 thing', '5 things']);
  expect(texts.sayRich('order-title', { code: bold('y') }).entities).toEqual([{ type: 'bold', offset: 4, length: 1 }]);
  expect(textsOf('pl', { 'shop-list-found': '{ $count ->\n [few] kilka\n *[other] inaczej\n}' }).say('shop-list-found', { count: 3 })).toBe(
    'kilka',
  );
  expect([texts.say('menu-shop'), texts.say('menu-basket')]).toEqual(['🛍 Shop', '🧺 Basket']);
  expect(textsOf('en').say('order-thanks')).toBe('Thank you for your purchase!');
});

test('an unknown text is an error, not a hole', () => {
  expect(() => textsOf('en').say('no-such-text')).toThrow(/no-such-text/);
  expect(() => textsOf('en').say('order-until')).toThrow(/order-until/);
});
