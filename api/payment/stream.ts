/** A payment's status as server-sent events: what it is, then every change, until it is final. */
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { PaymentState } from '../../db/repositories/payment-state.ts';
import { isFinal, type MakeLink, markOf, toStatusAnswer } from './answer.ts';
import type { Feed } from './feed.ts';

/** A quiet stream says that it is there, for proxies and to notice readers who left, ms. */
const heartbeatMs = 15_000;
/** The longest a stream lives; its reader comes again and goes on where it was, ms. */
const lifeMs = 15 * 60_000;
const comeAgainMs = 3_000;

export function streamStatus(
  c: Context,
  { state, feed, makeLink, signal, ended }: { state: PaymentState; feed: Feed; makeLink: MakeLink; signal: AbortSignal; ended: () => void },
): Response {
  const seen = c.req.header('last-event-id');
  // There is nothing to come: a reader that goes on by itself stops here.
  if (isFinal(state) && seen === markOf(state)) {
    ended();
    return c.body(null, 204);
  }
  c.header('cache-control', 'no-store');
  c.header('x-accel-buffering', 'no');
  return streamSSE(c, async (stream) => {
    let newest: PaymentState | undefined = seen === markOf(state) ? undefined : state;
    let wake = () => {};
    const stop = feed(state, (changed) => {
      newest = changed;
      wake();
    });
    const leave = () => wake();
    signal.addEventListener('abort', leave);
    const over = () => {
      stop();
      signal.removeEventListener('abort', leave);
      ended();
    };
    // A write to who left before reading never ends: what is held for them is let go here.
    stream.onAbort(() => {
      over();
      wake();
    });
    const until = performance.now() + lifeMs;
    try {
      await stream.write(`retry: ${comeAgainMs}\n\n`);
      while (!stream.aborted && !signal.aborted && performance.now() < until) {
        const told = newest;
        newest = undefined;
        if (told) {
          await stream.writeSSE({ event: 'status', id: markOf(told), data: JSON.stringify(await toStatusAnswer(told, makeLink)) });
          if (isFinal(told)) return;
        }
        if (newest) continue;
        const isQuiet = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(true), heartbeatMs);
          wake = () => {
            clearTimeout(timer);
            resolve(false);
          };
        });
        if (isQuiet) await stream.write(': still here\n\n');
      }
    } finally {
      over();
    }
  });
}
