/** The one door into workflows: a connection to Temporal with the names of this deployment's task queues. */
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';

export interface Door {
  readonly client: Client;
  readonly connection: Connection;
  readonly queues: { readonly orders: string; readonly background: string };
  close(): Promise<void>;
}

/** Names of the task queues: `orders` (order, stray, delivery, refund) and `background` (the rest). */
export function queueNames(queuePrefix: string) {
  return { orders: `${queuePrefix}orders`, background: `${queuePrefix}background` };
}

/** An id that names no business of its own, for this deployment: those that share a namespace keep theirs apart as their queues. */
export function ownId({ queues }: Pick<Door, 'queues'>, id: string): string {
  return queues.background.replace(/background$/, id);
}

/** Opens the door without waiting for the server: calls fail or reach their deadline while it is away, and work again when it is back. */
export function openDoor(config: Pick<Config, 'temporal'>): Door {
  const retries = createRetries();
  const { address, namespace, queuePrefix } = config.temporal;
  const connection = Connection.lazy({ address, connectTimeout: 5_000, interceptors: [retries.interceptor] });
  const client = new Client({ connection, namespace });
  const close = async () => {
    await retries.end();
    await connection.close();
  };
  return { client, connection, queues: queueNames(queuePrefix), close };
}

/** How long the end of a door waits for repeated calls, ms. */
const mostWaitMs = 5_000;

/** The SDK's own repeating of calls, which ends in order: its timers throw, where nobody can catch it, when the channel is gone. */
function createRetries() {
  const usual = defaultGrpcRetryOptions();
  let ended = false;
  let lastAt = 0;
  const interceptor = makeGrpcRetryInterceptor({
    ...usual,
    retryableDecider: (attempt, status) => !ended && usual.retryableDecider(attempt, status),
    delayFunction(attempt, status) {
      const delayMs = usual.delayFunction(attempt, status);
      lastAt = Math.max(lastAt, performance.now() + delayMs);
      return delayMs;
    },
  });
  return {
    interceptor,
    /** Repeats nothing from here on, and lets those go that are about to be repeated. */
    async end(): Promise<void> {
      ended = true;
      const waitMs = Math.min(mostWaitMs, lastAt - performance.now());
      if (waitMs > 0) await sleep(waitMs + 20);
    },
  };
}
