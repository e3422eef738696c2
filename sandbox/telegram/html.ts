/** `parse_mode: HTML`, with the errors bots see when they forget to escape. */
import type { MessageEntity } from 'grammy/types';
import type { FormattedText } from './entities.ts';
import { badRequest } from './errors.ts';

const simpleTags: Readonly<Record<string, 'bold' | 'italic' | 'underline' | 'strikethrough' | 'spoiler'>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
};
const knownTags = new Set([...Object.keys(simpleTags), 'span', 'a', 'code', 'pre', 'blockquote', 'tg-emoji', 'tg-time']);
const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

interface OpenTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly offset: number;
  /** Of a `pre`: the language its `code` names. */
  language?: string;
}

/** @throws BotApiError `can't parse entities: ...` */
export function parseHtml(html: string): FormattedText {
  const entities: MessageEntity[] = [];
  const open: OpenTag[] = [];
  let text = '';
  let at = 0;
  while (at < html.length) {
    const character = html.charAt(at);
    if (character === '&') {
      const match = /^&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/.exec(html.slice(at, at + 12));
      const decoded = match && decode(match);
      text += decoded ?? '&';
      at += decoded === undefined ? 1 : (match?.[0].length ?? 1);
    } else if (character !== '<') {
      text += character;
      at += 1;
    } else if (html.charAt(at + 1) === '/') {
      const match = /^<\/([a-zA-Z0-9-]*)\s*>/.exec(html.slice(at));
      if (!match) throw fail(`Unclosed end tag at byte offset ${byteOffset(html, at)}`);
      const name = (match[1] ?? '').toLowerCase();
      const tag = open.pop();
      if (!tag) throw fail(`Unexpected end tag at byte offset ${byteOffset(html, at)}`);
      if (name !== '' && name !== tag.name) {
        throw fail(`Unmatched end tag at byte offset ${byteOffset(html, at)}, expected "</${tag.name}>", found "</${name}>"`);
      }
      const entity = toEntity(tag, text, open.at(-1));
      if (entity) entities.push(entity);
      at += match[0].length;
    } else {
      const match = /^<([a-zA-Z0-9-]+)((?:\s+[a-zA-Z0-9-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*>/.exec(html.slice(at));
      const name = (match?.[1] ?? /^<([a-zA-Z0-9-]*)/.exec(html.slice(at))?.[1] ?? '').toLowerCase();
      if (!knownTags.has(name)) throw fail(`Unsupported start tag "${name}" at byte offset ${byteOffset(html, at)}`);
      if (!match) throw fail(`Unclosed start tag at byte offset ${byteOffset(html, at)}`);
      const attributes = readAttributes(match[2] ?? '');
      if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
        throw fail(`Tag "span" must have class "tg-spoiler" at byte offset ${byteOffset(html, at)}`);
      }
      open.push({ name, attributes, offset: text.length });
      at += match[0].length;
    }
  }
  const left = open.at(-1);
  if (left) throw fail(`Can't find end tag corresponding to start tag "${left.name}"`);
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

function fail(words: string) {
  return badRequest(`can't parse entities: ${words}`);
}

function byteOffset(html: string, at: number): number {
  return Buffer.byteLength(html.slice(0, at));
}

function decode(match: RegExpExecArray): string | undefined {
  const [, decimal, hex, name] = match;
  if (name !== undefined) return names[name];
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function decodeAll(value: string): string {
  return value.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g,
    (...match) => decode(match as unknown as RegExpExecArray) ?? match[0],
  );
}

function readAttributes(source: string): Map<string, string> {
  const found = source.matchAll(/([a-zA-Z0-9-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g);
  return new Map([...found].map((match) => [(match[1] ?? '').toLowerCase(), decodeAll(match[2] ?? match[3] ?? match[4] ?? '')]));
}

function toEntity({ name, attributes, offset, language }: OpenTag, text: string, outer: OpenTag | undefined): MessageEntity | undefined {
  const length = text.length - offset;
  if (length === 0) return undefined;
  const place = { offset, length };
  const simple = name === 'span' ? 'spoiler' : simpleTags[name];
  if (simple) return { type: simple, ...place };
  switch (name) {
    case 'a': {
      const url = attributes.get('href') || text.slice(offset);
      return URL.canParse(url) ? { type: 'text_link', ...place, url } : undefined;
    }
    case 'code': {
      if (outer?.name !== 'pre') return { type: 'code', ...place };
      // `<pre><code class="language-x">` is one entity, made by the outer tag.
      outer.language = /^language-(.+)$/.exec(attributes.get('class') ?? '')?.[1];
      return undefined;
    }
    case 'pre':
      return { type: 'pre', ...place, ...(language ? { language } : {}) };
    case 'blockquote':
      return { type: attributes.has('expandable') ? 'expandable_blockquote' : 'blockquote', ...place };
    case 'tg-emoji':
      return { type: 'custom_emoji', ...place, custom_emoji_id: attributes.get('emoji-id') ?? '' };
    default: {
      const unixTime = Number(attributes.get('unix'));
      const format = attributes.get('format') ?? '';
      if (!Number.isSafeInteger(unixTime) || !attributes.get('unix')) throw fail('Tag "tg-time" must have attribute "unix"');
      if (!isDateTimeFormat(format)) throw fail(`Invalid date-time format "${format}"`);
      return { type: 'date_time', ...place, unix_time: unixTime, date_time_format: format };
    }
  }
}

function isDateTimeFormat(format: string): format is MessageEntity.DateTimeMessageEntity['date_time_format'] {
  return /^(r|w?[dD]?[tT]?)$/.test(format);
}
