/** The HTTP side of the shop: webhooks, health and numbers; one handler turns every error into a problem document. */
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { type ReceivedEvent, receiveAll } from '../db/repositories/receive.ts';
import { together } from '../db/together.ts';
import type { ApiContext, ApiOptions } from './context.ts';
import { createMetrics } from './metrics.ts';
import { createRefused } from './refused.ts';
import { answerProblem, Problem } from './problem.ts';
import { styleHash } from './openapi/page.ts';
import { createDevRoutes } from './routes/dev.ts';
import { createDocsRoutes } from './routes/docs.ts';
import { createMiniAppRoutes } from './routes/mini-app.ts';
import { createStageRoutes } from './routes/stage.ts';
import { createStatusRoutes } from './routes/status.ts';
import { createWebhookRoutes } from './routes/webhooks.ts';
import { createLimits, visitLimits } from './visitor/limits.ts';

export type { ApiOptions } from './context.ts';

export function createApi(options: ApiOptions): Hono {
  const { db } = options;
  const storeEvent = together((all: readonly ReceivedEvent[]) => receiveAll(db.em.fork(), all));
  const context: ApiContext = { ...options, metrics: createMetrics(db), refused: createRefused(), storeEvent };
  const { log, metrics } = context;
  const app = new Hono();
  app.use(async (c, next) => {
    const startedAt = performance.now();
    await next();
    // The route's pattern, never the address asked for: that one may hold a secret, and there is no end of them.
    const route = c.res.status === 404 ? 'unknown' : routeOf(c.req.path);
    metrics.requests.observe({ method: c.req.method, route, status: c.res.status }, (performance.now() - startedAt) / 1_000);
  });
  // Before the headers of everything else: pages say their own.
  for (const [path, pages] of Object.entries(options.pages ?? {})) app.route(path, pages);
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: [styleHash], frameAncestors: ["'none'"] },
      xFrameOptions: 'DENY',
      referrerPolicy: 'no-referrer',
    }),
  );
  app.route('/', createStatusRoutes(context));
  app.route('/', createWebhookRoutes(context));
  app.route('/', createDocsRoutes(context));
  const limits = createLimits(options.limits ?? visitLimits);
  app.route('/api', createStageRoutes(context, limits));
  const miniApp = createMiniAppRoutes(context, limits);
  app.route('/api', miniApp);
  app.route('/api/shops/:shop', miniApp);
  if (options.config.mode === 'sandbox') app.route('/', createDevRoutes(context));
  app.notFound((c) => answerProblem(c, new Problem(404, 'Not found', `path: nothing answers ${c.req.method} here`, { field: 'path' })));
  app.onError((err, c) => {
    if (err instanceof Problem) return answerProblem(c, err);
    if (err instanceof HTTPException) return answerProblem(c, new Problem(err.status, 'Bad request', err.message));
    log.error({ err, method: c.req.method, route: routeOf(c.req.path) }, 'request failed');
    if (c.req.path.startsWith('/webhook')) {
      const detail = 'The event could not be stored now: send it again.';
      return answerProblem(c, new Problem(503, 'Not stored', detail, { headers: { 'retry-after': '5' } }));
    }
    return answerProblem(c, new Problem(500, 'Failed', 'Something went wrong here; it is in our log.'));
  });
  return app;
}

/** Paths with their variable parts taken out. */
function routeOf(path: string): string {
  return path
    .replace(/^(\/webhooks\/\w+)\/[^/]+$/, '$1/:endpointId')
    .replace(/^\/app\/assets\/.*/, '/app/assets/:name')
    .replace(/^\/app\/[^/]+$/, '/app/:shop')
    .replace(/^\/dev\/timelines\/[^/]+$/, '/dev/timelines/:code')
    .replace(/^\/api\/shops\/[^/]+\//, '/api/shops/:shop/')
    .replace(/(\/payment\/status|\/products|\/photos|\/lines|\/stages)\/[^/]+/, '$1/:id')
    .replace(/(\/orders)\/[^/]+/, '$1/:code');
}
