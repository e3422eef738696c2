/**
 * `npm run bench -- precheckout`: customers press *pay* in Telegram while others buy. Telegram waits ten seconds for the shop's word and
 * people less, so the slowest counts. Each press goes the whole way: the far end posts the update to the app's webhook, the bot answers it
 * there. Pressed at a fixed pace, whether those before have been answered or not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { checkDatabase } from '../db/check.ts';
import { openSecrets } from '../db/secrets.ts';
import { createProfile } from './cpu.ts';
import { type FarEnds, openFarEnds } from './far-ends.ts';
import type { Flow } from './flow.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { expectSame, RoundError } from './harness/correct.ts';
import { makeFigure } from './harness/figure.ts';
import type { Tap } from './market.ts';
import { percentile, runAtOnce } from './numbers.ts';
import { buyFromUs } from './ours.ts';
import { findFreePorts } from './ports.ts';
import { openStage } from './stage.ts';

const tooSlowMs = 2_000;
/** More than are sold in a second; made ahead, so that the load never runs dry. */
const tapsPerSecond = 90;

interface Payer {
  readonly tap: Tap;
  /** Names the invoice behind the pay button. */
  readonly slug: string;
}

export const bench: Bench = {
  name: 'precheckout',
  summary: '100 a second press pay in Telegram while others buy: how long until the shop’s word',
  async run(ctx) {
    const { options, say } = ctx;
    const seconds = pickSize(options, 'seconds', 30, 2);
    // A quick run may share its machine with anything: it shows that every press is answered, not how fast.
    const perSecond = options.quick ? 10 : 100;
    const buyers = pickSize(options, 'buyers', 16, 4);
    const [port] = await findFreePorts(1);
    const env = { TILLFLOW_APP_PORT: String(port), TILLFLOW_PUBLIC_URL: `http://127.0.0.1:${port}`, TILLFLOW_UPDATES: 'webhook' };
    const stage = await openStage(ctx, { app: true, env });
    const farEnds = await openFarEnds(stage.db, openSecrets(stage.stack.keys), stage.stack.config.sandboxUrl);
    // Not every tap comes to be before the presses are over.
    const buying = buyFromUs(stage, 'wallet', { known: false });
    const profile = createProfile(options.profile);

    say('  placing the orders whose customers will press pay...');
    const payers = await placePayers(farEnds, buyFromUs(stage, 'stars', { known: false }), options.quick ? 20 : 100);
    // The bots have told the far end where their updates go once one of each was answered.
    await runAtOnce(payers.length, 8, async (index) => void (await press(farEnds, payers[index] as Payer)));

    const slowest: number[] = [];
    const [p50, p99, rates]: [number[], number[], number[]] = [[], [], []];
    for (let index = 1; index <= options.rounds; index += 1) {
      const taps = await buying.makeTaps(seconds * tapsPerSecond);
      const load = startLoad(buying, taps, buyers);
      const { presses } = await profile.during('a press and the orders beside it', seconds * perSecond, async () => ({
        presses: await pressSteadily(farEnds, payers, seconds, perSecond),
        seconds,
      }));
      const sold = await load.stop();
      await buying.check?.(sold);
      expectSame('presses answered', seconds * perSecond, presses.length);
      p50.push(percentile(presses, 0.5));
      p99.push(percentile(presses, 0.99));
      slowest.push(Math.max(...presses));
      rates.push(sold.length / seconds);
      say(`  round ${index} of ${options.rounds}: p99 ${Math.round(p99.at(-1) ?? 0)} ms, ${sold.length} orders meanwhile`);
    }
    for (const line of profile.explain()) say(line);
    await checkUnpaid(stage.db.em.fork(), payers);
    return [
      makeFigure({ name: 'precheckout.p50', unit: 'ms', ours: p50 }),
      makeFigure({ name: 'precheckout.p99', unit: 'ms', ours: p99, aim: { on: 'ours', op: '<=', value: 300 } }),
      // No median: none at all may be slower.
      makeFigure({
        name: 'precheckout.slowest',
        unit: 'ms',
        ours: [Math.max(...slowest)],
        aim: { on: 'ours', op: '<=', value: tooSlowMs },
      }),
      makeFigure({ name: 'precheckout.ordersMeanwhile', unit: 'orders/s', ours: rates }),
    ];
  },
};

/** Unpaid orders in Stars, each with its invoice. */
async function placePayers(farEnds: FarEnds, flow: Flow<Tap>, count: number): Promise<Payer[]> {
  const taps = await flow.makeTaps(count);
  const payers: Payer[] = new Array(count);
  await runAtOnce(count, 16, async (index) => {
    const tap = taps[index] as Tap;
    await flow.accept(tap);
    payers[index] = { tap, slug: await farEnds.makeInvoice(tap) };
  });
  return payers;
}

/** @returns ms until the shop's word was at the far end @throws RoundError when it was no approval */
async function press(farEnds: FarEnds, { tap, slug }: Payer): Promise<number> {
  const { agreed, ms, words } = await farEnds.askToPay(tap, slug);
  if (!agreed) throw new RoundError(`The pre-checkout of ${tap.orderCode} was answered: ${words}`);
  return ms;
}

/** Presses at an even pace. @returns ms of each */
async function pressSteadily(farEnds: FarEnds, payers: readonly Payer[], seconds: number, perSecond: number): Promise<number[]> {
  const begun = performance.now();
  const presses: Promise<number>[] = [];
  for (let index = 0; index < seconds * perSecond; index += 1) {
    const waitMs = begun + index * (1_000 / perSecond) - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const one = press(farEnds, payers[index % payers.length] as Payer);
    // Awaited below; a failure before that must not count as unhandled.
    one.catch(() => {});
    presses.push(one);
  }
  return await Promise.all(presses);
}

/** Buyers who go on until they are stopped. */
function startLoad(flow: Flow<Tap>, taps: readonly Tap[], buyers: number): { stop(): Promise<Tap[]> } {
  const sold: Tap[] = [];
  let stopped = false;
  const lane = async () => {
    while (!stopped) {
      const tap = taps[sold.length];
      if (!tap) throw new RoundError('The load ran dry: more was sold than was expected of this machine');
      sold.push(tap);
      await flow.accept(tap);
      await flow.finish(tap);
    }
  };
  const lanes = Promise.all(Array.from({ length: buyers }, lane));
  lanes.catch(() => {});
  return {
    async stop() {
      stopped = true;
      await lanes;
      return sold;
    },
  };
}

/** Nobody paid: they all left after the shop's word. */
async function checkUnpaid(em: Parameters<typeof checkDatabase>[0], payers: readonly Payer[]): Promise<void> {
  const codes = payers.map(({ tap }) => tap.orderCode);
  const [row]: { count: number }[] = await em.execute(
    `select count(*)::int as count from payment p join "order" o on o.id = p.order_id
      where p.status = 'processing' and p.received = 0 and o.code in (${codes.map(() => '?').join(',')})`,
    codes,
  );
  expectSame('payments on their way', codes.length, row?.count ?? -1);
  const { ok, findings } = await checkDatabase(em, { now: new Date(), settledGraceMs: 0 });
  const [first] = findings;
  if (!ok) throw new RoundError(`The database has ${findings.length} faults: ${first?.rule}: ${first?.subject}: ${first?.detail}`);
}
