/** What staff are told besides orders: one sentence a message. */
import type { AlertKind, AlertParams } from '../../domain/alert.ts';
import { type Texts, textsOf } from '../bundle.ts';
import { isolate } from '../rich-text.ts';
import { makeScreen, type Screen } from './screen.ts';

/** Shown as money, when there is a `currency`. */
const moneyNames: ReadonlySet<string> = new Set(['amount', 'statement', 'ledger', 'fees']);

/** `params` as they were raised. */
export function alertScreen({ kind, params }: { readonly kind: AlertKind; readonly params: AlertParams }, language: string): Screen {
  const texts = textsOf(language);
  const { currency, ...rest } = params;
  const shown = Object.entries(rest).map(([name, value]) => {
    if (typeof value === 'string') return [name, isolate(named(texts, name, value))];
    return [name, typeof currency === 'string' && moneyNames.has(name) ? texts.money(value, currency) : value];
  });
  const text = texts.say(`alert-${kind}`, Object.fromEntries(shown));
  return makeScreen({ text, entities: [] });
}

/** A method as customers see it, also one this version does not know. */
function named(texts: Texts, name: string, value: string): string {
  return name === 'method' && texts.has(`method-${value}`) ? texts.say(`method-${value}`) : value;
}
