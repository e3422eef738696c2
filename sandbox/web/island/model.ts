/** Pure rules of the chat page: addresses, links, the order of messages, which keyboard is on show. */
import type { ChatBot, ChatMessage, ChatSummary } from '../../telegram/chat-contract.ts';

/** Adds or replaces messages by id, oldest first. */
export function mergeMessages(known: ChatMessage[], fresh: ChatMessage[]): ChatMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of fresh) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

/**
 * Those of `known` that stay beside a newest page that was just read: what came by the stream since it was asked for, and older pages unless
 * something between them and the page may be unknown. Oldest first.
 */
export function besidePage(page: ChatMessage[], known: ChatMessage[]): ChatMessage[] {
  const [first, last] = [page[0], page.at(-1)];
  if (!first || !last) return known;
  const ids = new Set(known.map(({ id }) => id));
  const joins = page.some(({ id }) => ids.has(id));
  return known.filter(({ id }) => id > last.id || (joins && id < first.id));
}

/** Person, bot and chat wished for by the page's address. */
export function placeFromAddress(search: string): { person?: number; bot?: string; chat?: number } {
  const values = new URLSearchParams(search);
  const number = (name: string) => {
    const text = values.get(name);
    return text !== null && /^-?\d{1,16}$/.test(text) ? Number(text) : undefined;
  };
  return { person: number('person'), bot: values.get('bot') ?? undefined, chat: number('chat') };
}

type TelegramLink =
  | { kind: 'bot'; bot: string; start?: string; startApp?: string }
  | { kind: 'invoice'; slug: string }
  | { kind: 'share'; words: string };

/** A link Telegram opens itself: a bot, with or without a start parameter, an invoice, or words to pass on. Undefined for the rest of the web. */
export function telegramLink(url: string): TelegramLink | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  const start = parsed.searchParams.get('start') ?? undefined;
  const startApp = parsed.searchParams.get('startapp') ?? undefined;
  if (parsed.protocol === 'tg:') {
    const slug = parsed.searchParams.get('slug');
    const domain = parsed.searchParams.get('domain');
    if (/invoice/.test(parsed.href) && slug) return { kind: 'invoice', slug };
    return domain ? { kind: 'bot', bot: domain, start } : undefined;
  }
  if (!/^(www\.)?(t\.me|telegram\.me)$/i.test(parsed.hostname)) return undefined;
  const path = decodeURIComponent(parsed.pathname).replace(/^\/+|\/+$/g, '');
  if (path === 'share/url' || path === 'share') {
    const words = ['url', 'text'].map((name) => parsed.searchParams.get(name)?.trim()).filter(Boolean);
    return { kind: 'share', words: words.join('\n') };
  }
  if (path.startsWith('$')) return { kind: 'invoice', slug: path.slice(1) };
  if (path.startsWith('invoice/')) return { kind: 'invoice', slug: path.slice('invoice/'.length) };
  return /^\w{4,40}$/.test(path) ? { kind: 'bot', bot: path, start, ...(startApp === undefined ? {} : { startApp }) } : undefined;
}

/** Messages parted into the reader's days, oldest first. */
export function groupByDay(messages: ChatMessage[]): ChatMessage[][] {
  const days = new Map<string, ChatMessage[]>();
  for (const message of messages) {
    const day = new Date(message.date * 1000).toDateString();
    const group = days.get(day);
    if (group) group.push(message);
    else days.set(day, [message]);
  }
  return [...days.values()];
}

/** Messages from one sender within five minutes stand together; only the last of such a group has a tail. */
export function endsGroup(message: ChatMessage, next: ChatMessage | undefined): boolean {
  return !next || next.from?.id !== message.from?.id || next.date - message.date > 300 || isService(next);
}

/** Whether a message is the chat's own line (a payment, a refund, somebody joining) and not something somebody said. */
export function isService(message: ChatMessage): boolean {
  return message.service !== undefined || message.successfulPayment !== undefined || message.refundedPayment !== undefined;
}

/** The words of a message for a preview: one line, with what lies under a spoiler covered. */
export function previewWords({ text = '', entities = [] }: Pick<ChatMessage, 'text' | 'entities'>): string {
  let words = text;
  for (const { type, offset, length } of entities) {
    if (type === 'spoiler') words = words.slice(0, offset) + '▒'.repeat(length) + words.slice(offset + length);
  }
  return words.replace(/\s+/g, ' ');
}

/** Whether the text is one to three emoji alone, which are shown large. */
export function isBigEmoji(text: string): boolean {
  return /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic}|\ufe0f)*){1,3}$/u.test(text);
}

/** `@bot words` at the start of what is written asks that bot, once the space is there. A bot whose inline mode is off is not asked. */
export function inlineAsked(
  text: string,
  bots: readonly Pick<ChatBot, 'username' | 'inlineMode'>[],
): { bot: string; query: string } | undefined {
  const [, name, words] = /^@(\w{3,32})\s(.*)$/s.exec(text) ?? [];
  const bot = bots.find(({ inlineMode, username }) => inlineMode && username.toLowerCase() === name?.toLowerCase());
  return bot && words !== undefined ? { bot: bot.username, query: words.trim().slice(0, 256) } : undefined;
}

/** Into which chats something may be brought; there are no channels here, and no chats between two people. */
export interface ShareTargets {
  readonly bots: boolean;
  readonly groups: boolean;
}

export function chatsToShareTo<Chat extends Pick<ChatSummary, 'type' | 'blocked'>>(
  chats: readonly Chat[],
  { bots, groups }: ShareTargets,
): Chat[] {
  return chats.filter(({ type, blocked }) => !blocked && (type === 'group' ? groups : bots));
}
