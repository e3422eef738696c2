/** Asking a provider about one payment: what the call needs, and keeping what it learned. */
import { Payment } from '../../db/entities/payment.ts';
import type { EntityManager } from '../../db/orm.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { findAccount, loadCredentials } from '../../db/repositories/provider-account.ts';
import { GatewayError, type ProviderEvent } from '../../gateways/payments/provider.ts';
import type { Rung } from '../../temporal/ring.ts';
import type { ActivityContext } from '../context.ts';
import { makePaymentRequest } from './request.ts';

export type CallContext = Pick<ActivityContext, 'db' | 'secrets' | 'gateways' | 'publicUrl'>;

/** Everything a gateway call needs. */
export async function prepareCall({ db, secrets, gateways, publicUrl }: CallContext, paymentId: string) {
  const em = db.em.fork();
  const payment = await em.findOneOrFail(Payment, { id: paymentId });
  const gateway = gateways[payment.provider];
  const account = await findAccount(em, payment.shopId, payment.provider);
  const callbackUrl = `${publicUrl}/webhooks/${payment.provider}/${account?.endpointId}`;
  const request = await makePaymentRequest(em, payment, callbackUrl);
  const credentials = await loadCredentials(em, secrets, payment.shopId, payment.provider);
  if (!gateway || !credentials) throw new GatewayError(`${payment.provider} is off for this shop`, { retryable: false });
  return { em, payment, gateway, credentials, request };
}

/** What was learned becomes rows of the inbox. @returns whom to ring for those that have no outcome yet */
export async function storeAsked(em: EntityManager, payment: Payment, events: readonly ProviderEvent[]): Promise<Rung[]> {
  const { shopId, provider } = payment;
  const rung: Rung[] = [];
  for (const event of events) {
    const { waiting, about } = await insertInboxRow(em, {
      shopId,
      provider,
      accountId: payment.accountId ?? null,
      source: 'asked',
      eventId: event.eventId,
      type: event.type,
      verdict: 'verified',
      kind: event.kind,
      objectId: event.objectId,
      paymentId: payment.id,
      amount: event.money?.amount,
      currency: event.money?.currency,
      liveMode: event.liveMode,
      coins: event.coins,
      providerAt: new Date(event.at),
      body: Buffer.from(JSON.stringify(event)),
    });
    // Stored by a try that died before its settle counts as learned too.
    if (waiting) rung.push({ about, shopId, provider, objectId: event.objectId });
  }
  return rung;
}
