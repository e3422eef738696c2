/** What staff are told besides orders: one sentence a message. */
import type { AlertKind, AlertParams } from '../../domain/alert.ts';
import { type Texts, textsOf } from '../bundle.ts';
import { isolate } from '../rich-text.ts';
import { makeScreen, type Screen } from './screen.ts';

/** `params` as they were raised; an `amount` with its `currency` is shown as money. */
export function alertScreen({ kind, params }: { readonly kind: AlertKind; readonly params: AlertParams }, language: string): Screen {
  const texts = textsOf(language);
  const { amount, currency, ...rest } = params;
  const shown = Object.entries(rest).map(([name, value]) => [name, typeof value === 'string' ? isolate(named(texts, name, value)) : value]);
  const money = typeof amount === 'number' && typeof currency === 'string' ? { amount: texts.money(amount, currency) } : {};
  const text = texts.say(`alert-${kind}`, { ...Object.fromEntries(shown), ...money });
  return makeScreen({ text, entities: [] });
}

/** A method as customers see it, also one this version does not know. */
function named(texts: Texts, name: string, value: string): string {
  return name === 'method' && texts.has(`method-${value}`) ? texts.say(`method-${value}`) : value;
}
