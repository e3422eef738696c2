/** Coins a customer may pay with, each on one network. Units are decimal strings, never floats. Pure. */
import { readDecimal, toScale, writeDecimal } from './decimal.ts';

interface CoinTraits {
  /** What it is called and priced as. */
  readonly coin: string;
  readonly network: string;
  /** Decimals of the network's smallest unit. */
  readonly decimals: number;
}

/** Every coin on every network it may come by. What is the same coin on another network is another address, and lost when it is mixed up. */
export const networkCoins = {
  BTC: { coin: 'BTC', network: 'Bitcoin', decimals: 8 },
  ETH: { coin: 'ETH', network: 'Ethereum', decimals: 18 },
  LTC: { coin: 'LTC', network: 'Litecoin', decimals: 8 },
  TON: { coin: 'TON', network: 'TON', decimals: 9 },
  SOL: { coin: 'SOL', network: 'Solana', decimals: 9 },
  USDT_TRC20: { coin: 'USDT', network: 'TRC20', decimals: 6 },
  USDT_ERC20: { coin: 'USDT', network: 'ERC20', decimals: 6 },
  USDT_BEP20: { coin: 'USDT', network: 'BEP20', decimals: 18 },
  USDT_SOL: { coin: 'USDT', network: 'Solana', decimals: 6 },
  USDC_ERC20: { coin: 'USDC', network: 'ERC20', decimals: 6 },
  USDC_SOL: { coin: 'USDC', network: 'Solana', decimals: 6 },
} as const satisfies Readonly<Record<string, CoinTraits>>;

/** A coin on its network. */
export type NetworkCoin = keyof typeof networkCoins;

export function isNetworkCoin(name: unknown): name is NetworkCoin {
  return typeof name === 'string' && Object.hasOwn(networkCoins, name);
}

/** The coin of this name on this network, as payments keep it. */
export function networkCoinOf(coin: string | null | undefined, network: string | null | undefined): NetworkCoin | undefined {
  return (Object.keys(networkCoins) as NetworkCoin[]).find(
    (name) => networkCoins[name].coin === coin && networkCoins[name].network === network,
  );
}

/**
 * A coin a shop takes now, and the least of it for one payment, in minor units of a currency. `price`: about what one costs in that currency, a
 * decimal string; absent while its provider does not say.
 */
export interface CoinOffer {
  readonly coin: NetworkCoin;
  readonly minimum: number;
  readonly price?: string | undefined;
}

/** Offers as a provider told them: minimums in minor units of `currency`, `at` in ISO 8601. */
export interface ToldOffers {
  readonly currency: string;
  readonly at: string;
  readonly coins: readonly CoinOffer[];
}

/** `amount` × `part` / `whole`, rounded down; undefined when one is no number, or `whole` is nothing. */
export function shareOf(amount: number, part: string, whole: string): number | undefined {
  const [some, all] = [readDecimal(part), readDecimal(whole)];
  if (!some || !all || all.digits === 0n) return undefined;
  const share = (BigInt(amount) * some.digits * 10n ** BigInt(all.decimals)) / (all.digits * 10n ** BigInt(some.decimals));
  return share <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(share) : undefined;
}

/** What one unit is worth when `units` cost `amount` (whole minor units of a currency with `decimals`): a decimal string, rounded down. */
export function rateOf(amount: number, decimals: number, units: string): string | undefined {
  const bought = readDecimal(units);
  if (!bought || bought.digits === 0n) return undefined;
  const kept = 18;
  return writeDecimal((BigInt(amount) * 10n ** BigInt(kept + bought.decimals)) / (bought.digits * 10n ** BigInt(decimals)), kept);
}

/** Where a payment in coins is to be sent. */
export interface CoinAddress {
  readonly coin: NetworkCoin;
  readonly address: string;
  readonly units: string;
  /** Memo, tag or comment without which the money is not found. */
  readonly memo: string | null;
}

/**
 * What a wallet reads from a QR code: address and amount where wallets agree on a form (BIP-21 and its like), else the address alone. A form
 * that a wallet takes for an address would be a payment to nowhere.
 */
export function coinUri({ coin, address, units, memo }: CoinAddress): string {
  switch (coin) {
    case 'BTC':
      return `bitcoin:${address}?amount=${units}`;
    case 'LTC':
      return `litecoin:${address}?amount=${units}`;
    case 'SOL':
      return `solana:${address}?amount=${units}`;
    case 'TON': {
      const nanotons = readDecimal(units);
      const amount = nanotons === undefined ? '' : `?amount=${toScale(nanotons, networkCoins.TON.decimals, 'up')}`;
      const text = memo === null ? '' : `${amount === '' ? '?' : '&'}text=${encodeURIComponent(memo)}`;
      return `ton://transfer/${address}${amount}${text}`;
    }
    default:
      return address;
  }
}
