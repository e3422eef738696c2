/** What staff are told besides orders: one sentence a message. */
import type { AlertKind, AlertParams } from '../../domain/alert.ts';
import { textsOf } from '../bundle.ts';
import { isolate } from '../rich-text.ts';
import { makeScreen, type Screen } from './screen.ts';

/** `params` as they were raised; an `amount` with its `currency` is shown as money. */
export function alertScreen({ kind, params }: { readonly kind: AlertKind; readonly params: AlertParams }, language: string): Screen {
  const texts = textsOf(language);
  const { amount, currency, ...rest } = params;
  const shown = Object.entries(rest).map(([name, value]) => [name, typeof value === 'string' ? isolate(value) : value]);
  const money = typeof amount === 'number' && typeof currency === 'string' ? { amount: texts.money(amount, currency) } : {};
  const text = texts.say(`alert-${kind}`, { ...Object.fromEntries(shown), ...money });
  return makeScreen({ text, entities: [] });
}
