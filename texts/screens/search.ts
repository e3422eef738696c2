/** What a search found nothing for. What it found is a list of products like any other. */
import type { Texts } from '../bundle.ts';
import { isolate, lines } from '../rich-text.ts';
import { menuRows } from './menu.ts';
import { makeScreen, pairs, type Screen, tapButton } from './screen.ts';

/** Some categories, the place for codes, and the menu. `basketCount`: pieces in the basket. */
export function nothingFoundScreen(
  texts: Texts,
  { text, categories, basketCount }: { text: string; categories: readonly { id: number; name: string }[]; basketCount: number },
): Screen {
  const ways = categories.slice(0, 6).map(({ id, name }) => {
    const words = name === '' ? texts.say('shop-other') : isolate(name);
    return tapButton(`🏷 ${words}`, { to: 'category', categoryId: id, page: 0 });
  });
  return makeScreen(lines([texts.say('search-none', { text: isolate(text) })]), [
    ...pairs(ways),
    // Perhaps it is no name but a code.
    [tapButton(texts.say('code-enter'), { to: 'code', source: null })],
    ...menuRows(texts, basketCount),
  ]);
}
