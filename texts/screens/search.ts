/** What a search found nothing for. What it found is a list of products like any other. */
import type { Texts } from '../bundle.ts';
import { isolate, lines } from '../rich-text.ts';
import { homeButton, makeScreen, pairs, type Screen, tapButton } from './screen.ts';

/** Some categories, the place for codes, the shop and the menu. */
export function nothingFoundScreen(
  texts: Texts,
  { text, categories }: { text: string; categories: readonly { id: number; name: string }[] },
): Screen {
  const ways = categories.slice(0, 6).map(({ id, name }) => {
    const words = name === '' ? texts.say('shop-other') : isolate(name);
    return tapButton(`🏷 ${words}`, { to: 'category', categoryId: id, page: 0 });
  });
  return makeScreen(lines([texts.say('search-none', { text: isolate(text) })]), [
    ...pairs(ways),
    // Perhaps it is no name but a code.
    [tapButton(texts.say('code-enter'), { to: 'code', source: null })],
    [tapButton(texts.say('menu-shop'), { to: 'shop' }), homeButton(texts)],
  ]);
}
