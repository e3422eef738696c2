/** Recorded histories replay on the workflows as they are: orders begun before a deploy go on after it. Recorded by `npm run histories -- record`. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheDir } from '../../supervisor/temporal-binary.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import { endings } from '../support/endings.ts';
import { eventNames, readableHistory, readHistory, tellEvents } from '../support/history.ts';

Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR' } }, shutdownSignals: [] });

const folder = fileURLToPath(new URL('./', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''));
const read = (name: string) => readFileSync(`${folder}${name}.json`, 'utf8');

let bundle: { codePath: string };
beforeAll(async () => {
  bundle = await workflowBundle(cacheDir());
}, 120_000);

describe('recorded histories', () => {
  it('are there for every ending', () => {
    expect(names).toEqual(expect.arrayContaining(endings.map((ending) => ending.name)));
  });

  // The SDK's type keeps the cache to itself; its worker takes it as any other does.
  it.each([{}, { maxCachedWorkflows: 2 }])('replay on the present workflows: %j', async (options) => {
    const failed: string[] = [];
    const replayed: string[] = [];
    const histories = names.map((name) => ({ workflowId: name, history: readHistory(read(name)) }));
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle, ...options }, histories)) {
      replayed.push(workflowId);
      if (error) failed.push(`${workflowId}: ${error.message}`);
    }
    expect(failed).toEqual([]);
    expect(replayed).toEqual(names);
  }, 60_000);

  it('do not replay when their steps come in another order', async () => {
    const history = readHistory(read('order-card-delivered'));
    const events = history.events ?? [];
    const timer = events.findIndex((event) => event.timerStartedEventAttributes);
    expect(timer).toBeGreaterThan(0);
    const shortened = { events: events.filter((_, index) => index !== timer) };
    await expect(Worker.runReplayHistory({ workflowBundle: bundle }, shortened, 'order-card-delivered')).rejects.toThrow();
  }, 60_000);

  it.each(endings.filter((ending) => ending.most !== undefined))('keep to the budget: $name', ({ name, most }) => {
    const history = readHistory(read(name));
    expect(eventNames(history).length, tellEvents(history)).toBeLessThanOrEqual(most ?? 0);
  });

  it('tell no secrets, names or addresses', () => {
    const tells = /SECRET-|t{35}|\b(sk|rk|whsec)_\w|\bAda\b|https?:\/\/|\b\d{6,}:[\w-]{30,}/;
    expect(tells.test(readableHistory('{"data":"U0VDUkVULTEtMQ=="}'))).toBe(true);
    for (const name of names) expect(readableHistory(read(name)), name).not.toMatch(tells);
  });
});
