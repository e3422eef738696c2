/**
 * The deployment's configuration, read from the environment once and parsed. Every variable is listed in `.env.example`.
 *
 * In `sandbox` mode every far end (Telegram, Stripe, sources of rates) is the sandbox's; in `live` mode none is. The two never mix.
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import { isChainAddress, isDatabaseAddress, isListenable, isServerAddress, isWebAddress } from './domain/address.ts';

const port = (fallback: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'a port from 1 to 65535 is needed')
    .transform(Number)
    .refine((value) => value <= 65_535, 'a port from 1 to 65535 is needed')
    .default(fallback);

const oneLine = z
  .string()
  .min(1)
  .max(4_096)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'one line of text is needed');

const webAddress = oneLine.refine(isWebAddress, 'an http or https address without credentials or query is needed');
const databaseAddress = oneLine.refine(isDatabaseAddress, 'a postgresql:// address is needed');
const chainAddress = oneLine.refine(isChainAddress, 'rpc:http://user:password@host:port or esplora:https://host/api is needed');
const serverAddress = oneLine.refine(isServerAddress, 'host:port is needed');

const environment = z.object({
  TILLFLOW_MODE: z.enum(['sandbox', 'live']).default('sandbox'),
  TILLFLOW_DATA_DIR: oneLine.default('.tillflow'),
  TILLFLOW_HOST: oneLine.refine(isListenable, 'a name or address of this machine is needed').default('127.0.0.1'),
  TILLFLOW_APP_PORT: port(8080),
  TILLFLOW_SANDBOX_PORT: port(8081),
  TILLFLOW_CONTROL_PORT: port(8082),
  TILLFLOW_TEMPORAL_PORT: port(7233),
  TILLFLOW_TEMPORAL_UI_PORT: port(8233),
  TILLFLOW_POSTGRES_PORT: port(54_329),
  /** Connection of the application's role, which may only insert and select transfers and audit. */
  TILLFLOW_DATABASE_URL: databaseAddress.optional(),
  /** Connection of the owner role, for migrations and the seed. */
  TILLFLOW_OWNER_DATABASE_URL: databaseAddress.optional(),
  TEMPORAL_ADDRESS: serverAddress.optional(),
  TEMPORAL_NAMESPACE: z
    .string()
    .regex(/^[\w.-]{2,255}$/)
    .default('default'),
  /** Base of links into the Temporal UI. */
  TILLFLOW_TEMPORAL_UI_URL: webAddress.optional(),
  /** `k2:<base64>,k1:<base64>`: 32-byte keys; the first writes, all read. */
  TILLFLOW_KEYS: z.string().min(1).max(65_536).optional(),
  /** Where providers reach this deployment from outside, e.g. `https://shop.example.org`. */
  TILLFLOW_PUBLIC_URL: webAddress.optional(),
  /** Where the chain of a coin is followed from in live mode: `rpc:http://user:password@host:port` or `esplora:https://host/api`. */
  TILLFLOW_BTC_SOURCE: chainAddress.optional(),
  TILLFLOW_LTC_SOURCE: chainAddress.optional(),
  TILLFLOW_UPDATES: z.enum(['polling', 'webhook']).default('polling'),
  /** Bearer token that opens /metrics and /status from a public address in live mode. */
  TILLFLOW_STATUS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,512}$/, 'at least 16 characters that fit a header are needed')
    .optional(),
  TILLFLOW_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Prefix of task queues, so that tests and clones share one Temporal server. */
  TILLFLOW_QUEUE_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]*$/)
    .default(''),
});

export type Config = ReturnType<typeof readConfig>;

/** Thrown when the environment does not parse; the message names each variable. */
export class ConfigError extends Error {}

