/** A Bot API whose answers a test decides: each call is remembered and answered by the first fitting script, else with `true`. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeCall {
  readonly token: string;
  readonly method: string;
  readonly body: string;
  readonly at: number;
}

/** `undefined` lets the next script try; `cut` closes the connection without an answer. */
export type FakeAnswer = { status?: number; body: unknown } | 'cut' | undefined;

export interface FakeTelegram {
  readonly apiRoot: string;
  readonly calls: FakeCall[];
  /** Connections it has, and how many of all so far it gave up itself. */
  readonly connections: { open: number; givenUp: number };
  /** Decides the answers from now on. */
  answer(script: (call: FakeCall) => FakeAnswer | Promise<FakeAnswer>): void;
  close(): Promise<void>;
}

export const ok = (result: unknown): FakeAnswer => ({ body: { ok: true, result } });
export const failure = (code: number, description: string, parameters?: object): FakeAnswer => ({
  status: code,
  body: { ok: false, error_code: code, description, parameters },
});

/** @param keepAliveMs how long it keeps an idle connection, which it announces in whole seconds; Node's own five seconds unless told */
export async function startFakeTelegram({ keepAliveMs }: { readonly keepAliveMs?: number } = {}): Promise<FakeTelegram> {
  const calls: FakeCall[] = [];
  const connections = { open: 0, givenUp: 0 };
  let script: (call: FakeCall) => FakeAnswer | Promise<FakeAnswer> = () => undefined;
  const server: Server = createServer((request, response) => {
    void (async () => {
      const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)/.exec(request.url ?? '') ?? [];
      const call = { token, method, body: await readAll(request), at: performance.now() };
      calls.push(call);
      const answer =
        (await script(call)) ?? ok(method.startsWith('send') || method.startsWith('edit') ? { message_id: calls.length } : true);
      if (answer === 'cut' || answer === undefined) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    })();
  });
  if (keepAliveMs !== undefined) server.keepAliveTimeout = keepAliveMs;
  server.on('connection', (socket) => {
    let ended = false;
    connections.open += 1;
    socket.once('end', () => (ended = true));
    socket.once('close', () => {
      connections.open -= 1;
      if (!ended) connections.givenUp += 1;
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    connections,
    answer: (next) => {
      script = next;
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('latin1');
}
