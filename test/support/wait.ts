/** Waiting that works in vitest and outside it. */
import { setTimeout as sleep } from 'node:timers/promises';

let patience = 1;

/** Multiplies how long everything is waited for in this process: where workers are killed, what takes a second takes many. */
export function setPatience(factor: number): void {
  patience = factor;
}

/** Whether workers are killed around this process: an answer may die with one. */
export const mayLoseAnswers = (): boolean => patience > 1;

/** A time to wait, with the patience of this process. */
export const withPatience = (ms: number): number => ms * patience;

/** Looks until it does not throw. @throws what the last look threw, when the time is over */
export async function waitFor<Found>(look: () => Promise<Found>, options: { timeout: number; interval?: number }): Promise<Found> {
  const until = performance.now() + withPatience(options.timeout);
  for (;;) {
    try {
      return await look();
    } catch (err) {
      if (performance.now() > until) throw err;
    }
    await sleep(options.interval ?? 100);
  }
}

/** Asks again while nobody answers in time. Commands with the same ids may be repeated; workers that are being killed answer late. */
export async function untilAnswered<Answer extends object>(ask: () => Promise<Answer>): Promise<Exclude<Answer, { later: true }>> {
  const until = performance.now() + withPatience(20_000);
  for (;;) {
    const answer = await ask();
    if (!('later' in answer)) return answer as Exclude<Answer, { later: true }>;
    if (performance.now() > until) throw new Error('Nobody answered');
  }
}
