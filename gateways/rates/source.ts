/** What every source of rates is, and how it is asked: one call, and an answer that is hostile until parsed. */
import { z } from 'zod';
import type { RateSourceName } from '../../domain/rate.ts';
import { GatewayError } from '../payments/provider.ts';

/** Prices by pair (`BTC/PLN`): what one unit of the first costs in the second, as decimal strings. A pair the source does not have is absent. */
export type PriceList = Readonly<Record<string, string>>;

export interface RateSource {
  readonly name: RateSourceName;
  /** Prices of all pairs for shops with these currencies. @throws GatewayError when the source fails, refuses or makes no sense */
  read(currencies: readonly string[]): Promise<PriceList>;
}

const answerWithinMs = 8_000;
/** Both sources' whole answers are some 20 kB. */
const longestAnswer = 1_000_000;
/** Nobody is waited for longer than until the next refresh, ms. */
const mostRetryAfterMs = 60_000;

/** A JSON number as it is written: as a float it would be another number. */
export const writtenNumber = z.string().regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/, 'no number');

/** Asks a source and parses its answer. @throws GatewayError naming the source and the field */
export async function askSource<Schema extends z.ZodType>(source: string, url: URL, schema: Schema): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(parseJson(source, await fetchText(source, url)));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GatewayError(`${source}: ${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'does not fit'}`, { retryable: true });
}

async function fetchText(source: string, url: URL): Promise<string> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    if (response.ok) return await readText(source, response);
    await response.body?.cancel();
    const wait = Number(response.headers.get('retry-after'));
    const retryAfter = wait > 0 ? Math.min(wait * 1_000, mostRetryAfterMs) : undefined;
    throw new GatewayError(`${source}: status ${response.status}`, { retryable: true, retryAfter });
  } catch (err) {
    if (err instanceof GatewayError) throw err;
    const words = err instanceof Error && err.name === 'TimeoutError' ? 'no answer in time' : 'no connection';
    throw new GatewayError(`${source}: ${words}`, { retryable: true, cause: err });
  }
}

async function readText(source: string, { body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > longestAnswer)
      throw new GatewayError(`${source}: answer: longer than ${longestAnswer} characters`, { retryable: true });
  }
  return text;
}

function parseJson(source: string, text: string): unknown {
  // The third argument, a number's own text, is newer than the types.
  const reviver = (_key: string, value: unknown, context?: { source?: string }) => (typeof value === 'number' ? context?.source : value);
  try {
    return JSON.parse(text, reviver);
  } catch {
    throw new GatewayError(`${source}: answer: not JSON`, { retryable: true });
  }
}
