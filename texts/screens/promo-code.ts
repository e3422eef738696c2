/** Promo codes: the entered one on other screens, and asking for one. */
import type { InlineKeyboardButton } from 'grammy/types';
import type { OrderView } from '../../domain/order.ts';
import type { CodeRefusal } from '../../domain/promo-code.ts';
import type { Texts } from '../bundle.ts';
import type { Callback, LinesSource, Origin } from '../callback.ts';
import { bold, lines } from '../rich-text.ts';
import { rejectionText } from './rejection.ts';
import { backRow, makeScreen, type Screen, tapButton } from './screen.ts';

/** The code a customer has entered, for what the screen shows. */
export interface ShownCode {
  readonly code: string;
  /** Why it does not apply; null when it does. */
  readonly refusal: CodeRefusal | null;
  /** What the order must come to, and what it saves, in minor units and in Stars. */
  readonly minimumTotal: number;
  readonly saved: number;
  readonly savedStars: number;
}

/** What an entered code takes off, or why it takes nothing. */
export function codeLine(texts: Texts, shown: ShownCode, { currency, inStars }: { currency: string; inStars: boolean }): string {
  const { code, refusal } = shown;
  if (refusal === 'CodeMinimum') return texts.say('code-minimum', { code, amount: texts.money(shown.minimumTotal, currency) });
  if (refusal !== null) return texts.say('code-not-now', { code, why: rejectionText(refusal, texts) });
  return savingLine(texts, { code, saved: shown.saved, savedStars: shown.savedStars }, { currency, inStars });
}

/** What the code of an order took off; one row of its screens. */
export function savingLine(
  texts: Texts,
  { code, saved, savedStars }: NonNullable<OrderView['promo']>,
  { currency, inStars }: { currency: string; inStars: boolean },
): string {
  return texts.say('code-saving', { code, amount: inStars ? texts.money(savedStars, 'XTR') : texts.money(saved, currency) });
}

/** Enter a code, or take the entered one away. `source`: the lines of the confirm screen; null for the basket. */
export function codeButton(texts: Texts, shown: ShownCode | null, source: LinesSource | null, origin?: Origin): InlineKeyboardButton {
  return shown === null
    ? tapButton(texts.say('code-enter'), { to: 'code', source, origin })
    : tapButton(texts.say('code-remove', { code: shown.code }), { to: 'codeRemove', source, origin });
}

/** Write it now. */
export function askCodeScreen(texts: Texts, back: Callback): Screen {
  return makeScreen(lines([bold(texts.say('code-ask')), texts.say('code-ask-how')]), [backRow(texts, back)]);
}
