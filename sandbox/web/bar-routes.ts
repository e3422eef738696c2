/**
 * The bar's window on the shop. A browser may not call other origins, so these routes ask the app and the supervisor on loopback and hand on
 * their answers; a shop that is down is a kind sentence, not a fault of the sandbox.
 */
import { Hono } from 'hono';
import type { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import { childrenSchema, holdSchema, recentSchema, timelineSchema } from './bar-contract.ts';

const askSeconds = 4;
const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Answers with words a person understands; `status` says whose fault it is. */
class BarProblem extends Error {
  readonly status: 400 | 403 | 404 | 409 | 502 | 503;
  constructor(status: 400 | 403 | 404 | 409 | 502 | 503, message: string) {
    super(message);
    this.status = status;
  }
}

export function createBarRoutes({ config }: Pick<SandboxContext, 'config'>) {
  const app = `http://127.0.0.1:${config.ports.app}`;
  const supervisor = `http://127.0.0.1:${config.ports.control}`;
  const shopIsDown = 'The shop is not running right now. It usually comes back within seconds.';
  const supervisorIsAway = 'Nobody looks after the processes here: this works under npm start.';

  return new Hono()
    .use(async (c, next) => {
      const origin = c.req.header('origin');
      const url = new URL(c.req.url);
      // The host too: a foreign name that points at this machine would carry its own matching origin.
      if (!loopbackNames.has(url.hostname) || (origin !== undefined && origin !== url.origin)) {
        throw new BarProblem(403, 'Only the sandbox’s own page may press these buttons.');
      }
      await next();
    })
    .get('/timelines/:code', async (c) => {
      const code = c.req.param('code');
      return c.json(await ask(`${app}/dev/timelines/${encodeURIComponent(code)}`, timelineSchema, shopIsDown));
    })
    .get('/timelines', async (c) => {
      const person = c.req.query('person') ?? '';
      if (!/^\d{1,16}$/.test(person)) throw new BarProblem(400, 'person: a number is needed.');
      return c.json(await ask(`${app}/dev/timelines?telegramUserId=${person}`, recentSchema, shopIsDown));
    })
    .get('/hold', async (c) => c.json(await ask(`${app}/dev/hold`, holdSchema, shopIsDown)))
    .put('/hold', async (c) => {
      const body = holdSchema.safeParse(await c.req.json().catch(() => undefined));
      if (!body.success) throw new BarProblem(400, 'holdSeconds: a whole number of seconds is needed.');
      return c.json(await ask(`${app}/dev/hold`, holdSchema, shopIsDown, { method: 'PUT', body: JSON.stringify(body.data) }));
    })
    .get('/children', async (c) => c.json(await ask(`${supervisor}/children`, childrenSchema, supervisorIsAway)))
    .post('/kill-workers', async (c) => {
      const workers = (await ask(`${supervisor}/children`, childrenSchema, supervisorIsAway)).filter((child) => /worker/.test(child.name));
      if (workers.length === 0) throw new BarProblem(404, 'No worker is running here.');
      const alive = workers.filter((worker) => worker.state === 'running');
      if (alive.length === 0) throw new BarProblem(409, 'The workers are dead already, and on their way back.');
      for (const worker of alive) {
        await reach(`${supervisor}/children/${encodeURIComponent(worker.name)}/kill`, supervisorIsAway, { method: 'POST' });
      }
      return c.json({ killed: alive.map((worker) => worker.name) });
    })
    .onError((err, c) => {
      if (err instanceof BarProblem) return c.json({ error: err.message }, err.status);
      throw err;
    });
}

async function ask<T>(url: string, schema: z.ZodType<T>, whenAway: string, init?: RequestInit): Promise<T> {
  const response = await reach(url, whenAway, init);
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new BarProblem(502, `The answer cannot be read: ${issue?.path.join('.') || 'body'}: ${issue?.message}.`);
  }
  return parsed.data;
}

async function reach(url: string, whenAway: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      ...init,
      headers: init?.body ? { 'content-type': 'application/json' } : {},
      signal: AbortSignal.timeout(askSeconds * 1000),
    });
  } catch {
    throw new BarProblem(503, whenAway);
  }
  if (!response.ok) throw new BarProblem(response.status === 404 ? 404 : 502, await problemOf(response));
  return response;
}

/** The far side's own words where it gives some (`error`, or `detail` and `title` of a problem document). */
async function problemOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const words = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const said = words.detail ?? words.error ?? words.title;
  return typeof said === 'string' ? said : `It was answered with ${response.status}.`;
}
