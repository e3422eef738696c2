/** How much one customer, one token and one address may ask of this process. */
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../problem.ts';

/** Calls a minute, and streams open at once. */
export interface VisitLimits {
  /** From one address: many people may share one. */
  readonly address: number;
  /** Refused for their initData, from one address. */
  readonly refused: number;
  readonly customer: number;
  /** With one token of a shop's programs. */
  readonly token: number;
  /** Pictures, from one address: they come many at once, and each once. */
  readonly photos: number;
  /** Those that move money or ask for a nonce. */
  readonly money: number;
  readonly streams: number;
  /** Of all customers together. */
  readonly allStreams: number;
}

export const visitLimits: VisitLimits = {
  address: 600,
  refused: 30,
  customer: 120,
  token: 120,
  photos: 1_200,
  money: 40,
  streams: 5,
  allStreams: 2_000,
};

export function createLimits(limits: VisitLimits) {
  const perMinute = (points: number) => new RateLimiterMemory({ points, duration: 60 });
  const address = perMinute(limits.address);
  const refused = perMinute(limits.refused);
  const customer = perMinute(limits.customer);
  const token = perMinute(limits.token);
  const photos = perMinute(limits.photos);
  const money = perMinute(limits.money);
  const streams = new Map<number, number>();
  let open = 0;

  return {
    /** @throws Problem 429 */
    async fromAddress(client: string | undefined): Promise<void> {
      if (client === undefined) return;
      await consume(address, client, 'address');
      const guesses = await refused.get(client);
      if (guesses && guesses.consumedPoints >= limits.refused) throw tooMany('address', guesses);
    },
    async noteRefused(client: string | undefined): Promise<void> {
      if (client !== undefined) await refused.penalty(client);
    },
    /** @throws Problem 429 */
    async ofPhotos(client: string | undefined): Promise<void> {
      if (client !== undefined) await consume(photos, client, 'address');
    },
    /** @throws Problem 429 */
    ofCustomer: (customerId: number) => consume(customer, customerId, 'customer'),
    /** @throws Problem 429 */
    ofToken: (tokenId: number) => consume(token, tokenId, 'token'),
    /** @throws Problem 429 */
    ofMoney: (customerId: number) => consume(money, customerId, 'customer'),
    /** @returns what ends it @throws Problem 429 */
    beginStream(customerId: number): () => void {
      const own = streams.get(customerId) ?? 0;
      if (own >= limits.streams || open >= limits.allStreams) throw tooMany('customer', { msBeforeNext: 5_000 }, 'streams open at once');
      streams.set(customerId, own + 1);
      open += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        open -= 1;
        const left = (streams.get(customerId) ?? 1) - 1;
        if (left === 0) streams.delete(customerId);
        else streams.set(customerId, left);
      };
    },
  };
}

export type Limits = ReturnType<typeof createLimits>;

async function consume(limiter: RateLimiterAbstract, who: string | number, field: 'address' | 'customer' | 'token'): Promise<void> {
  try {
    await limiter.consume(who);
  } catch (err) {
    if (err instanceof RateLimiterRes) throw tooMany(field, err);
    throw err;
  }
}

function tooMany(field: string, { msBeforeNext }: { readonly msBeforeNext: number }, what = 'calls'): Problem {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
  const headers = { 'retry-after': String(seconds) };
  return new Problem(429, 'Too many', `${field}: too many ${what}; again in ${seconds} s`, { field, headers, more: { reason: 'TooMany' } });
}
