/** How long the whole shop takes from its second start to a delivered purchase, and what it takes up when idle. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { makeOrderCode } from '../domain/order-code.ts';
import { discountedPrice } from '../domain/pricing.ts';
import { type Database, openDatabase } from '../db/orm.ts';
import { endProcess, spawnTied } from '../supervisor/process.ts';
import { readOrMakeKeys, childEnvironment } from '../supervisor/environment.ts';
import { openDoor } from '../temporal/client.ts';
import { placeOrder } from '../temporal/order.ts';
import type { Bench } from './harness/bench.ts';
import { makeFigure } from './harness/figure.ts';
import { readTreeMemory } from './memory.ts';
import { round } from './numbers.ts';
import { configure, root, waitForAnswer } from './stack.ts';

const stopDeadlineMs = 30_000;

export const bench: Bench = {
  name: 'start',
  summary: 'from the second `npm start` to a wallet purchase in the chat, and the memory of the idle shop',
  async run({ folder, options, say, onCleanUp }) {
    const dataDir = join(folder, 'start');
    mkdirSync(dataDir, { recursive: true });
    const config = await configure(dataDir);
    const logFile = join(folder, 'start.log');
    let stop = async () => {};
    onCleanUp(() => stop());
    const start = async () => {
      const env = { ...childEnvironment(config, readOrMakeKeys(config)), npm_lifecycle_event: undefined };
      const begun = performance.now();
      const child = spawnTied(process.execPath, ['start.mjs'], { logFile, env, cwd: root });
      const pid = child.pid as number;
      stop = () => endProcess(pid, 'SIGTERM', stopDeadlineMs);
      await waitForAnswer(`http://127.0.0.1:${config.ports.app}/ready`, { child, logFile });
      return { pid, begun };
    };
    say('  The first start, which is not measured...');
    await start();
    await stop();

    const ready: number[] = [];
    const delivered: number[] = [];
    const memory: ReturnType<typeof readTreeMemory>[] = [];
    for (let index = 1; index <= options.rounds; index += 1) {
      const { pid, begun } = await start();
      ready.push((performance.now() - begun) / 1_000);
      await buyByWallet(config);
      delivered.push((performance.now() - begun) / 1_000);
      await sleep(options.quick ? 500 : 10_000);
      memory.push(readTreeMemory(pid));
      await stop();
      say(`  start ${index + 1}: delivered after ${round(delivered.at(-1) ?? 0)} s, ${memory.at(-1)?.megabytes} MB`);
    }
    const programs = Object.keys(memory[0]?.byProgram ?? {});
    return [
      makeFigure({ name: 'start.ready', unit: 's', ours: ready }),
      makeFigure({ name: 'start.delivered', unit: 's', ours: delivered, aim: { on: 'ours', op: '<=', value: 8 } }),
      makeFigure({
        name: 'start.idleMemory',
        unit: 'MB',
        ours: memory.map(({ megabytes }) => megabytes),
        aim: { on: 'ours', op: '<=', value: 900 },
      }),
      ...programs.map((name) =>
        makeFigure({ name: `start.idleMemory.${name}`, unit: 'MB', ours: memory.map(({ byProgram }) => byProgram[name] ?? 0) }),
      ),
    ];
  },
};

interface Offer {
  readonly shop_id: string;
  readonly product_id: string;
  readonly customer_id: string;
  readonly chat_id: string;
  readonly price: string;
  readonly discount_percent: number;
}

/** A customer of the demo shop buys what the wallet is enough for; resolves when it is in the chat. */
async function buyByWallet(config: Config): Promise<void> {
  const db = await openDatabase({ url: config.databaseUrl, poolSize: 1 });
  const door = openDoor(config);
  try {
    const [offer]: Offer[] = await db.em.fork().execute(
      `select p.shop_id, p.id as product_id, c.id as customer_id, c.chat_id, p.price, p.discount_percent
         from product p join customer c on c.shop_id = p.shop_id
         join account a on a.owner = 'customer:' || c.id and a.kind = 'cash'
        where p.active and 'wallet' = any(p.methods) and p.kind = 'digital' and a.balance >= p.price
          and (p.stock_mode = 'unlimited' or exists (select from free_unit f where f.product_id = p.id))
        order by p.price limit 1`,
    );
    if (!offer) throw new Error('The demo shop has nothing a wallet is enough for');
    const orderCode = makeOrderCode(randomBytes(8));
    const answer = await placeOrder(door, orderCode, {
      shopId: Number(offer.shop_id),
      customerId: Number(offer.customer_id),
      lines: [{ productId: Number(offer.product_id), quantity: 1 }],
      shownTotal: discountedPrice(Number(offer.price), offer.discount_percent),
      method: 'wallet',
      holdSeconds: 900,
      fromBasket: false,
      language: 'en',
    });
    if (!('ok' in answer && answer.ok)) throw new Error(`The purchase was answered ${JSON.stringify(answer)}`);
    await waitForDelivery(db, orderCode);
  } finally {
    await Promise.all([db.close(true), door.close()]);
  }
}

async function waitForDelivery(db: Database, orderCode: string): Promise<void> {
  const until = performance.now() + 30_000;
  while (performance.now() < until) {
    const rows: unknown[] = await db.em.fork().execute(`select 1 from "order" where code = ? and status = 'delivered'`, [orderCode]);
    if (rows.length > 0) return;
    await sleep(10);
  }
  throw new Error(`The order ${orderCode} was not delivered within 30 s`);
}
