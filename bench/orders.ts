/**
 * `npm run bench -- orders`: orders on the path a customer takes, against empty workflows on the same server. Delivery is real: the
 * sandbox's Telegram has every message. The sandbox and whoever measures share the machine with what is measured.
 */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { MethodName } from '../domain/payment.ts';
import { checkDatabase } from '../db/check.ts';
import { openDatabase } from '../db/orm.ts';
import { openSecrets } from '../db/secrets.ts';
import { type Door, openDoor } from '../temporal/client.ts';
import { placeOrder, ringOrder } from '../temporal/order.ts';
import { orderWorkflowId } from '../workflows/messages/order.ts';
import { type Market, openMarket, type Tap } from './market.ts';
import { median, percentile, round, runAtOnce } from './numbers.ts';
import { measureSecondStart, type SecondStart } from './second-start.ts';
import { makeFolder, startBenchStack, waitForPollers } from './stack.ts';

export interface BenchOptions {
  readonly orders: number;
  readonly buyers: number;
  readonly rounds: number;
  readonly temporal?: string | undefined;
  readonly skipStart: boolean;
}

interface MethodResult {
  readonly ordersPerSecond: number;
  /** Orders per second over empty workflows per second. */
  readonly ofEmpty: number;
  /** Tap to answer, ms. */
  readonly acceptMs: Readonly<Record<string, { readonly p50: number; readonly p99: number }>>;
  /** Length of a delivered order's history. */
  readonly events: number;
}

export interface BenchResult {
  readonly bench: 'orders';
  readonly at: string;
  readonly machine: { readonly cores: number; readonly node: string; readonly platform: string };
  readonly options: { readonly orders: number; readonly buyers: number; readonly rounds: number; readonly temporal: string };
  readonly emptyPerSecond: number;
  readonly methods: Readonly<Record<MethodName, MethodResult>>;
  readonly secondStart: SecondStart | null;
  readonly check: { readonly ok: boolean; readonly findings: number };
}

const methods: readonly MethodName[] = ['wallet', 'stars', 'card'];
/** Histories looked at for the number of events. */
const sampleCount = 5;

/** Runs it. Everything it starts ends with it, also when a signal ends us. @throws when an order is not delivered */
export async function runOrdersBench(options: BenchOptions, say: (line: string) => void): Promise<BenchResult> {
  const folder = makeFolder();
  const cleanUps: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const cleanUp = async () => {
    for (const one of cleanUps.splice(0).reverse()) await one().catch(() => undefined);
  };
  const onSignal = (signal: NodeJS.Signals) => void cleanUp().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, onSignal);
  try {
    const measured = await measureOrders(folder, options, say, cleanUps);
    while (cleanUps.length > 1) await cleanUps.pop()?.();
    let secondStart: SecondStart | null = null;
    if (!options.skipStart) {
      say('Starting the whole shop twice...');
      secondStart = await measureSecondStart(folder);
    }
    const { orders, buyers, rounds, temporal = 'shipped' } = options;
    return {
      bench: 'orders',
      at: new Date().toISOString(),
      machine: { cores: availableParallelism(), node: process.version, platform: `${process.platform}-${process.arch}` },
      options: { orders, buyers, rounds, temporal },
      ...measured,
      secondStart,
    };
  } finally {
    await cleanUp();
  }
}

