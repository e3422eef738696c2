/** Staff who judge at once, banks whose references come twice, workers that die between a verdict and its money, while receipts keep coming. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Customer } from '../../../db/entities/customer.ts';
import { agreeToVerdict, draftVerdict, giveVerdict, type Judge, type Judged, type VerdictWish } from '../../../db/repositories/approval.ts';
import { readReference } from '../../../domain/approval.ts';
import { ringFor } from '../../../temporal/ring.ts';
import { addStaff, approving, newReference, receiptFile, send, transferOne } from '../../support/approvals.ts';
import { depositOf } from '../../support/deposits.ts';
import { openServers } from '../../support/servers.ts';
import { runBots } from '../../support/story.ts';
import { waitFor } from '../../support/wait.ts';
import { openWorkerPark, type WorkerPark } from '../../support/worker-process.ts';
import { startWorld, type World } from '../../support/world.ts';
import { makeRandom, type Random } from '../harness/random.ts';
import type { Round, Scenario } from '../harness/scenario.ts';
import { cashOf, eachOf, tally } from './acts.ts';

/** Above 1,000.00 two must say so. */
const much = 200_000;
const little = 5_000;
const patience = { timeout: 120_000, interval: 200 };

interface Office {
  readonly world: World;
  readonly park: WorkerPark;
  readonly staff: readonly Judge[];
  /** Kills the worker; another takes its place. */
  kill(): void;
  close(): Promise<void>;
}

/** A shop whose worker is a process, that is started again whenever it dies. */
async function openOffice({ check }: Round): Promise<Office> {
  await openServers();
  const world = await startWorld({ worker: false });
  check(world.db);
  const stopBots = await runBots(world);
  const park = openWorkerPark(world);
  const staff = [await addStaff(world), await addStaff(world), await addStaff(world, 'owner')];
  let closing = false;
  let worker = park.start();
  const watch = () =>
    void worker.ended.then(() => {
      if (closing) return;
      worker = park.start();
      watch();
    });
  watch();
  return {
    world: park.world,
    park,
    staff,
    kill: () => worker.kill(),
    async close() {
      closing = true;
      await park.close();
      await stopBots();
      await world.close();
    },
  };
}

interface Waiting {
  readonly depositCode: string;
  readonly customer: Customer;
}

/** A transfer whose customer has sent a receipt. */
async function shown({ world }: Office, random: Random, amount = little): Promise<Waiting> {
  const { depositCode, customer, answer } = await waitFor(() => transferOne(world, amount), patience);
  assert.ok('ok' in answer && answer.ok, `a transfer was not opened: ${JSON.stringify(answer)}`);
  await sendOne(world, depositCode, random);
  return { depositCode, customer };
}

async function sendOne(world: World, depositCode: string, random: Random, words?: string): Promise<void> {
  const saved = await send(world, depositCode, receiptFile(words));
  // Whoever is not rung for is found by the relay.
  if ('objectId' in saved && random.chance(0.5)) await ring(world, depositCode, saved.objectId);
}

async function ring({ door, shop }: World, code: string, objectId: string): Promise<void> {
  await ringFor(door, { about: { noun: 'deposit', code }, shopId: shop.id, provider: 'manual', objectId });
}

/** Shown to who says it, not given yet. @returns undefined when it may not be said any more */
async function draft({ world }: Office, depositCode: string, by: Judge, wish: VerdictWish): Promise<(() => Promise<Judged>) | undefined> {
  const { db, secrets, shop } = world;
  const drafted = await draftVerdict(db.em.fork(), secrets, { shopId: shop.id, depositCode, wish, by, at: new Date() });
  if (!drafted.ok) return undefined;
  const { approvalId } = drafted;
  return () => giveVerdict(db.em.fork(), { shopId: shop.id, approvalId, by, at: new Date() });
}

