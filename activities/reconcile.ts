/** Asking providers about what went quiet, reading their statements, and comparing what they say with the ledger. */
import type { ExternalProvider } from '../domain/payment.ts';
import { isExternal } from '../domain/payment.ts';
import { type Difference, findDifferences, isAsked, type Reconciled, statementOf } from '../domain/reconcile.ts';
import { ProviderAccount } from '../db/entities/provider-account.ts';
import { Reconciliation } from '../db/entities/reconcile.ts';
import { Shop } from '../db/entities/shop.ts';
import type { EntityManager } from '../db/orm.ts';
import { raiseAlert } from '../db/repositories/alert.ts';
import { isWaiting } from '../db/repositories/inbox.ts';
import { listQuiet } from '../db/repositories/quiet.ts';
import { listUnequal, readTotals } from '../db/repositories/reconcile.ts';
import { GatewayError } from '../gateways/payments/provider.ts';
import { type Rung, ringFor } from '../temporal/ring.ts';
import type { AskedQuiet, StatementName } from '../workflows/messages/reconcile.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { heartbeating } from './heartbeat.ts';
import { findOutputs, findUnspent, type FoundOutput, keepFound, keepUnspent } from './reconcile/chain.ts';
import { askAbout, bookAnsweredFees, keepWord, type Word } from './reconcile/quiet.ts';
import { callStatement, currencyOf, type Kept, keepStatement, type Reading } from './reconcile/statement.ts';

interface Asking extends Reading {
  readonly quietSeconds: number;
}
interface Comparing extends Reading {
  readonly graceSeconds: number;
  /** Asked about before, and found by that. */
  readonly asked: number;
  readonly found: number;
}

/** Differences told at once; a ledger that is off by more is off as a whole. */
const mostDifferences = 100;
/** A comparison reads all of the ledger's moves with a provider; the steps of orders have shorter limits. */
const comparingMs = 60_000;
/** Rung at once; the relay rings for what is more. */
const mostRings = 200;
/** Payments asked about in one go, and in a dry run, which cannot go on from where it was. */
const mostAsked = 50;
const mostRehearsed = 200;
/** A provider that fails this often in one go is away. */
const mostFailures = 5;

