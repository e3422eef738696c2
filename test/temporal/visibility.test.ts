import { afterEach, expect, it, vi } from 'vitest';
import type { Door } from '../../temporal/client.ts';
import { watchClosedBadly } from '../../temporal/visibility.ts';

interface Run {
  readonly runId: string;
  readonly workflowId: string;
  readonly closeTime: Date;
}

/** Temporal's list of runs that closed badly, newest first, which minds the time it is asked for. */
function listing(runs: readonly Run[]): Pick<Door, 'client'> {
  const list = async function* ({ query }: { query: string }) {
    const since = /CloseTime > '([^']+)'/.exec(query)?.[1];
    const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
    yield* runs.filter(({ closeTime }) => closeTime.getTime() > from).sort((one, other) => +other.closeTime - +one.closeTime);
  };
  return { client: { workflow: { list } } } as unknown as Door;
}

/** Long before what the clock here says, as for a process whose clock is ahead. */
const hourAgo = Date.now() - 3_600_000;
const runAt = (name: string, at: number): Run => ({ runId: name, workflowId: `order:${name}`, closeTime: new Date(at) });

afterEach(() => void vi.useRealTimers());

it('finds what closed since, by the clock of Temporal, however far ahead its own is', async () => {
  const runs = [runAt('A', hourAgo)];
  const find = watchClosedBadly(listing(runs));
  expect(await find()).toEqual(['order:A']);
  runs.push(runAt('B', hourAgo + 60_000));
  expect(await find()).toContain('order:B');
});

it('finds what closed a little earlier and is listed later', async () => {
  const runs = [runAt('A', hourAgo)];
  const find = watchClosedBadly(listing(runs));
  await find();
  runs.push(runAt('B', hourAgo - 5_000));
  expect(await find()).toContain('order:B');
});

it('finds what closes after nothing had', async () => {
  const runs: Run[] = [];
  const find = watchClosedBadly(listing(runs));
  expect(await find()).toEqual([]);
  runs.push(runAt('A', hourAgo));
  expect(await find()).toEqual(['order:A']);
});

it('answers a run for a while, its row may be later than it, and then no more', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const find = watchClosedBadly(listing([runAt('A', hourAgo)]));
  expect(await find()).toEqual(['order:A']);
  vi.advanceTimersByTime(5_000);
  expect(await find()).toEqual(['order:A']);
  vi.advanceTimersByTime(15_000);
  expect(await find()).toEqual([]);
});
