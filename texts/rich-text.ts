/**
 * Text with Telegram's message entities. Entities are used instead of a parse mode, so whatever a title or a name contains appears
 * literally. Offsets count UTF-16 code units, which is what JavaScript's string length counts.
 */
import type { MessageEntity } from 'grammy/types';

export interface RichText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

export type TextPart = string | RichText;

/** How Telegram shows a time: `r` relative ("in 15 minutes"), else weekday, date and time in their short or long form. */
export type DateTimeFormat = MessageEntity.DateTimeMessageEntity['date_time_format'];

/** Joins parts into one text; offsets of their entities move along. */
export function rich(...parts: readonly TextPart[]): RichText {
  let text = '';
  const entities: MessageEntity[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    for (const entity of part.entities) entities.push({ ...entity, offset: entity.offset + text.length });
    text += part.text;
  }
  return { text, entities };
}

/** Joins the given parts line by line; absent ones leave no empty line, `''` leaves one. */
export function lines(parts: readonly (TextPart | undefined)[]): RichText {
  const present = parts.filter((part) => part !== undefined);
  return rich(...present.flatMap((part, index) => (index === 0 ? [part] : ['\n', part])));
}

export const bold = (part: TextPart): RichText => wrap(part, 'bold');
export const strikethrough = (part: TextPart): RichText => wrap(part, 'strikethrough');
export const spoiler = (part: TextPart): RichText => wrap(part, 'spoiler');

/** Monospaced and copied by a tap. Telegram allows no other entity inside or around it. */
export function code(text: string): RichText {
  return wrap(text, 'code');
}

/** A moment in the reader's own zone. `fallback` is shown by apps that do not know the entity. `at` in ms since epoch. */
export function dateTime(at: number, format: DateTimeFormat, fallback: string): RichText {
  return around(rich(fallback), {
    type: 'date_time',
    offset: 0,
    length: fallback.length,
    unix_time: Math.floor(at / 1000),
    date_time_format: format,
  });
}

function wrap(part: TextPart, type: 'bold' | 'strikethrough' | 'spoiler' | 'code'): RichText {
  const inner = rich(part);
  return inner.text === '' ? inner : around(inner, { type, offset: 0, length: inner.text.length });
}

function around(inner: RichText, entity: MessageEntity): RichText {
  return { text: inner.text, entities: [entity, ...inner.entities] };
}

const rightToLeftOrControl = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Text of a person or a shop inside a sentence of ours: what runs right to left, or turns direction, stays within itself. */
export function isolate(text: string): string {
  return rightToLeftOrControl.test(text) ? `\u2068${text}\u2069` : text;
}

/** Cuts a rich text to `limit` UTF-16 units, entities with it, without splitting a character. */
export function cutRich(part: RichText, limit: number): RichText {
  if (part.text.length <= limit) return part;
  let end = limit - 1;
  if (/[\ud800-\udbff]/.test(part.text[end - 1] ?? '')) end -= 1;
  const entities = part.entities
    .filter((entity) => entity.offset < end)
    .map((entity) => ({ ...entity, length: Math.min(entity.length, end - entity.offset) }));
  return { text: `${part.text.slice(0, end)}…`, entities };
}
