/** Errors as Temporal may keep them: typed, without URLs (Telegram's contain the token), secrets or bodies. */
import { ApplicationFailure } from '@temporalio/common';
import { fileURLToPath } from 'node:url';
import { GatewayError } from '../gateways/payments/provider.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Types of failures that leave activities. */
export type FailureType = 'GatewayRefused' | 'GatewayFailed' | 'DatabaseFailed' | 'Unexpected';

/** Turns whatever was thrown into a failure that Temporal stores and shows. */
export function toFailure(err: unknown): ApplicationFailure {
  if (err instanceof ApplicationFailure) return err;
  const message = stripSecrets(err instanceof Error ? err.message : String(err));
  if (err instanceof GatewayError) {
    return ApplicationFailure.create({
      message,
      type: err.retryable ? 'GatewayFailed' : 'GatewayRefused',
      nonRetryable: !err.retryable,
      nextRetryDelay: err.retryAfter,
    });
  }
  if (!isDatabaseError(err)) return ApplicationFailure.create({ message, type: 'Unexpected' satisfies FailureType, nonRetryable: false });
  // PostgreSQL's detail quotes the row: a name or a handover code among it.
  const [withoutDetail = ''] = message.split(/\n? - detail:/);
  return ApplicationFailure.create({ message: withoutDetail, type: 'DatabaseFailed' satisfies FailureType, nonRetryable: false });
}

/** Removes URLs, bot tokens and keys from a text. */
export function stripSecrets(text: string): string {
  return text
    .replace(/https?:\/\/\S+/g, '(address)')
    .replace(/\b\d{6,}:[A-Za-z0-9_-]{30,}\b/g, '(token)')
    .replace(/\b(?:sk|rk|whsec)_[A-Za-z0-9_]+/g, '(key)')
    .slice(0, 500);
}

/** Wraps activities so that nothing but failures leaves them. */
export function failing<Activities extends Record<string, (input: never) => Promise<unknown>>>(activities: Activities): Activities {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: never) => {
      try {
        return await activity(input);
      } catch (err) {
        const failure = toFailure(err);
        // Where it runs is nobody's business; which line is.
        failure.stack = failure.stack?.replaceAll(root, '');
        throw failure;
      }
    },
  ]);
  return Object.fromEntries(wrapped) as Activities;
}

function isDatabaseError(err: unknown): boolean {
  return err instanceof Error && /Exception$/.test(err.name) && 'sqlState' in err;
}
