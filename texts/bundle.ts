/** The texts of one language: Fluent messages, local money, and sentences with rich parts in them. */
import { readFileSync } from 'node:fs';
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { type Language, languages, pickLanguage } from '../domain/language.ts';
import { formatMoney } from './money.ts';
import { compileText } from './pattern.ts';
import { type DateTimeFormat, dateTime, type RichText, rich, type TextPart } from './rich-text.ts';

/** Values a sentence takes; numbers choose plural forms. */
export type TextArgs = Readonly<Record<string, string | number>>;
export type RichArgs = Readonly<Record<string, TextPart | number>>;

/** A shop's own wording by text id, in Fluent's syntax of a value. */
export type Overrides = Readonly<Record<string, string>>;

export interface Texts {
  readonly language: Language;
  /** @throws RangeError when there is no such text. */
  say(id: string, args?: TextArgs): string;
  /** A sentence with formatted parts. */
  sayRich(id: string, args: RichArgs): RichText;
  has(id: string): boolean;
  /** `80.00 PLN` in the language's own digits, `40 ⭐` for Stars. */
  money(amount: number, currency: string): string;
  /** A moment, shown in the reader's zone by Telegram. `at` in ms since epoch. */
  time(at: number, format?: DateTimeFormat): RichText;
}

/** The Fluent source of a language. */
export function readFluent(language: Language): string {
  return readFileSync(new URL(`./fluent/${language}.ftl`, import.meta.url), 'utf8');
}

const cache = new Map<Language, Texts>();

/** The texts of a language code (`pl`, `pl-PL`), in English when we do not speak it; texts that are open already are what they are. */
export function textsOf(languageCode: string | Texts | undefined, overrides?: Overrides): Texts {
  if (typeof languageCode === 'object') return languageCode;
  const language = pickLanguage(languageCode);
  if (overrides && Object.keys(overrides).length > 0) return createTexts(language, overrides);
  let texts = cache.get(language);
  if (!texts) {
    texts = createTexts(language, {});
    cache.set(language, texts);
  }
  return texts;
}

/** Opens every language, so that a broken file is found at start. */
export function loadTexts(): void {
  for (const language of languages) textsOf(language);
}

// Rich parts travel through Fluent as numbered marks of two control characters, which no text of ours contains and others lose here.
const openMark = '\u0001';
const closeMark = '\u0002';
const marked = new RegExp(`${openMark}(\\d+)${closeMark}`);
const withoutMarks = (text: string) => text.replaceAll(openMark, '').replaceAll(closeMark, '');

const bundles = new Map<Language, FluentBundle>();

/** Parsed once a language; a shop's own wording is laid over it. */
function openBundle(language: Language): FluentBundle {
  const known = bundles.get(language);
  if (known) return known;
  // Direction is isolated where foreign text is inserted (rich-text.ts), not around every number.
  const bundle = new FluentBundle(language, { useIsolating: false });
  const errors = bundle.addResource(new FluentResource(readFluent(language)));
  if (errors.length > 0) throw new Error(`texts/fluent/${language}.ftl: ${errors[0]?.message}`);
  bundles.set(language, bundle);
  return bundle;
}

function createTexts(language: Language, overrides: Overrides): Texts {
  const bundle = openBundle(language);

  /** What a shop says itself; undefined when that does not work out: then ours is said. */
  function sayOwn(text: string, args: TextArgs): string | undefined {
    const own = compileText(text);
    if (!own) return undefined;
    const problems: Error[] = [];
    const said = bundle.formatPattern(own.pattern, args, problems);
    return problems.length > 0 ? undefined : said;
  }

  function format(id: string, args: TextArgs): string {
    const own = overrides[id];
    const said = own === undefined ? undefined : sayOwn(own, args);
    if (said !== undefined) return said;
    const pattern = bundle.getMessage(id)?.value;
    if (!pattern) throw new RangeError(`There is no text ${id} in ${language}`);
    const problems: Error[] = [];
    const text = bundle.formatPattern(pattern, args, problems);
    if (problems.length > 0) throw new RangeError(`Text ${id} in ${language}: ${problems[0]?.message}`);
    return text;
  }

  const texts: Texts = {
    language,
    say: (id, args = {}) => format(id, Object.fromEntries(Object.entries(args).map(([k, v]) => [k, clean(v)]))),
    sayRich(id, args) {
      const parts: RichText[] = [];
      const plain = Object.entries(args).map(([name, value]): [string, string | number] => {
        if (typeof value !== 'object') return [name, clean(value)];
        parts.push(value);
        return [name, `${openMark}${parts.length - 1}${closeMark}`];
      });
      const pieces = format(id, Object.fromEntries(plain)).split(marked);
      return rich(...pieces.map((piece, index) => (index % 2 === 0 ? piece : (parts[Number(piece)] ?? ''))));
    },
    has: (id) => id in overrides || bundle.hasMessage(id),
    money: (amount, currency) => formatMoney(language, amount, currency),
    time: (at, form = 't') => dateTime(at, form, form === 'r' ? texts.say('time-soon') : fallbackTime(at, form)),
  };
  return texts;
}

const clean = (value: string | number) => (typeof value === 'string' ? withoutMarks(value) : value);

function fallbackTime(at: number, format: DateTimeFormat): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  const clock = `${time.slice(0, 5)} UTC`;
  return /t/i.test(format) ? (/d/i.test(format) ? `${date} ${clock}` : clock) : date;
}
