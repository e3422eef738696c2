/** Why something was not granted, in a sentence. */
import type { RejectionFacts } from '../../domain/order.ts';
import type { Texts } from '../bundle.ts';
import { textsOf } from '../bundle.ts';
import type { TextPart } from '../rich-text.ts';

/** The sentence for a rejection of an order, a refund or a re-send; a general one for a type this version does not know. */
export function rejectionText(type: string, language: string | Texts): string {
  const texts = typeof language === 'string' ? textsOf(language) : language;
  const id = `rejection-${type}`;
  return texts.say(texts.has(id) ? id : 'rejection-other');
}

/** The same with what it says beside its name: until when, as a moment in the reader's own zone, or of how many. */
export function rejectionLine(type: string, texts: Texts, { until, limit }: RejectionFacts = {}): TextPart {
  if (type === 'CoolDown' && until !== undefined) return texts.sayRich('rejection-CoolDown-until', { until: texts.time(until) });
  if (type === 'TooManyHeld' && limit !== undefined) return texts.say('rejection-TooManyHeld-of', { limit });
  return rejectionText(type, texts);
}
