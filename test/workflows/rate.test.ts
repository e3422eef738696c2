/** A refresh of the rates from the far ends to the staff chat, and the alerts that staff are told. */
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import { raiseAlert } from '../../db/repositories/alert.ts';
import { readRate } from '../../db/repositories/rate.ts';
import { startAlert } from '../../temporal/alert.ts';
import { ownId } from '../../temporal/client.ts';
import { refreshRates } from '../../temporal/rate.ts';
import { ensureSchedules, routines } from '../../temporal/schedules.ts';
import { startRelay } from '../../workers/relay.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let staff: { chatId: number };

beforeAll(async () => {
  world = await startWorld();
  staff = await world.addPerson();
  await world.db.em.fork().execute('update shop set staff_chat_id = ?, language = ?', [staff.chatId, 'pl']);
}, 120_000);
afterAll(() => world?.close());
beforeEach(() => world.sandbox.faults.clear());

const rateOf = async (base: string, quote = 'PLN') => (await readRate(world.db.em.fork(), { base, quote, at: new Date() }))?.rate;
const toldStaff = async (part: string) => (await world.chat(staff)).filter(({ text }) => text.includes(part)).length;

it('refreshes from both sources, tells staff of a fault and of its end once each, in the language of the shop', async () => {
  expect(await refreshRates(world.door)).toEqual({ status: 'refreshed' });
  expect(await rateOf('BTC')).toBe('200000');
  expect(await rateOf('EUR')).toBe('5');

  await world.control('/rates', { base: 'BTC', usd: 52_000, source: 'coinbase' });
  for (let times = 0; times < 2; times += 1) await refreshRates(world.door);
  expect(await rateOf('BTC')).toBeUndefined();
  expect(await rateOf('ETH')).toBe('10000');
  await waitFor(async () => expect(await toldStaff('Kursy BTC: oba źródła różnią się')).toBe(1), { timeout: 15_000 });

  await world.control('/rates', { base: 'BTC', usd: null });
  for (let times = 0; times < 2; times += 1) await refreshRates(world.door);
  expect(await rateOf('BTC')).toBe('200000');
  await waitFor(async () => expect(await toldStaff('Kursy BTC są znowu w porządku')).toBe(1), { timeout: 15_000 });
  expect(await toldStaff('oba źródła')).toBe(1);
  expect((await checkDatabase(world.db.em.fork(), { now: new Date() })).findings).toEqual([]);
}, 90_000);

it('asks a source again that fails for a moment, and does without one that is away', async () => {
  world.sandbox.faults.add({ target: 'coingecko', kind: '429', times: 1 });
  world.sandbox.faults.add({ target: 'coinbase', kind: 'garbage', times: 1 });
  expect(await refreshRates(world.door)).toEqual({ status: 'refreshed' });
}, 60_000);

it('tells each alert once however often it is raised and told, in the order they were raised', async () => {
  const shopId = world.shop.id;
  const raise = (key: string) =>
    raiseAlert(world.db.em.fork(), { shopId, key, kind: 'ratesBack', params: { what: `[${key}]` }, at: new Date() });
  for (const key of ['one', 'two', 'one', 'two']) await raise(key);
  await Promise.all([startAlert(world.door, shopId), startAlert(world.door, shopId)]);
  await waitFor(async () => expect(await toldStaff('[two]')).toBe(1), { timeout: 15_000 });
  await startAlert(world.door, shopId);
  await raise('three');
  // Nobody starts its telling: the relay does.
  const relay = startRelay({ db: world.db, door: world.door, log: pino({ level: 'silent' }), intervalMs: 3_600_000, patienceMs: 0 });
  try {
    await waitFor(
      async () => {
        await relay.look();
        expect(await toldStaff('[three]')).toBe(1);
      },
      { timeout: 15_000 },
    );
  } finally {
    await relay.stop();
  }
  const order = (await world.chat(staff)).map(({ text }) => /\[(\w+)\]/.exec(text)?.[1]).filter(Boolean);
  expect(order).toEqual(['one', 'two', 'three']);
}, 60_000);

it('is made to run every 10 minutes, once however many workers boot, and follows a changed spec', async () => {
  const { door } = world;
  await Promise.all([ensureSchedules(door), ensureSchedules(door)]);
  const handle = door.client.schedule.getHandle(ownId(door, 'rates'));
  const made = await handle.describe();
  expect(made.spec.intervals).toMatchObject([{ every: 600_000 }]);
  expect(made.policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 600_000 });
  await waitFor(async () => expect((await handle.describe()).info.numActionsTaken).toBeGreaterThan(0), { timeout: 15_000 });

  await handle.pause('by hand');
  await ensureSchedules(
    door,
    routines.map((routine) => ({ ...routine, everyMs: 300_000 })),
  );
  const changed = await handle.describe();
  expect(changed.spec.intervals).toMatchObject([{ every: 300_000 }]);
  expect(changed.state.paused).toBe(true);
  await handle.delete();
}, 60_000);
