/** Rates: what prices something now, and the history of what the sources said. */
import { judgePrices, type RateFault, rateLifeSeconds, type RateTurn } from '../../domain/rate.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

export interface ValidRate {
  /** What one unit of the base costs in the quote, a decimal string. */
  readonly rate: string;
  readonly at: Date;
}

/** Decimals that say nothing, as a numeric column gives them back. */
const plain = (numeric: string) => (numeric.includes('.') ? numeric.replace(/\.?0+$/, '') : numeric);
const lifeMs = rateLifeSeconds * 1_000;

/**
 * The rate that prices at `at`: the newest on which the sources agreed or not, if they did and it is at most 60 minutes old. A refresh in
 * which a source was away says nothing, so the rate before it goes on. A currency in itself is 1.
 */
export async function readRate(
  em: EntityManager,
  { base, quote, at }: { readonly base: string; readonly quote: string; readonly at: Date },
): Promise<ValidRate | undefined> {
  if (base === quote) return { rate: '1', at };
  const [row] = await run<{ rate: string | null; at: Date }>(
    em,
    `select rate, at from rate where base = $1 and quote = $2 and at <= $3 and fault is distinct from 'missing' order by at desc limit 1`,
    [base, quote, at],
  );
  if (!row || row.rate === null || at.getTime() - new Date(row.at).getTime() > lifeMs) return undefined;
  return { rate: plain(row.rate), at: new Date(row.at) };
}

/** The first valid rate of the day of `at` (UTC), else the last before that day, however old: for what must not move all the time and prices nothing. */
export async function readDayRate(
  em: EntityManager,
  { base, quote, at }: { readonly base: string; readonly quote: string; readonly at: Date },
): Promise<string | undefined> {
  if (base === quote) return '1';
  const begun = new Date(at);
  begun.setUTCHours(0, 0, 0, 0);
  const [row] = await run<{ rate: string }>(
    em,
    `(select rate, 1 as turn from rate where base = $1 and quote = $2 and fault is null and at >= $3 and at <= $4 order by at limit 1)
     union all
     (select rate, 2 as turn from rate where base = $1 and quote = $2 and fault is null and at < $3 order by at desc limit 1)
     order by turn limit 1`,
    [base, quote, begun, at],
  );
  return row && plain(row.rate);
}

interface Before {
  readonly base: string;
  readonly quote: string;
  /** The newest that says something, the newest of all, and the newest valid one young enough to be jumped from. */
  readonly said_fault: RateFault | null;
  readonly said_at: Date | null;
  readonly last_at: Date | null;
  readonly valid_rate: string | null;
}

type Standing = RateTurn['now'];

function standingAt(said: { readonly fault: RateFault | null; readonly at: Date } | undefined, at: Date): Standing {
  if (!said || said.fault === 'missing') return 'stale';
  if (said.fault !== null) return said.fault;
  return at.getTime() - said.at.getTime() > lifeMs ? 'stale' : 'valid';
}

export interface PairPrices {
  readonly base: string;
  readonly quote: string;
  readonly coingecko?: string | undefined;
  readonly coinbase?: string | undefined;
}

/**
 * Appends what both sources said at `at`, judged against what stands; one refresh at a time, and repeated it changes nothing.
 * @returns pairs that begin or cease to price something
 */
export async function appendRates(em: EntityManager, pairs: readonly PairPrices[], at: Date): Promise<RateTurn[]> {
  await run(em, 'select pg_advisory_xact_lock(7449)');
  const names = JSON.stringify(pairs.map(({ base, quote }) => ({ base, quote })));
  const before = await run<Before>(
    em,
    `select p.base, p.quote, said.fault as said_fault, said.at as said_at, last.at as last_at, valid.rate as valid_rate
       from jsonb_to_recordset($1::jsonb) as p(base text, quote text)
       left join lateral (select r.fault, r.at from rate r where r.base = p.base and r.quote = p.quote and r.at < $2
                             and r.fault is distinct from 'missing' order by r.at desc limit 1) said on true
       left join lateral (select r.at from rate r where r.base = p.base and r.quote = p.quote and r.at < $2 order by r.at desc limit 1) last on true
       left join lateral (select r.rate from rate r where r.base = p.base and r.quote = p.quote and r.at < $2 and r.at >= $3
                             and r.fault is null order by r.at desc limit 1) valid on true`,
    [names, at, new Date(at.getTime() - lifeMs)],
  );
  const rows = pairs.map((pair, index) => {
    const valid = before[index]?.valid_rate ?? undefined;
    return { ...pair, at, ...judgePrices(pair.coingecko, pair.coinbase, valid) };
  });
  await run(
    em,
    `insert into rate (base, quote, at, coingecko, coinbase, rate, fault)
     select base, quote, at, coingecko, coinbase, rate, fault
       from jsonb_to_recordset($1::jsonb) as r(base text, quote text, at timestamptz, coingecko numeric, coinbase numeric, rate numeric, fault text)
     on conflict (base, quote, at) do nothing`,
    [JSON.stringify(rows)],
  );
  return rows.flatMap(({ base, quote, fault }, index) => {
    const { said_at: saidAt = null, said_fault: saidFault = null, last_at: lastAt = null } = before[index] ?? {};
    const said = saidAt === null ? undefined : { fault: saidFault, at: new Date(saidAt) };
    // What was never looked at is taken for well: its first rate is no news, its first fault is.
    const then = lastAt === null ? 'valid' : standingAt(said, new Date(lastAt));
    const now = standingAt(fault === 'missing' ? said : { fault, at }, at);
    return now === then ? [] : [{ base, quote, now }];
  });
}

export interface ListedRate extends PairPrices {
  readonly at: string;
  readonly rate: string | null;
  readonly fault: RateFault | null;
}

/** The newest word about every pair. */
export async function listNewestRates(em: EntityManager): Promise<ListedRate[]> {
  const rows = await run<{
    base: string;
    quote: string;
    at: Date;
    coingecko: string | null;
    coinbase: string | null;
    rate: string | null;
    fault: RateFault | null;
  }>(
    em,
    `select distinct on (base, quote) base, quote, at, coingecko, coinbase, rate, fault from rate
      where at > (select max(at) from rate) - interval '1 day' order by base, quote, at desc`,
  );
  return rows.map(({ base, quote, at, coingecko, coinbase, rate, fault }) => ({
    base,
    quote,
    at: new Date(at).toISOString(),
    coingecko: coingecko === null ? undefined : plain(coingecko),
    coinbase: coinbase === null ? undefined : plain(coinbase),
    rate: rate === null ? null : plain(rate),
    fault,
  }));
}

/** The currencies of all shops. */
export async function listShopCurrencies(em: EntityManager): Promise<string[]> {
  const rows = await run<{ currency: string }>(em, 'select distinct currency from shop order by currency');
  return rows.map(({ currency }) => currency);
}
