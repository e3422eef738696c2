/**
 * Telegram's limits, kept on our side: 30 calls a second a bot, one message a second a chat with a small burst, 20 messages a minute a
 * group, a chat's messages in order, and silence of the whole bot after a 429. Per process: when several processes speak for one bot,
 * the 429 is what brings them back in line.
 */
import type { Transformer } from 'grammy';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LimitOptions {
  /** How long a call may wait for its turn; what would wait longer fails at once with `retryAfter`. Seconds. */
  readonly patienceSeconds: number;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
}

/** A bucket that hands out turns, also those to come: whoever waits for one has it, so that nobody overtakes and a crowd is spread. */
class Bucket {
  private level: number;
  private at: number;
  private readonly capacity: number;
  private readonly perMs: number;

  constructor(capacity: number, perSecond: number, now: number) {
    this.capacity = capacity;
    this.level = capacity;
    this.perMs = perSecond / 1_000;
    this.at = now;
  }

  /** Milliseconds until the next turn that nobody has, without taking it. */
  wait(now: number): number {
    this.fill(now);
    return this.level >= 1 ? 0 : Math.ceil((1 - this.level) / this.perMs);
  }

  /** Takes that turn, which may be one to come. */
  take(now: number): void {
    this.fill(now);
    this.level -= 1;
  }
  isFull(now: number): boolean {
    this.fill(now);
    return this.level >= this.capacity;
  }

  private fill(now: number): void {
    this.level = Math.min(this.capacity, this.level + Math.max(0, now - this.at) * this.perMs);
    this.at = now;
  }
}

interface Lane {
  readonly bucket: Bucket;
  tail: Promise<unknown>;
  waiting: number;
}

const mostIdleLanes = 5_000;

export interface Limits {
  readonly transformer: Transformer;
  /** How long a call to a chat that nothing waits for would wait now, ms. */
  wait(): number;
}

/** Limits of one bot, as a transformer of grammY's `Api`. */
export function limitCalls({ patienceSeconds, clock }: LimitOptions): Limits {
  const bot = new Bucket(30, 30, clock());
  const lanes = new Map<string, Lane>();
  let pausedUntil = 0;

  function laneOf(chatId: string): Lane {
    const known = lanes.get(chatId);
    if (known) return known;
    if (lanes.size >= mostIdleLanes) {
      for (const [id, lane] of lanes) if (lane.waiting === 0 && lane.bucket.isFull(clock())) lanes.delete(id);
    }
    const isGroup = chatId.startsWith('-') || chatId.startsWith('@');
    const bucket = isGroup ? new Bucket(4, 16 / 60, clock()) : new Bucket(4, 1, clock());
    const lane: Lane = { bucket, tail: Promise.resolve(), waiting: 0 };
    lanes.set(chatId, lane);
    return lane;
  }

  /** The whole bot's turn: silence first, then those who asked before. */
  const botWait = (now: number) => (pausedUntil > now ? pausedUntil - now : bot.wait(now));

  /**
   * Waits for a turn, in the order of those who ask. Calls of a `lane` come here one after the other.
   * @returns undefined, or the seconds to come back after when the wait would be too long
   */
  async function waitForTurn(lane: Bucket | undefined): Promise<number | undefined> {
    const until = clock() + patienceSeconds * 1_000;
    for (;;) {
      const now = clock();
      const before = Math.max(pausedUntil - now, lane?.wait(now) ?? 0);
      const wait = before > 0 ? before : botWait(now);
      if (wait > 0 && now + wait > until) return Math.ceil(wait / 1_000);
      if (before <= 0) {
        lane?.take(now);
        bot.take(now);
      }
      if (wait > 0) await sleep(wait);
      if (before > 0) continue;
      if (pausedUntil <= clock()) return undefined;
      // Telegram asked for silence while this one waited: the turn passed in it, and another comes after it.
    }
  }

  const limiter: Transformer = async (prev, method, payload, signal) => {
    const call = () => prev(method, payload, signal);
    if (!isLimited(method)) return noticePause(await call());
    const chatId = chatOf(payload);
    const lane = chatId === undefined ? undefined : laneOf(chatId);
    const counted = lane !== undefined && (!method.startsWith('edit') || chatId?.startsWith('-'));
    const turn = async () => {
      const seconds = await waitForTurn(counted ? lane.bucket : undefined);
      return seconds === undefined ? noticePause(await call()) : tooMany(seconds);
    };
    if (!lane) return turn();
    lane.waiting += 1;
    const result = lane.tail.then(turn).finally(() => {
      lane.waiting -= 1;
    });
    lane.tail = result.catch(() => undefined);
    return result;
  };

  function noticePause<Response extends { ok: boolean }>(response: Response): Response {
    const { error_code: code, parameters } = response as { error_code?: number; parameters?: { retry_after?: number } };
    if (!response.ok && code === 429) pausedUntil = Math.max(pausedUntil, clock() + (parameters?.retry_after ?? 1) * 1_000);
    return response;
  }

  return { transformer: limiter, wait: () => Math.max(0, botWait(clock())) };
}

function tooMany(seconds: number) {
  return {
    ok: false as const,
    error_code: 429,
    description: 'Too Many Requests: waiting for this bot’s turn',
    parameters: { retry_after: seconds },
  };
}

/** Answers to taps and pre-checkouts may never queue behind messages; reads and settings are few. */
function isLimited(method: string): boolean {
  return /^(send|edit|copy|forward|delete[Mm]essage)/.test(method);
}

function chatOf(payload: unknown): string | undefined {
  const chatId = (payload as { chat_id?: unknown } | undefined)?.chat_id;
  return typeof chatId === 'number' || typeof chatId === 'string' ? String(chatId) : undefined;
}
