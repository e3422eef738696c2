/**
 * Webhooks on their way: kept in the sandbox's file until the shop has taken them, repeated as the real senders do. Deliveries of one lane
 * go one after the other; those without a lane go in parallel.
 */
import { createHash } from 'node:crypto';
import type { Fault, Faults } from './faults.ts';
import type { SandboxStore } from './store.ts';

export type DeliveryTarget = 'telegram' | 'stripe' | 'nowpayments';

export interface NewDelivery {
  readonly target: DeliveryTarget;
  /** Only loopback addresses are accepted. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Handed to the target's signer at each attempt. */
  readonly secret?: string | undefined;
  /** Deliveries of the same lane wait for each other. */
  readonly lane?: string;
  /** Handed back to the target's `onDelivered`. */
  readonly key?: string;
  readonly delaySeconds?: number;
  /** After this it is given up. */
  readonly lifeSeconds?: number;
}

export interface Delivery {
  readonly id: number;
  readonly target: DeliveryTarget;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret: string | undefined;
  readonly lane: string | undefined;
  readonly key: string | undefined;
  readonly attempts: number;
  readonly nextAt: number;
  readonly expiresAt: number;
  readonly lastError: string | undefined;
}

export interface DeliveryHandler {
  /** Headers that prove the sender, made anew for each attempt. @param seconds Unix time of sending */
  sign?(delivery: Delivery, seconds: number): Record<string, string>;
  /** The shop took it; runs in the transaction that forgets the delivery. */
  onDelivered?(delivery: Delivery, answer: string): void;
  onFailed?(delivery: Delivery, reason: string): void;
}

export interface Deliveries {
  /** Keeps it until it is taken; may be called inside a transaction of the store. */
  enqueue(delivery: NewDelivery): void;
  handle(target: DeliveryTarget, handler: DeliveryHandler): void;
  /** Forgets what waits in lanes beginning with `prefix`. */
  drop(prefix: string): void;
  /** Not yet taken, oldest first. */
  list(): Delivery[];
  /** Begins to send; until then deliveries only wait. */
  start(): void;
  /** Makes what waits due at once. @returns how many there are */
  hurry(): number;
  /** Sends nothing more; attempts under way are broken off and come again at the next start. */
  stop(): Promise<void>;
}

const attemptTimeoutMs = 15_000;
const backoffSeconds = [1, 2, 4, 8, 16, 32, 60];
const threeDaysSeconds = 3 * 24 * 3600;

/** The sandbox sends to this machine only. */
export function isLoopback(address: string): boolean {
  return URL.canParse(address) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);
}

