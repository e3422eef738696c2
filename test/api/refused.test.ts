import { expect, test } from 'vitest';
import { createRefused } from '../../api/refused.ts';

test('the same refused body is known for its minute, however many others come the memory stays small', () => {
  const refused = createRefused();
  refused.add('one');
  expect([refused.has('one'), refused.has('other')]).toEqual([true, false]);
  for (let index = 0; index < 9_999; index += 1) refused.add(`body ${index}`);
  expect(refused.has('one')).toBe(true);
  refused.add('one too many');
  // Forgotten all at once: what comes again only asks for its row again.
  expect([refused.has('one too many'), refused.has('one'), refused.has('body 9998')]).toEqual([true, false, false]);
});