/** All of them at the same instant, some of them pressed twice; what counts is rung for, or is left to the relay. */
async function atOnce(
  { world }: Office,
  depositCode: string,
  gives: readonly (() => Promise<Judged>)[],
  random: Random,
): Promise<Judged[]> {
  const pressed = gives.flatMap((give) => (random.chance(0.3) ? [give, give] : [give]));
  const judged = await Promise.all(pressed.map((give) => give()));
  for (const one of judged) if (one.ok && random.chance(0.5)) await ring(world, depositCode, one.objectId);
  return judged;
}

const ids = (judged: readonly Judged[]) => [...new Set(judged.flatMap((one) => (one.ok ? [one.approvalId] : [])))];

type Act = (office: Office, random: Random) => Promise<readonly Waiting[]>;

const present = <Item>(items: readonly (Item | undefined)[]): Item[] => items.filter((item) => item !== undefined);

const acts: Readonly<Record<string, Act>> = {
  'two approve at once': async (office, random) => {
    const deposit = await shown(office, random);
    const amounts = [little, random.whole(1, 9_000)];
    const gives = await Promise.all(
      amounts.map((amount, index) => draft(office, deposit.depositCode, office.staff[index] as Judge, approving({ amount }))),
    );
    assert.equal(ids(await atOnce(office, deposit.depositCode, present(gives), random)).length, 1, 'one verdict of two counts');
    return [deposit];
  },
  'one approves and one rejects at once': async (office, random) => {
    const deposit = await shown(office, random);
    const [ann, bob] = office.staff as [Judge, Judge];
    const wishes = [
      [ann, approving()],
      [bob, { verdict: 'reject', reason: random.pick(['notReceived', 'unreadable'] as const) }],
    ] as const;
    const gives = await Promise.all(random.shuffle(wishes).map(([by, wish]) => draft(office, deposit.depositCode, by, wish)));
    assert.equal(ids(await atOnce(office, deposit.depositCode, present(gives), random)).length, 1, 'one verdict of two counts');
    return [deposit];
  },
  'one reference for two deposits at once': async (office, random) => {
    const deposits = [await shown(office, random), await shown(office, random)];
    const reference = newReference();
    const gives = await Promise.all(
      deposits.map(({ depositCode }, index) => draft(office, depositCode, office.staff[index] as Judge, approving({ reference }))),
    );
    const judged = await Promise.all(present(gives).map((give) => give()));
    assert.equal(ids(judged).length, 1, 'a reference is of one transfer');
    assert.deepEqual(
      judged.flatMap((one) => (one.ok ? [] : [one.rejected])),
      ['ReferenceUsed'],
    );
    for (const [index, one] of judged.entries()) {
      if (one.ok && random.chance(0.5)) await ring(office.world, deposits[index]?.depositCode ?? '', one.objectId);
    }
    return deposits;
  },
  'a reference used before, spelled otherwise': async (office, random) => {
    const [first, second] = [await shown(office, random), await shown(office, random)];
    const [ann, bob] = office.staff as [Judge, Judge];
    const spelled = newReference().match(/.{1,4}/g) ?? [];
    const spellings = [' ', '-', '/', '.', '  '].map((between) => spelled.join(between));
    const [one, other] = random.shuffle([...spellings, spelled.join('').toLowerCase()]).map(readReference);
    const give = await draft(office, first.depositCode, ann, approving({ reference: one as string }));
    await atOnce(office, first.depositCode, present([give]), random);
    assert.equal(await draft(office, second.depositCode, bob, approving({ reference: other as string })), undefined, 'it was taken twice');
    return [first, second];
  },
  'two agree at once, and one changes their mind': async (office, random) => {
    const deposit = await shown(office, random, much);
    const [ann, bob, eve] = office.staff as [Judge, Judge, Judge];
    const { db, shop } = office.world;
    const give = await draft(office, deposit.depositCode, ann, approving({ amount: much }));
    const [judged] = await atOnce(office, deposit.depositCode, present([give]), makeRandom(1));
    assert.ok(judged?.ok && judged.waitsForSecond, `it counted with one: ${JSON.stringify(judged)}`);
    const { approvalId } = judged;
    const agree = (by: Judge) => () => agreeToVerdict(db.em.fork(), { shopId: shop.id, approvalId, by, at: new Date() });
    assert.deepEqual(await agree(ann)(), { ok: false, rejected: 'SamePerson' });
    const reject = random.chance(0.5) ? await draft(office, deposit.depositCode, eve, { verdict: 'reject', reason: 'other' }) : undefined;
    const all = await atOnce(office, deposit.depositCode, random.shuffle(present([agree(bob), agree(eve), agree(ann), reject])), random);
    assert.equal(all.filter((one) => one.ok).length > 0, true, 'nobody was heard');
    return [deposit];
  },
  'the worker dies between the verdict and its money': async (office, random) => {
    const deposit = await shown(office, random);
    const point = `${random.pick(['before', 'after'] as const)}:settleDeposit` as const;
    const give = await draft(office, deposit.depositCode, office.staff[0] as Judge, approving({ amount: random.whole(1, 9_000) }));
    office.park.arm(point);
    await atOnce(office, deposit.depositCode, present([give]), random);
    return [deposit];
  },
};

