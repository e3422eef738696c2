/** @jsxImportSource hono/jsx/dom */
/** A message's text with its entities: nested styles, links, spoilers, copyable code, times in the reader's zone. */
import type { MessageEntity } from 'grammy/types';
import type { Child } from 'hono/jsx/dom';
import { useEffect, useState } from 'hono/jsx/dom';
import { formatDateTime } from './format.ts';

/** What a tap inside a text may do. */
export interface TextActions {
  language: string;
  openLink(url: string): void;
  sendCommand(command: string): void;
  copy(text: string): void;
}

interface Piece {
  start: number;
  end: number;
  entity?: MessageEntity;
}

export function RichText({ text, entities, actions }: { text: string; entities?: MessageEntity[]; actions: TextActions }) {
  const sorted = [...(entities ?? [])]
    .filter((entity) => entity.length > 0 && entity.offset >= 0 && entity.offset + entity.length <= text.length)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return <span class="text">{renderRange(text, 0, text.length, sorted, actions)}</span>;
}

/** Entities are nested or apart, never crossing; those that cross are cut at the end of the outer one. */
function renderRange(text: string, start: number, end: number, entities: MessageEntity[], actions: TextActions): Child[] {
  const pieces: Piece[] = [];
  let position = start;
  const inner = new Map<Piece, MessageEntity[]>();
  let current: Piece | undefined;
  for (const entity of entities) {
    if (entity.offset >= end) break;
    if (current && entity.offset < current.end) {
      inner.get(current)?.push(entity);
      continue;
    }
    if (entity.offset > position) pieces.push({ start: position, end: entity.offset });
    current = { start: entity.offset, end: Math.min(end, entity.offset + entity.length), entity };
    inner.set(current, []);
    pieces.push(current);
    position = current.end;
  }
  if (position < end) pieces.push({ start: position, end });
  return pieces.map((piece) => {
    if (!piece.entity) return text.slice(piece.start, piece.end);
    const children = renderRange(text, piece.start, piece.end, inner.get(piece) ?? [], actions);
    return renderEntity(piece.entity, text.slice(piece.start, piece.end), children, actions);
  });
}

function renderEntity(entity: MessageEntity, raw: string, children: Child[], actions: TextActions): Child {
  switch (entity.type) {
    case 'bold':
      return <strong>{children}</strong>;
    case 'italic':
      return <em>{children}</em>;
    case 'underline':
      return <u>{children}</u>;
    case 'strikethrough':
      return <s>{children}</s>;
    case 'spoiler':
      return <Spoiler>{children}</Spoiler>;
    case 'blockquote':
    case 'expandable_blockquote':
      return <blockquote>{children}</blockquote>;
    case 'code':
      return (
        <button type="button" class="code" title="Tap to copy" onClick={() => actions.copy(raw)}>
          {raw}
        </button>
      );
    case 'pre':
      return (
        <span class="pre">
          <button type="button" class="pre-copy" onClick={() => actions.copy(raw)}>
            Copy
          </button>
          <code>{raw}</code>
        </span>
      );
    case 'text_link':
      return <TextLink url={entity.url} children={children} actions={actions} />;
    case 'url':
      return <TextLink url={/^[a-z][a-z0-9+.-]*:/i.test(raw) ? raw : `https://${raw}`} children={children} actions={actions} />;
    case 'mention':
      return <TextLink url={`https://t.me/${raw.slice(1)}`} children={children} actions={actions} />;
    case 'bot_command':
      return (
        <button type="button" class="link" onClick={() => actions.sendCommand(raw)}>
          {children}
        </button>
      );
    case 'date_time':
      return <DateTime unixSeconds={entity.unix_time} format={entity.date_time_format} words={raw} language={actions.language} />;
    case 'hashtag':
    case 'cashtag':
    case 'email':
    case 'phone_number':
    case 'text_mention':
      return <span class="tag">{children}</span>;
    default:
      return <>{children}</>;
  }
}

function TextLink({ url, children, actions }: { url: string; children: Child[]; actions: TextActions }) {
  return (
    <a
      href={url}
      rel="noreferrer"
      onClick={(event) => {
        event.preventDefault();
        actions.openLink(url);
      }}
    >
      {children}
    </a>
  );
}

function Spoiler({ children }: { children: Child[] }) {
  const [shown, setShown] = useState(false);
  if (shown) return <span class="spoiler shown">{children}</span>;
  return (
    <button type="button" class="spoiler" aria-label="Hidden text, tap to show" onClick={() => setShown(true)}>
      <span aria-hidden="true">{children}</span>
    </button>
  );
}

function DateTime({ unixSeconds, format, words, language }: { unixSeconds: number; format: string; words: string; language: string }) {
  const [nowMs, setNowMs] = useState(Date.now());
  const relative = format.includes('r');
  useEffect(() => {
    if (!relative) return;
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [relative]);
  const full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' }).format(unixSeconds * 1000);
  return (
    <time class="moment" dateTime={new Date(unixSeconds * 1000).toISOString()} title={full}>
      {formatDateTime(unixSeconds, format, nowMs, language) ?? words}
    </time>
  );
}
