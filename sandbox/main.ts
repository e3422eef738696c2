/** The sandbox's process: `node --import ./web/load-tsx.mjs sandbox/main.ts`. */
import { readConfig } from '../config.ts';
import { startSandbox } from './server.ts';

const config = readConfig();
if (config.mode !== 'sandbox') {
  console.error('The sandbox does not run in live mode: set TILLFLOW_MODE=sandbox.');
  process.exit(1);
}

try {
  const sandbox = await startSandbox(config);
  console.log(`Sandbox on ${sandbox.url}, no real money.`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void sandbox.stop().finally(() => process.exit(0));
    });
  }
} catch (err) {
  const taken = err instanceof Error && 'code' in err && err.code === 'EADDRINUSE';
  console.error(taken ? `Port ${config.ports.sandbox} is taken: set TILLFLOW_SANDBOX_PORT to a free one.` : err);
  process.exit(1);
}
