/** NOWPayments repeats, reorders, delays, forgets, contradicts itself, or is impersonated: coins count once, for deposits and orders alike. */
import assert from 'node:assert/strict';
import { askDeposit } from '../../../temporal/deposit.ts';
import { askOrder } from '../../../temporal/order.ts';
import type { World } from '../../support/world.ts';
import { runBots } from '../../support/story.ts';
import type { Random } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { eachOf, openRelayedWorld } from './acts.ts';
import {
  asked,
  awaitCoins,
  furtherOf,
  isCounted,
  isUntouched,
  type Noun,
  notify,
  outcomesOf,
  paymentsOf,
  untilCash,
  untilOver,
} from './notices.ts';

const weekMs = 7 * 24 * 3_600_000;
const nine = ['waiting', 'confirming', 'confirmed', 'sending', 'partially_paid', 'finished', 'failed', 'refunded', 'expired'] as const;
/** 99 % of 0.0002 BTC in Tether, which is 9.90 USD or 39.60 PLN. */
const further = { paid: 0.0002, worth: 3_960 };

type Lie = (world: World, noun: Noun, random: Random) => Promise<void>;

const refused = (statuses: readonly number[]) => assert.deepEqual([...new Set(statuses)], [400], 'it was not refused');

/** What is rightly signed and does not fit is laid aside; the truth settles. */
const unfit =
  (reason: RegExp, facts: Readonly<Record<string, unknown>>, paid?: number): Lie =>
  async (world, noun) => {
    const awaited = await awaitCoins(world, noun);
    const { shown } = await paymentsOf(world, awaited);
    await notify(world, shown, { status: 'finished', facts, times: 3, ...(paid === undefined ? {} : { paid }) });
    const [laid] = await outcomesOf(world, awaited);
    assert.equal(laid?.outcome, 'suspense');
    assert.match(String(laid?.reason), reason);
    await isUntouched(world, awaited);
    await notify(world, { ...shown, updated_at: new Date().toISOString() }, { status: 'finished', paid: shown.pay_amount + 1e-8 });
    await isCounted(world, awaited);
  };

/** Not told by NOWPayments, or not like that: refused, and nothing moves. */
const forged =
  (notice: { readonly secret?: string; readonly onItsWay?: (body: string) => string }): Lie =>
  async (world, noun) => {
    const awaited = await awaitCoins(world, noun);
    const { shown } = await paymentsOf(world, awaited);
    refused(await notify(world, shown, { status: 'finished', times: 5, ...notice }));
    await isUntouched(world, awaited);
    await notify(world, shown, { status: 'finished' });
    await isCounted(world, awaited);
  };

