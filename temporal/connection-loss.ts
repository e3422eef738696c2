/** Whether the connection to Temporal broke, however soon it was there again: what answers then may have forgotten. */
import type { Door } from './client.ts';

/** gRPC's words for a channel's states. */
const ready = 2;
const shutdown = 4;

/** The SDK keeps its channel to itself; its calls are repeated until they work, and so show nothing of a short absence. */
interface Wired {
  readonly client: {
    getChannel(): {
      getConnectivityState(tryToConnect: boolean): number;
      watchConnectivityState(state: number, deadline: number, changed: () => void): void;
    };
  };
}

/** Calls `lost` whenever a connection that stood is gone, until `signal`. */
export function onConnectionLost({ connection }: Door, signal: AbortSignal, lost: () => void): void {
  const channel = (connection as unknown as Wired).client.getChannel();
  const watch = () => {
    if (signal.aborted) return;
    const state = channel.getConnectivityState(false);
    if (state === shutdown) return;
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, () => {
      if (state === ready && !signal.aborted) lost();
      watch();
    });
  };
  watch();
}
