/** What a shop may say instead of our texts: which of them, how long, and with which variables. */
import { FluentResource } from '@fluent/bundle';
import { type Language, languages, pickLanguage } from '../domain/language.ts';
import { type Overrides, readFluent, type TextArgs, type Texts, textsOf } from './bundle.ts';
import { compileText } from './pattern.ts';

/** Every text of ours with its source and its variables, as it is for all languages alike. */
const ours = new Map<Language, ReadonlyMap<string, ReadonlySet<string>>>();

function variablesOf(language: Language): ReadonlyMap<string, ReadonlySet<string>> {
  let known = ours.get(language);
  if (!known) {
    known = new Map(
      new FluentResource(readFluent(language)).body.map(({ id, value }) => [
        id,
        new Set([...JSON.stringify(value).matchAll(/"type":"var","name":"(\w+)"/g)].map((match) => match[1] as string)),
      ]),
    );
    ours.set(language, known);
  }
  return known;
}

/** What staff read, what the Mini App's page says, and what a top-up is called on a provider's page, is ours. */
const ofStaff = /^((staff|approval|alert|app)-|deposit-line$)/;
/** Where a shop may leave out what we would say; elsewhere a variable is an amount, a time or an address. */
const mayLeaveOut = /^(start|help|bot|shop|menu|fallback)-/;

export const isOwnText = (id: string): boolean => variablesOf('en').has(id) && !ofStaff.test(id);

/** Ids of the texts a shop may word itself. */
export function listOwnTexts(): string[] {
  return [...variablesOf('en').keys()].filter(isOwnText);
}

/** Names of a text's variables. */
export function variablesOfText(id: string): string[] {
  return [...(variablesOf('en').get(id) ?? [])].sort();
}

/** Most characters a text may have when its variables are filled in: what Telegram takes where it stands. */
export function lengthLimit(id: string): number {
  if (id.startsWith('command-')) return 60;
  if (id === 'bot-short-description') return 120;
  if (id === 'bot-description') return 512;
  if (id.startsWith('precheckout-') || id === 'error-slower') return 200;
  if (id.startsWith('help-') || id === 'start-welcome') return 3_000;
  return 1_000;
}

export type WordingProblem =
  | { readonly problem: 'unknownText' | 'empty' | 'control' | 'syntax' }
  | { readonly problem: 'unknownVariable' | 'missingVariable'; readonly variable: string }
  | { readonly problem: 'tooLong'; readonly length: number; readonly limit: number };

/** What stands in the way of a shop's own text; undefined when nothing does. */
export function findProblem(language: Language, id: string, text: string): WordingProblem | undefined {
  if (!isOwnText(id)) return { problem: 'unknownText' };
  if (text.trim() === '') return { problem: 'empty' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text)) return { problem: 'control' };
  const compiled = compileText(text);
  if (!compiled) return { problem: 'syntax' };
  const known = variablesOfText(id);
  const unknown = [...compiled.variables].find((name) => !known.includes(name));
  if (unknown !== undefined) return { problem: 'unknownVariable', variable: unknown };
  const missing = mayLeaveOut.test(id) ? undefined : known.find((name) => !compiled.variables.has(name));
  if (missing !== undefined) return { problem: 'missingVariable', variable: missing };
  const length = Math.max(...previewText(language, id, text).map((one) => one.length));
  const limit = lengthLimit(id);
  return length > limit ? { problem: 'tooLong', length, limit } : undefined;
}

/** Each plural form is in one of them. */
const sampleCounts = [1, 2, 5];

/** How a text reads, once for each plural form it has. Default: ours. */
export function previewText(language: Language, id: string, text?: string): string[] {
  const texts = textsOf(language, text === undefined ? undefined : { [id]: text });
  const args = (count: number): TextArgs =>
    Object.fromEntries(variablesOfText(id).map((name) => [name, /count|minutes|seconds|quantity|number/.test(name) ? count : `‹${name}›`]));
  return [...new Set(sampleCounts.map((count) => texts.say(id, args(count))))];
}

/** A shop's own texts by language. */
export type ShopTexts = Readonly<Record<string, Overrides>>;

/** What a shop says in a language: its own wording laid over ours. */
export function textsOfShop(shop: { readonly texts: ShopTexts }, languageCode: string | undefined): Texts {
  const language = pickLanguage(languageCode);
  return textsOf(language, wordingOf(shop, language));
}

/** Its own texts of one language. */
export function wordingOf(shop: { readonly texts: ShopTexts }, language: string): Overrides {
  const known = languages.find((name) => name === language);
  return known === undefined ? {} : (shop.texts[known] ?? {});
}
