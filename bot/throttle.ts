/** Two messages and five taps a second a person; in memory, since it only has to keep one person's hands off everybody's bot. */

const windowMs = 1_000;
const limits = { message: 2, tap: 5 } as const;
/** How often a person is asked to slow down, ms. */
const askEveryMs = 3_000;
/** People remembered before those that were quiet are forgotten. */
const peopleLimit = 10_000;

interface Pace {
  message: number[];
  tap: number[];
  askedAt: number;
}

export type Verdict = 'go' | 'ask' | 'ignore';

export function createThrottle() {
  const people = new Map<string, Pace>();

  function forgetQuiet(now: number): void {
    for (const [who, pace] of people) {
      const last = Math.max(pace.message.at(-1) ?? 0, pace.tap.at(-1) ?? 0, pace.askedAt);
      if (now - last > askEveryMs) people.delete(who);
    }
  }

  /** Whether to go on; `ask`: say kindly that it was too fast, `ignore`: that was said a moment ago. `now` in ms. */
  return function pace(who: string, what: 'message' | 'tap', now: number): Verdict {
    let known = people.get(who);
    if (!known) {
      if (people.size >= peopleLimit) forgetQuiet(now);
      known = { message: [], tap: [], askedAt: Number.NEGATIVE_INFINITY };
      people.set(who, known);
    }
    known[what] = known[what].filter((at) => now - at < windowMs);
    if (known[what].length < limits[what]) {
      known[what].push(now);
      return 'go';
    }
    // A tap is always answered, it has no other sign of life.
    if (what === 'tap') return 'ask';
    if (now - known.askedAt < askEveryMs) return 'ignore';
    known.askedAt = now;
    return 'ask';
  };
}
