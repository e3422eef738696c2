/**
 * The supervisor's control port, in sandbox mode only and on loopback: what the sandbox's bar uses to kill the workers.
 * `GET /children`, `POST /children/:name/kill`, `POST /children/:name/restart`.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Child } from './children.ts';
import { StackError } from './stack-error.ts';

export interface ControlOptions {
  readonly port: number;
  readonly children: readonly Child[];
  /** The only web origin that may ask; programs without an Origin may too. */
  readonly sandboxOrigin: string;
}

/** Routes of the control port. */
export function createControl({ port, children, sandboxOrigin }: ControlOptions): Hono {
  const app = new Hono();
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  const origins = new Set([sandboxOrigin, sandboxOrigin.replace('127.0.0.1', 'localhost')]);
  app.use(async (c, next) => {
    const origin = c.req.header('origin');
    // A page of the open web must not reach this port by its own name for 127.0.0.1.
    if (!hosts.has(c.req.header('host') ?? '') || (origin !== undefined && !origins.has(origin))) {
      return c.json({ error: 'Origin: only the sandbox may use the control port.' }, 403);
    }
    if (origin !== undefined) c.header('access-control-allow-origin', origin);
    return await next();
  });
  app.get('/children', (c) => c.json(children.map((child) => child.report())));
  app.post('/children/:name/:verb', async (c) => {
    const { name, verb } = c.req.param();
    const child = children.find((one) => one.name === name);
    if (!child) return c.json({ error: `name: no child ${name}; there are ${children.map((one) => one.name).join(', ')}.` }, 404);
    if (verb === 'kill') {
      const killed = child.kill();
      return c.json({ killed, ...child.report() }, killed ? 202 : 409);
    }
    if (verb !== 'restart') return c.json({ error: 'verb: only kill and restart are known.' }, 404);
    await child.restart();
    return c.json(child.report(), 202);
  });
  app.notFound((c) => c.json({ error: `path: nothing answers ${c.req.method} here.` }, 404));
  return app;
}

/** Opens the control port. @returns what closes it */
export async function startControl(options: ControlOptions): Promise<() => void> {
  const server = await new Promise<ReturnType<typeof serve>>((done, fail) => {
    const one = serve({ fetch: createControl(options).fetch, port: options.port, hostname: '127.0.0.1' }, () => done(one));
    one.on('error', (err) =>
      fail(new StackError(`The control port ${options.port} cannot be opened (${err.message}): set TILLFLOW_CONTROL_PORT.`)),
    );
  });
  return () => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  };
}
