/** All a shop's Mini App calls, relative to `/api` (the deployment's default shop) and to `/api/shops/:shop`. */
import { Hono } from 'hono';
import type { ApiContext } from '../context.ts';
import type { Limits } from '../visitor/limits.ts';
import { createEntrance } from '../visitor/visit.ts';
import { createTelling } from '../payment/telling.ts';
import { createBasketRoutes } from './basket.ts';
import { createClaimRoutes } from './claim.ts';
import { createCustomerRoutes } from './customer.ts';
import { createOrderRoutes } from './order.ts';
import { createPaymentRoutes } from './payment.ts';
import { createShopRoutes } from './shop.ts';
import { createVoucherRoutes } from './voucher.ts';
import { createWalletRoutes } from './wallet.ts';

export function createMiniAppRoutes(context: ApiContext, limits: Limits) {
  const entrance = createEntrance(context, limits);
  const telling = createTelling(context);
  return new Hono()
    .route('/', createPaymentRoutes(context, entrance, limits, telling))
    .route('/', createShopRoutes(context, entrance))
    .route('/', createBasketRoutes(context, entrance))
    .route('/', createOrderRoutes(context, entrance, telling))
    .route('/', createClaimRoutes(context, entrance))
    .route('/', createWalletRoutes(context, entrance))
    .route('/', createVoucherRoutes(context, entrance))
    .route('/', createCustomerRoutes(context, entrance));
}

/** What the page's client is typed by: `hc<AppApi>('/api')`. */
export type AppApi = ReturnType<typeof createMiniAppRoutes>;
