/** Rings after the answer: a burst of webhooks becomes a queue and not a crowd, and one ring a workflow is enough. */
import { type Rung, ringFor } from '../temporal/ring.ts';
import type { ApiContext } from './context.ts';

/** Whom to ring, and for which row. */
export interface Ring extends Rung {
  readonly inboxId: number;
}

export interface Ringer {
  /** Rings soon. What fails, and what is too much, is left to the relay. */
  ring(ring: Ring): void;
}

/** How many are rung at once. */
const width = 8;
/** How many wait their turn at most; the relay rings for the others, from their rows. */
const mostWaiting = 1_000;

export function createRinger({ door, log }: Pick<ApiContext, 'door' | 'log'>): Ringer {
  const waiting = new Map<string, Ring>();
  let ringing = 0;

  const ringOne = async (ring: Ring): Promise<void> => {
    try {
      await ringFor(door, ring);
    } catch (err) {
      log.warn({ err, inboxId: ring.inboxId }, 'not rung; the relay will');
    }
  };

  const ringNext = async (): Promise<void> => {
    ringing += 1;
    for (let next = waiting.entries().next().value; next; next = waiting.entries().next().value) {
      const [key, ring] = next;
      // From here on a new event of the same object needs a ring of its own: this one may have been answered before it was stored.
      waiting.delete(key);
      await ringOne(ring);
    }
    ringing -= 1;
  };

  return {
    ring(ring) {
      if (waiting.size >= mostWaiting) return;
      // A closed order makes strays of its money, one for each object: two objects of one order are two rings.
      waiting.set(`${ring.provider}:${ring.shopId}:${ring.objectId}:${ring.about?.noun}:${ring.about?.code}`, ring);
      if (ringing < width) void ringNext();
    },
  };
}