const lies: Readonly<Record<string, Lie>> = {
  'thirty at once': async (world, noun) => {
    const awaited = await awaitCoins(world, noun);
    const { shown } = await paymentsOf(world, awaited);
    const told = ['confirming', 'sending', 'finished'].map((status) => notify(world, shown, { status, times: 30 }));
    for (const statuses of await Promise.all(told)) assert.ok(statuses.every((status) => status < 300));
    await isCounted(world, awaited);
  },
  'its nine statuses in any order': async (world, noun, random) => {
    const awaited = await awaitCoins(world, noun);
    const { shown } = await paymentsOf(world, awaited);
    const order = random.shuffle(nine);
    try {
      for (const status of order) {
        const paid = status === 'partially_paid' ? shown.pay_amount * 0.4 : shown.pay_amount;
        const at = { updated_at: Date.now() + (random.chance(0.5) ? nine.indexOf(status) : random.whole(-60_000, 0)) };
        await notify(world, shown, { status, paid, facts: at, times: random.chance(0.2) ? 30 : 1 });
      }
      await isCounted(world, awaited);
      const outcomes = await outcomesOf(world, awaited);
      // Nothing of it is anybody else's money: a refund that names none is for people.
      assert.ok(outcomes.every(({ outcome }) => outcome !== 'refused'));
    } catch (err) {
      throw new Error(`${order.join(', ')}: ${err instanceof Error ? err.message : String(err)}`, { cause: err });
    }
  },
  'a week late': async (world, noun) => {
    const awaited = await awaitCoins(world, noun, 2);
    const { shown } = await paymentsOf(world, awaited);
    await untilOver(world, awaited);
    world.setFarClock(Date.now() + weekMs);
    try {
      await notify(world, shown, { status: 'finished', facts: { updated_at: Date.now() + weekMs }, times: 30 });
      await untilCash(world, awaited.customer, asked, `${noun} ${awaited.code}`);
    } finally {
      world.setFarClock(Date.now());
    }
  },
  'of last week': async (world, noun) => {
    const awaited = await awaitCoins(world, noun);
    const { shown } = await paymentsOf(world, awaited);
    await notify(world, shown, { status: 'finished', facts: { updated_at: Date.now() - weekMs } });
    await isCounted(world, awaited);
  },
  'the secret of somebody else': forged({ secret: 'ipn_of_somebody' }),
  'an amount changed on its way': forged({ onItsWay: (body) => body.replace(/"actually_paid":[\d.e-]+/, '"actually_paid":5') }),
  'a status changed on its way': async (world, noun) => {
    const awaited = await awaitCoins(world, noun);
    const { shown } = await paymentsOf(world, awaited);
    refused(await notify(world, shown, { status: 'waiting', onItsWay: (body) => body.replace('"waiting"', '"finished"') }));
    await isUntouched(world, awaited);
  },
  'the same in other bytes': async (world, noun) => {
    const awaited = await awaitCoins(world, noun);
    const { shown } = await paymentsOf(world, awaited);
    const onItsWay = (body: string) =>
      JSON.stringify(
        JSON.parse(body, (_, value: unknown) => value),
        null,
        2,
      );
    const both = [notify(world, shown, { status: 'finished', onItsWay, times: 5 }), notify(world, shown, { status: 'finished', times: 5 })];
    for (const statuses of await Promise.all(both)) assert.ok(statuses.every((status) => status < 300));
    await isCounted(world, awaited);
  },
  'another price': unfit(/another price/, { price_amount: 0.01 }),
  'another currency': unfit(/another price/, { price_currency: 'usd' }),
  'another coin': unfit(/another coin/, { pay_currency: 'ltc' }),
  'nothing of it': unfit(/no money/, {}, 0),
  'a second transfer': async (world, noun, random) => {
    const awaited = await awaitCoins(world, noun);
    const { shown } = await paymentsOf(world, awaited);
    const second = furtherOf(shown, `9${shown.payment_id}`);
    const tell = [
      () => notify(world, second, { status: 'finished', paid: further.paid, times: 10 }),
      () => notify(world, shown, { status: 'finished', times: 10 }),
    ];
    for (const say of random.shuffle(tell)) await say();
    await isCounted(world, awaited, further.worth);
  },
  'only a second transfer': async (world, noun) => {
    const awaited = await awaitCoins(world, noun, 4);
    const { shown } = await paymentsOf(world, awaited);
    await notify(world, furtherOf(shown, `9${shown.payment_id}`), { status: 'finished', paid: shown.pay_amount, times: 5 });
    // What the shop got of all of it, and no goods.
    await untilCash(world, awaited.customer, 9_900, `${noun} ${awaited.code}`);
    if (noun === 'order') await untilOver(world, awaited);
    await untilCash(world, awaited.customer, 9_900, `${noun} ${awaited.code}`);
  },
  'nobody tells': async (world, noun, random) => {
    world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'nowpayments', times: 100, seconds: 600 });
    const awaited = await awaitCoins(world, noun, random.whole(3, 5));
    const { shown } = await paymentsOf(world, awaited);
    await world.control(`/nowpayments/payments/${shown.payment_id}/send`, {});
    for (const kind of ['500', '429', 'timeoutAfter'] as const) {
      world.sandbox.faults.add({ target: 'nowpayments', kind, method: `GET /v1/payment/${shown.payment_id}`, times: 1 });
    }
    // Whoever says that they have paid is asked for at once; nobody else before its end.
    if (random.chance(0.5)) await (noun === 'order' ? askOrder : askDeposit)(world.door, awaited.code);
    await isCounted(world, awaited);
    // The notifications come after all.
    world.sandbox.faults.clear();
    world.sandbox.deliveries.hurry();
    await isCounted(world, awaited);
  },
  'asked for an address, it fails before and after it made one': async (world, noun, random) => {
    const kinds = random.shuffle(['429', '500', 'timeoutBefore', 'timeoutAfter'] as const).slice(0, random.whole(1, 3));
    for (const kind of kinds) world.sandbox.faults.add({ target: 'nowpayments', kind, method: 'POST /v1/payment', times: 1 });
    const awaited = await awaitCoins(world, noun);
    const { shown, others } = await paymentsOf(world, awaited);
    assert.equal(others.length, kinds.filter((kind) => kind === 'timeoutAfter').length, 'payments that nobody was shown');
    // Nobody knows the address of the other; should coins come to it, they are the customer's.
    for (const other of others) await notify(world, other, { status: 'finished', paid: further.paid, times: 5 });
    await notify(world, shown, { status: 'finished' });
    await isCounted(world, awaited, others.length * further.worth);
  },
};

/** Those that change the far end for everybody, one at a time. */
const alone = new Set(['a week late', 'nobody tells', 'asked for an address, it fails before and after it made one']);

export const ipnLies: Scenario = {
  name: 'ipn-lies',
  summary: 'NOWPayments repeats, reorders, delays, forgets, contradicts itself, is impersonated, fails when asked: coins count once',
  rounds: 4,
  async run(round) {
    const { random, short } = round;
    const world = await openRelayedWorld(round);
    await round.share('bots', async () => ({ close: await runBots(world) }));
    const nouns = ['deposit', 'order'] as const;
    const names = random.shuffle(Object.keys(lies));
    const acts = names.flatMap((name) => {
      const times = name === 'its nine statuses in any order' ? (short ? 3 : 40) : 1;
      // In npm test each lie is told to one of the two.
      const told = short ? [random.pick(nouns)] : nouns;
      return told.flatMap((noun) => Array.from({ length: times }, () => ({ name, noun })));
    });
    const act = async ({ name, noun }: (typeof acts)[number]) => {
      try {
        await (lies[name] as Lie)(world, noun, random);
      } catch (err) {
        throw new Error(`${name}, ${noun}: ${err instanceof Error ? err.stack : String(err)}`, { cause: err });
      }
    };
    await eachOf(
      acts.filter(({ name }) => !alone.has(name)),
      6,
      act,
    );
    for (const one of acts.filter(({ name }) => alone.has(name))) {
      await act(one);
      world.sandbox.faults.clear();
    }
    return `${acts.length} times lied to in ${names.length} ways, ${acts.filter(({ noun }) => noun === 'order').length} of them orders`;
  },
};
