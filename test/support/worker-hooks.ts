/**
 * Given with `--import` to a worker process: it is the real one, wrapped so that its activities and its Telegram can kill it, that it keeps
 * few workflows in memory, or that it runs another bundle. Without their variables the wrappers change nothing.
 */
import { registerHooks } from 'node:module';

const wrapped: Readonly<Record<string, string>> = {
  '/workers/orders.ts ../activities/index.ts': './killing-activities.ts',
  '/workers/background.ts ../activities/index.ts': './killing-activities.ts',
  '/workers/worker.ts ../gateways/telegram.ts': './killing-telegram.ts',
  '/workers/worker.ts ./orders.ts': './wrapped-orders.ts',
};

registerHooks({
  resolve(specifier, context, next) {
    const importer = /\/workers\/\w+\.ts$/.exec(context.parentURL ?? '')?.[0];
    const wrapper = wrapped[`${importer} ${specifier}`];
    return wrapper === undefined ? next(specifier, context) : next(new URL(wrapper, import.meta.url).href, context);
  },
});
