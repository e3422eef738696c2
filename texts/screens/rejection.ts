/** Why something was not granted, in a sentence. */
import type { Texts } from '../bundle.ts';
import { textsOf } from '../bundle.ts';

/** The sentence for a rejection of an order, a refund or a re-send; a general one for a type this version does not know. */
export function rejectionText(type: string, language: string | Texts): string {
  const texts = typeof language === 'string' ? textsOf(language) : language;
  const id = `rejection-${type}`;
  return texts.say(texts.has(id) ? id : 'rejection-other');
}
