/**
 * The flash sale the whole way: the tap that quotes, turns away who is late and places an order, through Temporal and the real worker, paid from the
 * wallet. Goods are then told at the pace Telegram allows one bot, 30 messages a second, which is not waited for.
 */
import { randomBytes } from 'node:crypto';
import { postOpening } from '../domain/ledger.ts';
import { makeOrderCode } from '../domain/order-code.ts';
import { checkDatabase } from '../db/check.ts';
import { Product } from '../db/entities/product.ts';
import type { Shop } from '../db/entities/shop.ts';
import { Unit } from '../db/entities/unit.ts';
import { type Database, openDatabase } from '../db/orm.ts';
import { post } from '../db/repositories/ledger.ts';
import { quotePlacedLines } from '../db/repositories/quote.ts';
import { createShop } from '../db/repositories/shop.ts';
import { turnAway } from '../db/repositories/turned-away.ts';
import { drawIds, openSecrets, type Secrets } from '../db/secrets.ts';
import { type Door, openDoor } from '../temporal/client.ts';
import { placeOrder } from '../temporal/order.ts';
import type { PlaceOrder } from '../workflows/messages/order.ts';
import type { Sale } from './flash-reserve.ts';
import type { Contestant } from './harness/alternate.ts';
import type { BenchContext } from './harness/bench.ts';
import { expectEachOnce, expectSame, RoundError } from './harness/correct.ts';
import { percentile, runAtOnce } from './numbers.ts';
import { startBenchStack, waitForPollers } from './stack.ts';

interface FlashShop {
  readonly db: Database;
  readonly door: Door;
  readonly secrets: Secrets;
  readonly shop: Shop;
  readonly customerIds: readonly number[];
}

const soldOut = { ok: false, rejected: 'SoldOut' } as const;
const price = 5_000;
const firstPerson = 7_500_000;
const warmUpSale = { units: 10, buyers: 40 };

/** Starts the shop with `buyers` customers who can pay in every round. */
export async function openFlashShop(ctx: BenchContext, sale: Sale): Promise<Contestant> {
  const { config, keys, worker, stop } = await startBenchStack(ctx.folder, ctx.say, { temporal: ctx.options.temporal });
  ctx.onCleanUp(stop);
  const db = await openDatabase({ url: config.databaseUrl, poolSize: 8, applicationName: 'tillflow-bench' });
  ctx.onCleanUp(() => db.close(true));
  const door = openDoor(config);
  ctx.onCleanUp(() => door.close());
  const secrets = openSecrets(keys);
  const shop = await openShop(db, secrets, config.sandboxUrl);
  await waitForPollers(door, door.queues.orders, worker);
  ctx.say(`Letting ${sale.buyers} customers in...`);
  const customerIds = await addCustomers(db, shop, config.sandboxUrl, sale.buyers, price * (ctx.options.rounds + 1));
  const flash: FlashShop = { db, door, secrets, shop, customerIds };
  return {
    name: 'tillflow',
    warmUp: async () => void (await sell(flash, { ...warmUpSale, width: sale.width, buyers: Math.min(warmUpSale.buyers, sale.buyers) })),
    round: () => sell(flash, sale),
  };
}

/** One sale of a product of its own. @throws RoundError when it was oversold, a unit was lost, or the books are wrong */
async function sell({ db, door, secrets, shop, customerIds }: FlashShop, { units, buyers, width }: Sale): Promise<Record<string, number>> {
  const productId = await stock(db, secrets, shop, units);
  const [won, lost]: [string[], string[]] = [[], []];
  const [wonMs, lostMs]: [number[], number[]] = [[], []];
  const seconds = await runAtOnce(buyers, width, async (index) => {
    const orderCode = makeOrderCode(randomBytes(8));
    const begun = performance.now();
    const place: PlaceOrder = {
      shopId: shop.id,
      customerId: customerIds[index] as number,
      lines: [{ productId, quantity: 1 }],
      shownTotal: price,
      method: 'wallet',
      holdSeconds: 900,
      fromBasket: false,
      language: 'en',
    };
    const quoted = await quotePlacedLines(db.em.fork(), { shop, customerId: place.customerId }, place.lines);
    const late = await turnAway(db.em.fork(), { ...place, orderCode, at: new Date() }, quoted);
    let answer = late ? soldOut : await placeOrder(door, orderCode, place);
    // "I will write here": the same tap learns it later, and that is when this customer was told.
    while ('later' in answer) answer = await placeOrder(door, orderCode, place);
    const took = performance.now() - begun;
    if ('ok' in answer && answer.ok) {
      won.push(orderCode);
      wonMs.push(took);
    } else if (('rejected' in answer && answer.rejected === 'SoldOut') || ('closed' in answer && !(await hasRow(db, orderCode)))) {
      // Closed without a row: it was rejected, and the word of it got lost on a busy server.
      lost.push(orderCode);
      lostMs.push(took);
    } else throw new RoundError(`the order ${orderCode} was answered ${JSON.stringify(answer)}`);
  });
  const oversold = await countSold(db, productId, { units, won, buyers });
  // Nobody lost when there was enough for all: then there is nothing to say about how soon they were told.
  const lostP99 = lostMs.length > 0 ? percentile(lostMs, 0.99) : 0;
  return { perSecond: buyers / seconds, wonP99: percentile(wonMs, 0.99), lostP99, oversold };
}

