/** Reading a provider's statement: its lines are kept, its fees booked, and what we had not heard of becomes rows of the inbox. */
import { feeKey, postFee } from '../../domain/ledger.ts';
import { type ExternalProvider, type InboxEventKind, providerTraits } from '../../domain/payment.ts';
import { type MoveKind, type ProviderMove, statementOf } from '../../domain/reconcile.ts';
import { Reconciliation } from '../../db/entities/reconcile.ts';
import { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { isPosted, post } from '../../db/repositories/ledger.ts';
import { loadCredentials } from '../../db/repositories/provider-account.ts';
import { findCursor, keepMoves, type KnownMove, lookUpMoves } from '../../db/repositories/reconcile.ts';
import { GatewayError } from '../../gateways/payments/provider.ts';
import type { Rung } from '../../temporal/ring.ts';
import type { StatementName } from '../../workflows/messages/reconcile.ts';
import type { ActivityContext } from '../context.ts';

/** `at`: workflow time, ms. */
export interface Reading extends StatementName {
  readonly at: number;
}

export interface Kept {
  readonly reconciliationId: number;
  readonly found: number;
  readonly fees: number;
  readonly read: number;
}

/** What was read, and whom to ring for what was news in it. */
export interface KeptStatement extends Kept {
  readonly news: readonly Rung[];
}

interface Read {
  readonly moves: readonly ProviderMove[];
  readonly cursor: string;
}

const chunk = 1_000;

/** What a line says, as the provider's own events say it. */
const kindOfMove: Readonly<Record<Exclude<MoveKind, 'other'>, InboxEventKind>> = {
  payment: 'settled',
  refund: 'refunded',
  refundFailed: 'refundFailed',
  withdrawn: 'withdrawn',
  reinstated: 'reinstated',
};

/** What its statement says since the last time; nothing where none is kept. */
export async function callStatement(
  { db, secrets, gateways }: Pick<ActivityContext, 'db' | 'secrets' | 'gateways'>,
  statement: Reading,
): Promise<Read> {
  const em = db.em.fork();
  const { shopId, provider } = statement;
  if (statementOf[provider] !== 'lines') return { moves: [], cursor: '' };
  const credentials = await loadCredentials(em, secrets, shopId, provider);
  const gateway = gateways[provider];
  if (!gateway?.statement || !credentials) throw new GatewayError(`${provider} is off for this shop`, { retryable: false });
  return gateway.statement(credentials, await findCursor(em, statement));
}

/** Keeps what was read, and the reading itself. */
export async function keepStatement(em: EntityManager, { shopId, provider, at }: Reading, { moves, cursor }: Read): Promise<KeptStatement> {
  const shop = await em.findOneOrFail(Shop, { id: shopId });
  const time = new Date(at);
  const news: Rung[] = [];
  let fees = 0;
  for (let start = 0; start < moves.length; start += chunk) {
    const known = await lookUpMoves(em, { shopId, provider }, moves.slice(start, start + chunk));
    await keepMoves(em, { shopId, provider }, known);
    for (const one of known) {
      fees += await bookFee(em, shop, provider, one, time);
      news.push(...(await tellInbox(em, shopId, provider, one)));
    }
  }
  const found = news.length;
  const currency = currencyOf(provider, shop);
  const reconciliation = em.create(Reconciliation, { shopId, provider, cursor, readAt: time, read: moves.length, found, fees, currency });
  em.persist(reconciliation);
  await em.flush();
  return { reconciliationId: reconciliation.id, found, fees, read: moves.length, news };
}

export const currencyOf = (provider: ExternalProvider, shop: Pick<Shop, 'currency'>) =>
  providerTraits[provider].currency === 'XTR' ? 'XTR' : shop.currency;

/** @returns what was booked, minor units */
async function bookFee(
  em: EntityManager,
  shop: Shop,
  provider: ExternalProvider,
  { move, paymentId }: KnownMove,
  at: Date,
): Promise<number> {
  if (move.fee <= 0 || paymentId === null || move.kind === 'other' || move.currency !== currencyOf(provider, shop)) return 0;
  const key = feeKey({ provider, shopId: shop.id, objectId: move.transactionId });
  if (await isPosted(em, key)) return 0;
  const posting = { shopId: shop.id, currency: move.currency, key, actor: 'system', reason: 'fee', at };
  await post(em, { ...posting, legs: postFee(provider, move.fee) });
  return move.fee;
}

/** What a webhook would have said. @returns whom to ring when it is news */
async function tellInbox(
  em: EntityManager,
  shopId: number,
  provider: ExternalProvider,
  { move, paymentId, known }: KnownMove,
): Promise<Rung[]> {
  if (known || paymentId === null || move.kind === 'other') return [];
  const kind = kindOfMove[move.kind];
  const { waiting, about } = await insertInboxRow(em, {
    shopId,
    provider,
    source: 'asked',
    // As the bot's updates name theirs; Stripe's lines have an id of their own.
    eventId: providerTraits[provider].currency === 'XTR' ? `${move.transactionId}:${kind}` : `${move.transactionId}:statement`,
    type: `statement.${move.kind}`,
    verdict: 'verified',
    kind,
    objectId: move.objectId,
    paymentId,
    moneyObject: move.moneyObject,
    amount: Math.abs(move.amount),
    currency: move.currency,
    providerAt: new Date(move.at),
    body: Buffer.from(JSON.stringify(move)),
  });
  return waiting ? [{ about, shopId, provider, objectId: move.objectId }] : [];
}
