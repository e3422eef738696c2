/**
 * The flash sale below the workflows: every buyer's transaction reserves one unit for an order line that is there already, or finds none.
 * Ours beside a counter row and beside a state column; each has tables of the same columns, keys and indexes in the same cluster, and all
 * use one pool of connections and prepared statements.
 */
import { holdUnits } from '../db/repositories/unit.ts';
import type { EntityManager } from '../db/orm.ts';
import { run } from '../db/prepared.ts';
import type { BenchDatabase } from './database.ts';
import type { Contestant } from './harness/alternate.ts';
import { expectEachOnce, expectSame } from './harness/correct.ts';
import { runAtOnce } from './numbers.ts';

export interface Sale {
  readonly units: number;
  readonly buyers: number;
  /** Buyers who buy at once. */
  readonly width: number;
}

interface Stand {
  readonly name: string;
  /** Where its order lines are. */
  readonly lines: string;
  stock(em: EntityManager, productId: number, units: number): Promise<unknown>;
  /** @returns whether it got one */
  reserve(em: EntityManager, productId: number, orderLineId: number): Promise<boolean>;
  /** Ids of the lines that have a unit, once for each unit. */
  takenBy(em: EntityManager, productId: number): Promise<readonly { line: string }[]>;
  /** How many units are left. */
  left: string;
}

const stands: readonly Stand[] = [
  {
    name: 'tillflow',
    lines: 'order_line',
    stock: (em, productId, units) =>
      em.execute(`insert into unit (product_id, content) select ?, decode(repeat('ab', 60), 'hex') from generate_series(1, ?)`, [
        productId,
        units,
      ]),
    reserve: async (em, productId, orderLineId) => (await holdUnits(em, productId, orderLineId, 1)) === 1,
    takenBy: (em, productId) => em.execute(`select order_line_id as line from unit where product_id = ? and state = 'held'`, [productId]),
    left: 'select count(*)::int as units from free_unit where product_id = ?',
  },
  {
    name: 'counter row',
    lines: 'counter_line',
    stock: (em, productId, units) => em.execute('insert into counter values (?, ?)', [productId, units]),
    reserve: async (em, productId, orderLineId) => {
      const taken = await run(
        em,
        `with taken as (update counter set free = free - 1 where product_id = $1 and free > 0 returning product_id)
         update counter_line l set reserved = true from taken where l.id = $2 returning l.id`,
        [productId, orderLineId],
      );
      return taken.length === 1;
    },
    takenBy: (em, productId) => em.execute('select id as line from counter_line where product_id = ? and reserved', [productId]),
    left: 'select free as units from counter where product_id = ?',
  },
  {
    name: 'state column',
    lines: 'state_line',
    stock: (em, productId, units) =>
      em.execute(`insert into state_unit (product_id, content) select ?, decode(repeat('ab', 60), 'hex') from generate_series(1, ?)`, [
        productId,
        units,
      ]),
    reserve: async (em, productId, orderLineId) => {
      const taken = await run(
        em,
        `update state_unit set state = 'held', order_line_id = $2
          where id = (select id from state_unit where product_id = $1 and state = 'free' order by id limit 1 for update skip locked)
         returning id`,
        [productId, orderLineId],
      );
      return taken.length === 1;
    },
    takenBy: (em, productId) =>
      em.execute(`select order_line_id as line from state_unit where product_id = ? and state = 'held'`, [productId]),
    left: `select count(*)::int as units from state_unit where product_id = ? and state = 'free'`,
  },
];

/** The peers' tables and a shop to sell in. @returns the contestants */
export async function openStands({ db, owner }: BenchDatabase, sale: Sale): Promise<Contestant[]> {
  const em = owner.em.fork();
  for (const statement of peerTables) await em.execute(statement);
  await em.execute(`insert into shop (id, slug, title, currency, webhook_endpoint_id) values (1, 'flash', 'Flash', 'PLN', 'flash')`);
  await em.execute(`insert into customer (id, shop_id, telegram_user_id, chat_id) values (1, 1, 7000000, 7000000)`);
  return stands.map((stand) => ({
    name: stand.name,
    warmUp: async () => void (await sell({ db, owner }, stand, { units: sale.units / 2, buyers: sale.units, width: sale.width })),
    round: () => sell({ db, owner }, stand, sale),
  }));
}

