/** The far end's own memory, in the sandbox's file: accounts, objects as JSON, idempotency keys. */

import type { SandboxContext } from '../context.ts';
import { makeId } from './objects.ts';

export interface StripeAccount {
  readonly secretKey: string;
  readonly id: string;
  readonly webhookSecret: string;
  readonly webhookUrl: string | null;
  /** Types of the events the webhook is for. */
  readonly enabledEvents: readonly string[];
}

/** A further webhook of an account: each is told of everything, with a secret of its own. */
export interface StripeEndpoint {
  readonly url: string;
  readonly secret: string;
}

export interface StoredObject {
  readonly id: string;
  readonly object: string;
  readonly created: number;
}

export interface StoredAnswer {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
}

export interface DueObject {
  readonly id: string;
  readonly account: string;
  readonly kind: string;
}

export type StripeStore = ReturnType<typeof openStripeStore>;

const schema = `
  CREATE TABLE stripe_account (
    secret_key TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, webhook_secret TEXT NOT NULL, webhook_url TEXT,
    enabled_events TEXT NOT NULL
  ) STRICT;
  CREATE TABLE stripe_object (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, kind TEXT NOT NULL,
    created INTEGER NOT NULL, due_at INTEGER, json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX stripe_object_kind ON stripe_object (account, kind, sequence);
  CREATE INDEX stripe_object_due ON stripe_object (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE stripe_answer (
    account TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    request_id TEXT NOT NULL, PRIMARY KEY (account, key)
  ) STRICT;
`;

const endpointSchema = `
  CREATE TABLE stripe_endpoint (account TEXT NOT NULL, url TEXT NOT NULL, secret TEXT NOT NULL, PRIMARY KEY (account, url, secret)) STRICT;
`;

type Row = Record<string, unknown>;

export function openStripeStore(context: SandboxContext) {
  const { db } = context.store;
  context.store.migrate('stripe-1', schema);
  context.store.migrate('stripe-2', endpointSchema);
  const findAccount = db.prepare('SELECT * FROM stripe_account WHERE secret_key = ?');
  const findAccountById = db.prepare('SELECT * FROM stripe_account WHERE id = ?');
  const upsertAccount = db.prepare(
    `INSERT INTO stripe_account (secret_key, id, webhook_secret, webhook_url, enabled_events) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (secret_key) DO UPDATE SET webhook_secret = excluded.webhook_secret, webhook_url = excluded.webhook_url,
       enabled_events = excluded.enabled_events`,
  );
  const listEndpoints = db.prepare('SELECT url, secret FROM stripe_endpoint WHERE account = ? ORDER BY rowid');
  const removeEndpoints = db.prepare('DELETE FROM stripe_endpoint WHERE account = ?');
  const insertEndpoint = db.prepare('INSERT OR IGNORE INTO stripe_endpoint VALUES (?, ?, ?)');
  const upsertObject = db.prepare(
    `INSERT INTO stripe_object (id, account, kind, created, due_at, json) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET json = excluded.json, due_at = excluded.due_at`,
  );
  const findObject = db.prepare('SELECT account, json FROM stripe_object WHERE id = ? AND kind = ?');
  const findAnyObject = db.prepare('SELECT json FROM stripe_object WHERE id = ? AND account = ?');
  const listObjects = db.prepare('SELECT json FROM stripe_object WHERE account = ? AND kind = ? ORDER BY sequence DESC');
  const listEveryObject = db.prepare('SELECT account, json FROM stripe_object WHERE kind = ? ORDER BY sequence DESC LIMIT ?');
  const listDue = db.prepare('SELECT id, account, kind FROM stripe_object WHERE due_at <= ? ORDER BY due_at, sequence LIMIT 100');
  const firstDue = db.prepare('SELECT min(due_at) AS at FROM stripe_object WHERE due_at IS NOT NULL');
  const findAnswer = db.prepare('SELECT * FROM stripe_answer WHERE account = ? AND key = ?');
  const deleteAnswers = db.prepare('DELETE FROM stripe_answer');
  const insertAnswer = db.prepare('INSERT OR REPLACE INTO stripe_answer VALUES (?, ?, ?, ?, ?, ?)');

  const toAccount = (row: Row | undefined): StripeAccount | undefined =>
    row && {
      secretKey: String(row.secret_key),
      id: String(row.id),
      webhookSecret: String(row.webhook_secret),
      webhookUrl: row.webhook_url === null ? null : String(row.webhook_url),
      enabledEvents: JSON.parse(String(row.enabled_events)) as string[],
    };
  const toObject = <T>(row: Row): T => JSON.parse(String(row.json)) as T;

  return {
    atomically: context.store.transaction,
    account: (secretKey: string) => toAccount(findAccount.get(secretKey)),
    accountById: (id: string) => toAccount(findAccountById.get(id)),
    saveAccount(account: Omit<StripeAccount, 'id'>): StripeAccount {
      const id = toAccount(findAccount.get(account.secretKey))?.id ?? makeId('acct_1', 16);
      upsertAccount.run(account.secretKey, id, account.webhookSecret, account.webhookUrl, JSON.stringify(account.enabledEvents));
      return { ...account, id };
    },
    /** Webhooks of the account beside its own. */
    endpoints: (accountId: string) => listEndpoints.all(accountId) as unknown as StripeEndpoint[],
    saveEndpoints(accountId: string, endpoints: readonly StripeEndpoint[]): void {
      removeEndpoints.run(accountId);
      for (const { url, secret } of endpoints) insertEndpoint.run(accountId, url, secret);
    },
    /** @param dueAt ms since epoch at which the far end acts on it by itself */
    put(accountId: string, object: StoredObject, dueAt: number | null = null): void {
      upsertObject.run(object.id, accountId, object.object, object.created, dueAt, JSON.stringify(object));
    },
    /** Any account's object: for pages and the control API, which know the id only. */
    find<T>(kind: string, id: string): { accountId: string; object: T } | undefined {
      const row = findObject.get(id, kind);
      return row && { accountId: String(row.account), object: toObject<T>(row) };
    },
    get<T>(accountId: string, kind: string, id: string): T | undefined {
      const row = findObject.get(id, kind);
      return row?.account === accountId ? toObject<T>(row) : undefined;
    },
    getAny(accountId: string, id: string): unknown {
      const row = findAnyObject.get(id, accountId);
      return row && toObject(row);
    },
    /** Newest first. */
    list: <T>(accountId: string, kind: string): T[] => listObjects.all(accountId, kind).map((row) => toObject<T>(row)),
    listEvery: <T>(kind: string, limit: number): T[] => listEveryObject.all(kind, limit).map((row) => toObject<T>(row)),
    due: (now: number) => listDue.all(now) as unknown as DueObject[],
    firstDueAt(): number | undefined {
      const at = firstDue.get()?.at;
      return typeof at === 'number' ? at : undefined;
    },
    answer(accountId: string, key: string): StoredAnswer | undefined {
      const row = findAnswer.get(accountId, key);
      return (
        row && {
          fingerprint: String(row.fingerprint),
          status: Number(row.status),
          body: String(row.body),
          requestId: String(row.request_id),
        }
      );
    },
    /** Stripe forgets its idempotency keys after a day; so can we, at once. */
    forgetAnswers: () => deleteAnswers.run(),
    saveAnswer(accountId: string, key: string, answer: StoredAnswer): void {
      insertAnswer.run(accountId, key, answer.fingerprint, answer.status, answer.body, answer.requestId);
    },
  };
}
