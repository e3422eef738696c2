/** Texts with entities as the Bot API takes them: offsets in UTF-16 units, checked, trimmed, commands and links found. */
import type { MessageEntity } from 'grammy/types';
import { badRequest } from './errors.ts';

export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

const kinds = new Set([
  ...['mention', 'hashtag', 'cashtag', 'bot_command', 'url', 'email', 'phone_number', 'bold', 'italic', 'underline', 'strikethrough'],
  ...['spoiler', 'blockquote', 'expandable_blockquote', 'code', 'pre', 'text_link', 'text_mention', 'custom_emoji', 'date_time'],
]);
const dateTimeFormat = /^(r|w?[dD]?[tT]?)$/;

/** Refuses entities Telegram would refuse. Their content stays as given. */
export function checkEntities(text: string, entities: readonly MessageEntity[]): void {
  for (const entity of entities) {
    const { offset, length } = entity;
    const end = offset + length;
    if (!kinds.has(entity.type)) throw badRequest(`can't parse MessageEntity: unknown type "${entity.type}"`);
    if (offset < 0) throw badRequest(`receive an entity with incorrect offset ${offset}`);
    if (length <= 0) throw badRequest(`receive an entity with incorrect length ${length}`);
    if (end > text.length) {
      throw badRequest(`entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`);
    }
    if (splitsSymbol(text, offset)) throw badRequest(`entity begins in a middle of a UTF-16 symbol at byte offset ${offset}`);
    if (splitsSymbol(text, end)) {
      throw badRequest(`entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol`);
    }
    if (entity.type === 'text_link' && !URL.canParse(entity.url)) throw badRequest('entity text_link has an invalid URL');
    if (entity.type === 'date_time') {
      if (!Number.isSafeInteger(entity.unix_time)) throw badRequest('entity date_time has an invalid unix_time');
      if (!dateTimeFormat.test(entity.date_time_format ?? '')) throw badRequest('entity date_time has an invalid date_time_format');
    }
  }
}

function splitsSymbol(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

/** Cuts white space at both ends, as Telegram does, and moves the entities along. */
export function trimText({ text, entities }: FormattedText): FormattedText {
  const end = text.trimEnd().length;
  const firstEntity = Math.min(end, ...entities.map(({ offset }) => offset));
  const start = Math.min(text.length - text.trimStart().length, firstEntity);
  const moved = entities.map((entity) => ({
    ...entity,
    offset: entity.offset - start,
    length: Math.min(entity.length, end - entity.offset),
  }));
  return { text: text.slice(start, end), entities: moved.filter(({ length }) => length > 0) };
}

const patterns: readonly { type: 'bot_command' | 'mention' | 'url'; expression: RegExp }[] = [
  { type: 'url', expression: /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/gi },
  { type: 'bot_command', expression: /(?<![\w/.<>])\/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/])/g },
  { type: 'mention', expression: /(?<![\w@/.])@[a-zA-Z0-9_]{3,32}\b/g },
];
/** Inside these nothing is looked for. */
const closedKinds = new Set(['code', 'pre', 'text_link', 'text_mention', 'url', 'mention', 'bot_command', 'custom_emoji', 'date_time']);

/** Adds the entities Telegram finds by itself: commands, mentions, addresses. */
export function findEntities({ text, entities }: FormattedText): FormattedText {
  const all = [...entities];
  for (const { type, expression } of patterns) {
    for (const match of text.matchAll(expression)) {
      const [offset, length] = [match.index, match[0].length];
      const taken = all.some((one) => closedKinds.has(one.type) && one.offset < offset + length && offset < one.offset + one.length);
      if (!taken) all.push({ type, offset, length });
    }
  }
  return { text, entities: all.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}
