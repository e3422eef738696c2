/** Given with `--import` to a worker process: its activities and its Telegram are the real ones, wrapped so that they can kill it. */
import { registerHooks } from 'node:module';

const wrapped: Readonly<Record<string, string>> = {
  '/workers/orders.ts ../activities/index.ts': './killing-activities.ts',
  '/workers/worker.ts ../gateways/telegram.ts': './killing-telegram.ts',
};

registerHooks({
  resolve(specifier, context, next) {
    const importer = /\/workers\/\w+\.ts$/.exec(context.parentURL ?? '')?.[0];
    const wrapper = wrapped[`${importer} ${specifier}`];
    return wrapper === undefined ? next(specifier, context) : next(new URL(wrapper, import.meta.url).href, context);
  },
});
