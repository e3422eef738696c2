/** What is said: the shop's Fluent texts of one language, its money and its dates. */
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { type Language, pickLanguage } from '../../../domain/language.ts';
import { formatMoney } from '../../../texts/money.ts';
import { compileText } from '../../../texts/pattern.ts';
import { withoutPictures } from '../without-pictures.ts';

export interface Texts {
  readonly language: Language;
  say(id: string, args?: Readonly<Record<string, string | number>>): string;
  has(id: string): boolean;
  /** Minor units. */
  money(amount: number, currency: string): string;
  /** @param at ISO time */
  time(at: string): string;
}

/** A shop's own wording by text id, in Fluent's syntax of a value. */
export type Wording = Readonly<Record<string, string>>;

const sources = new Map<Language, Promise<string>>();

/** @param paths where the texts of each language are @throws when they cannot be had */
export async function loadTexts(paths: Readonly<Record<string, string>>, code: string | undefined, wording: Wording = {}): Promise<Texts> {
  const language = pickLanguage(code);
  const source = sources.get(language) ?? fetchSource(paths[language] ?? '');
  sources.set(language, source);
  // One that failed is asked for again.
  source.catch(() => sources.delete(language));
  return createTexts(language, await source, wording);
}

async function fetchSource(path: string): Promise<string> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`texts: ${response.status}`);
  return response.text();
}

/** @param wording the shop's own, said instead of ours wherever it works out */
export function createTexts(language: Language, source: string, wording: Wording = {}): Texts {
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(source));

  function sayOwn(text: string | undefined, args: Readonly<Record<string, string | number>>): string | undefined {
    const own = text === undefined ? undefined : compileText(text);
    if (!own) return undefined;
    const problems: Error[] = [];
    const said = bundle.formatPattern(own.pattern, args, problems);
    return problems.length > 0 ? undefined : withoutPictures(said);
  }

  // Plain English is read the European way, with a clock of 24 hours.
  const dates = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return {
    language,
    say(id, args = {}) {
      const own = sayOwn(wording[id], args);
      if (own !== undefined) return own;
      const pattern = bundle.getMessage(id)?.value;
      // A word is better than nothing at all; a test finds texts that are not there.
      return pattern ? bundle.formatPattern(pattern, args, []) : id;
    },
    has: (id) => bundle.hasMessage(id),
    money: (amount, currency) => formatMoney(language, amount, currency),
    time: (at) => dates.format(new Date(at)),
  };
}
