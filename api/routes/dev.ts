/** What the sandbox's bar asks: a timeline, what a person began lately, the length of the hold. In sandbox mode only, on loopback only. */
import { Hono } from 'hono';
import { z } from 'zod';
import { parseOrderCode } from '../../domain/order-code.ts';
import { settings } from '../../domain/setting.ts';
import { readSetting, writeSetting } from '../../db/repositories/setting.ts';
import { listShops } from '../../db/repositories/shop.ts';
import { findTimeline, listRecent } from '../../db/repositories/timeline.ts';
import { workflowUrl } from '../../temporal/ui.ts';
import { isFromLoopback } from '../access.ts';
import { parseJson, readBody } from '../body.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem, toProblem } from '../problem.ts';

const { sandboxMin, max } = settings.holdSeconds;
const holdBody = z.object({ holdSeconds: z.number().int().min(sandboxMin).max(max) });
const telegramUserId = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'a whole number above 0')
  .transform(Number)
  .refine(Number.isSafeInteger, 'a whole number above 0');
const recentQuery = z.object({ telegramUserId });

export function createDevRoutes({ config, db }: ApiContext) {
  const allowedOrigins = new Set([new URL(config.sandboxUrl).origin, new URL(config.sandboxUrl.replace('127.0.0.1', 'localhost')).origin]);

  return new Hono()
    .use('/dev/*', async (c, next) => {
      const origin = c.req.header('origin');
      if (!isFromLoopback(c)) {
        throw new Problem(403, 'Not allowed', 'host: these addresses answer this machine only, by its own name', { field: 'host' });
      }
      if (origin !== undefined && !allowedOrigins.has(origin)) {
        throw new Problem(403, 'Not allowed', 'origin: only the sandbox may ask', { field: 'origin' });
      }
      await next();
    })
    .get('/dev/timelines/:code', async (c) => {
      const code = parseOrderCode(c.req.param('code'));
      if (code === undefined) throw new Problem(400, 'Bad request', 'code: looks like K7Q4-MX2P', { field: 'code' });
      const timeline = await findTimeline(db.em.fork(), code);
      if (!timeline) throw notFound('code');
      return c.json({ ...timeline, temporalUrl: workflowUrl(config.temporal, { ...timeline, code }) });
    })
    .get('/dev/timelines', async (c) => {
      const query = recentQuery.safeParse(c.req.query());
      if (!query.success) throw toProblem(query.error, 'telegramUserId');
      return c.json(await listRecent(db.em.fork(), query.data.telegramUserId));
    })
    .get('/dev/hold', async (c) => {
      const em = db.em.fork();
      const [shop] = await listShops(em);
      return c.json({ holdSeconds: shop ? await readSetting(em, shop.id, 'holdSeconds') : settings.holdSeconds.fallback });
    })
    .put('/dev/hold', async (c) => {
      const body = holdBody.safeParse(parseJson(await readBody(c.req.raw)));
      if (!body.success) throw toProblem(body.error, 'holdSeconds');
      const em = db.em.fork();
      for (const shop of await listShops(em)) {
        const { holdSeconds: value } = body.data;
        await writeSetting(em, { shopId: shop.id, key: 'holdSeconds', value, actor: 'sandbox', mode: 'sandbox', at: new Date() });
      }
      return c.json(body.data);
    });
}
