/**
 * What a person types to find a product. Names are compared as PostgreSQL's `search_name()` writes them: small letters without accents. Words
 * are found by their beginning, so that an ending may be missing, or another one: that serves English, Russian and Polish alike.
 */

/** What is read of a text; the rest is ignored. */
export const searchLimits = { characters: 100, words: 8, letters: 32 } as const;

/** Endings of the three languages, as they are written without accents, the longest first. */
const endings = [
  ...['ami', 'ach', 'ego', 'emu', 'ych', 'ymi', 'imi', 'owi', 'iem', 'ing', 'es', 'ow', 'om', 'ej', 'ie', 'ia', 'ym', 'im', 'em'],
  ...['s', 'a', 'e', 'i', 'o', 'u', 'y'],
  ...['ами', 'ями', 'ого', 'его', 'ому', 'ему', 'ыми', 'ими', 'иях', 'иям', 'ах', 'ях', 'ов', 'ев', 'еи', 'ои', 'ыи', 'ии', 'ая', 'яя'],
  ...[
    'ое',
    'ее',
    'ые',
    'ие',
    'ую',
    'юю',
    'ом',
    'ем',
    'ам',
    'ям',
    'ия',
    'ых',
    'их',
    'ым',
    'им',
    'а',
    'я',
    'о',
    'е',
    'ы',
    'и',
    'у',
    'ю',
    'ь',
  ],
].sort((one, other) => other.length - one.length);

const leastStem = 3;

/** A word without its ending: always a beginning of the word, of at least three letters where it had them. Numbers have no endings. */
export function stemOf(word: string): string {
  if (/\d/.test(word)) return word;
  const ending = endings.find((one) => word.length - one.length >= leastStem && word.endsWith(one));
  return ending === undefined ? word : word.slice(0, -ending.length);
}

/** How many slips of the pen are forgiven: none in short words and in numbers. */
export function slipsOf(word: string): number {
  if (word.length < 4 || /\d/.test(word)) return 0;
  return word.length < 7 ? 1 : 2;
}

/** The word among `known` that was meant: the nearest, the first in order among equals. */
export function findMeant(word: string, known: readonly string[]): string | undefined {
  const most = slipsOf(word);
  let best: { word: string; slips: number } | undefined;
  for (const candidate of most === 0 ? [] : known) {
    if (Math.abs(candidate.length - word.length) > most) continue;
    // An ending may be another one, too: "swetry" for "sweter".
    const slips = Math.min(countSlips(word, candidate), countSlips(stemOf(word), stemOf(candidate)));
    if (slips <= most && (!best || slips < best.slips || (slips === best.slips && candidate < best.word)))
      best = { word: candidate, slips };
  }
  return best?.word;
}

/** Letters that are missing, too many, other ones or swapped with their neighbour (optimal string alignment). */
export function countSlips(one: string, other: string): number {
  const [from, to] = [[...one], [...other]];
  let [before, above]: [number[], number[]] = [[], to.map((_, index) => index).concat(to.length)];
  for (const [row, letter] of from.entries()) {
    const current = [row + 1];
    for (const [column, expected] of to.entries()) {
      const same = letter === expected ? 0 : 1;
      const least = Math.min((above[column] ?? 0) + same, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1);
      const isSwapped = row > 0 && column > 0 && letter === to[column - 1] && from[row - 1] === expected;
      current.push(isSwapped ? Math.min(least, (before[column - 1] ?? 0) + 1) : least);
    }
    [before, above] = [above, current];
  }
  return above.at(-1) ?? 0;
}

/**
 * Where a page of found products ends. `ranked`: the best of a set that was looked at whole; `named`, `exact` and `begun` go through more than
 * can be ranked: names that begin with the text, then those with its rarest word, then with words that begin so; `listed`: no text at all.
 */
export interface SearchCursor {
  readonly stage: 'ranked' | 'named' | 'exact' | 'begun' | 'listed';
  readonly productId: number;
  /** Of `ranked` its class; of `begun` the word it stood at. */
  readonly at: string;
}

const letters = { ranked: 'r', named: 'n', exact: 'e', begun: 'b', listed: 'l' } as const satisfies Record<SearchCursor['stage'], string>;

/** Short enough for Telegram's `next_offset` unless a word of 32 letters stands in it. */
export function writeCursor({ stage, productId, at }: SearchCursor): string {
  return `${letters[stage]}${productId.toString(36)}${at === '' ? '' : `.${at}`}`;
}

/** Reads what `writeCursor` wrote; undefined for anything else. */
export function readCursor(text: string): SearchCursor | undefined {
  const [, letter, id = '', at = ''] = /^([rnebl])([0-9a-z]{1,11})(?:\.([\p{L}\p{N}\p{M}]{1,64}))?$/u.exec(text) ?? [];
  const stage = (Object.keys(letters) as SearchCursor['stage'][]).find((name) => letters[name] === letter);
  const productId = Number.parseInt(id, 36);
  if (!stage || !Number.isSafeInteger(productId) || (stage === 'ranked' && !/^[0-3]$/.test(at))) return undefined;
  return { stage, productId, at };
}
