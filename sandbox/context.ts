/** What every far end of the sandbox is given. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createEvents, type SandboxEvents } from './events.ts';
import { createFaults, type Faults } from './faults.ts';
import { openStore, type SandboxStore } from './store.ts';

export type { SandboxStore } from './store.ts';

export interface SandboxContext {
  readonly config: SandboxConfig;
  readonly store: SandboxStore;
  /** Milliseconds since epoch. */
  readonly clock: () => number;
  readonly faults: Faults;
  readonly deliveries: Deliveries;
  readonly events: SandboxEvents;
}

/** The part of the deployment's configuration the outside world knows. */
export type SandboxConfig = Pick<Config, 'dataDir' | 'ports' | 'sandboxUrl' | 'publicUrl'>;

/** @param options.file another place for the sandbox's file, e.g. `:memory:` */
export function createContext(config: SandboxConfig, options: { file?: string; clock?: () => number } = {}): SandboxContext {
  const { file = join(config.dataDir, 'sandbox.db'), clock = Date.now } = options;
  const store = openStore(file);
  const faults = createFaults(store);
  return { config, store, clock, faults, deliveries: createDeliveries({ store, faults, clock }), events: createEvents() };
}
