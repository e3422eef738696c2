/** Coins that come straight from their chain, to addresses derived from the shop's public account key (MONEY.md section 8). Pure. */

export const coins = ['btc', 'ltc'] as const;
export type Coin = (typeof coins)[number];

/** `regtest` is a chain of one's own, as the sandbox's; `test` keys and addresses serve both it and public test networks. */
export const chainNetworks = ['main', 'test', 'regtest'] as const;
export type ChainNetwork = (typeof chainNetworks)[number];

/** How an address is made of a public key: `1...` or `L...`; `3...` or `M...`; `bc1...` or `ltc1...`. */
export const scriptTypes = ['legacy', 'p2sh-segwit', 'segwit'] as const;
export type ScriptType = (typeof scriptTypes)[number];

/** `blockSeconds` between blocks on average. */
export const coinTraits: Readonly<Record<Coin, { ticker: string; title: string; blockSeconds: number }>> = {
  btc: { ticker: 'BTC', title: 'Bitcoin', blockSeconds: 600 },
  ltc: { ticker: 'LTC', title: 'Litecoin', blockSeconds: 150 },
};

/** Confirmations of an output before its money is credited, and of one that is worth more than 1,000 EUR (settings of the shop). */
export interface Confirmations {
  readonly usual: number;
  readonly ofMuch: number;
}

export function isCoin(name: string): name is Coin {
  return coins.some((coin) => coin === name);
}

export const outputStates = ['mempool', 'mined', 'orphaned', 'gone'] as const;
/**
 * Where an output stands: `mempool`: it waits for a block; `mined`; `orphaned`: its block is no part of the chain any more, and it may come
 * back; `gone`: its money was spent otherwise, or nobody knows of it any more. It may come back from there too.
 */
export type OutputState = (typeof outputStates)[number];

export const outputWords = ['seen', 'confirming', 'settled', 'failed', 'withdrawn', 'reinstated'] as const;
/** What a deposit is told of its output: it has no other source. */
export type OutputWord = (typeof outputWords)[number];

/** Minor units of EUR above which more confirmations are awaited. */
const muchInEur = 100_000;

/** Confirmations awaited; what is worth `inEur` minor units, or an unknown amount (undefined: the careful answer). */
export function confirmationsFor({ usual, ofMuch }: Confirmations, inEur: number | undefined): number {
  return inEur !== undefined && inEur <= muchInEur ? usual : ofMuch;
}

/** Addresses in a row, newest first, that nobody has paid to: a wallet looks no further ahead than 20 when it is restored. */
export const gapWarning = 15;
export const gapLimit = 20;

/** How long a rate that was shown with an address holds, seconds. */
export const quoteSeconds = 1_200;
/** What was taken out of the chain and is not back after this is taken back, seconds. */
export const reminedWithinSeconds = 86_400;
/** A watch that has not seen the end of its chain for this long is not healthy: no address is offered, and staff are told; seconds. */
export const watchStaleSeconds = 900;
/** Blocks that are remembered: what is deeper is never looked at again. */
export const rememberedBlocks = 1_000;

/** The smallest units (satoshi, litoshi) as a decimal string of the coin: `50000` → `0.0005`. */
export function toCoinUnits(smallest: bigint): string {
  const digits = smallest.toString().padStart(9, '0');
  const fraction = digits.slice(-8).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -8) : `${digits.slice(0, -8)}.${fraction}`;
}

/** Names one output of a coin's chain: `btc:<txid>:<vout>`. */
export function outputName({ coin, txid, vout }: { readonly coin: Coin; readonly txid: string; readonly vout: number }): string {
  return `${coin}:${txid}:${vout}`;
}

/** What a wallet reads from a QR code of an address: any amount may be sent there. */
export function addressUri(coin: Coin, address: string): string {
  return `${coin === 'btc' ? 'bitcoin' : 'litecoin'}:${address}`;
}
