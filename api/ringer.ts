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

/** How many are rung at once: each is waited for until its workflow has done what it rang for. */
const width = 32;
/** How many wait their turn at most; the relay rings for the others, from their rows. */
const mostWaiting = 1_000;

export function createRinger({ door, log }: Pick<ApiContext, 'door' | 'log'>): Ringer {
  const waiting = new Map<string, Ring>();
  // Workflows at the door of which somebody stands: one ring at a time is answered sooner than many at once.
  const rung = new Set<string>();
  let ringing = 0;

  const ringOne = async (ring: Ring): Promise<void> => {
    try {
      await ringFor(door, ring, 'update');
    } catch (err) {
      log.warn({ err, inboxId: ring.inboxId }, 'not rung; the relay will');
    }
  };

  const takeNext = (): Ring | undefined => {
    for (const [key, ring] of waiting) {
      if (rung.has(workflowOf(ring))) continue;
      // From here on a new event of the same object needs a ring of its own: this one may have been answered before it was stored.
      waiting.delete(key);
      return ring;
    }
    return undefined;
  };

  const ringNext = async (): Promise<void> => {
    ringing += 1;
    for (let next = takeNext(); next; next = takeNext()) {
      const workflow = workflowOf(next);
      rung.add(workflow);
      await ringOne(next);
      rung.delete(workflow);
    }
    ringing -= 1;
  };

  return {
    ring(ring) {
      if (waiting.size >= mostWaiting) return;
      // A closed order makes strays of its money, one for each object: two objects of one order are two rings.
      waiting.set(`${objectOf(ring)}:${workflowOf(ring)}`, ring);
      if (ringing < width) void ringNext();
    },
  };
}

const objectOf = ({ provider, shopId, objectId }: Ring) => `${provider}:${shopId}:${objectId}`;
const workflowOf = (ring: Ring) => (ring.about ? `${ring.about.noun}:${ring.about.code}` : objectOf(ring));
