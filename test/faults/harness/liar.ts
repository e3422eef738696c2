/**
 * Stands before a real source of blocks and speaks its protocol, Esplora's HTTP or a node's JSON-RPC: passes questions on, and spoils the answers
 * it was told to.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A question: a path of Esplora (`/blocks/tip/hash`), or a method of a node with its parameters (`getblock`); `batch` for several at once. */
export interface Question {
  readonly name: string;
  readonly params: readonly unknown[];
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers otherwise than the source. `truly` asks it: the same again, or something else. @returns undefined to cut the connection */
export type Spoil = (question: Question, truly: (other?: Question) => Promise<Reply>) => Promise<Reply | undefined>;

export interface Lie {
  readonly name: string;
  /** Which questions it spoils. */
  fits(question: Question): boolean;
  readonly spoil: Spoil;
}

export interface Liar {
  /** Where it listens, as the source's own address. */
  readonly url: string;
  /** Spoils the next `times` answers to questions that fit; for good until `beHonest` when Infinity. The newest lie is told first. */
  tell(lie: Lie, times: number): void;
  beHonest(): void;
  /** How often each lie was told. */
  readonly told: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Asks the source as whoever asks us does. */
async function ask(source: string, request: IncomingMessage, body: string, question: Question | undefined): Promise<Reply> {
  const isPost = request.method === 'POST';
  const url = !isPost && question ? `${source}${question.name}` : isPost ? source : `${source}${request.url}`;
  const posted = question ? JSON.stringify({ jsonrpc: '1.0', id: 1, method: question.name, params: question.params }) : body;
  const { authorization } = request.headers;
  const headers = { ...(authorization ? { authorization } : {}), ...(isPost ? { 'content-type': 'application/json' } : {}) };
  const response = await fetch(url, { ...(isPost ? { method: 'POST', body: posted } : {}), headers });
  return { status: response.status, text: await response.text() };
}

function readQuestion(request: IncomingMessage, body: string): Question {
  if (request.method !== 'POST') return { name: request.url ?? '/', params: [] };
  const parsed = JSON.parse(body) as { method: string; params: unknown[] } | unknown[];
  return Array.isArray(parsed) ? { name: 'batch', params: [] } : { name: parsed.method, params: parsed.params };
}

/** @param source without a slash at its end for Esplora */
export async function startLiar(source: string): Promise<Liar> {
  let lies: { readonly lie: Lie; left: number }[] = [];
  const told = new Map<string, number>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const question = readQuestion(request, body);
    const truly = (other?: Question) => ask(source, request, body, other);
    const found = lies.findLast(({ lie }) => lie.fits(question));
    let reply: Reply | undefined;
    if (found) {
      found.left -= 1;
      if (found.left <= 0) lies = lies.filter((one) => one !== found);
      told.set(found.lie.name, (told.get(found.lie.name) ?? 0) + 1);
      reply = await found.lie.spoil(question, truly);
    } else reply = await truly();
    if (!reply) return void request.socket.destroy();
    response.writeHead(reply.status, reply.headers);
    response.end(reply.text);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tell: (lie, times) => void lies.push({ lie, left: times }),
    beHonest: () => {
      lies = [];
    },
    told,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      // Answers under way find their socket closed.
      await sleep(0);
    },
  };
}
