/** Faults asked for by the control API, as a client of Stripe meets them. */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { SandboxContext } from '../context.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const failures: Readonly<Record<'429' | '500', Answer>> = {
  429: {
    status: 429,
    body: JSON.stringify({
      error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Request rate limit exceeded. Learn more about rate limits.' },
    }),
  },
  500: {
    status: 500,
    body: JSON.stringify({ error: { type: 'api_error', message: 'An unknown error occurred. (sandbox fault)' } }),
  },
};

/**
 * Answers with `respond`, or as the next fault wants: `429` and `500` instead of the effect, a cut connection before or after it.
 * @param respond given a refusal, answers with it; without one, does the work
 */
export async function withFaults(context: SandboxContext, c: Context, respond: (refusal?: Answer) => Response): Promise<Response> {
  const fault = context.faults.take('stripe', `${c.req.method} ${c.req.path.replace(/^.*\/v1/, '/v1')}`)?.kind;
  if (fault === '429') c.header('retry-after', '1');
  if (fault === '429' || fault === '500') return respond(failures[fault]);
  if (fault !== 'timeoutBefore' && fault !== 'timeoutAfter') return respond();
  if (fault === 'timeoutAfter') respond();
  const { outgoing } = c.env as { outgoing?: { destroy: () => void } };
  // What a client sees of a time-out, without its wait: the connection is gone and nobody knows what was done.
  outgoing?.destroy();
  return outgoing ? RESPONSE_ALREADY_SENT : c.body(null, 504 as never);
}
