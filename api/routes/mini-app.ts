/** All a shop's Mini App calls, relative to `/api` (the deployment's default shop) and to `/api/shops/:shop`. */
import { Hono } from 'hono';
import type { ApiContext } from '../context.ts';
import { createLimits, visitLimits } from '../visitor/limits.ts';
import { createEntrance } from '../visitor/visit.ts';
import { createBasketRoutes } from './basket.ts';
import { createPaymentRoutes } from './payment.ts';
import { createShopRoutes } from './shop.ts';

export function createMiniAppRoutes(context: ApiContext) {
  const limits = createLimits(context.limits ?? visitLimits);
  const entrance = createEntrance(context, limits);
  return new Hono()
    .route('/', createPaymentRoutes(context, entrance, limits))
    .route('/', createShopRoutes(context, entrance))
    .route('/', createBasketRoutes(context, entrance));
}

/** What the page's client is typed by: `hc<AppApi>('/api')`. */
export type AppApi = ReturnType<typeof createMiniAppRoutes>;