export function createReconcileActivities(context: Pick<ActivityContext, 'db' | 'secrets' | 'gateways' | 'chains' | 'door' | 'publicUrl'>) {
  const { db, door } = context;

  // Whoever is not rung now is rung by the relay.
  const ring = async (news: readonly Rung[]) => {
    for (const rung of news.slice(0, mostRings)) await ringFor(door, rung).catch(() => undefined);
  };

  /** Asks one after the other; `each` has what was said. @returns how many there were, and how many of them answered */
  async function ask({ shopId, provider, at, quietSeconds }: Asking, limit: number, each: (word: Word) => Promise<void>) {
    const ids = await listQuiet(db.em.fork(), { shopId, provider }, { at: new Date(at), quietSeconds, limit });
    const failures: unknown[] = [];
    for (const id of ids) {
      try {
        const word = await askAbout(context, id);
        await each(word);
        if (word.refusal !== null) failures.push(new GatewayError(word.refusal, { retryable: false }));
      } catch (err) {
        // Whoever says when to come again is left alone until then; what fails for one payment is no reason not to ask about the others.
        if (!(err instanceof GatewayError) || err.retryAfter !== undefined) throw err;
        failures.push(err);
        if (failures.length >= mostFailures) throw err;
      }
    }
    if (ids.length > 0 && failures.length === ids.length) throw failures[0];
    return { turned: ids.length, asked: ids.length - failures.length };
  }

  return failing({
    /** What there is to compare: accounts of providers that can be asked, read, or are judged by staff. */
    async listStatements(): Promise<StatementName[]> {
      const accounts = await db.em.fork().find(ProviderAccount, {}, { orderBy: { shopId: 'asc', provider: 'asc' } });
      return accounts.flatMap(({ shopId, provider }) =>
        isExternal(provider) && isCompared(context, provider) ? [{ shopId, provider }] : [],
      );
    },

    /** Asks about payments that went quiet, a few at a time. Each is kept as it is answered, so whoever comes after goes on from there. */
    askQuiet: (asking: Asking): Promise<AskedQuiet> =>
      heartbeating(async () => {
        const { shopId, provider, at } = asking;
        if (!isAsked(provider)) return { asked: 0, found: 0, more: false };
        if (statementOf[provider] === 'outputs') {
          const looked = await findOutputs(context, asking, mostAsked, (found) => keepFound(db.em.fork(), shopId, found, new Date(at)));
          return { ...looked, found: 0 };
        }
        let found = 0;
        const { turned, asked } = await ask(asking, mostAsked, async (word) => {
          const news = await keepWord(db.em.fork(), word, new Date(asking.at));
          found += news.length;
          await ring(news);
        });
        return { asked, found, more: turned === mostAsked };
      }),

    /** Reads a statement since the last time. What we had not heard of becomes rows of the inbox, settled like any other. */
    readStatement: (reading: Reading): Promise<Kept> =>
      heartbeating(async () => {
        const read = await callStatement(context, reading);
        const unspent = statementOf[reading.provider] === 'outputs' ? await findUnspent(context, reading) : [];
        const { news, ...kept } = await db.em.fork().transactional(async (em) => {
          for (const found of unspent) await keepUnspent(em, reading, found);
          return keepStatement(em, reading, read);
        });
        await ring(news);
        return kept;
      }),

    /** Whether stories of what was found are at work still. */
    isSettling: (statement: StatementName): Promise<boolean> => isWaiting(db.em.fork(), statement),

    /** Compares what has been quiet for a while, object by object; what differs is told to staff, once. */
    compareStatement: (comparing: Comparing & { readonly reconciliationId: number }): Promise<Reconciled> =>
      heartbeating(() =>
        db.em.fork().transactional(async (em) => {
          const reconciliation = await em.findOneOrFail(Reconciliation, { id: comparing.reconciliationId });
          const { read, found, fees } = reconciliation;
          const compared = await compare(em, comparing, { read, fees, found: found + comparing.found });
          await alertOf(em, compared, new Date(comparing.at));
          const { statement, ledger, differences } = compared;
          const done = { comparedAt: new Date(comparing.at), statement, ledger, differences, fees: compared.fees, found: compared.found };
          Object.assign(reconciliation, done);
          return compared;
        }),
      ),

    /** The same without a trace: asks, reads, compares, and undoes all it wrote. */
    rehearseStatement: (comparing: Pick<Comparing, keyof Reading | 'graceSeconds'> & Asking): Promise<Reconciled> =>
      heartbeating(async () => {
        const words: Word[] = [];
        const outputs: FoundOutput[] = [];
        const isChain = statementOf[comparing.provider] === 'outputs';
        if (isChain) {
          await findOutputs(context, comparing, mostRehearsed, async (found) => {
            outputs.push(found);
          });
        } else if (isAsked(comparing.provider)) {
          await ask(comparing, mostRehearsed, async (word) => {
            words.push(word);
          });
        }
        const read = await callStatement(context, comparing);
        const unspent = isChain ? await findUnspent(context, comparing) : [];
        return undoing(db.em.fork(), async (em) => {
          let found = 0;
          for (const one of outputs) await keepFound(em, comparing.shopId, one, new Date(comparing.at));
          for (const one of unspent) await keepUnspent(em, comparing, one);
          for (const word of words) found += (await keepWord(em, word, new Date(comparing.at))).length;
          const kept = await keepStatement(em, comparing, read);
          return compare(em, { ...comparing, asked: words.length + outputs.length, found }, { ...kept, found: kept.found + found });
        });
      }),
  });
}

function isCompared({ gateways, chains }: Pick<ActivityContext, 'gateways' | 'chains'>, provider: ExternalProvider): boolean {
  const kind = statementOf[provider];
  if (kind === 'outputs') return Object.values(chains).some((source) => source !== undefined);
  return (
    kind === 'approvals' || (kind === 'lines' ? gateways[provider]?.statement : kind === 'answers' && gateways[provider]) !== undefined
  );
}

async function compare(
  em: EntityManager,
  { shopId, provider, at, graceSeconds, asked }: Comparing,
  { read, found, fees }: Pick<Kept, 'read' | 'found' | 'fees'>,
): Promise<Reconciled> {
  await em.execute(`set local statement_timeout = ${comparingMs}`);
  const currency = currencyOf(provider, await em.findOneOrFail(Shop, { id: shopId }));
  const booked = fees + (await bookAnsweredFees(em, { shopId, provider, at }, currency));
  const before = new Date(at - graceSeconds * 1_000);
  const unequal = await listUnequal(em, { shopId, provider }, { currency, before, limit: mostDifferences });
  const totals = await readTotals(em, { shopId, provider }, currency);
  const difference = totals.statement - totals.ledger;
  return { shopId, provider, currency, asked, read, found, fees: booked, ...totals, difference, differences: findDifferences(unequal) };
}

/** Each difference is told once, as long as it stands as it does; before them, once, what they come to. */
async function alertOf(em: EntityManager, { shopId, provider, currency, differences, ...totals }: Reconciled, at: Date): Promise<void> {
  if (differences.length === 0) return;
  const sum = differences.reduce((all, { kind, amount }) => all + (kind === 'ledgerLacks' ? amount : -amount), 0);
  const { statement, ledger, feesInAll: fees } = totals;
  await raiseAlert(em, {
    shopId,
    key: `unequal:${provider}:${differences.length}:${sum}`,
    kind: 'unequal',
    params: { what: provider, count: differences.length, statement, ledger, fees, amount: Math.abs(sum), currency },
    at,
  });
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
