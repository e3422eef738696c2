/** What a payment freezes when it is opened: the price, where its provider does not quote the shop's currency, and what settles an order. */
import { networkCoins } from '../../domain/coin.ts';
import { type Instructions, priceCurrencyOf } from '../../domain/payment.ts';
import { convert } from '../../domain/rate.ts';
import { leastUnits, mostToleratedInEur } from '../../domain/tolerance.ts';
import type { Payment } from '../../db/entities/payment.ts';
import type { EntityManager } from '../../db/orm.ts';
import { readDayRate, readRate } from '../../db/repositories/rate.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { GatewayError } from '../../gateways/payments/provider.ts';

/**
 * EUR at a rate frozen per payment, rounded up. Freezes the price once; asked again it stands.
 * @returns whether there is a price now that `payment` does not have @throws GatewayError when no rate is valid: nothing prices it now
 */
export async function freezePrice(
  em: EntityManager,
  { id, provider, amount, currency, priceCurrency }: Pick<Payment, 'id' | 'provider' | 'amount' | 'currency' | 'priceCurrency'>,
  at: Date,
): Promise<boolean> {
  const asked = priceCurrencyOf(provider, currency);
  if (asked === currency || priceCurrency != null) return false;
  const found = await readRate(em, { base: currency, quote: asked, at });
  if (!found) throw new GatewayError(`No valid rate of ${currency} in ${asked}`, { retryable: false });
  await em.execute('update payment set price_amount = ?, price_currency = ? where id = ? and price_currency is null', [
    convert(amount, { from: currency, to: asked, rate: found.rate, round: 'up' }),
    asked,
    id,
  ]);
  return true;
}

/**
 * The fewest units that settle an order, by the shop's tolerance now and the first rate of the day, which 1.00 EUR is taken at, rounded down.
 * While no rate is known nothing is tolerated. Null where nothing is paid in coins, and for a deposit: it is credited with what came.
 */
export async function freezeLeastUnits(
  em: EntityManager,
  { shopId, orderId, amount, currency }: Pick<Payment, 'shopId' | 'orderId' | 'amount' | 'currency'>,
  instructions: Instructions,
  at: Date,
): Promise<string | null> {
  if (instructions.kind !== 'address' || orderId == null) return null;
  const rate = await readDayRate(em, { base: 'EUR', quote: currency, at });
  const most = rate === undefined ? 0 : convert(mostToleratedInEur, { from: 'EUR', to: currency, rate, round: 'down' });
  const basisPoints = await readSetting(em, shopId, 'coinTolerance');
  return leastUnits(instructions.units, { amount, basisPoints, most, decimals: networkCoins[instructions.coin].decimals });
}