const lineTable = (name: string) => [
  `create table ${name} (like order_line including all)`,
  `alter table ${name} add foreign key (order_id) references "order", add foreign key (product_id) references product`,
];
const peerTables = [
  ...lineTable('counter_line'),
  // A counter does not say who has one: the line does.
  'alter table counter_line add reserved boolean not null default false',
  'create table counter (product_id bigint primary key references product, free int not null check (free >= 0))',
  ...lineTable('state_line'),
  `create table state_unit (id bigserial primary key, product_id bigint not null references product,
     state text not null default 'free' check (state in ('free', 'held', 'sold', 'withdrawn')),
     order_line_id bigint references state_line, content bytea, created_at timestamptz not null default now(),
     check ((state in ('held', 'sold')) = (order_line_id is not null)))`,
  'create index on state_unit (product_id, state)',
  'create index on state_unit (order_line_id)',
  'grant all on all tables in schema public to tillflow_app',
  'grant all on all sequences in schema public to tillflow_app',
];

/** One sale of a product of its own. @throws RoundError when a unit was oversold, lost or sold twice */
async function sell({ db, owner }: BenchDatabase, stand: Stand, { units, buyers, width }: Sale): Promise<Record<string, number>> {
  const { productId, lineIds } = await prepare(owner.em.fork(), stand, units, buyers);
  const winners: string[] = [];
  let soldOutAfter = 0;
  const begun = performance.now();
  const seconds = await runAtOnce(buyers, width, async (index) => {
    const line = lineIds[index] as string;
    const won = await db.em.fork().transactional((tx) => stand.reserve(tx, productId, Number(line)));
    if (!won) return;
    winners.push(line);
    soldOutAfter = (performance.now() - begun) / 1_000;
  });
  const em = owner.em.fork();
  const taken = await stand.takenBy(em, productId);
  expectSame(`${stand.name}: units reserved`, Math.min(units, buyers), winners.length);
  expectEachOnce(
    `${stand.name}: units of buyers`,
    winners,
    taken.map(({ line }) => String(line)),
  );
  const [left]: { units: number }[] = await em.execute(stand.left, [productId]);
  expectSame(`${stand.name}: units left`, units - winners.length, left?.units ?? 0);
  return { perSecond: buyers / seconds, wonPerSecond: winners.length / soldOutAfter };
}

/** A full shelf, and orders with a line each that waits for its unit: their making is the same for everybody and not measured. */
async function prepare(em: EntityManager, stand: Stand, units: number, buyers: number): Promise<{ productId: number; lineIds: string[] }> {
  const [product]: { id: string }[] = await em.execute(
    `insert into product (shop_id, kind, stock_mode, title, price, methods) values (1, 'digital', 'unique', 'Key', 5000, '{wallet}') returning id`,
  );
  const productId = Number(product?.id);
  await stand.stock(em, productId, units);
  const orders: { id: string }[] = await em.execute(
    `insert into "order" (code, shop_id, customer_id, status, currency, total, tax, method, methods, lines_key, hold_seconds, placed_at, hold_ends_at, language)
     select 'F' || ? || '-' || g, 1, 1, 'awaitingPayment', 'PLN', 5000, 0, 'wallet', '{wallet}', 'x', 900, now(), now() + interval '15 minutes', 'en'
       from generate_series(1, ?) g returning id`,
    [productId, buyers],
  );
  const lines: { id: string }[] = await em.execute(
    `insert into ${stand.lines} (order_id, product_id, kind, title, quantity, base_price, discount_percent, price, tax_rate, tax, position)
     select id, ?, 'digital', 'Key', 1, 5000, 0, 5000, 0, 0, 0 from unnest(?::bigint[]) id returning id`,
    [productId, `{${orders.map(({ id }) => id).join(',')}}`],
  );
  await em.execute('vacuum analyze');
  return { productId, lineIds: lines.map(({ id }) => id) };
}
