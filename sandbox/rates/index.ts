/**
 * The two sources of rates: CoinGecko's `/api/v3/simple/price` and Coinbase's `/v2/exchange-rates`, with prices that stay as they are until
 * somebody sets them, for both or for one. One Bitcoin is 200,000 PLN, one EUR 5 PLN.
 */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { Hono } from 'hono';
import { z } from 'zod';
import type { SandboxContext } from '../context.ts';

const sources = ['coingecko', 'coinbase'] as const;
type Source = (typeof sources)[number];

/** What one unit costs in USD. */
export const usualPrices: Readonly<Record<string, number>> = {
  BTC: 50_000,
  ETH: 2_500,
  LTC: 80,
  TON: 5,
  SOL: 125,
  USDT: 0.9992,
  USDC: 1,
  USD: 1,
  EUR: 1.25,
  PLN: 0.25,
  GBP: 1.6,
  CHF: 1.28,
  CZK: 0.05,
  DKK: 0.16,
  SEK: 0.1,
  NOK: 0.1,
  HUF: 0.0025,
  RON: 0.25,
  CAD: 0.8,
  AUD: 0.64,
  ILS: 0.32,
  UAH: 0.025,
  RUB: 0.0125,
  KZT: 0.002,
  TRY: 0.032,
  JPY: 0.00625,
  KWD: 3.2,
};

const idOfCoin: Readonly<Record<string, string>> = {
  bitcoin: 'BTC',
  ethereum: 'ETH',
  litecoin: 'LTC',
  'the-open-network': 'TON',
  solana: 'SOL',
  tether: 'USDT',
  'usd-coin': 'USDC',
};

const wish = z.strictObject({
  /** Which source says it; both when absent. */
  source: z.enum(sources).optional(),
  /** A coin or currency, e.g. BTC. */
  base: z
    .enum(Object.keys(usualPrices) as [string, ...string[]])
    .refine((base) => base !== 'USD', 'what it costs in USD cannot be set for USD'),
  /** What one unit costs in USD; null for the usual price. */
  usd: z.number().positive().max(1e9).nullable(),
});

/** JSON has no numbers but floats; fifteen digits of one are what was meant. */
const exact = (value: number) => Number(value.toPrecision(15));

export function createRates({ store, faults, clock }: SandboxContext) {
  const { db } = store;
  store.migrate(
    'rates-1',
    'CREATE TABLE price (source TEXT NOT NULL, base TEXT NOT NULL, usd REAL NOT NULL, PRIMARY KEY (source, base)) STRICT',
  );
  const select = db.prepare('SELECT base, usd FROM price WHERE source = ?');
  const upsert = db.prepare(
    'INSERT INTO price (source, base, usd) VALUES (?, ?, ?) ON CONFLICT (source, base) DO UPDATE SET usd = excluded.usd',
  );
  const remove = db.prepare('DELETE FROM price WHERE source = ? AND base = ?');
  const pricesOf = (source: Source): Readonly<Record<string, number>> => ({
    ...usualPrices,
    ...Object.fromEntries(select.all(source).map((row) => [String(row.base), Number(row.usd)])),
  });

  /** Answers, or as the next fault wants: a refusal, a cut connection, or words that are no answer. */
  const answering = (source: Source, c: Context, answer: () => unknown): Response => {
    const fault = faults.take(source, 'prices')?.kind;
    if (fault === '429') {
      c.header('retry-after', '1');
      return c.json({ status: { error_code: 429, error_message: "You've exceeded the Rate Limit." } }, 429);
    }
    if (fault === '500') return c.json({ errors: [{ id: 'internal_server_error', message: 'Internal server error' }] }, 500);
    if (fault === 'garbage') return c.text('<html><body>Just a moment...</body></html>', 200, { 'content-type': 'application/json' });
    if (fault !== 'timeoutBefore') return c.json(answer() as Record<string, unknown>);
    const { outgoing } = c.env as { outgoing?: { destroy: () => void } };
    outgoing?.destroy();
    return outgoing ? RESPONSE_ALREADY_SENT : c.body(null, 504 as never);
  };

  const coingecko = new Hono().get('/api/v3/simple/price', (c) =>
    answering('coingecko', c, () => {
      const prices = pricesOf('coingecko');
      const split = (name: string) => (c.req.query(name) ?? '').split(',').filter((one) => one !== '');
      const ids = split('ids').filter((id) => idOfCoin[id] !== undefined);
      const isTimed = c.req.query('include_last_updated_at') === 'true';
      return Object.fromEntries(
        ids.map((id) => {
          const costs = split('vs_currencies').flatMap((currency) => {
            const [usd, per] = [prices[idOfCoin[id] as string], prices[currency.toUpperCase()]];
            return usd === undefined || per === undefined ? [] : [[currency, exact(usd / per)]];
          });
          return [id, { ...Object.fromEntries(costs), ...(isTimed && { last_updated_at: Math.floor(clock() / 1_000) }) }];
        }),
      );
    }),
  );

  const coinbase = new Hono().get('/v2/exchange-rates', (c) => {
    const currency = c.req.query('currency') ?? 'USD';
    return answering('coinbase', c, () => {
      const prices = pricesOf('coinbase');
      const of = prices[currency] ?? 1;
      const rates = Object.entries(prices).map(([name, usd]) => [name, String(exact(of / usd))]);
      return { data: { currency, rates: Object.fromEntries(rates) } };
    });
  });

  const list = () => Object.fromEntries(sources.map((source) => [source, pricesOf(source)]));
  const control = new Hono()
    .get('/', (c) => c.json(list()))
    .post('/', async (c) => {
      const parsed = wish.safeParse(await c.req.json().catch(() => undefined));
      if (!parsed.success) {
        const words = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
        return c.json({ error: words.join('; ') }, 400);
      }
      const { source, base, usd } = parsed.data;
      for (const one of source === undefined ? sources : [source]) {
        if (usd === null) remove.run(one, base);
        else upsert.run(one, base, usd);
      }
      return c.json(list());
    });

  return { coingecko, coinbase, control };
}
