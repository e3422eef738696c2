/** Named reads and writes of the Telegram far end's tables. */
import { randomBytes } from 'node:crypto';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { BotCommand, InlineKeyboardMarkup, Message, ReplyKeyboardMarkup, ReplyKeyboardRemove } from 'grammy/types';
import type { SandboxStore } from '../store.ts';
import { delayedPayments, inlineMode, schema } from './schema.ts';

export interface Bot {
  readonly id: number;
  readonly token: string;
  readonly username: string;
  readonly name: string;
  readonly allowedUpdates: readonly string[] | undefined;
  readonly webhookUrl: string | undefined;
  readonly webhookSecret: string | undefined;
  readonly webhookConnections: number;
  readonly webhookError: string | undefined;
  /** Unix seconds. */
  readonly webhookErrorAt: number | undefined;
  readonly menuButton: string | undefined;
  /** Whether `@bot words` asks it. */
  readonly inlineMode: boolean;
}

export interface Person {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string | undefined;
  readonly username: string | undefined;
  readonly languageCode: string;
  readonly stars: number;
}

export type Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove;

export interface StoredMessage {
  readonly chatId: number;
  readonly senderId: number;
  readonly message: Message;
  /** A reply keyboard: the Bot API never shows it again, the chat does. */
  readonly keyboard: Keyboard | undefined;
  readonly invoiceSlug: string | undefined;
}

