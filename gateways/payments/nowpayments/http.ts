/** Calls to NOWPayments' API: one attempt each, answers parsed, errors in our words without anything secret. */
import type { z } from 'zod';
import { GatewayError, type ProviderCredentials } from '../provider.ts';
import { parseExactly } from './json.ts';

const timeoutMs = 10_000;
const mostBytes = 1_000_000;
const realRoot = 'https://api.nowpayments.io';

export interface Call<Answer> {
  /** For the messages of errors, e.g. `open`. */
  readonly verb: string;
  readonly method: 'GET' | 'POST';
  /** From `/v1/` on. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly shape: z.ZodType<Answer>;
}

export type NowPaymentsClient = <Answer>(credentials: ProviderCredentials, call: Call<Answer>) => Promise<Answer>;

/** @param apiRoot where `/v1` lives; NOWPayments itself when absent */
export function createClient(apiRoot: string = realRoot): NowPaymentsClient {
  return async (credentials, { verb, method, path, body, shape }) => {
    const { apiKey } = credentials.keys;
    if (!apiKey) throw new GatewayError('apiKey: none is set for this NOWPayments account.', { retryable: false });
    let status: number;
    let text: string;
    let retryAfter: number | undefined;
    try {
      const response = await fetch(`${apiRoot}${path}`, {
        method,
        headers: { 'x-api-key': apiKey, ...(body && { 'content-type': 'application/json' }) },
        // It answers itself: who sends us elsewhere would get the key.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        ...(body && { body: JSON.stringify(body) }),
      });
      status = response.status;
      const seconds = Number(response.headers.get('retry-after'));
      retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
      text = (await response.text()).slice(0, mostBytes);
    } catch (err) {
      throw new GatewayError(`NOWPayments ${verb} (no answer): ${explain(err)}`, { retryable: true });
    }
    if (status < 200 || status >= 300) {
      const retryable = status === 408 || status === 429 || status >= 500;
      throw new GatewayError(`NOWPayments ${verb} (${status}): ${tellRefusal(text)}`, { retryable, retryAfter, isUnknown: status === 404 });
    }
    const parsed = shape.safeParse(parseOrNothing(text));
    if (parsed.success) return parsed.data;
    const words = parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'body'}: ${message}`).join('; ');
    throw new GatewayError(`NOWPayments ${verb}: an answer that does not fit: ${clean(words)}`, { retryable: true });
  };
}

function parseOrNothing(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/** `code` and `message` of a refusal. */
function tellRefusal(text: string): string {
  const body = parseOrNothing(text);
  const { code, message } = typeof body === 'object' && body !== null ? (body as { code?: unknown; message?: unknown }) : {};
  return clean([code, message].filter((part) => typeof part === 'string').join(' ') || 'no reason given');
}

function explain(err: unknown): string {
  return err instanceof Error ? clean(err.name === 'TimeoutError' ? 'timed out' : err.message) : 'failed';
}

/** Addresses and odd characters never reach logs or Temporal's histories. */
function clean(text: string): string {
  return text
    .replaceAll(/https?:\/\/\S+/g, '(address)')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, 300);
}
