/** A shop's Mini App as far as money goes: what its page would send, signed as Telegram signs it. */
import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { hc } from 'hono/client';
import type { AppApi } from '../../api/routes/mini-app.ts';
import type { PaymentAnswer, StatusAnswer } from '../../api/payment/schemas.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Shop } from '../../db/entities/shop.ts';
import { signInitData } from '../../sandbox/telegram/init-data.ts';
import { from } from './api.ts';
import type { World } from './world.ts';

/** Higher than any test reaches, for those about something else. */
export const noLimits = { address: 1e6, refused: 1e6, customer: 1e6, token: 1e6, photos: 1e6, money: 1e6, streams: 1e4, allStreams: 1e4 };

/** What Telegram signs for a customer of a test shop, whose bot has the usual token. @param authDate Unix seconds */
export function signFor(shop: Shop, customer: Pick<Customer, 'telegramUserId'>, authDate = Math.floor(Date.now() / 1_000)): string {
  const user = { id: customer.telegramUserId, is_bot: false, first_name: 'Ada' };
  return signInitData(`${shop.botId}:${'t'.repeat(35)}`, user, { authDate });
}

/** The page's own client, typed by the routes; without a server. `more`: headers beside the one that says who. */
export function callAs(app: Hono, shop: Shop, customer: Pick<Customer, 'telegramUserId'>, { root = '/api', more = {} } = {}) {
  const fetched = (input: RequestInfo | URL, init?: RequestInit) => Promise.resolve(app.request(String(input), init, from('127.0.0.1')));
  const headers = { 'x-telegram-init-data': signFor(shop, customer), ...more };
  return hc<AppApi>(`http://127.0.0.1:8080${root}`, { fetch: fetched as typeof fetch, headers });
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Partial<PaymentAnswer> & Partial<Omit<StatusAnswer, 'status'>> & Record<string, unknown>;
}

export interface CallOptions {
  readonly nonce?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export async function openMiniApp(world: Pick<World, 'apiOrigin' | 'control' | 'shop'>, person: { telegramUserId: number }, root = '/api') {
  const { initData } = await world.control<{ initData: string }>('/init-data', {
    bot: world.shop.botUsername,
    person: person.telegramUserId,
  });

  async function call(method: string, path: string, { body, headers = {} }: { body?: unknown; headers?: CallOptions['headers'] } = {}) {
    const all = { 'x-telegram-init-data': initData, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const init = {
      method,
      headers: given,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    };
    return fetch(`${world.apiOrigin}${root}${path}`, init);
  }

  async function tell(response: Response): Promise<Told> {
    return { status: response.status, headers: response.headers, body: (await response.json()) as Told['body'] };
  }

  const app = {
    initData,
    call,
    tell,
    async nonce(): Promise<string> {
      const { status, body } = await tell(await call('POST', '/payment/nonce'));
      if (status !== 200) throw new Error(`No nonce: ${JSON.stringify(body)}`);
      return String(body.nonce);
    },
    /** A call that moves money, with a nonce and a key of its own unless they are given. */
    async pay(path: 'create' | 'refill', body: unknown, { nonce, key = randomUUID(), headers = {} }: CallOptions = {}): Promise<Told> {
      const own = { 'x-nonce': nonce ?? (await app.nonce()), 'idempotency-key': key };
      return tell(await call('POST', `/payment/${path}`, { body, headers: { ...own, ...headers } }));
    },
    status: async (paymentId: string | undefined) => tell(await call('GET', `/payment/status/${paymentId}`)),
    /** Follows a payment. @returns what was told until it ended, or until `enough` */
    async follow(
      paymentId: string | undefined,
      {
        lastEventId,
        enough = () => false,
        signal,
      }: { lastEventId?: string; enough?: (told: StatusAnswer) => boolean; signal?: AbortSignal } = {},
    ) {
      const response = await fetch(`${world.apiOrigin}${root}/payment/status/${paymentId}/events`, {
        headers: { 'x-telegram-init-data': initData, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
        ...(signal ? { signal } : {}),
      });
      const events: { id: string; told: StatusAnswer }[] = [];
      if (response.status !== 200 || !response.body) return { status: response.status, events, ended: true };
      let text = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const id = /^id: (.*)$/m.exec(part)?.[1];
          const data = /^data: (.*)$/m.exec(part)?.[1];
          if (id !== undefined && data !== undefined) events.push({ id, told: JSON.parse(data) as StatusAnswer });
        }
        const last = events.at(-1);
        if (last && enough(last.told)) return { status: 200, events, ended: false };
      }
      return { status: 200, events, ended: true };
    },
  };
  return app;
}

export type MiniApp = Awaited<ReturnType<typeof openMiniApp>>;
