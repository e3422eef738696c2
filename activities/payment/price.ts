/** What a provider is asked, where it does not quote the shop's currency: EUR at a rate frozen per payment, rounded up. */
import { priceCurrencyOf } from '../../domain/payment.ts';
import { convert } from '../../domain/rate.ts';
import { Payment } from '../../db/entities/payment.ts';
import type { EntityManager } from '../../db/orm.ts';
import { readRate } from '../../db/repositories/rate.ts';
import { GatewayError } from '../../gateways/payments/provider.ts';

/** Freezes the price once; asked again it stands. @throws GatewayError when no rate is valid: nothing prices it now */
export async function freezePrice(em: EntityManager, paymentId: string, at: Date): Promise<void> {
  const { provider, amount, currency, priceCurrency } = await em.findOneOrFail(Payment, { id: paymentId });
  const asked = priceCurrencyOf(provider, currency);
  if (asked === currency || priceCurrency != null) return;
  const found = await readRate(em, { base: currency, quote: asked, at });
  if (!found) throw new GatewayError(`No valid rate of ${currency} in ${asked}`, { retryable: false });
  await em.execute('update payment set price_amount = ?, price_currency = ? where id = ? and price_currency is null', [
    convert(amount, { from: currency, to: asked, rate: found.rate, round: 'up' }),
    asked,
    paymentId,
  ]);
}