/** Parses `env`. @throws ConfigError naming the variables that do not fit. */
export function readConfig(env: Record<string, string | undefined> = process.env) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const what = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new ConfigError(`The environment does not fit: ${what}.`);
  }
  const e = parsed.data;
  if (e.TILLFLOW_MODE === 'live' && !e.TILLFLOW_KEYS) {
    throw new ConfigError('TILLFLOW_KEYS: live mode needs the encryption key; make one with `openssl rand -base64 32` and set k1:<key>.');
  }
  const sandboxUrl = `http://127.0.0.1:${e.TILLFLOW_SANDBOX_PORT}`;
  const postgres = (role: string) => `postgresql://${role}:${role}@127.0.0.1:${e.TILLFLOW_POSTGRES_PORT}/tillflow`;
  return {
    mode: e.TILLFLOW_MODE,
    dataDir: resolve(e.TILLFLOW_DATA_DIR),
    host: e.TILLFLOW_HOST,
    ports: {
      app: e.TILLFLOW_APP_PORT,
      sandbox: e.TILLFLOW_SANDBOX_PORT,
      control: e.TILLFLOW_CONTROL_PORT,
      temporal: e.TILLFLOW_TEMPORAL_PORT,
      temporalUi: e.TILLFLOW_TEMPORAL_UI_PORT,
      postgres: e.TILLFLOW_POSTGRES_PORT,
    },
    databaseUrl: e.TILLFLOW_DATABASE_URL ?? postgres('tillflow_app'),
    ownerDatabaseUrl: e.TILLFLOW_OWNER_DATABASE_URL ?? postgres('tillflow_owner'),
    temporal: {
      address: e.TEMPORAL_ADDRESS ?? `127.0.0.1:${e.TILLFLOW_TEMPORAL_PORT}`,
      namespace: e.TEMPORAL_NAMESPACE,
      uiUrl: e.TILLFLOW_TEMPORAL_UI_URL ?? `http://127.0.0.1:${e.TILLFLOW_TEMPORAL_UI_PORT}`,
      queuePrefix: e.TILLFLOW_QUEUE_PREFIX,
    },
    keys: e.TILLFLOW_KEYS,
    publicUrl: e.TILLFLOW_PUBLIC_URL ?? `http://127.0.0.1:${e.TILLFLOW_APP_PORT}`,
    updates: e.TILLFLOW_UPDATES,
    statusToken: e.TILLFLOW_STATUS_TOKEN,
    logLevel: e.TILLFLOW_LOG_LEVEL,
    sandboxUrl,
    /** Whose script a Mini App loads, and who may show it in a frame; Telegram's apps for phones and computers use none. */
    miniApp:
      e.TILLFLOW_MODE === 'sandbox'
        ? { telegramScript: `${sandboxUrl}/telegram-web-app.js`, frames: [sandboxUrl] }
        : { telegramScript: 'https://telegram.org/js/telegram-web-app.js', frames: ['https://web.telegram.org', 'https://*.telegram.org'] },
    /** Where chains are followed from; undefined where no shop can take the coin. */
    chains:
      e.TILLFLOW_MODE === 'sandbox'
        ? { btc: `esplora:${sandboxUrl}/chain/btc`, ltc: `esplora:${sandboxUrl}/chain/ltc` }
        : { btc: e.TILLFLOW_BTC_SOURCE, ltc: e.TILLFLOW_LTC_SOURCE },
    /** Roots of the far ends; undefined means the library's own default, the real service. */
    farEnds:
      e.TILLFLOW_MODE === 'sandbox'
        ? {
            telegram: `${sandboxUrl}/telegram`,
            stripe: `${sandboxUrl}/stripe`,
            nowpayments: `${sandboxUrl}/nowpayments`,
            coingecko: `${sandboxUrl}/coingecko`,
            coinbase: `${sandboxUrl}/coinbase`,
          }
        : { telegram: undefined, stripe: undefined, nowpayments: undefined, coingecko: undefined, coinbase: undefined },
  };
}

/** Where a shop's Mini App is. Telegram opens nothing without https; the sandbox does. */
export function miniAppUrl({ mode, publicUrl }: Pick<Config, 'mode' | 'publicUrl'>, shopSlug: string): string | undefined {
  return mode === 'sandbox' || publicUrl.startsWith('https:') ? `${publicUrl.replace(/\/$/, '')}/app/${shopSlug}` : undefined;
}
