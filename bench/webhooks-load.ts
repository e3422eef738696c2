/** Posts what providers would: as fast as it is answered, or at a pace that waits for nobody. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { RoundError } from './harness/correct.ts';
import { runAtOnce } from './numbers.ts';
import type { Post } from './webhooks-plan.ts';

/** Where each of the two providers posts to. */
export type Target = Readonly<Record<Post['to'], string>>;

export interface Load {
  /** Posts at most `width` at once, the next as soon as one is answered. @returns posts a second */
  postAll(target: Target, posts: readonly Post[], width: number): Promise<number>;
  /** Posts `perSecond` whatever the answers do. @returns how long each took from when it was due, ms */
  postAtPace(target: Target, posts: readonly Post[], perSecond: number): Promise<number[]>;
  close(): void;
}

/** @param mostSockets more than these wait for each other, as they would for providers */
export function createLoad(mostSockets: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: mostSockets });

  const post = (one: Post, target: Target): Promise<void> => {
    const { to, body, headers, status } = one;
    return new Promise<void>((resolve, reject) => {
      const length = { 'content-length': Buffer.byteLength(body) };
      const sent = request(target[to], { method: 'POST', agent, headers: { ...headers, ...length } }, (response) => {
        response.on('error', reject).on('end', () => {
          if (response.statusCode === status) resolve();
          else reject(new RoundError(`${target[to]} answered ${response.statusCode} instead of ${status} to ${body.slice(0, 200)}`));
        });
        response.resume();
      });
      // A connection that was kept may be closed by the other end just when it is used again: providers then post anew.
      const again = (err: NodeJS.ErrnoException) =>
        sent.reusedSocket && err.code === 'ECONNRESET' ? post(one, target).then(resolve, reject) : reject(err);
      sent.on('error', again).end(body);
    });
  };

  return {
    async postAll(target, posts, width) {
      const seconds = await runAtOnce(posts.length, width, (index) => post(posts[index] as Post, target));
      return posts.length / seconds;
    },
    async postAtPace(target, posts, perSecond) {
      const begun = performance.now();
      const took: number[] = [];
      const answers: Promise<void>[] = [];
      for (const [index, one] of posts.entries()) {
        // Due by the clock, so that a late start is part of what was waited.
        const due = begun + (1_000 * index) / perSecond;
        const wait = due - performance.now();
        if (wait > 1) await sleep(wait);
        const answered = post(one, target).then(() => void took.push(performance.now() - due));
        // Looked at when all are out; until then a failure is nobody's.
        answered.catch(() => undefined);
        answers.push(answered);
      }
      await Promise.all(answers);
      return took;
    },
    close: () => agent.destroy(),
  };
}
