/** The servers tests share: the run's own, or those of a harness that runs outside vitest. */
import { inject } from 'vitest';

export interface Servers {
  readonly postgresPort: number;
  readonly temporalAddress: string;
  /** Folder whose entries mark the namespaces that are taken. */
  readonly namespaceDir: string;
  readonly namespaceCount: number;
}

interface StartedServers {
  readonly servers: Servers;
  stop(): Promise<void>;
}

let start: (() => Promise<StartedServers>) | undefined;
let started: Promise<StartedServers> | undefined;
let ours: Servers | undefined;

/** @throws outside vitest, unless `openServers` has opened others */
export function servers(): Servers {
  return (
    ours ?? {
      postgresPort: inject('postgresPort'),
      temporalAddress: inject('temporalAddress'),
      namespaceDir: inject('namespaceDir'),
      namespaceCount: inject('namespaceCount'),
    }
  );
}

/** Names the servers of a harness; they are started by the first `openServers`. */
export function useServers(starting: () => Promise<StartedServers>): { stop(): Promise<void> } {
  start = starting;
  return {
    async stop() {
      const ending = started;
      [start, started, ours] = [undefined, undefined, undefined];
      await (await ending)?.stop();
    },
  };
}

/** Starts the servers named by `useServers`, once; in vitest they run already. */
export async function openServers(): Promise<void> {
  if (!start) return;
  started ??= start();
  ours = (await started).servers;
}
