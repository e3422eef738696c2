/** Errors as RFC 9457 problem documents that name the field. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';

interface ProblemDetails {
  readonly field?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document, by which a program tells one refusal from another. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Thrown by routes; one handler turns it into a document. `field` says what did not fit. */
export class Problem extends Error {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly field: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly more: Readonly<Record<string, unknown>>;
  constructor(status: ContentfulStatusCode, title: string, detail: string, { field, headers = {}, more = {} }: ProblemDetails = {}) {
    super(detail);
    this.status = status;
    this.title = title;
    this.field = field;
    this.headers = headers;
    this.more = more;
  }
}

export function answerProblem(c: Context, problem: Problem): Response {
  const { status, title, field, more, message: detail } = problem;
  const body = { ...more, type: 'about:blank', title, status, detail, instance: c.req.path, ...(field === undefined ? {} : { field }) };
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json', ...problem.headers });
}

/** The first thing that does not fit, as a problem. */
export function toProblem(error: z.ZodError, where: string): Problem {
  const issue = error.issues[0];
  const field = issue && issue.path.length > 0 ? issue.path.join('.') : where;
  return new Problem(400, 'Bad request', `${field}: ${issue?.message ?? 'does not fit'}`, { field });
}

export const notFound = (what: string): Problem => new Problem(404, 'Not found', `${what}: unknown`, { field: what });