/** What verdicts that count have come to, and that the customer has just that. */
async function isSettled({ world }: Office, { depositCode, customer }: Waiting): Promise<string> {
  const [row]: { sum: string | null; rejected: boolean | null }[] = await world.db.em.fork().execute(
    `select sum(a.amount)::text as sum, bool_or(a.verdict = 'reject') as rejected from approval a join deposit d on d.id = a.deposit_id
      where d.code = ? and a.status = 'given'`,
    [depositCode],
  );
  const given = Number(row?.sum ?? 0);
  return waitFor(async () => {
    const deposit = await depositOf(world, depositCode);
    assert.equal(deposit.credited, given, `deposit ${depositCode}: what was given`);
    assert.equal(await cashOf(world, customer), given, `deposit ${depositCode}: the wallet`);
    const ends = given > 0 ? ['credited', 'partial'] : row?.rejected ? ['rejected', 'expired'] : ['seen', 'confirming'];
    assert.ok(ends.includes(deposit.status), `deposit ${depositCode} is ${deposit.status}, not ${ends.join(' or ')}`);
    return given > 0 ? 'credited' : row?.rejected ? 'rejected' : 'waits';
  }, patience);
}

/** Receipts of customers who send one more all the time, some of them the same; until told to stop. */
async function keepSending({ world }: Office, codes: readonly string[], random: Random, isOver: () => boolean): Promise<number> {
  let sent = 0;
  while (!isOver() && codes.length > 0) {
    await sendOne(world, random.pick(codes), random, random.chance(0.3) ? 'the same for everybody' : undefined);
    sent += 1;
    await sleep(random.whole(20, 200));
  }
  return sent;
}

export const approvals: Scenario = {
  name: 'approvals',
  summary:
    'staff judge at once, a reference comes twice, workers die between verdict and money: each verdict counts once, money comes once',
  rounds: 4,
  async run(round) {
    const { random, short } = round;
    const office = await round.share('office', () => openOffice(round));
    const others = [await shown(office, random), await shown(office, random)];
    let isOver = false;
    const sending = keepSending(
      office,
      others.map(({ depositCode }) => depositCode),
      makeRandom(round.seed + 1),
      () => isOver,
    );
    try {
      const names = random.shuffle(Object.keys(acts));
      const all = short ? names : Array.from({ length: 8 }, () => names).flat();
      const deposits = await eachOf(all, 4, async (name) => {
        try {
          const some = await (acts[name] as Act)(office, random);
          if (!short && random.chance(0.15)) office.kill();
          return some;
        } catch (err) {
          throw new Error(`${name}: ${err instanceof Error ? err.stack : String(err)}`, { cause: err });
        }
      });
      isOver = true;
      const sent = await sending;
      const ends = await eachOf(deposits.flat(), 4, (deposit) => isSettled(office, deposit));
      for (const deposit of others) assert.equal(await isSettled(office, deposit), 'waits');
      return `${all.length} races, deposits ${tally(ends)}, ${sent} receipts beside them`;
    } finally {
      isOver = true;
      office.park.disarm();
      await sending;
    }
  },
};
