/**
 * `npm run bench -- deposits`: the wallet topped up by card, from the tap to the notice that the money is there, beside orders by card on the
 * same servers in the same run. Each customer waits for the end of it before the next tap.
 */
import { depositPaymentId, depositSeconds } from '../domain/deposit.ts';
import { checkDatabase } from '../db/check.ts';
import { insertInboxRow } from '../db/repositories/inbox.ts';
import { openDeposit, ringDeposit } from '../temporal/deposit.ts';
import { depositWorkflowId } from '../workflows/messages/deposit.ts';
import { expectCreditToldOnce } from './chats.ts';
import { type Flow, sell } from './flow.ts';
import { alternate, type Contestant } from './harness/alternate.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { expectEachOnce, RoundError } from './harness/correct.ts';
import { type Figure, makeFigure } from './harness/figure.ts';
import type { Tap } from './market.ts';
import { buyFromUs, countEvents } from './ours.ts';
import { openStage, type Stage } from './stage.ts';

/** Minor units of the shop's currency. */
const amount = 5_000;
const beside = 'order by card';
const rate = 'credited/s';
const events = 'events';

export const bench: Bench = {
  name: 'deposits',
  summary: 'open, pay, credit, tell: top-ups by card a second',
  async run(ctx) {
    const { options } = ctx;
    const deposits = pickSize(options, 'orders', 400, 16);
    const buyers = pickSize(options, 'buyers', 50, 4);
    const stage = await openStage(ctx);
    const race = (name: string, flow: Flow<Tap>): Contestant => ({
      name,
      async warmUp() {
        await sell(flow, await flow.makeTaps(Math.min(deposits, 100)), buyers);
      },
      async round() {
        const taps = await flow.makeTaps(deposits);
        const { seconds } = await sell(flow, taps, buyers);
        await flow.check?.(taps);
        return { [rate]: taps.length / seconds, [events]: (await flow.countEvents?.(taps[0] as Tap)) ?? 0 };
      },
    });
    const values = await alternate(ctx, [race('card', topUpByCard(stage)), race(beside, buyFromUs(stage, 'card'))]);
    return [rate, events].flatMap((unit) => compare(values, unit));
  },
};

function compare(values: ReadonlyMap<string, Record<string, number[]>>, unit: string): Figure[] {
  const [own, theirs] = ['card', beside].map((name) => values.get(name)?.[unit]);
  if (!own || !theirs) return [];
  return [makeFigure({ name: `deposits.card.${unit === rate ? 'rate' : unit}`, unit, ours: own, peer: { name: beside, values: theirs } })];
}

/** The customers of a tap, who top up instead of buying: the order's code is their deposit's. */
function topUpByCard({ db, door, market, stack }: Stage): Flow<Tap> {
  return {
    makeTaps: (count) => market.makeTaps(count, 'card', 'firstTopUp'),

    async accept({ orderCode: depositCode, place }) {
      const { shopId, customerId, language, method, screen } = place;
      const open = { shopId, customerId, amount, method, payWithinSeconds: depositSeconds('card'), language, screen };
      let answer = await openDeposit(door, depositCode, open);
      // "I will write here": the same tap learns it later.
      while ('later' in answer) answer = await openDeposit(door, depositCode, open);
      if (!('ok' in answer && answer.ok)) throw new RoundError(`The deposit ${depositCode} was answered ${JSON.stringify(answer)}`);
    },

    async finish({ orderCode: depositCode, place }) {
      await insertInboxRow(db.em.fork(), {
        shopId: place.shopId,
        provider: 'stripe',
        source: 'webhook',
        verdict: 'verified',
        kind: 'settled',
        type: 'payment_intent.succeeded',
        paymentId: depositPaymentId(depositCode),
        objectId: `pi_${depositCode}`,
        eventId: `evt_${depositCode}`,
        amount,
        currency: 'PLN',
        liveMode: false,
        providerAt: new Date(),
        body: Buffer.from('{}'),
      });
      if (!(await ringDeposit(door, { code: depositCode }, 'update')))
        throw new RoundError(`The deposit ${depositCode} closed before it was paid`);
      const outcome = (await door.client.workflow.getHandle(depositWorkflowId(depositCode)).result()) as { status: string };
      if (outcome.status !== 'credited') throw new RoundError(`The deposit ${depositCode} ended ${outcome.status}`);
    },

    countEvents: ({ orderCode }) => countEvents(door, depositWorkflowId(orderCode)),

    async check(taps) {
      await expectCreditToldOnce(stack.config.sandboxUrl, market.chatsOf(taps));
      const codes = taps.map(({ orderCode }) => orderCode);
      const rows: { code: string }[] = await db.em.fork().execute(
        `select d.code from deposit d join account a on a.owner = 'customer:' || d.customer_id and a.kind = 'cash' and a.balance = ?
            where d.status = 'credited' and d.credited = ? and d.code in (${codes.map(() => '?').join(',')})`,
        [amount, amount, ...codes],
      );
      expectEachOnce(
        'deposits in wallets',
        codes,
        rows.map(({ code }) => code),
      );
      const { ok, findings } = await checkDatabase(db.em.fork(), { now: new Date(), settledGraceMs: 0 });
      const [first] = findings;
      if (!ok) throw new RoundError(`The database has ${findings.length} faults: ${first?.rule}: ${first?.subject}: ${first?.detail}`);
    },
  };
}
