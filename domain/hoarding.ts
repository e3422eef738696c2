/** Limits against hoarding: who lets holds end unpaid again and again waits before units are kept for them once more. Pure. */

export interface HoldRules {
  /** So many holds that ended unpaid ... */
  readonly unpaidHoldLimit: number;
  /** ... within so many seconds ... */
  readonly unpaidHoldSeconds: number;
  /** ... and nothing scarce is kept for so many seconds after the last of them. */
  readonly coolDownSeconds: number;
}

/** How far back ends may matter: the longest window, the longest cool-down, and the longest order before either. Days. */
export const hoardingDays = 4;

/** A customer who cancels sooner after placing kept nobody from buying, seconds. */
export const harmlessCancelSeconds = 60;

/** Until when nothing scarce is kept for a customer whose holds ended unpaid at `ends`; undefined when they may go on. Times in ms since epoch. */
export function coolDownUntil(ends: readonly number[], rules: HoldRules, at: number): number | undefined {
  const { unpaidHoldLimit, unpaidHoldSeconds, coolDownSeconds } = rules;
  const newestFirst = [...ends].sort((a, b) => b - a);
  const last = newestFirst.find((end, index) => {
    const first = newestFirst[index + unpaidHoldLimit - 1];
    return first !== undefined && end - first <= unpaidHoldSeconds * 1000;
  });
  const until = last === undefined ? 0 : last + coolDownSeconds * 1000;
  return until > at ? until : undefined;
}
