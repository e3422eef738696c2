/** What the sandbox's bar asks: an order's timeline, a person's orders, the length of the hold. In sandbox mode only, on loopback only. */
import { Hono } from 'hono';
import { z } from 'zod';
import { parseOrderCode } from '../../domain/order-code.ts';
import { settings } from '../../domain/setting.ts';
import { readSetting, writeSetting } from '../../db/repositories/setting.ts';
import { listShops } from '../../db/repositories/shop.ts';
import { orderTimeline, recentOrders } from '../../db/repositories/timeline.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
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
const ordersQuery = z.object({ telegramUserId });

export function createDevRoutes({ config, db }: ApiContext) {
  const allowedOrigins = new Set([new URL(config.sandboxUrl).origin, new URL(config.sandboxUrl.replace('127.0.0.1', 'localhost')).origin]);
  const { uiUrl, namespace } = config.temporal;

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
    .get('/dev/orders/:code/timeline', async (c) => {
      const code = parseOrderCode(c.req.param('code'));
      if (code === undefined) throw new Problem(400, 'Bad request', 'code: looks like K7Q4-MX2P', { field: 'code' });
      const timeline = await orderTimeline(db.em.fork(), code);
      if (!timeline) throw notFound('code');
      return c.json({ ...timeline, temporalUrl: temporalUrlOf({ uiUrl, namespace }, code) });
    })
    .get('/dev/orders', async (c) => {
      const query = ordersQuery.safeParse(c.req.query());
      if (!query.success) throw toProblem(query.error, 'telegramUserId');
      return c.json(await recentOrders(db.em.fork(), query.data.telegramUserId));
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

/** Where an administrator sees the order's workflow. */
export function temporalUrlOf({ uiUrl, namespace }: { uiUrl: string; namespace: string }, orderCode: string): string {
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(orderWorkflowId(orderCode))}`;
}
