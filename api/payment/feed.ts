/**
 * What becomes of payments, for all who watch in this process: one statement a second for all of them together, none while nobody watches.
 * PostgreSQL's own notices would be cheaper still to read, but they make every writer wait for every other.
 */
import { type PaymentState, readPaymentStates } from '../../db/repositories/payment-state.ts';
import type { ApiContext } from '../context.ts';
import { markOf } from './answer.ts';

export const lookEveryMs = 1_000;

type Listener = (state: PaymentState) => void;

interface Watched {
  mark: string;
  readonly listeners: Set<Listener>;
}

export function createFeed({ db, log }: Pick<ApiContext, 'db' | 'log'>) {
  const watched = new Map<string, Watched>();
  let looking = false;

  async function look(): Promise<void> {
    for (const state of await readPaymentStates(db.em.fork(), [...watched.keys()])) {
      const known = watched.get(state.id);
      const mark = markOf(state);
      if (!known || known.mark === mark) continue;
      known.mark = mark;
      for (const listener of known.listeners) listener(state);
    }
  }

  async function lookWhileWatched(): Promise<void> {
    looking = true;
    while (watched.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      try {
        if (watched.size > 0) await look();
      } catch (err) {
        // Whoever watches goes on; the next look tells what this one missed.
        log.warn({ err }, 'payments could not be looked at');
      }
    }
    looking = false;
  }

  /** Tells `listener` of every change from `state` on. @returns what ends it */
  return function watch(state: PaymentState, listener: Listener): () => void {
    const known = watched.get(state.id) ?? { mark: markOf(state), listeners: new Set<Listener>() };
    watched.set(state.id, known);
    known.listeners.add(listener);
    // Somebody else may have watched on: what this one has not seen yet is told by the next look.
    if (known.mark !== markOf(state)) known.mark = '';
    if (!looking) void lookWhileWatched();
    return () => {
      known.listeners.delete(listener);
      if (known.listeners.size === 0 && watched.get(state.id) === known) watched.delete(state.id);
    };
  };
}

export type Feed = ReturnType<typeof createFeed>;
