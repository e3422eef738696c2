/** The far end's own memory, in the sandbox's file: accounts, payments and what was told of them, as JSON. */
import type { SandboxContext } from '../context.ts';

export interface Account {
  readonly apiKey: string;
  readonly ipnSecret: string;
  /** What the shop's money ends up as. */
  readonly outcomeCurrency: string;
  /** Coins switched on in the account. */
  readonly coins: readonly string[];
}

/** Amounts as decimal strings, as they are written. */
export interface StoredPayment {
  readonly payment_id: string;
  readonly parent_payment_id: string | null;
  readonly apiKey: string;
  payment_status: string;
  readonly pay_address: string;
  readonly payin_extra_id: string | null;
  readonly price_amount: number;
  readonly price_currency: string;
  readonly pay_amount: number;
  readonly pay_currency: string;
  actually_paid: number;
  outcome_amount: number | null;
  readonly outcome_currency: string;
  readonly order_id: string | null;
  readonly order_description: string | null;
  readonly ipn_callback_url: string | null;
  readonly purchase_id: string;
  payment_extra_ids: string[] | null;
  readonly created_at: string;
  updated_at: string;
  /** Statuses still to come, each so many seconds after the one before. */
  next: { status: string; seconds: number }[];
}

const schema = `
  CREATE TABLE nowpayments_account (api_key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE nowpayments_payment (
    id INTEGER PRIMARY KEY AUTOINCREMENT, payment_id TEXT NOT NULL UNIQUE, order_id TEXT, due_at INTEGER, json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX nowpayments_payment_order ON nowpayments_payment (order_id);
  CREATE INDEX nowpayments_payment_due ON nowpayments_payment (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE nowpayments_notice (id INTEGER PRIMARY KEY AUTOINCREMENT, payment_id TEXT NOT NULL, body TEXT NOT NULL) STRICT;
`;

export type NowPaymentsStore = ReturnType<typeof openNowPaymentsStore>;

export function openNowPaymentsStore({ store }: SandboxContext) {
  const { db } = store;
  store.migrate('nowpayments-1', schema);
  const upsertAccount = db.prepare(
    'INSERT INTO nowpayments_account VALUES (?, ?) ON CONFLICT (api_key) DO UPDATE SET json = excluded.json',
  );
  const findAccount = db.prepare('SELECT json FROM nowpayments_account WHERE api_key = ?');
  const upsertPayment = db.prepare(
    `INSERT INTO nowpayments_payment (payment_id, order_id, due_at, json) VALUES (?, ?, ?, ?)
     ON CONFLICT (payment_id) DO UPDATE SET due_at = excluded.due_at, json = excluded.json`,
  );
  const findPayment = db.prepare('SELECT json FROM nowpayments_payment WHERE payment_id = ?');
  const listOfOrder = db.prepare('SELECT json FROM nowpayments_payment WHERE order_id = ? ORDER BY id');
  const listNewest = db.prepare('SELECT json FROM nowpayments_payment ORDER BY id DESC LIMIT ?');
  const listDue = db.prepare('SELECT json FROM nowpayments_payment WHERE due_at <= ? ORDER BY due_at LIMIT 100');
  const firstDue = db.prepare('SELECT min(due_at) AS at FROM nowpayments_payment WHERE due_at IS NOT NULL');
  const lastId = db.prepare('SELECT coalesce(max(id), 0) AS id FROM nowpayments_payment');
  const insertNotice = db.prepare('INSERT INTO nowpayments_notice (payment_id, body) VALUES (?, ?)');
  const listNotices = db.prepare('SELECT body FROM nowpayments_notice WHERE payment_id = ? ORDER BY id');
  const parse = <Value>(row: Record<string, unknown> | undefined) => (row ? (JSON.parse(String(row.json)) as Value) : undefined);

  return {
    transaction: store.transaction,
    saveAccount: (account: Account) => void upsertAccount.run(account.apiKey, JSON.stringify(account)),
    account: (apiKey: string) => parse<Account>(findAccount.get(apiKey)),
    /** @param dueAt ms since epoch of its next status */
    save: (payment: StoredPayment, dueAt: number | null) =>
      void upsertPayment.run(payment.payment_id, payment.order_id, dueAt, JSON.stringify(payment)),
    payment: (paymentId: string) => parse<StoredPayment>(findPayment.get(paymentId)),
    ofOrder: (orderId: string) => listOfOrder.all(orderId).map((row) => parse<StoredPayment>(row) as StoredPayment),
    newest: (limit: number) => listNewest.all(limit).map((row) => parse<StoredPayment>(row) as StoredPayment),
    due: (now: number) => listDue.all(now).map((row) => parse<StoredPayment>(row) as StoredPayment),
    firstDueAt(): number | undefined {
      const at = firstDue.get()?.at;
      return typeof at === 'number' ? at : undefined;
    },
    /** Ids of ten digits, as the real ones. */
    nextPaymentId: () => String(5_000_000_000 + Number(lastId.get()?.id ?? 0) * 7 + 1),
    keepNotice: (paymentId: string, body: string) => void insertNotice.run(paymentId, body),
    notices: (paymentId: string) => listNotices.all(paymentId).map((row) => String(row.body)),
  };
}