export interface StoredFile {
  readonly id: string;
  readonly uniqueId: string;
  readonly botId: number;
  readonly kind: 'photo' | 'document';
  readonly name: string | undefined;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

type Row = Record<string, unknown>;

/** A few statements, each prepared once. */
export function createSql({ db }: SandboxStore) {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const made = db.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  return {
    get: (sql: string, ...values: SQLInputValue[]): Row | undefined => prepare(sql).get(...values),
    all: (sql: string, ...values: SQLInputValue[]): Row[] => prepare(sql).all(...values),
    /** @returns how many rows changed */
    run: (sql: string, ...values: SQLInputValue[]): number => Number(prepare(sql).run(...values).changes),
  };
}

export const makeId = (bytes: number) => randomBytes(bytes).toString('base64url');

export type TelegramStore = ReturnType<typeof openTelegramStore>;

export function openTelegramStore(store: SandboxStore) {
  store.migrate('telegram-1', schema);
  store.migrate('telegram-2', delayedPayments);
  store.migrate('telegram-3', inlineMode);
  const sql = createSql(store);

  return {
    sql,
    transaction: store.transaction,

    botByToken: (token: string) => toBot(sql.get('SELECT * FROM bot WHERE token = ?', token)),
    bot: (id: number) => toBot(sql.get('SELECT * FROM bot WHERE id = ?', id)),
    botByUsername: (username: string) => toBot(sql.get('SELECT * FROM bot WHERE username = ?', username)),
    bots: () => sql.all('SELECT * FROM bot ORDER BY rowid').map((row) => toBot(row) as Bot),
    /** A known id gets the new token and names: what BotFather does. */
    saveBot(bot: Pick<Bot, 'id' | 'token' | 'username' | 'name'>): void {
      sql.run(
        `INSERT INTO bot (id, token, username, name) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET token = excluded.token, username = excluded.username, name = excluded.name`,
        bot.id,
        bot.token,
        bot.username,
        bot.name,
      );
    },
    setAllowedUpdates: (botId: number, kinds: readonly string[] | undefined) =>
      sql.run('UPDATE bot SET allowed_updates = ? WHERE id = ?', kinds && kinds.length > 0 ? JSON.stringify(kinds) : null, botId),
    setWebhook: (botId: number, url: string | null, secret: string | null, connections: number) =>
      sql.run(
        `UPDATE bot SET webhook_url = ?, webhook_secret = ?, webhook_connections = ?, webhook_error = NULL, webhook_error_at = NULL
         WHERE id = ?`,
        url,
        secret,
        connections,
        botId,
      ),
    setWebhookError: (botId: number, error: string, at: number) =>
      sql.run('UPDATE bot SET webhook_error = ?, webhook_error_at = ? WHERE id = ?', error, at, botId),
    setName: (botId: number, name: string) => sql.run('UPDATE bot SET name = ? WHERE id = ?', name, botId),
    setInlineMode: (botId: number, on: boolean) => sql.run('UPDATE bot SET inline_mode = ? WHERE id = ?', on ? 1 : 0, botId),
    setMenuButton: (botId: number, json: string | null) => sql.run('UPDATE bot SET menu_button = ? WHERE id = ?', json, botId),
    text(botId: number, kind: string, language: string): string | undefined {
      const row = sql.get('SELECT text FROM bot_text WHERE bot_id = ? AND kind = ? AND language = ?', botId, kind, language);
      return row && String(row.text);
    },
    setText(botId: number, kind: string, language: string, text: string): void {
      if (text === '') sql.run('DELETE FROM bot_text WHERE bot_id = ? AND kind = ? AND language = ?', botId, kind, language);
      else sql.run('INSERT OR REPLACE INTO bot_text VALUES (?, ?, ?, ?)', botId, kind, language, text);
    },
    commands(botId: number, scope: string, language: string): BotCommand[] | undefined {
      const row = sql.get('SELECT json FROM bot_commands WHERE bot_id = ? AND scope = ? AND language = ?', botId, scope, language);
      return row && (JSON.parse(String(row.json)) as BotCommand[]);
    },
    setCommands(botId: number, scope: string, language: string, commands: readonly BotCommand[]): void {
      if (commands.length > 0) {
        sql.run('INSERT OR REPLACE INTO bot_commands VALUES (?, ?, ?, ?)', botId, scope, language, JSON.stringify(commands));
      } else {
        sql.run('DELETE FROM bot_commands WHERE bot_id = ? AND scope = ? AND language = ?', botId, scope, language);
      }
    },

    person: (id: number) => toPerson(sql.get('SELECT * FROM person WHERE id = ?', id)),
    people: () => sql.all('SELECT * FROM person ORDER BY id').map((row) => toPerson(row) as Person),
    addPerson(person: Omit<Person, 'id'> & { readonly id?: number }): Person {
      const row = sql.get(
        'INSERT INTO person (id, first_name, last_name, username, language_code, stars) VALUES (?, ?, ?, ?, ?, ?) RETURNING *',
        person.id ?? null,
        person.firstName,
        person.lastName ?? null,
        person.username ?? null,
        person.languageCode,
        person.stars,
      );
      return toPerson(row) as Person;
    },
    isUsernameTaken: (username: string) =>
      sql.get('SELECT 1 FROM person WHERE username = ?', username) !== undefined ||
      sql.get('SELECT 1 FROM bot WHERE username = ?', username) !== undefined,
    /** @returns whether the balance allowed it. @param change whole Stars, may be negative */
    changeStars: (personId: number, change: number) =>
      sql.run('UPDATE person SET stars = stars + ? WHERE id = ? AND stars + ? >= 0', change, personId, change) > 0,

    groupTitle(id: number): string | undefined {
      const row = sql.get('SELECT title FROM chat_group WHERE id = ?', id);
      return row && String(row.title);
    },
    addGroup(id: number, title: string, members: readonly number[]): void {
      sql.run('INSERT INTO chat_group VALUES (?, ?)', id, title);
      for (const member of members) sql.run('INSERT OR IGNORE INTO group_member VALUES (?, ?)', id, member);
    },
    addMember: (groupId: number, personId: number) => sql.run('INSERT OR IGNORE INTO group_member VALUES (?, ?)', groupId, personId),
    members: (groupId: number) =>
      sql.all('SELECT person_id FROM group_member WHERE group_id = ? ORDER BY person_id', groupId).map((row) => Number(row.person_id)),
    groups: () =>
      sql.all('SELECT id, title FROM chat_group ORDER BY id DESC').map((row) => ({ id: Number(row.id), title: String(row.title) })),

    /** Undefined when the bot has never been there. */
    chat(botId: number, chatId: number): { blocked: boolean; pinnedId: number | undefined } | undefined {
      const row = sql.get('SELECT blocked, pinned_id FROM chat WHERE bot_id = ? AND chat_id = ?', botId, chatId);
      return row && { blocked: row.blocked === 1, pinnedId: row.pinned_id === null ? undefined : Number(row.pinned_id) };
    },
    saveChat: (botId: number, chatId: number, blocked: boolean) =>
      sql.run(
        'INSERT INTO chat (bot_id, chat_id, blocked) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET blocked = excluded.blocked',
        botId,
        chatId,
        blocked ? 1 : 0,
      ),
    pin: (botId: number, chatId: number, messageId: number | null) =>
      sql.run('UPDATE chat SET pinned_id = ? WHERE bot_id = ? AND chat_id = ?', messageId, botId, chatId),
    look: (botId: number, chatId: number, personId: number, messageId: number) =>
      sql.run(
        `INSERT INTO chat_look VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET message_id = max(message_id, excluded.message_id)`,
        botId,
        chatId,
        personId,
        messageId,
      ),
    countUnread(botId: number, chatId: number, personId: number): number {
      const row = sql.get(
        `SELECT count(*) AS unread FROM message WHERE bot_id = ? AND chat_id = ? AND sender_id <> ? AND id > coalesce(
           (SELECT message_id FROM chat_look WHERE bot_id = ? AND chat_id = ? AND person_id = ?), 0)`,
        botId,
        chatId,
        personId,
        botId,
        chatId,
        personId,
      );
      return Number(row?.unread ?? 0);
    },

    nextMessageId(botId: number): number {
      return Number(
        sql.get('UPDATE bot SET last_message_id = last_message_id + 1 WHERE id = ? RETURNING last_message_id AS id', botId)?.id,
      );
    },
    message: (botId: number, chatId: number, id: number) =>
      toMessage(sql.get('SELECT * FROM message WHERE bot_id = ? AND chat_id = ? AND id = ?', botId, chatId, id)),
    saveMessage(botId: number, { chatId, senderId, message, keyboard, invoiceSlug }: StoredMessage): void {
      sql.run(
        'INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?, ?, ?)',
        botId,
        chatId,
        message.message_id,
        senderId,
        JSON.stringify(message),
        keyboard ? JSON.stringify(keyboard) : null,
        invoiceSlug ?? null,
      );
    },
    deleteMessage: (botId: number, chatId: number, id: number) =>
      sql.run('DELETE FROM message WHERE bot_id = ? AND chat_id = ? AND id = ?', botId, chatId, id) > 0,
    /** The newest `limit` messages before id `before`, oldest first. */
    messages(botId: number, chatId: number, before: number, limit: number): StoredMessage[] {
      return sql
        .all('SELECT * FROM message WHERE bot_id = ? AND chat_id = ? AND id < ? ORDER BY id DESC LIMIT ?', botId, chatId, before, limit)
        .map((row) => toMessage(row) as StoredMessage)
        .reverse();
    },

    file: (id: string) => toFile(sql.get('SELECT * FROM file WHERE id = ?', id)),
    saveFile(file: StoredFile): void {
      sql.run(
        'INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        file.id,
        file.uniqueId,
        file.botId,
        file.kind,
        file.name ?? null,
        file.mediaType,
        file.width,
        file.height,
        file.bytes,
      );
    },
  };
}

const optional = (value: unknown) => (typeof value === 'string' ? value : undefined);

function toBot(row: Row | undefined): Bot | undefined {
  return (
    row && {
      id: Number(row.id),
      token: String(row.token),
      username: String(row.username),
      name: String(row.name),
      allowedUpdates: row.allowed_updates === null ? undefined : (JSON.parse(String(row.allowed_updates)) as string[]),
      webhookUrl: optional(row.webhook_url),
      webhookSecret: optional(row.webhook_secret),
      webhookConnections: Number(row.webhook_connections),
      webhookError: optional(row.webhook_error),
      webhookErrorAt: row.webhook_error_at === null ? undefined : Number(row.webhook_error_at),
      menuButton: optional(row.menu_button),
      inlineMode: row.inline_mode === 1,
    }
  );
}

function toPerson(row: Row | undefined): Person | undefined {
  return (
    row && {
      id: Number(row.id),
      firstName: String(row.first_name),
      lastName: optional(row.last_name),
      username: optional(row.username),
      languageCode: String(row.language_code),
      stars: Number(row.stars),
    }
  );
}

function toMessage(row: Row | undefined): StoredMessage | undefined {
  return (
    row && {
      chatId: Number(row.chat_id),
      senderId: Number(row.sender_id),
      message: JSON.parse(String(row.json)) as Message,
      keyboard: row.keyboard === null ? undefined : (JSON.parse(String(row.keyboard)) as Keyboard),
      invoiceSlug: optional(row.invoice_slug),
    }
  );
}

function toFile(row: Row | undefined): StoredFile | undefined {
  return (
    row && {
      id: String(row.id),
      uniqueId: String(row.unique_id),
      botId: Number(row.bot_id),
      kind: row.kind as StoredFile['kind'],
      name: optional(row.name),
      mediaType: String(row.media_type),
      width: Number(row.width),
      height: Number(row.height),
      bytes: row.bytes as Uint8Array,
    }
  );
}
