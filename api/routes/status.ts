/** What watches us asks: alive, ready, how are things, numbers. */
import { Hono } from 'hono';
import { listChainWatches } from '../../db/repositories/chain-watch.ts';
import { listAccountStates } from '../../db/repositories/provider-account.ts';
import { countWaiting } from '../../db/repositories/inbox.ts';
import { countOrders } from '../../db/repositories/timeline.ts';
import { hasToken, isFromPrivateAddress } from '../access.ts';
import { build } from '../build.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { checkReadiness } from '../readiness.ts';

const { name, version } = build;

export function createStatusRoutes(context: ApiContext) {
  const { config, db, metrics } = context;
  return new Hono()
    .get('/', (c) => c.json({ name, version, mode: config.mode }))
    .get('/health', (c) => c.json({ status: 'ok', uptimeSeconds: Math.floor(process.uptime()) }))
    .get('/ready', async (c) => {
      const readiness = await checkReadiness(context);
      return c.json(readiness, readiness.ready ? 200 : 503);
    })
    .use('/status', async (c, next) => {
      guard(c);
      await next();
    })
    .use('/metrics', async (c, next) => {
      guard(c);
      await next();
    })
    .get('/status', async (c) => {
      const em = db.em.fork();
      const readiness = await checkReadiness(context);
      if (readiness.checks.database !== 'ok') return c.json({ version, mode: config.mode, ...readiness }, 503);
      return c.json({
        version,
        mode: config.mode,
        uptimeSeconds: Math.floor(process.uptime()),
        ...readiness,
        orders: await countOrders(em),
        inbox: await countWaiting(em),
        shops: await listAccountStates(em),
        chains: await listChainWatches(em, new Date()),
      });
    })
    .get('/metrics', async (c) => c.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }));

  function guard(c: Parameters<typeof isFromPrivateAddress>[0]): void {
    if (config.mode === 'sandbox' || isFromPrivateAddress(c) || hasToken(c, config.statusToken)) return;
    throw new Problem(401, 'Not allowed', 'authorization: a bearer token is needed from a public address', {
      field: 'authorization',
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
}
