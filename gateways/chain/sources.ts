/** Where each coin's chain is followed from. */
import type { Config } from '../../config.ts';
import { type Coin, coins } from '../../domain/chain.ts';
import { createEsploraSource } from './esplora.ts';
import { createNodeSource } from './node.ts';
import type { ChainSource } from './source.ts';

/** Undefined: the coin is not watched, and no shop of this deployment can take it. */
export type ChainSources = Readonly<Record<Coin, ChainSource | undefined>>;

export function createChainSources({ config }: { readonly config: Pick<Config, 'chains'> }): ChainSources {
  const sources = coins.map((coin) => [coin, config.chains[coin] === undefined ? undefined : openSource(coin, config.chains[coin])]);
  return Object.fromEntries(sources) as ChainSources;
}

/** `address`: as in config.ts, `rpc:http://user:password@host:port` or `esplora:https://host/api`. */
function openSource(coin: Coin, address: string): ChainSource {
  const url = new URL(address.replace(/^(?:rpc|esplora):/, ''));
  if (address.startsWith('esplora:')) return createEsploraSource({ coin, url: url.href.replace(/\/+$/, '') });
  const [user, password] = [url.username, url.password].map(decodeURIComponent);
  Object.assign(url, { username: '', password: '' });
  return createNodeSource({ coin, url: url.href, user: user ?? '', password: password ?? '' });
}