async function measureOrders(
  folder: string,
  { orders, buyers, rounds, temporal }: BenchOptions,
  say: (line: string) => void,
  cleanUps: (() => Promise<unknown>)[],
): Promise<Pick<BenchResult, 'emptyPerSecond' | 'methods' | 'check'>> {
  say('Starting PostgreSQL, Temporal, the sandbox and a worker...');
  const stack = await startBenchStack(folder, say, temporal);
  cleanUps.push(stack.stop);
  const { config } = stack;
  const emptyQueue = `${config.temporal.queuePrefix}empty`;
  stack.spawnNode('empty-worker', ['bench/empty-worker.ts', emptyQueue]);
  const db = await openDatabase({ url: config.databaseUrl, poolSize: 8, applicationName: 'tillflow-bench' });
  cleanUps.push(() => db.close(true));
  const door = openDoor(config);
  cleanUps.push(() => door.close());
  const market = await openMarket({ db, secrets: openSecrets(stack.keys), sandboxUrl: config.sandboxUrl });

  const empty = (count: number, width: number) => runEmpty(door, emptyQueue, count, width);
  const buy = (taps: readonly Tap[], width: number) => runOrders(door, market, taps, width);

  await Promise.all([door.queues.orders, emptyQueue].map((queue) => waitForPollers(door, queue)));

  say('Warming up...');
  const warmUps = Math.min(30, orders);
  await empty(warmUps, buyers);
  for (const method of methods) await buy(await market.makeTaps(warmUps, method), buyers);

  const emptyRates: number[] = [];
  const rates: Record<MethodName, number[]> = { wallet: [], stars: [], card: [] };
  const alone: Record<MethodName, number[]> = { wallet: [], stars: [], card: [] };
  const together: Record<MethodName, number[]> = { wallet: [], stars: [], card: [] };
  const samples: Record<MethodName, string[]> = { wallet: [], stars: [], card: [] };
  const aloneCount = Math.max(10, Math.ceil(orders / 4));
  for (let index = 1; index <= rounds; index += 1) {
    say(`Round ${index} of ${rounds}...`);
    emptyRates.push(orders / (await empty(orders, buyers)));
    for (const method of methods) {
      alone[method].push(...(await buy(await market.makeTaps(aloneCount, method), 1)).acceptMs);
      const taps = await market.makeTaps(orders, method);
      const { seconds, acceptMs } = await buy(taps, buyers);
      rates[method].push(orders / seconds);
      together[method].push(...acceptMs);
      samples[method] = taps.slice(0, sampleCount).map((tap) => tap.orderCode);
    }
  }

  const emptyPerSecond = median(emptyRates);
  const resultOf = async (method: MethodName): Promise<MethodResult> => ({
    ordersPerSecond: round(median(rates[method])),
    ofEmpty: round(median(rates[method]) / emptyPerSecond, 2),
    acceptMs: { '1': spread(alone[method]), [String(buyers)]: spread(together[method]) },
    events: median(await Promise.all(samples[method].map((orderCode) => countEvents(door, orderCode)))),
  });
  const results = { wallet: await resultOf('wallet'), stars: await resultOf('stars'), card: await resultOf('card') };
  say('Checking the database...');
  const report = await checkDatabase(db.em.fork(), { now: new Date(), settledGraceMs: 0 });
  for (const { rule, subject, detail } of report.findings) say(`  ${rule}: ${subject}: ${detail}`);
  return { emptyPerSecond: round(emptyPerSecond), methods: results, check: { ok: report.ok, findings: report.findings.length } };
}

function runEmpty(door: Door, taskQueue: string, count: number, width: number): Promise<number> {
  return runAtOnce(count, width, (index) =>
    door.client.workflow.execute('emptyWorkflow', { taskQueue, workflowId: `empty:${taskQueue}:${performance.now()}:${index}` }),
  );
}

/** Each buyer taps, pays where that happens outside, and waits until the goods are in the chat before the next one. */
async function runOrders(
  door: Door,
  market: Market,
  taps: readonly Tap[],
  width: number,
): Promise<{ seconds: number; acceptMs: readonly number[] }> {
  const acceptMs: number[] = [];
  const seconds = await runAtOnce(taps.length, width, async (index) => {
    const tap = taps[index] as Tap;
    const { orderCode, place } = tap;
    const begun = performance.now();
    const answer = await placeOrder(door, orderCode, place);
    acceptMs.push(performance.now() - begun);
    if (!('ok' in answer && answer.ok)) throw new Error(`The order ${orderCode} was answered ${JSON.stringify(answer)}`);
    if (place.method !== 'wallet') {
      await market.payOutside(tap);
      if (!(await ringOrder(door, orderCode))) throw new Error(`The order ${orderCode} closed before it was paid`);
    }
    const outcome = (await door.client.workflow.getHandle(orderWorkflowId(orderCode)).result()) as { status: string };
    if (outcome.status !== 'delivered') throw new Error(`The order ${orderCode} ended ${outcome.status}`);
  });
  return { seconds, acceptMs };
}

async function countEvents(door: Door, orderCode: string): Promise<number> {
  const { events } = await door.client.workflow.getHandle(orderWorkflowId(orderCode)).fetchHistory();
  return events?.length ?? 0;
}

function spread(values: readonly number[]) {
  return { p50: round(percentile(values, 0.5)), p99: round(percentile(values, 0.99)) };
}

/** The same numbers as a table for people. */
export function explainBench({ emptyPerSecond, methods: byMethod, secondStart, check, options }: BenchResult): string {
  const header = ['', 'orders/s', 'of empty', 'accept p50/p99 ms, 1 buyer', `${options.buyers} buyers`, 'events'];
  const rows = methods.map((method) => {
    const { ordersPerSecond, ofEmpty, acceptMs, events } = byMethod[method];
    const cell = (width: number) => `${acceptMs[String(width)]?.p50} / ${acceptMs[String(width)]?.p99}`;
    return [method, String(ordersPerSecond), String(ofEmpty), cell(1), cell(options.buyers), String(events)];
  });
  const table = [header, ['empty workflow', String(emptyPerSecond), '1', '', '', ''], ...rows];
  const widths = header.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const start = secondStart
    ? [
        `Second start: ready in ${secondStart.readySeconds} s, a wallet purchase delivered in ${secondStart.deliveredSeconds} s.`,
        `Idle memory: ${secondStart.idleMemoryMegabytes} MB (${Object.entries(secondStart.memoryByProgram)
          .map(([name, megabytes]) => `${name} ${megabytes}`)
          .join(', ')}).`,
      ]
    : [];
  return `${['', ...lines, '', ...start, check.ok ? 'The database is as it must be.' : `The check found ${check.findings} faults.`, ''].join('\n')}`;
}
