/** What a customer is offered of coins straight from their chains, and what is shown with an address. */
import { type Coin, type Confirmations, coins, coinTraits, gapLimit, quoteSeconds, watchStaleSeconds } from '../../domain/chain.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { findUsableMethod } from './payment-account.ts';
import { readRate } from './rate.ts';
import { readOwnSettings, settingOf } from './setting.ts';

interface Asking {
  readonly shopId: number;
  readonly customerId: number;
  readonly currency: string;
  readonly at: Date;
}

/**
 * The coins this customer may deposit now: the shop has a confirmed key, the end of the chain was seen lately, there is a rate, and there is
 * an address for them or one can be made.
 */
export async function listOfferedCoins(em: EntityManager, { shopId, customerId, currency, at }: Asking): Promise<Coin[]> {
  const keys = await run<{ coin: Coin }>(
    em,
    `select k.coin from chain_key k join chain_watch w on w.coin = k.coin
      where k.shop_id = $1 and k.confirmed_at is not null and k.retired_at is null and w.checked_at > $3
        and (exists (select from chain_address a where a.key_id = k.id and a.customer_id = $2)
             or k.next_index - 1 - (select coalesce(max(a.address_index), -1) from chain_address a where a.key_id = k.id and a.used_at is not null) < $4)`,
    [shopId, customerId, new Date(at.getTime() - watchStaleSeconds * 1_000), gapLimit],
  );
  const offered: Coin[] = [];
  for (const coin of coins.filter((one) => keys.some((key) => key.coin === one))) {
    const { usable } = await findUsableMethod(em, { id: shopId, currency }, coin, { customerId, at });
    if (usable && (await readRate(em, { base: coinTraits[coin].ticker, quote: currency, at }))) offered.push(coin);
  }
  return offered;
}

/** A rate that holds for what is seen until then. */
export interface ChainQuote {
  /** What one coin is worth in the shop's currency, a decimal string. */
  readonly rate: string;
  readonly until: Date;
}

/**
 * The address is shown: its customer is told a rate, which holds for 20 minutes however often it is shown meanwhile.
 * @returns undefined when there is no rate now
 */
export async function quoteAddress(
  em: EntityManager,
  { addressId, coin, currency, at }: { readonly addressId: number; readonly coin: Coin; readonly currency: string; readonly at: Date },
): Promise<ChainQuote | undefined> {
  const fresh = await readRate(em, { base: coinTraits[coin].ticker, quote: currency, at });
  const holds = 'quoted_until > $2';
  const [row] = await run<{ quote_rate: string | null; quoted_until: Date | null }>(
    em,
    `update chain_address set shown_at = $2, quote_rate = case when ${holds} then quote_rate else $3 end,
            quote_rate_at = case when ${holds} then quote_rate_at else $4 end, quoted_until = case when ${holds} then quoted_until else $5 end
      where id = $1 returning quote_rate, quoted_until`,
    [addressId, at, fresh?.rate ?? null, fresh?.at ?? null, fresh ? new Date(at.getTime() + quoteSeconds * 1_000) : null],
  );
  if (row?.quote_rate == null || row.quoted_until === null) return undefined;
  return { rate: row.quote_rate, until: new Date(row.quoted_until) };
}

/** What a shop awaits of a coin's outputs. */
export async function readConfirmations(em: EntityManager, shopId: number, coin: Coin): Promise<Confirmations> {
  const own = await readOwnSettings(em, shopId);
  return { usual: settingOf(own, `${coin}Confirmations`), ofMuch: settingOf(own, `${coin}ConfirmationsOfMuch`) };
}
