/** `tillflow text`: what a shop says itself is checked before it is kept, said at once, and written down. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as fc from 'fast-check';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import { languages } from '../../domain/language.ts';
import { textsOf } from '../../texts/bundle.ts';
import { compileText } from '../../texts/pattern.ts';
import { findProblem, listOwnTexts, previewText, textsOfShop, variablesOfText } from '../../texts/wording.ts';
import { makeTestShop, testKeys, type TestShop } from '../support/shop.ts';
import { tillflow } from '../support/tillflow.ts';

let world: TestShop;
beforeAll(async () => {
  world = await makeTestShop();
  vi.stubEnv('TILLFLOW_DATABASE_URL', world.database.appUrl);
  vi.stubEnv('TILLFLOW_KEYS', testKeys);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

const text = (verb = '', ...rest: string[]) => tillflow('text', verb, '--shop', world.shop.slug, ...rest);

const saysNow = async (language: string, id: string, args = {}) => {
  const shop = await findShopBySlug(world.db.em.fork(), world.shop.slug);
  return textsOfShop(shop ?? { texts: {} }, language).say(id, args);
};

describe("a shop's own text", () => {
  test('is said from the next read of the shop on, in its language only, shown with its plural forms, and taken back', async () => {
    const set = await text('set', 'order-thanks', 'Cheers from us!', '--language=en');
    expect([set.code, set.err]).toEqual([0, '']);
    expect(set.out).toContain('reads: Cheers from us!');
    expect(set.out).toContain('ours:  Thank you for your purchase!');
    expect(await saysNow('en', 'order-thanks')).toBe('Cheers from us!');
    expect(await saysNow('pl', 'order-thanks')).toBe(textsOf('pl').say('order-thanks'));

    await text('set', 'shop-list-found', '{ $count ->\n [one] one\n *[other] many: { $count }\n}', '--language=en');
    expect(await saysNow('en', 'shop-list-found', { count: 7 })).toBe('many: 7');
    const listed = await text('list', '--language=en', '--json');
    const own = JSON.parse(listed.out) as { id: string; reads: string[] }[];
    expect(own.map(({ id, reads }) => [id, reads])).toEqual([
      ['shop-list-found', ['one', 'many: 2', 'many: 5']],
      ['order-thanks', ['Cheers from us!']],
    ]);
    expect((await text('list', 'thank you for your', '--all')).out).toContain('order-thanks');

    expect((await text('reset', 'order-thanks')).code).toBe(0);
    expect(await saysNow('en', 'order-thanks')).toBe('Thank you for your purchase!');
  });

  test('leaves an audit entry for each change, and none where nothing changed', async () => {
    const audit = async () =>
      (await world.db.em
        .fork()
        .execute(
          `select actor, action, subject_id, before, after from audit where subject = 'text' and subject_id like '%:ru:%' order by id`,
        )) as object[];
    await text('set', 'start-welcome', 'Привет из { $shop }', '--language=ru');
    await text('set', 'start-welcome', 'Привет из { $shop }', '--language=ru');
    await text('reset', 'start-welcome');
    const entry = { actor: 'cli', action: 'text.change', subject_id: `${world.shop.id}:ru:start-welcome` };
    expect(await audit()).toEqual([
      { ...entry, before: null, after: 'Привет из { $shop }' },
      { ...entry, before: 'Привет из { $shop }', after: null },
    ]);
  });

  test.each([
    ['order-thanks', 'Thanks {', 'syntax'],
    ['order-thanks', '{ $count -> [one] a }', 'syntax'],
    ['order-thanks', 'See { help-title }', 'syntax'],
    ['order-thanks', '{ NUMBER($code) }', 'syntax'],
    ['order-thanks', '   ', 'empty'],
    ['order-thanks', 'a\u0001b', 'control'],
    ['order-thanks', 'Thanks, { $name }', 'no { $name }'],
    ['order-until', 'Pay soon', 'must say { $countdown }'],
    ['command-shop', 'x'.repeat(61), '61 characters, 60 fit'],
    ['staff-title', 'Order { $code }', 'id:'],
    ['no-such-text', 'x', 'id:'],
  ])('is refused by name when it does not fit: %s = %j', async (id, words, why) => {
    const { code, out, err } = await text('set', id, words, '--language=en');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(why);
  });

  test('may be any of those that customers read, and ours pass every check themselves', () => {
    expect(listOwnTexts().length).toBeGreaterThan(400);
    for (const language of languages) {
      for (const id of listOwnTexts()) {
        // A text of ours, written as a shop would write one without plural forms.
        const words =
          variablesOfText(id)
            .map((name) => `{ $${name} }`)
            .join(' ') || previewText(language, id)[0];
        expect([id, findProblem(language, id, words ?? '')]).toEqual([id, undefined]);
      }
    }
  });

  test('whatever is typed is said as it is, or refused', () => {
    void fc.assert(
      fc.property(fc.stringMatching(/^[ -~\n]{1,60}$/), (words) => {
        const compiled = compileText(words);
        if (compiled && !/[{}]/.test(words)) {
          const said = previewText('en', 'order-thanks', words)[0] ?? '';
          expect(said.split(/\s+/).filter(Boolean)).toEqual(words.split(/\s+/).filter(Boolean));
        }
      }),
      { numRuns: 500 },
    );
  });
});
