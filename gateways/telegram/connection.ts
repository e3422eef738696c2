/** How Telegram is reached: by itself, over connections that are kept while they are used. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/**
 * An idle connection is given up after this, or a second before the time the other end announces (which Node heeds only where there is a time of our
 * own), ms. Whoever writes to one that the other end gives up in the same instant has no answer: a secret would wait behind a button then,
 * because it may have been sent.
 */
const idleMs = 10_000;
const kept = { keepAlive: true, timeout: idleMs };
const http = new HttpAgent(kept);
const https = new HttpsAgent(kept);

/** Telegram answers itself: who sends us elsewhere would get the token, or have us call what only we can reach. */
export const direct = { redirect: 'error' } as const;

/** grammY's settings of its calls to `apiRoot`; to Telegram itself when it is absent. */
export function reach(apiRoot: string | undefined) {
  return { ...direct, agent: apiRoot?.startsWith('http:') ? http : https };
}
