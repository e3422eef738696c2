/**
 * A ledger of a busy customer among others, loaded by sets: through the product a million entries would take an hour. The trigger that
 * moves balances is off meanwhile, so every balance is written as it would have written it; the checker looks at all of them afterwards.
 */
import { postOpening } from '../domain/ledger.ts';
import { checkDatabase } from '../db/check.ts';
import type { EntityManager } from '../db/orm.ts';
import { post } from '../db/repositories/ledger.ts';
import type { BenchDatabase } from './database.ts';
import { RoundError } from './harness/correct.ts';

export interface Wallet {
  readonly shopId: number;
  readonly customerId: number;
  readonly currency: string;
}

/** How many others buy beside the busy one; together they have a tenth of its entries. */
const otherCount = 200;
const currency = 'PLN';
/** Money in, a gift, and a payment of bonus and cash: a cycle of four entries, which leaves 1.00 of cash. */
const cycleLegs = 4;

/** Entries are rounded up to whole cycles. @returns the wallets: the busy one first */
export async function loadLedger({ owner }: BenchDatabase, entries: number): Promise<Wallet[]> {
  const cycles = Math.ceil(entries / cycleLegs);
  const otherCycles = Math.max(1, Math.ceil(cycles / 10 / otherCount));
  const wallets = await owner.em.fork().transactional(async (em) => {
    const found = await makeWallets(em);
    await em.execute(
      'create temporary table load (shop_id bigint, customer_id bigint, cash bigint, bonus bigint, cycles int) on commit drop',
    );
    for (const kind of ['clearing:stripe', 'expense:promo', 'equity:adjustment']) {
      await em.execute(`insert into account (shop_id, kind, currency, grows_by) values (?, ?, ?, ?)`, [
        found[0]?.shopId,
        kind,
        currency,
        kind === 'equity:adjustment' ? 'credit' : 'debit',
      ]);
    }
    await em.execute(
      `insert into load
       select c.shop_id, c.customer_id, c.id, b.id, case when c.customer_id = ? then ?::int else ?::int end
         from account c join account b on b.customer_id = c.customer_id and b.kind = 'bonus' where c.kind = 'cash'`,
      [found[0]?.customerId, cycles, otherCycles],
    );
    await em.execute('alter table transfer disable trigger apply_transfer');
    await em.execute(insertLegs);
    await em.execute('alter table transfer enable trigger apply_transfer');
    await em.execute('update account a set balance = 100 * l.cycles from load l where a.id = l.cash');
    return found;
  });
  await owner.em.fork().execute('vacuum (analyze) transfer, account');
  return wallets;
}

/** All customers' legs in the order in which they would have bought: everyone's spread evenly over the same year. */
const insertLegs = `
  insert into transfer (shop_id, key, debit_account_id, credit_account_id, amount, currency, actor, reason, debit_balance, credit_balance, at)
  select l.shop_id, 'load:' || l.customer_id || ':' || k || s.event,
         case s.leg when 0 then clearing.id when 1 then promo.id when 2 then l.bonus else l.cash end,
         case s.leg when 0 then l.cash when 1 then l.bonus else equity.id end,
         s.amount + k % 7, '${currency}', 'system', s.reason,
         case s.leg when 2 then 0 when 3 then 100 * k + 100 end,
         case s.leg when 0 then 100 * k + 1000 + k % 7 when 1 then 300 + k % 7 end,
         timestamptz '2026-01-01 00:00:00Z' + interval '300 days' * k / l.cycles
    from load l
    cross join lateral generate_series(0, l.cycles - 1) k
    cross join (values (0, ':in#cash', 1000, 'late'), (1, ':gift#bonus', 300, 'promo'),
                       (2, ':pay#bonus', 300, 'adjustment'), (3, ':pay#cash', 900, 'adjustment')) s (leg, event, amount, reason)
    join account clearing on clearing.kind = 'clearing:stripe' join account promo on promo.kind = 'expense:promo'
    join account equity on equity.kind = 'equity:adjustment'
   order by k::float8 / l.cycles, l.customer_id, s.leg`;

async function makeWallets(em: EntityManager): Promise<Wallet[]> {
  const [shop]: { id: string }[] = await em.execute(
    `insert into shop (slug, title, currency, webhook_endpoint_id) values ('ledger', 'Ledger', ?, 'ledger') returning id`,
    [currency],
  );
  const shopId = Number(shop?.id);
  const customers: { id: string }[] = await em.execute(
    `insert into customer (shop_id, telegram_user_id, chat_id) select ?, 8000000 + g, 8000000 + g from generate_series(0, ?) g returning id`,
    [shopId, otherCount],
  );
  await em.execute(
    `insert into account (shop_id, kind, currency, owner, customer_id, grows_by, balance)
     select c.shop_id, k.kind, ?, 'customer:' || c.id, c.id, case k.kind when 'debt' then 'debit' else 'credit' end, 0
       from customer c cross join (values ('cash'), ('bonus'), ('debt')) k (kind)`,
    [currency],
  );
  return customers.map(({ id }) => ({ shopId, customerId: Number(id), currency }));
}

/** One more entry through the product itself, with the trigger on. */
export async function addEntry({ db }: BenchDatabase, { shopId, customerId }: Wallet, key: string, amount: number): Promise<void> {
  const posting = { shopId, currency, key, legs: postOpening(customerId, amount), actor: 'system', reason: 'opening', at: new Date() };
  await db.em.fork().transactional((tx) => post(tx, posting));
}

/** @throws RoundError when any balance is not the sum of its transfers, or anything else is wrong */
export async function expectRightBooks({ db }: BenchDatabase): Promise<void> {
  const { ok, findings } = await checkDatabase(db.em.fork(), { now: new Date(), settledGraceMs: 0 });
  if (!ok) throw new RoundError(findings.map(({ rule, subject, detail }) => `${rule}: ${subject}: ${detail}`).join('\n'));
}
