/** Accidents asked for in advance, kept in the sandbox's file until they have struck. */
import { z } from 'zod';
import type { SandboxStore } from './store.ts';

const apiFaults = ['429', '500', 'timeoutBefore', 'timeoutAfter', 'forbidden', 'late'] as const;
const webhookFaults = ['lose', 'duplicate', 'reorder', 'late', 'wrongSignature', 'reserialised', 'timeoutAfter'] as const;
/** Who only answers has no effect to lose. */
const answerFaults = ['429', '500', 'timeoutBefore', 'garbage'] as const;
const fits: Record<'telegram' | 'stripe' | 'nowpayments' | 'coingecko' | 'coinbase' | 'chain' | 'webhook', readonly string[]> = {
  telegram: apiFaults,
  stripe: ['429', '500', 'timeoutBefore', 'timeoutAfter'],
  nowpayments: ['429', '500', 'timeoutBefore', 'timeoutAfter'],
  coingecko: answerFaults,
  coinbase: answerFaults,
  chain: answerFaults,
  webhook: webhookFaults,
};

export type FaultTarget = keyof typeof fits;
export type FaultKind = (typeof apiFaults)[number] | (typeof answerFaults)[number] | (typeof webhookFaults)[number];

export const faultSchema = z
  .strictObject({
    target: z.enum(Object.keys(fits) as [FaultTarget, ...FaultTarget[]]),
    kind: z.enum([...new Set([...apiFaults, ...answerFaults, ...webhookFaults])] as [FaultKind, ...FaultKind[]]),
    /** A method of the far end (`sendMessage`, `POST /v1/refunds`); for webhooks `telegram`, `stripe` or `nowpayments`. Any when absent. */
    method: z.string().min(1).max(100).optional(),
    /** How many calls it strikes; with `duplicate`, how often the next webhook is sent. */
    times: z.number().int().min(1).max(100).default(1),
    /** Length of the wait the kind is about: retry-after, time-out, lateness. */
    seconds: z.number().min(0).max(3600).optional(),
  })
  .refine((fault) => fits[fault.target].includes(fault.kind), { path: ['kind'], message: 'does not happen to this target' });

export type Fault = z.infer<typeof faultSchema> & { readonly id: number };

export interface Faults {
  add(fault: z.infer<typeof faultSchema>): Fault;
  list(): Fault[];
  clear(): void;
  /**
   * Takes the oldest fault that fits. `getUpdates` is struck only by faults that name it, since bots call it all the time.
   * @param kinds when given, only these
   */
  take(target: FaultTarget, method: string, kinds?: readonly FaultKind[]): Fault | undefined;
}

export function createFaults(store: SandboxStore): Faults {
  const { db } = store;
  store.migrate(
    'fault-1',
    `CREATE TABLE fault (id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, kind TEXT NOT NULL, method TEXT,
       times INTEGER NOT NULL, seconds REAL) STRICT`,
  );
  const insert = db.prepare('INSERT INTO fault (target, kind, method, times, seconds) VALUES (?, ?, ?, ?, ?)');
  const select = db.prepare('SELECT * FROM fault ORDER BY id');
  const useOnce = db.prepare('UPDATE fault SET times = times - 1 WHERE id = ?');
  const remove = db.prepare('DELETE FROM fault WHERE id = ?');
  const list = () =>
    select.all().map((row) => ({
      id: Number(row.id),
      target: row.target as FaultTarget,
      kind: row.kind as FaultKind,
      method: (row.method as string | null) ?? undefined,
      times: Number(row.times),
      seconds: (row.seconds as number | null) ?? undefined,
    }));

  return {
    list,
    add(fault) {
      const { lastInsertRowid } = insert.run(fault.target, fault.kind, fault.method ?? null, fault.times, fault.seconds ?? null);
      return { ...fault, id: Number(lastInsertRowid) };
    },
    clear: () => db.exec('DELETE FROM fault'),
    take(target, method, kinds) {
      const fault = list().find(
        (one) =>
          one.target === target &&
          (!kinds || kinds.includes(one.kind)) &&
          (one.method === undefined ? method !== 'getUpdates' : one.method.toLowerCase() === method.toLowerCase()),
      );
      if (!fault) return undefined;
      // A duplicate is one accident, however many copies it makes.
      if (fault.times > 1 && fault.kind !== 'duplicate') useOnce.run(fault.id);
      else remove.run(fault.id);
      return fault;
    },
  };
}