async function hasRow(db: Database, orderCode: string): Promise<boolean> {
  const rows: unknown[] = await db.em.fork().execute('select 1 from "order" where code = ?', [orderCode]);
  return rows.length > 0;
}

/** How many units were sold beyond the stock, after looking that nothing else is wrong. */
async function countSold(
  db: Database,
  productId: number,
  told: { units: number; won: readonly string[]; buyers: number },
): Promise<number> {
  const em = db.em.fork();
  const sold: { code: string }[] = await em.execute(
    `select o.code from unit u join order_line l on l.id = u.order_line_id join "order" o on o.id = l.order_id
      where u.product_id = ? and u.state = 'sold'`,
    [productId],
  );
  expectEachOnce(
    'units of those who were told so',
    told.won,
    sold.map(({ code }) => code),
  );
  const [counts]: { units: number; orders: number; free: number }[] = await em.execute(
    `select (select count(*)::int from unit where product_id = ?) as units,
            (select count(*)::int from order_line where product_id = ?) as orders,
            (select count(*)::int from free_unit where product_id = ?) as free`,
    [productId, productId, productId],
  );
  const wanted = Math.min(told.units, told.buyers);
  expectSame('orders kept', wanted, counts?.orders ?? -1);
  expectSame('units', told.units, counts?.units ?? -1);
  expectSame('units left', told.units - wanted, counts?.free ?? -1);
  const { ok, findings } = await checkDatabase(em, { now: new Date(), settledGraceMs: 0 });
  if (!ok) throw new RoundError(findings.map(({ rule, subject, detail }) => `${rule}: ${subject}: ${detail}`).join('\n'));
  return sold.length - wanted;
}

async function openShop(db: Database, secrets: Secrets, sandboxUrl: string): Promise<Shop> {
  const em = db.em.fork();
  const bot = { botToken: `350000000:${'f'.repeat(35)}`, botUsername: 'flash_bench_bot' };
  const shop = await createShop(em, secrets, { slug: 'flash', title: 'Flash', ...bot, currency: 'PLN', actor: 'system' });
  shop.digitalAcknowledgedAt = new Date();
  shop.digitalAcknowledgedBy = 'bench';
  await em.flush();
  await tellSandbox(sandboxUrl, '/bots', { token: bot.botToken, username: bot.botUsername, name: shop.title });
  return shop;
}

async function tellSandbox(sandboxUrl: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${sandboxUrl}/sandbox${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`The sandbox did not take ${path}: ${response.status} ${await response.text()}`);
}

/** Customers with money, whose chats the sandbox knows. @returns their ids */
async function addCustomers(db: Database, shop: Shop, sandboxUrl: string, count: number, cash: number): Promise<number[]> {
  const customers: { id: string; person: string }[] = await db.em.fork().execute(
    `insert into customer (shop_id, telegram_user_id, chat_id) select ?, ?::bigint + g, ?::bigint + g from generate_series(1, ?) g
     returning id, telegram_user_id as person`,
    [shop.id, firstPerson, firstPerson, count],
  );
  await runAtOnce(count, 8, async (index) => {
    const { id, person } = customers[index] as { id: string; person: string };
    const posting = { shopId: shop.id, currency: shop.currency, key: `opening:${id}`, actor: 'system', reason: 'opening', at: new Date() };
    await db.em.fork().transactional((tx) => post(tx, { ...posting, legs: postOpening(Number(id), cash) }));
    await tellSandbox(sandboxUrl, '/people', { id: Number(person), firstName: 'Ada' });
    await tellSandbox(sandboxUrl, '/messages', { bot: shop.botUsername, person: Number(person), text: '/start' });
  });
  return customers.map(({ id }) => Number(id));
}

async function stock(db: Database, secrets: Secrets, shop: Shop, units: number): Promise<number> {
  const em = db.em.fork();
  const goods = { kind: 'digital', stockMode: 'unique', title: 'Key', price, methods: ['wallet'] } as const;
  const product = em.create(Product, { shopId: shop.id, ...goods, methods: [...goods.methods] });
  em.persist(product);
  await em.flush();
  for (const id of await drawIds(em, 'unit', units)) {
    const content = secrets.seal({ table: 'unit', column: 'content', id }, `KEY-${id}`);
    em.persist(em.create(Unit, { id, productId: product.id, state: 'free', content }));
  }
  await em.flush();
  return product.id;
}
