/** Stripe's error answers, in its own shape. */
import type { z } from 'zod';

export interface ErrorBody {
  readonly type: 'invalid_request_error' | 'card_error' | 'api_error' | 'idempotency_error' | 'rate_limit_error';
  readonly message: string;
  readonly code?: string | undefined;
  readonly param?: string | undefined;
  readonly decline_code?: string | undefined;
  readonly charge?: string | undefined;
}

/** An answer that is no 2xx. Thrown by the operations, turned into JSON by the routes. */
export class StripeFarError extends Error {
  readonly status: 400 | 401 | 402 | 404 | 409 | 429 | 500;
  readonly body: ErrorBody;
  constructor(status: StripeFarError['status'], body: ErrorBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

export function invalid(message: string, param?: string, code?: string): StripeFarError {
  return new StripeFarError(400, { type: 'invalid_request_error', message, param, code });
}

export function missing(kind: string, id: string, param = 'id'): StripeFarError {
  return new StripeFarError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  });
}

/** The first thing wrong with a request's parameters (`form`), as Stripe words it. */
export function fromZod(err: z.ZodError, form: unknown): StripeFarError {
  const issue = err.issues[0];
  if (issue === undefined) return invalid('The request is not valid.');
  const name = (path: readonly PropertyKey[]) => path.map((part, index) => (index === 0 ? String(part) : `[${String(part)}]`)).join('');
  if (issue.code === 'unrecognized_keys') {
    const param = name([...issue.path, issue.keys[0] ?? '']);
    return invalid(`Received unknown parameter: ${param}`, param, 'parameter_unknown');
  }
  const param = name(issue.path);
  const given = issue.path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], form);
  if (given === undefined && issue.code !== 'custom') {
    return invalid(`Missing required param: ${param}.`, param, 'parameter_missing');
  }
  return invalid(`Invalid ${param}: ${issue.message}`, param);
}
