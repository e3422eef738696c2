/** The texts the Mini App reads, picked from the shop's Fluent files: a customer's phone need not load what staff read. */
import { isAppText } from '../../domain/app-text.ts';
import type { Language } from '../../domain/language.ts';
import { readFluent } from '../../texts/bundle.ts';
import { withoutPictures } from './without-pictures.ts';

/** Every message with its lines; comments and blank lines between them are left out. */
function splitMessages(source: string): { id: string; text: string }[] {
  const found: { id: string; text: string }[] = [];
  for (const line of source.split('\n')) {
    const id = /^(-?[a-zA-Z][\w-]*) ?=/.exec(line)?.[1];
    const last = found.at(-1);
    if (id !== undefined) found.push({ id, text: line });
    else if (last && /^[ }]/.test(line)) last.text += `\n${line}`;
  }
  return found;
}

/** The Fluent source of the app's texts in a language. */
export function readAppTexts(language: Language): string {
  const messages = splitMessages(readFluent(language));
  return messages
    .filter(({ id }) => isAppText(id))
    .map(({ text }) => withoutPictures(text))
    .join('\n');
}
