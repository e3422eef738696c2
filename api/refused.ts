/** What was refused a moment ago, so that a flood of refused bodies asks PostgreSQL for nothing once its rows are there. */

export interface Refused {
  has(eventId: string): boolean;
  add(eventId: string): void;
}

/** An id holds its minute (see refusedEventId), so what is older than a minute is asked for no more. */
const rememberedMs = 60_000;
/** Bodies that differ are nobody's to hold in memory: past this they only cost their row again. */
const mostRemembered = 10_000;

export function createRefused(): Refused {
  let known = new Set<string>();
  let begunAt = Date.now();
  return {
    has: (eventId) => known.has(eventId),
    add(eventId) {
      const now = Date.now();
      if (now - begunAt > rememberedMs || known.size >= mostRemembered) {
        known = new Set();
        begunAt = now;
      }
      known.add(eventId);
    },
  };
}
