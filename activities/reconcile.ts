/** Reading providers' statements, booking what they took for themselves, and comparing what is left with the ledger. */
import { feeKey, postFee } from '../domain/ledger.ts';
import { type ExternalProvider, type InboxEventKind, isExternal, providerTraits } from '../domain/payment.ts';
import { type Difference, findDifferences, type MoveKind, type ProviderMove, type Reconciled } from '../domain/reconcile.ts';
import { ProviderAccount } from '../db/entities/provider-account.ts';
import { Reconciliation } from '../db/entities/reconcile.ts';
import { Shop } from '../db/entities/shop.ts';
import type { EntityManager } from '../db/orm.ts';
import { raiseAlert } from '../db/repositories/alert.ts';
import { insertInboxRow } from '../db/repositories/inbox.ts';
import { isPosted, post } from '../db/repositories/ledger.ts';
import { loadCredentials } from '../db/repositories/provider-account.ts';
import { findCursor, keepMoves, type KnownMove, listUnequal, lookUpMoves, readTotals } from '../db/repositories/reconcile.ts';
import { GatewayError } from '../gateways/payments/provider.ts';
import { type Rung, ringFor } from '../temporal/ring.ts';
import type { StatementName } from '../workflows/messages/reconcile.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { heartbeating } from './heartbeat.ts';

/** `at`: workflow time, ms. */
interface Reading extends StatementName {
  readonly at: number;
}
interface Comparing extends Reading {
  readonly graceSeconds: number;
}

/** Differences told at once; a ledger that is off by more is off as a whole. */
const mostDifferences = 100;
/** A comparison reads all of the ledger's moves with a provider; the steps of orders have shorter limits. */
const comparingMs = 60_000;
const chunk = 1_000;
/** Rung at once; the relay rings for what is more. */
const mostRings = 200;

/** What a line says, as the provider's own events say it. */
const kindOfMove: Readonly<Record<Exclude<MoveKind, 'other'>, InboxEventKind>> = {
  payment: 'settled',
  refund: 'refunded',
  refundFailed: 'refundFailed',
  withdrawn: 'withdrawn',
  reinstated: 'reinstated',
};

interface Read {
  readonly moves: readonly ProviderMove[];
  readonly cursor: string;
}

/** What was read, and whom to ring for what was news in it. */
interface KeptStatement extends Kept {
  readonly news: readonly Rung[];
}

interface Kept {
  readonly reconciliationId: number;
  readonly found: number;
  readonly fees: number;
  readonly read: number;
}

export function createReconcileActivities(context: Pick<ActivityContext, 'db' | 'secrets' | 'gateways' | 'door'>) {
  const { db, door } = context;
  return failing({
    /** The statements there are to read: accounts of providers that keep one. */
    async listStatements(): Promise<StatementName[]> {
      const accounts = await db.em.fork().find(ProviderAccount, {}, { orderBy: { shopId: 'asc', provider: 'asc' } });
      return accounts.flatMap(({ shopId, provider }) =>
        isExternal(provider) && context.gateways[provider]?.statement ? [{ shopId, provider }] : [],
      );
    },

    /** Reads a statement since the last time. What we had not heard of becomes rows of the inbox, settled like any other. */
    readStatement: (reading: Reading): Promise<Kept> =>
      heartbeating(async () => {
        const read = await callStatement(context, reading);
        const { news, ...kept } = await db.em.fork().transactional((em) => keepStatement(em, reading, read));
        // Whoever is not rung now is rung by the relay.
        for (const rung of news.slice(0, mostRings)) await ringFor(door, rung).catch(() => undefined);
        return kept;
      }),

    /** Compares what has been quiet for a while, object by object; what differs is told to staff, once. */
    compareStatement: (comparing: Comparing & { readonly reconciliationId: number }): Promise<Reconciled> =>
      heartbeating(() =>
        db.em.fork().transactional(async (em) => {
          const reconciliation = await em.findOneOrFail(Reconciliation, { id: comparing.reconciliationId });
          const compared = await compare(em, comparing, reconciliation);
          await alertOf(em, compared, new Date(comparing.at));
          const { statement, ledger, differences } = compared;
          Object.assign(reconciliation, { comparedAt: new Date(comparing.at), statement, ledger, differences });
          return compared;
        }),
      ),

    /** The same without a trace: reads, compares, and undoes all it wrote. */
    rehearseStatement: (comparing: Comparing): Promise<Reconciled> =>
      heartbeating(async () => {
        const read = await callStatement(context, comparing);
        return undoing(db.em.fork(), async (em) => {
          const kept = await keepStatement(em, comparing, read);
          return compare(em, comparing, kept);
        });
      }),
  });
}

async function callStatement(
  { db, secrets, gateways }: Pick<ActivityContext, 'db' | 'secrets' | 'gateways'>,
  statement: Reading,
): Promise<Read> {
  const em = db.em.fork();
  const { shopId, provider } = statement;
  const credentials = await loadCredentials(em, secrets, shopId, provider);
  const gateway = gateways[provider];
  if (!gateway?.statement || !credentials) throw new GatewayError(`${provider} is off for this shop`, { retryable: false });
  return gateway.statement(credentials, await findCursor(em, statement));
}

async function keepStatement(em: EntityManager, { shopId, provider, at }: Reading, { moves, cursor }: Read): Promise<KeptStatement> {
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

const currencyOf = (provider: ExternalProvider, shop: Pick<Shop, 'currency'>) =>
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

async function compare(
  em: EntityManager,
  { shopId, provider, at, graceSeconds }: Comparing,
  { read, found, fees }: Pick<Kept, 'read' | 'found' | 'fees'>,
): Promise<Reconciled> {
  await em.execute(`set local statement_timeout = ${comparingMs}`);
  const currency = currencyOf(provider, await em.findOneOrFail(Shop, { id: shopId }));
  const before = new Date(at - graceSeconds * 1_000);
  const unequal = await listUnequal(em, { shopId, provider }, { currency, before, limit: mostDifferences });
  const totals = await readTotals(em, { shopId, provider }, currency);
  return { shopId, provider, currency, read, found, fees, ...totals, differences: findDifferences(unequal) };
}

/** Each difference is told once, as long as it stands as it does. */
async function alertOf(em: EntityManager, { shopId, provider, currency, differences }: Reconciled, at: Date): Promise<void> {
  for (const { kind, objectId, amount } of differences satisfies readonly Difference[]) {
    const key = `${kind}:${provider}:${objectId}:${amount}`;
    await raiseAlert(em, { shopId, key, kind, params: { what: `${provider} ${objectId}`, amount, currency }, at });
  }
}

/** Does it in a transaction that is taken back. */
async function undoing<Done>(em: EntityManager, work: (em: EntityManager) => Promise<Done>): Promise<Done> {
  const undone = new Error('undone');
  let done: { readonly value: Done } | undefined;
  try {
    await em.transactional(async (tx) => {
      done = { value: await work(tx) };
      throw undone;
    });
  } catch (err) {
    if (err !== undone) throw err;
  }
  return (done as { readonly value: Done }).value;
}

export type ReconcileActivities = ReturnType<typeof createReconcileActivities>;
