/** Whether the thread the workflows run in still turns, seen from the process around it. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setEnvironmentData } from 'node:worker_threads';

/** Under which name threads started later find the pulse. */
export const pulseKey = 'tillflow:workflow-pulse';
/** How often the thread says that it turns, ms. */
export const pulseEveryMs = 250;
/** How long it may say nothing; a deploy on a busy machine is silent for a second or two. */
const mostSilenceMs = 15_000;
/** How long the SDK's own guard stays after a workflow held the thread, ms. */
const guardedForMs = 3_600_000;

export interface Pulse {
  readonly beats: SharedArrayBuffer;
  /** The SDK watches every call, because a workflow held the thread lately. */
  readonly guarded: boolean;
}

export function isPulse(value: unknown): value is Pulse {
  return typeof value === 'object' && value !== null && 'beats' in value && value.beats instanceof SharedArrayBuffer;
}

interface Watch {
  readonly dataDir: string;
  /** Ends the process. */
  readonly stalled: () => void;
  readonly silenceMs?: number;
}

/**
 * Offers the pulse to threads started from here on, and watches it from its first beat on. A thread that stands still ends this process
 * through `stalled`, and leaves a mark in `dataDir` for the next.
 */
export function watchWorkflowThread({ dataDir, stalled, silenceMs = mostSilenceMs }: Watch): void {
  const mark = join(dataDir, 'workflow-stalled');
  const pulse: Pulse = { beats: new SharedArrayBuffer(4), guarded: ageOf(mark) < guardedForMs };
  setEnvironmentData(pulseKey, pulse as never);
  const beats = new Int32Array(pulse.beats);
  let seen = 0;
  let seenAt = performance.now();
  let lookedAt = performance.now();
  setInterval(() => {
    const now = performance.now();
    const beat = Atomics.load(beats, 0);
    // A machine that slept, or this thread itself held up, is no silence of the other.
    if (beat !== seen || beat === 0 || now - lookedAt > 5 * pulseEveryMs) {
      seen = beat;
      seenAt = now;
    } else if (now - seenAt > silenceMs) {
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(mark, new Date().toISOString());
      stalled();
    }
    lookedAt = now;
  }, pulseEveryMs).unref();
}

function ageOf(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
