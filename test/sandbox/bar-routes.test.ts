import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createBarRoutes } from '../../sandbox/web/bar-routes.ts';

const servers: Server[] = [];
const sandboxOrigin = 'http://127.0.0.1:8081';

/** Answers each request with what `answers` holds under `METHOD path`. */
async function listen(answers: Record<string, { status?: number; body: unknown }>, seen: string[] = []): Promise<number> {
  const handler: RequestListener = (request, response) => {
    const key = `${request.method} ${request.url}`;
    seen.push(key);
    const answer = answers[key] ?? { status: 404, body: { error: 'nothing here' } };
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  };
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

function routes(ports: { app?: number; control?: number }) {
  // A port nobody listens on: the discard port on loopback.
  const config = { ports: { app: 9, control: 9, ...ports } };
  return createBarRoutes({ config } as Parameters<typeof createBarRoutes>[0]);
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('the bar’s window on the shop', () => {
  it('hands on a timeline', async () => {
    const timeline = { noun: 'deposit', code: 'K7Q4-MX2P', status: 'seen', steps: [{ at: '2026-11-21T12:00:00Z', what: 'placed' }] };
    const app = await listen({ 'GET /dev/timelines/K7Q4-MX2P': { body: timeline } });
    const response = await routes({ app }).request(`${sandboxOrigin}/timelines/K7Q4-MX2P`);
    expect([response.status, await response.json()]).toEqual([200, timeline]);
  });

  it('says kindly that the shop is down', async () => {
    const response = await routes({}).request(`${sandboxOrigin}/timelines?person=1001`);
    expect(response.status).toBe(503);
    expect((await response.json()).error).toContain('not running right now');
  });

  it('refuses to read what does not fit, naming the field', async () => {
    const app = await listen({ 'GET /dev/hold': { body: { holdSeconds: 'long' } } });
    const response = await routes({ app }).request(`${sandboxOrigin}/hold`);
    expect(response.status).toBe(502);
    expect((await response.json()).error).toContain('holdSeconds');
  });

  it('names a person and a hold that are no numbers, without asking the shop', async () => {
    const seen: string[] = [];
    const bar = routes({ app: await listen({}, seen) });
    const orders = await bar.request(`${sandboxOrigin}/timelines?person=1%20or%201`);
    const hold = await bar.request(`${sandboxOrigin}/hold`, { method: 'PUT', body: JSON.stringify({ holdSeconds: -5 }) });
    expect([orders.status, hold.status]).toEqual([400, 400]);
    expect((await orders.json()).error).toContain('person');
    expect((await hold.json()).error).toContain('holdSeconds');
    expect(seen).toEqual([]);
  });

  it('kills every running worker and nothing else', async () => {
    const seen: string[] = [];
    const control = await listen(
      {
        'GET /children': {
          body: [
            { name: 'app', pid: 1, state: 'running', restarts: 0 },
            { name: 'worker', pid: 2, state: 'running', restarts: 0 },
          ],
        },
        'POST /children/worker/kill': { status: 202, body: { killed: true } },
      },
      seen,
    );
    const response = await routes({ control }).request(`${sandboxOrigin}/kill-workers`, { method: 'POST' });
    expect(await response.json()).toEqual({ killed: ['worker'] });
    expect(seen).toEqual(['GET /children', 'POST /children/worker/kill']);
  });

  it('presses no button for another page', async () => {
    const seen: string[] = [];
    const bar = routes({ control: await listen({}, seen) });
    const foreignOrigin = await bar.request(`${sandboxOrigin}/kill-workers`, {
      method: 'POST',
      headers: { origin: 'http://127.0.0.1:9999' },
    });
    const foreignName = await bar.request('http://rebound.example:8081/kill-workers', {
      method: 'POST',
      headers: { origin: 'http://rebound.example:8081' },
    });
    expect([foreignOrigin.status, foreignName.status]).toEqual([403, 403]);
    expect(seen).toEqual([]);
  });
});
