/** How long the whole shop takes from its second start to a delivered purchase, and what it takes up when idle. */
import { execFileSync } from 'node:child_process';
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
import { round } from './numbers.ts';
import { configure, root, waitForAnswer } from './stack.ts';

export interface SecondStart {
  /** From the second `npm start` to `/ready`. */
  readonly readySeconds: number;
  /** From the second `npm start` to a wallet purchase delivered in the chat. */
  readonly deliveredSeconds: number;
  /** Memory of the whole tree of processes, ten seconds after it; shared pages count for each. */
  readonly idleMemoryMegabytes: number;
  /** The same by program, largest first. */
  readonly memoryByProgram: Readonly<Record<string, number>>;
}

const stopDeadlineMs = 30_000;
const idleMs = 10_000;

/** Starts the real supervisor twice in `folder`. */
export async function measureSecondStart(folder: string): Promise<SecondStart> {
  const dataDir = join(folder, 'start');
  mkdirSync(dataDir, { recursive: true });
  const config = await configure(dataDir);
  const logFile = join(folder, 'start.log');
  const start = () => {
    const env = { ...childEnvironment(config, readOrMakeKeys(config)), npm_lifecycle_event: undefined };
    return spawnTied(process.execPath, ['start.mjs'], { logFile, env, cwd: root });
  };
  const ready = `http://127.0.0.1:${config.ports.app}/ready`;
  const first = start();
  try {
    await waitForAnswer(ready, first, logFile);
  } finally {
    await endProcess(first.pid as number, 'SIGTERM', stopDeadlineMs);
  }

  const begun = performance.now();
  const second = start();
  try {
    await waitForAnswer(ready, second, logFile);
    const readySeconds = (performance.now() - begun) / 1_000;
    await buyByWallet(config);
    const deliveredSeconds = (performance.now() - begun) / 1_000;
    await sleep(idleMs);
    return { readySeconds: round(readySeconds), deliveredSeconds: round(deliveredSeconds), ...readMemory(second.pid as number) };
  } finally {
    await endProcess(second.pid as number, 'SIGTERM', stopDeadlineMs);
  }
}

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

/** Memory of a process and all below it, as `ps` knows it. */
function readMemory(rootPid: number): Pick<SecondStart, 'idleMemoryMegabytes' | 'memoryByProgram'> {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, kilobytes, args = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), megabytes: Number(kilobytes) / 1024, args }];
    });
  const tree = new Set([rootPid]);
  for (let before = 0; before < tree.size; ) {
    before = tree.size;
    for (const row of rows) if (tree.has(row.parent)) tree.add(row.pid);
  }
  const byProgram = new Map<string, number>();
  for (const row of rows.filter(({ pid }) => tree.has(pid))) {
    const name = nameOf(row.args);
    byProgram.set(name, (byProgram.get(name) ?? 0) + row.megabytes);
  }
  const sorted = [...byProgram]
    .sort(([, one], [, other]) => other - one)
    .map(([name, megabytes]) => [name, Math.round(megabytes)] as const);
  return { idleMemoryMegabytes: sorted.reduce((sum, [, megabytes]) => sum + megabytes, 0), memoryByProgram: Object.fromEntries(sorted) };
}

function nameOf(args: string): string {
  if (/^postgres|\/postgres /.test(args)) return 'postgres';
  if (/temporal\S* server /.test(args)) return 'temporal';
  if (args.includes('sandbox/main.ts')) return 'sandbox';
  if (args.includes('cli/main.ts')) return 'supervisor';
  if (args.includes('start.mjs')) return 'launcher';
  return /workers\/(\w+)\.ts/.exec(args)?.[1] ?? 'other';
}
