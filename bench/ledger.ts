/**
 * `npm run bench -- ledger`: a wallet of a million entries as its customer sees it, the balance and the last 50 entries with the balance
 * after each, by the product's own queries. Beside it the same summed up from the same transfers: as the product indexes them, and with indexes made for sums.
 */
import type { EntityManager } from '../db/orm.ts';
import { readWallet } from '../db/repositories/ledger.ts';
import { listWalletEntries } from '../db/repositories/wallet.ts';
import { type BenchDatabase, startBenchDatabase } from './database.ts';
import { type Contestant, alternate } from './harness/alternate.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { RoundError } from './harness/correct.ts';
import { type Figure, makeFigure } from './harness/figure.ts';
import { addEntry, expectRightBooks, loadLedger, type Wallet } from './ledger-load.ts';
import { median } from './numbers.ts';

const shownCount = 50;
/** The longest a contestant reads in a round, seconds, and how often at most. */
const roundSeconds = 4;
const mostReads = 1_000;

interface Statement {
  readonly balance: number;
  readonly entries: readonly { readonly amount: number; readonly balance: number }[];
}
type ReadStatement = (em: EntityManager, wallet: Wallet) => Promise<Statement>;

export const bench: Bench = {
  name: 'ledger',
  summary: 'balance and last 50 entries of a wallet with a million entries, beside SUM over its transfers',
  async run(ctx) {
    const entries = pickSize(ctx.options, 'entries', 1_000_000, 4_000);
    ctx.say('Starting PostgreSQL...');
    const database = await startBenchDatabase(ctx);
    ctx.say(`Loading ${entries} entries...`);
    const wallets = await loadLedger(database, entries);
    ctx.say('Checking every balance...');
    await expectRightBooks(database);
    const values = await alternate(ctx, [
      makeContestant('tillflow', database, wallets, readOurs),
      makeContestant('SUM', database, wallets, readSummed),
      withSumIndexes(database, makeContestant('SUM, covering indexes', database, wallets, readSummed)),
    ]);
    await expectSameStatements(database, wallets);
    await expectRightBooks(database);
    return toFigures(values);
  },
};

/** Reads the busy wallet again and again, with a new entry now and then. */
function makeContestant(name: string, database: BenchDatabase, wallets: readonly Wallet[], read: ReadStatement): Contestant {
  const [busy] = wallets as [Wallet];
  const readBusy = () => read(database.db.em.fork(), busy);
  return {
    name,
    async warmUp() {
      for (let time = 0; time < 3; time += 1) await readBusy();
    },
    async round(index) {
      await expectSameStatements(database, wallets);
      const times: number[] = [];
      for (let spent = 0; spent < roundSeconds * 1_000 && times.length < mostReads; spent += times.at(-1) ?? 0) {
        const begun = performance.now();
        await readBusy();
        times.push(performance.now() - begun);
      }
      await addEntry(database, busy, `bench:${name}:${index}`, 1 + index);
      return { ms: median(times), perSecond: 1_000 / median(times) };
    },
  };
}

const readOurs: ReadStatement = async (em, { shopId, customerId, currency }) => {
  const [wallet, { entries }] = await Promise.all([
    readWallet(em, { id: shopId, currency }, customerId),
    listWalletEntries(em.fork(), { shopId, customerId, currency }, { limit: shownCount, offset: 0 }),
  ]);
  return { balance: wallet.cash + wallet.bonus, entries };
};

const readSummed: ReadStatement = async (em, { shopId, customerId, currency }) => {
  const own = `select id from account where shop_id = ? and customer_id = ? and currency = ? and kind in ('cash', 'bonus')`;
  const wallet = [shopId, customerId, currency];
  const [[sums], legs] = await Promise.all([
    em.execute<{ balance: string }[]>(
      `select (select coalesce(sum(amount), 0) from transfer where credit_account_id in (${own}))
            - (select coalesce(sum(amount), 0) from transfer where debit_account_id in (${own})) as balance`,
      [...wallet, ...wallet],
    ),
    // An event of this ledger has at most two legs in one wallet.
    em.fork().execute<{ event: string; amount: string }[]>(
      `select split_part(key, '#', 1) as event, amount from (
         select m.* from (${own}) a cross join lateral (
           (select id, key, amount from transfer where credit_account_id = a.id order by id desc limit ?) union all
           (select id, key, -amount from transfer where debit_account_id = a.id order by id desc limit ?)) m) legs
        order by id desc`,
      [...wallet, 2 * shownCount, 2 * shownCount],
    ),
  ]);
  const amounts = new Map<string, number>();
  for (const { event, amount } of legs) amounts.set(event, (amounts.get(event) ?? 0) + Number(amount));
  let balance = Number(sums?.balance);
  const entries = [...amounts.values()].slice(0, shownCount).map((amount) => {
    const entry = { amount, balance };
    balance -= amount;
    return entry;
  });
  return { balance: Number(sums?.balance), entries };
};

/** What a maker who sums all day would add: sums from the index alone. There only while this contestant is measured. */
function withSumIndexes({ owner }: BenchDatabase, contestant: Contestant): Contestant {
  const run = (sql: string) => owner.em.fork().execute(sql);
  const covered = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    for (const side of ['debit', 'credit']) await run(`create index sum_${side} on transfer (${side}_account_id) include (amount)`);
    await run('vacuum (analyze) transfer');
    try {
      return await work();
    } finally {
      await run('drop index sum_debit, sum_credit');
    }
  };
  return { name: contestant.name, round: (index) => covered(() => contestant.round(index)) };
}

/** @throws RoundError when the two differ in anything for the busy wallet or a quiet one */
async function expectSameStatements({ db }: BenchDatabase, wallets: readonly Wallet[]): Promise<void> {
  for (const wallet of [wallets[0], wallets[1], wallets.at(-1)] as Wallet[]) {
    const ours = await readOurs(db.em.fork(), wallet);
    const summed = await readSummed(db.em.fork(), wallet);
    const plain = ({ balance, entries }: Statement) => JSON.stringify([balance, entries.map((entry) => [entry.amount, entry.balance])]);
    if (plain(ours) !== plain(summed)) throw new RoundError(`the statement of customer ${wallet.customerId} differs from its sum`);
  }
}

function toFigures(values: Awaited<ReturnType<typeof alternate>>): Figure[] {
  const ours = values.get('tillflow');
  const beside = (name: string, peer: string) => {
    const theirs = values.get(peer);
    if (!ours?.perSecond || !theirs?.perSecond) return [];
    const peerRates = { name: peer, values: theirs.perSecond };
    const aim = { on: 'ratio', op: '>=', value: 100 } as const;
    return [makeFigure({ name: `ledger.${name}`, unit: 'statements/s', ours: ours.perSecond, peer: peerRates, aim })];
  };
  return [
    ...beside('statement', 'SUM'),
    ...beside('statement.covered', 'SUM, covering indexes'),
    ...(ours?.ms ? [makeFigure({ name: 'ledger.statement.p50', unit: 'ms', ours: ours.ms })] : []),
  ];
}
