/** Words of the bar: how a status is told and coloured, how long a hold still runs, whether the workers are back. */
import type { Child, Timeline } from '../bar-contract.ts';

export type Tone = 'good' | 'busy' | 'waiting' | 'bad';

/** The code of an order or a deposit told last in the open chat; that is the one staff are looking at. */
export function lastMentionedCode(messages: { text?: string }[]): string | undefined {
  for (const { text } of [...messages].reverse()) {
    const codes = text?.match(/(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}(?![\w-])/g);
    if (codes) return codes[0];
  }
  return undefined;
}

/** `awaitingPayment` → `Awaiting payment`; words with spaces stay as they are. */
export function tellStatus(name: string): string {
  const words = /\s/.test(name)
    ? name
    : name
        .replace(/([a-z\d])([A-Z])/g, '$1 $2')
        .replace(/[-_]/g, ' ')
        .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function toneOfStatus(status: string): Tone {
  if (/^(delivered|credited|partial)$/i.test(status)) return 'good';
  if (/cancel|expire|refund|fail|unfulfillable|reject|revers/i.test(status)) return 'bad';
  if (/^(await|opened|waiting)/i.test(status)) return 'waiting';
  return 'busy';
}

/** Whether nothing more is expected to happen by itself. */
export function isFinal(status: string): boolean {
  const tone = toneOfStatus(status);
  return tone === 'good' || tone === 'bad';
}

/** Seconds left to pay and the part of them that is left (0-1); undefined when that no longer counts. */
export function timeLeft(timeline: Timeline, nowMs: number): { seconds: number; part: number } | undefined {
  if (!timeline.payUntil || isFinal(timeline.status)) return undefined;
  const end = Date.parse(timeline.payUntil);
  const start = Date.parse(timeline.steps[0]?.at ?? '');
  const seconds = (end - nowMs) / 1000;
  if (!(seconds > 0)) return undefined;
  const whole = (end - start) / 1000;
  return { seconds, part: whole > 0 ? Math.min(1, seconds / whole) : 1 };
}

const isWorker = (child: Child) => /worker/.test(child.name);

/** Process ids of the running workers. */
export function workerPids(children: Child[]): number[] {
  return children.filter((child) => isWorker(child) && child.state === 'running').flatMap((child) => child.pid ?? []);
}

/** Whether every worker runs again under a process id it did not have before the kill. */
export function areWorkersBack(children: Child[], killedPids: number[]): boolean {
  const pids = workerPids(children);
  return pids.length > 0 && pids.length >= children.filter(isWorker).length && pids.every((pid) => !killedPids.includes(pid));
}