export function createDeliveries({ store, faults, clock }: { store: SandboxStore; faults: Faults; clock: () => number }): Deliveries {
  const { db } = store;
  store.migrate(
    'delivery-1',
    `CREATE TABLE delivery (id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, url TEXT NOT NULL, headers TEXT NOT NULL,
       body TEXT NOT NULL, secret TEXT, lane TEXT, key TEXT, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL,
       expires_at INTEGER NOT NULL, last_error TEXT) STRICT;
     CREATE INDEX delivery_next ON delivery (next_at);
     CREATE INDEX delivery_lane ON delivery (lane, id)`,
  );
  const insert = db.prepare(
    'INSERT INTO delivery (target, url, headers, body, secret, lane, key, next_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  // The head of each lane, and everything without one.
  const selectDue = db.prepare(
    `SELECT * FROM delivery WHERE next_at <= ? AND (lane IS NULL OR id = (SELECT min(id) FROM delivery AS other WHERE other.lane = delivery.lane))
     ORDER BY next_at, id LIMIT 200`,
  );
  const selectNext = db.prepare(
    `SELECT min(next_at) AS at FROM delivery WHERE next_at > ?
       AND (lane IS NULL OR id = (SELECT min(id) FROM delivery AS other WHERE other.lane = delivery.lane))`,
  );
  const selectAll = db.prepare('SELECT * FROM delivery ORDER BY id');
  const remove = db.prepare('DELETE FROM delivery WHERE id = ?');
  const removeLanes = db.prepare("DELETE FROM delivery WHERE lane LIKE ? ESCAPE '\\'");
  const postpone = db.prepare('UPDATE delivery SET attempts = ?, next_at = ?, last_error = ? WHERE id = ?');
  const handlers = new Map<DeliveryTarget, DeliveryHandler>();
  const inFlight = new Map<number, Promise<void>>();
  const stopping = new AbortController();
  let started = false;
  let timer: NodeJS.Timeout | undefined;
  let pending = false;

  function schedule(): void {
    if (!started || pending) return;
    pending = true;
    // After the caller's transaction, so that only what was committed is sent.
    setImmediate(() => {
      pending = false;
      if (started) pump();
    });
  }

  function pump(): void {
    clearTimeout(timer);
    const now = clock();
    for (const row of selectDue.all(now)) {
      const delivery = toDelivery(row);
      if (inFlight.has(delivery.id)) continue;
      if (delivery.expiresAt <= now) {
        remove.run(delivery.id);
        schedule();
        continue;
      }
      const attempt = send(delivery).finally(() => {
        inFlight.delete(delivery.id);
        schedule();
      });
      inFlight.set(delivery.id, attempt);
    }
    const next = selectNext.get(now)?.at;
    if (typeof next !== 'number') return;
    // Not longer than a minute, so that a clock set forward is noticed.
    timer = setTimeout(pump, Math.min(Math.max(next - clock(), 10), 60_000));
    timer.unref();
  }

  function later(delivery: Delivery, seconds: number, attempts: number, reason: string): void {
    postpone.run(attempts, clock() + Math.round(seconds * 1000), reason, delivery.id);
  }

  async function send(delivery: Delivery): Promise<void> {
    const fault = faults.take('webhook', delivery.target);
    if (fault && isHeldBack(fault)) {
      const seconds = fault.seconds ?? (fault.kind === 'reorder' ? 3 : 30);
      return later(delivery, seconds, delivery.attempts + (fault.kind === 'lose' ? 1 : 0), `fault: ${fault.kind}`);
    }
    const copies = fault?.kind === 'duplicate' ? fault.times : 1;
    const results = await Promise.all(Array.from({ length: copies }, () => attempt(delivery, fault?.kind)));
    const taken = fault?.kind === 'timeoutAfter' ? undefined : results.find((result) => result.ok);
    const handler = handlers.get(delivery.target);
    if (taken) {
      store.transaction(() => {
        if (remove.run(delivery.id).changes > 0) handler?.onDelivered?.(delivery, taken.answer);
      });
      return;
    }
    const reason = fault?.kind === 'timeoutAfter' ? 'fault: timeoutAfter' : (results[0]?.answer ?? '');
    store.transaction(() => {
      later(delivery, backoffSeconds[Math.min(delivery.attempts, backoffSeconds.length - 1)] ?? 60, delivery.attempts + 1, reason);
      handler?.onFailed?.(delivery, reason);
    });
  }

  async function attempt(delivery: Delivery, accident: Fault['kind'] | undefined): Promise<{ ok: boolean; answer: string }> {
    const signed = accident === 'wrongSignature' ? { ...delivery, secret: spoiled(delivery.secret) } : delivery;
    const signature = handlers.get(delivery.target)?.sign?.(signed, Math.floor(clock() / 1000));
    try {
      const response = await fetch(delivery.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...delivery.headers, ...signature },
        body: accident === 'reserialised' ? reserialised(delivery.body) : delivery.body,
        // A redirect might lead away from this machine, and the real senders follow none.
        redirect: 'manual',
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(attemptTimeoutMs)]),
      });
      const answer = await response.text();
      return response.ok ? { ok: true, answer } : { ok: false, answer: `Wrong response from the webhook: ${response.status}` };
    } catch (err) {
      return { ok: false, answer: err instanceof Error && err.name === 'TimeoutError' ? 'Read timeout expired' : 'Connection failed' };
    }
  }

  return {
    enqueue(delivery) {
      if (!isLoopback(delivery.url)) throw new Error('url: the sandbox sends to this machine only.');
      const now = clock();
      insert.run(
        delivery.target,
        delivery.url,
        JSON.stringify(delivery.headers ?? {}),
        delivery.body,
        delivery.secret ?? null,
        delivery.lane ?? null,
        delivery.key ?? null,
        now + Math.round((delivery.delaySeconds ?? 0) * 1000),
        now + (delivery.lifeSeconds ?? threeDaysSeconds) * 1000,
      );
      schedule();
    },
    handle: (target, handler) => void handlers.set(target, handler),
    drop: (prefix) => void removeLanes.run(`${prefix.replace(/[\\%_]/g, '\\$&')}%`),
    list: () => selectAll.all().map(toDelivery),
    start() {
      started = true;
      schedule();
    },
    hurry() {
      const count = Number(db.prepare('UPDATE delivery SET next_at = ?').run(clock()).changes);
      schedule();
      return count;
    },
    async stop() {
      started = false;
      clearTimeout(timer);
      stopping.abort();
      await Promise.allSettled(inFlight.values());
    },
  };
}

function isHeldBack(fault: Fault): boolean {
  return fault.kind === 'lose' || fault.kind === 'late' || fault.kind === 'reorder';
}

/** Another secret of the same form. */
function spoiled(secret: string | undefined): string | undefined {
  return secret === undefined ? undefined : `wrong${createHash('sha256').update(secret).digest('hex').slice(0, 24)}`;
}

/** The same values in other bytes, as a proxy sends that reads JSON and writes it again. */
function reserialised(body: string): string {
  const compact = JSON.stringify(JSON.parse(body));
  return compact === body ? JSON.stringify(JSON.parse(body), null, 1) : compact;
}

function toDelivery(row: Record<string, unknown>): Delivery {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    id: Number(row.id),
    target: row.target as DeliveryTarget,
    url: String(row.url),
    headers: JSON.parse(String(row.headers)) as Record<string, string>,
    body: String(row.body),
    secret: text(row.secret),
    lane: text(row.lane),
    key: text(row.key),
    attempts: Number(row.attempts),
    nextAt: Number(row.next_at),
    expiresAt: Number(row.expires_at),
    lastError: text(row.last_error),
  };
}
