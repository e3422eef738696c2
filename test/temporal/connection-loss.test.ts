import { expect, it } from 'vitest';
import type { Door } from '../../temporal/client.ts';
import { onConnectionLost } from '../../temporal/connection-loss.ts';

const [idle, connecting, ready, failing, shutdown] = [0, 1, 2, 3, 4];

/** A channel as gRPC's: who watches is called once, at the next change. */
function channel(first: number) {
  let state = first;
  const watching: (() => void)[] = [];
  const wired = {
    getConnectivityState: () => state,
    watchConnectivityState: (_state: number, _deadline: number, changed: () => void) => void watching.push(changed),
  };
  return {
    door: { connection: { client: { getChannel: () => wired } } } as unknown as Door,
    go(...states: number[]) {
      for (const next of states) {
        state = next;
        for (const changed of watching.splice(0)) changed();
      }
    },
    isWatched: () => watching.length > 0,
  };
}

it('tells once of every connection that stood and is gone, however soon it is there again', () => {
  const { door, go } = channel(idle);
  let lost = 0;
  onConnectionLost(door, new AbortController().signal, () => (lost += 1));
  go(connecting, failing, connecting);
  expect(lost, 'it never stood').toBe(0);
  go(ready);
  expect(lost).toBe(0);
  go(idle, connecting, ready);
  expect(lost).toBe(1);
  go(failing, ready, failing);
  expect(lost).toBe(3);
});

it('tells nothing after it was stopped, and watches no closed channel', () => {
  const stopping = new AbortController();
  const stopped = channel(ready);
  let lost = 0;
  onConnectionLost(stopped.door, stopping.signal, () => (lost += 1));
  stopping.abort();
  stopped.go(idle);
  expect([lost, stopped.isWatched()]).toEqual([0, false]);
  const closed = channel(shutdown);
  onConnectionLost(closed.door, new AbortController().signal, () => (lost += 1));
  expect([lost, closed.isWatched()]).toEqual([0, false]);
});
