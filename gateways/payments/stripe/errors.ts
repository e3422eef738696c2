/** Stripe's errors in our words: which are worth another try, and nothing secret in the message. */
import Stripe from 'stripe';
import { GatewayError } from '../provider.ts';

/** Keys and addresses never reach logs or Temporal's histories. */
function withoutSecrets(text: string): string {
  return text
    .replaceAll(/\b(sk|rk|pk|whsec)_[A-Za-z0-9_*]+/g, '$1_…')
    .replaceAll(/https?:\/\/\S+/g, '(address)')
    .slice(0, 500);
}

function retryAfterOf(err: InstanceType<typeof Stripe.errors.StripeError>): number | undefined {
  const seconds = Number(err.headers?.['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** What `verb` (such as `open`) met, as a GatewayError. 429, 409, 5xx and broken connections may be tried again. */
export function toGatewayError(err: unknown, verb: string): GatewayError {
  if (err instanceof GatewayError) return err;
  if (!(err instanceof Stripe.errors.StripeError)) {
    return new GatewayError(`Stripe ${verb}: ${withoutSecrets(err instanceof Error ? err.message : String(err))}`, { retryable: false });
  }
  const status = err.statusCode;
  const retryable = status === undefined || status === 409 || status === 429 || status >= 500;
  const what = [status ?? 'no answer', err.code, err.param].filter(Boolean).join(' ');
  const isUnknown = err.code === 'resource_missing';
  return new GatewayError(`Stripe ${verb} (${what}): ${withoutSecrets(err.message)}`, {
    retryable,
    retryAfter: retryAfterOf(err),
    isUnknown,
  });
}

/** Whether Stripe says the request itself is wrong: nothing was made. */
export function isInvalidRequest(err: unknown): err is InstanceType<typeof Stripe.errors.StripeInvalidRequestError> {
  return err instanceof Stripe.errors.StripeInvalidRequestError;
}

/**
 * Whether the idempotency key is spent: Stripe repeats a stored 5xx for a day, and refuses the key for other parameters.
 * Only a look-up tells whether the object exists; if not, a fresh key is needed.
 */
export function isSpentKey(err: unknown): boolean {
  if (err instanceof Stripe.errors.StripeIdempotencyError) return true;
  if (!(err instanceof Stripe.errors.StripeError)) return false;
  return (err.statusCode ?? 0) >= 500 && err.headers?.['idempotent-replayed'] === 'true';
}
