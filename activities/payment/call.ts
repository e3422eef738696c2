/** Asking a provider about one payment: what the call needs, and keeping what it learned. */
import type { Payment } from '../../db/entities/payment.ts';
import type { EntityManager } from '../../db/orm.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { readPaymentCall } from '../../db/repositories/payment-call.ts';
import { openCredentials } from '../../db/repositories/provider-account.ts';
import { GatewayError, type ProviderEvent } from '../../gateways/payments/provider.ts';
import type { Rung } from '../../temporal/ring.ts';
import type { ActivityContext } from '../context.ts';
import { makePaymentRequest } from './request.ts';

export type CallContext = Pick<ActivityContext, 'db' | 'secrets' | 'gateways' | 'publicUrl'>;

/** Everything a gateway call needs, read without a transaction: nothing outside is called inside one. */
export async function prepareCall({ db, secrets, gateways, publicUrl }: CallContext, paymentId: string) {
  const em = db.em.fork();
  const found = await readPaymentCall(em, paymentId);
  const { payment, account, shop } = found;
  const gateway = gateways[payment.provider];
  if (!gateway || !account) throw new GatewayError(`${payment.provider} is off for this shop`, { retryable: false });
  const request = makePaymentRequest(found, `${publicUrl}/webhooks/${payment.provider}/${account.endpointId}`);
  const credentials = openCredentials(secrets, account, payment.provider === 'stars' ? shop : undefined);
  return { em, payment, gateway, credentials, request };
}

/** What was learned becomes rows of the inbox. @returns whom to ring for those that have no outcome yet */
export async function storeAsked(
  em: EntityManager,
  payment: Pick<Payment, 'id' | 'shopId' | 'provider' | 'accountId'>,
  events: readonly ProviderEvent[],
): Promise<Rung[]> {
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
