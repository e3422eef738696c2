/** Our coins by NOWPayments' names, and theirs in our words. */
import type { NetworkCoin } from '../../../domain/coin.ts';

export const tickerOfCoin: Readonly<Record<NetworkCoin, string>> = {
  BTC: 'btc',
  ETH: 'eth',
  LTC: 'ltc',
  TON: 'ton',
  SOL: 'sol',
  USDT_TRC20: 'usdttrc20',
  USDT_ERC20: 'usdterc20',
  USDT_BEP20: 'usdtbsc',
  USDT_SOL: 'usdtsol',
  USDC_ERC20: 'usdc',
  USDC_SOL: 'usdcsol',
};

const coinOfTicker = new Map(Object.entries(tickerOfCoin).map(([coin, ticker]) => [ticker, coin as NetworkCoin]));

/** One of our coins by their name, however it is written; undefined for what we do not offer. */
export function coinOf(ticker: string): NetworkCoin | undefined {
  return coinOfTicker.get(ticker.toLowerCase());
}
