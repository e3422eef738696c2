/** What is said: the shop's Fluent texts of one language, its money and its dates. */
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { type Language, pickLanguage } from '../../../domain/language.ts';
import { formatMoney } from '../../../texts/money.ts';

export interface Texts {
  readonly language: Language;
  say(id: string, args?: Readonly<Record<string, string | number>>): string;
  has(id: string): boolean;
  /** Minor units. */
  money(amount: number, currency: string): string;
  /** @param at ISO time */
  time(at: string): string;
}

const loaded = new Map<Language, Promise<Texts>>();

/** @param paths where the texts of each language are @throws when they cannot be had */
export function loadTexts(paths: Readonly<Record<string, string>>, code: string | undefined): Promise<Texts> {
  const language = pickLanguage(code);
  const known = loaded.get(language);
  if (known !== undefined) return known;
  const loading = fetchTexts(paths[language] ?? '', language);
  loaded.set(language, loading);
  // One that failed is asked for again.
  loading.catch(() => loaded.delete(language));
  return loading;
}

async function fetchTexts(path: string, language: Language): Promise<Texts> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`texts: ${response.status}`);
  return createTexts(language, await response.text());
}

export function createTexts(language: Language, source: string): Texts {
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(source));
  // Plain English is read the European way, with a clock of 24 hours.
  const dates = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return {
    language,
    say(id, args) {
      const pattern = bundle.getMessage(id)?.value;
      // A word is better than nothing at all; a test finds texts that are not there.
      return pattern ? bundle.formatPattern(pattern, args ?? null, []) : id;
    },
    has: (id) => bundle.hasMessage(id),
    money: (amount, currency) => formatMoney(language, amount, currency),
    time: (at) => dates.format(new Date(at)),
  };
}
