/** The API over a test shop, with a Temporal that only remembers. */
import type { Hono } from 'hono';
import { pino } from 'pino';
import { createApi } from '../../api/app.ts';
import type { VisitLimits } from '../../api/visitor/limits.ts';
import type { Database } from '../../db/orm.ts';
import { createGateways } from '../../gateways/payments/registry.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { type FakeDoor, makeFakeDoor } from './fake-door.ts';
import type { TestShop } from './shop.ts';

export interface TestApi {
  readonly app: Hono;
  readonly door: FakeDoor;
  /** Updates handed to the bot: shop and update. */
  readonly updates: { shopId: number; update: unknown }[];
  /** When set, the bot fails with it. */
  botFailure: Error | undefined;
}

export function makeTestApi(
  world: TestShop,
  options: { mode?: 'sandbox' | 'live'; statusToken?: string; limits?: VisitLimits; signal?: AbortSignal; db?: Database } = {},
): TestApi {
  const { mode = 'sandbox', statusToken, limits, signal, db = world.db } = options;
  const door = makeFakeDoor();
  const telegram = createTelegram();
  const test: Omit<TestApi, 'app'> = { door, updates: [], botFailure: undefined };
  const app = createApi({
    config: {
      mode,
      statusToken,
      sandboxUrl: 'http://127.0.0.1:8081',
      publicUrl: 'http://127.0.0.1:8080',
      temporal: { address: '127.0.0.1:1', namespace: 'default', uiUrl: 'http://127.0.0.1:8233', queuePrefix: '' },
    },
    db,
    secrets: world.secrets,
    door: door.door,
    gateways: createGateways({
      config: { farEnds: { telegram: undefined, stripe: undefined, nowpayments: undefined, coingecko: undefined, coinbase: undefined } },
      telegram,
    }),
    telegram,
    ...(limits ? { limits } : {}),
    ...(signal ? { signal } : {}),
    handleTelegramUpdate: async (shopId, update) => {
      if (test.botFailure) throw test.botFailure;
      test.updates.push({ shopId, update });
    },
    log: pino({ level: 'silent' }),
  });
  return Object.assign(test, { app });
}

/** What @hono/node-server knows of a connection: the peer's address. */
export const from = (address: string) => ({ incoming: { socket: { remoteAddress: address, remotePort: 1, remoteFamily: 'IPv4' } } });
