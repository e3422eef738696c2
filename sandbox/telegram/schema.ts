/** Tables of the Telegram far end. */
export const schema = `
  CREATE TABLE bot (
    id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, username TEXT NOT NULL COLLATE NOCASE UNIQUE, name TEXT NOT NULL,
    allowed_updates TEXT, webhook_url TEXT, webhook_secret TEXT, webhook_connections INTEGER NOT NULL DEFAULT 40,
    webhook_error TEXT, webhook_error_at INTEGER, menu_button TEXT,
    last_update_id INTEGER NOT NULL DEFAULT 100000, last_message_id INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE bot_text (
    bot_id INTEGER NOT NULL, kind TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (bot_id, kind, language)
  ) STRICT;
  CREATE TABLE bot_commands (
    bot_id INTEGER NOT NULL, scope TEXT NOT NULL, language TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (bot_id, scope, language)
  ) STRICT;
  CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT, first_name TEXT NOT NULL, last_name TEXT, username TEXT COLLATE NOCASE UNIQUE,
    language_code TEXT NOT NULL, stars INTEGER NOT NULL CHECK (stars >= 0)
  ) STRICT;
  CREATE TABLE chat_group (id INTEGER PRIMARY KEY, title TEXT NOT NULL) STRICT;
  CREATE TABLE group_member (group_id INTEGER NOT NULL, person_id INTEGER NOT NULL, PRIMARY KEY (group_id, person_id)) STRICT;
  CREATE TABLE chat (
    bot_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, blocked INTEGER NOT NULL DEFAULT 0, pinned_id INTEGER, PRIMARY KEY (bot_id, chat_id)
  ) STRICT;
  CREATE TABLE chat_look (
    bot_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, person_id INTEGER NOT NULL, message_id INTEGER NOT NULL,
    PRIMARY KEY (bot_id, chat_id, person_id)
  ) STRICT;
  CREATE TABLE message (
    bot_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, id INTEGER NOT NULL, sender_id INTEGER NOT NULL, json TEXT NOT NULL,
    keyboard TEXT, invoice_slug TEXT, PRIMARY KEY (bot_id, chat_id, id)
  ) STRICT;
  CREATE TABLE bot_update (
    bot_id INTEGER NOT NULL, id INTEGER NOT NULL, kind TEXT NOT NULL, lane TEXT NOT NULL, json TEXT NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (bot_id, id)
  ) STRICT;
  CREATE TABLE tap (
    id TEXT PRIMARY KEY, bot_id INTEGER NOT NULL, person_id INTEGER NOT NULL, tapped_at INTEGER NOT NULL, answer TEXT
  ) STRICT;
  CREATE TABLE invoice (
    slug TEXT PRIMARY KEY, bot_id INTEGER NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL, payload TEXT NOT NULL,
    currency TEXT NOT NULL, amount INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE checkout (
    id TEXT PRIMARY KEY, bot_id INTEGER NOT NULL, person_id INTEGER NOT NULL, slug TEXT NOT NULL, place_id INTEGER NOT NULL,
    abandon INTEGER NOT NULL, asked_at INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('asked', 'approved', 'refused')),
    charge_id TEXT, error TEXT
  ) STRICT;
  CREATE TABLE payment (
    charge_id TEXT PRIMARY KEY, bot_id INTEGER NOT NULL, person_id INTEGER NOT NULL, payload TEXT NOT NULL, currency TEXT NOT NULL,
    amount INTEGER NOT NULL, provider_charge_id TEXT NOT NULL, paid_at INTEGER NOT NULL, refunded_at INTEGER
  ) STRICT;
  CREATE TABLE star_transaction (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, bot_id INTEGER NOT NULL, charge_id TEXT NOT NULL, amount INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')), made_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX star_transaction_bot ON star_transaction (bot_id, sequence);
  CREATE TABLE file (
    id TEXT PRIMARY KEY, unique_id TEXT NOT NULL, bot_id INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT, media_type TEXT NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, bytes BLOB NOT NULL
  ) STRICT;
`;

/** People who take their time between approval and payment. Milliseconds since epoch. */
export const delayedPayments =
  'ALTER TABLE checkout ADD COLUMN charge_at INTEGER; ALTER TABLE checkout ADD COLUMN delay_ms INTEGER NOT NULL DEFAULT 0';

/** What BotFather's `/setinline` switches; here it is on from the start. */
export const inlineMode = 'ALTER TABLE bot ADD COLUMN inline_mode INTEGER NOT NULL DEFAULT 1';
