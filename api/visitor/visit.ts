/** Who comes in: within the limits, from a page of ours or from no page, and a customer of the shop. */
import type { Context, MiddlewareHandler } from 'hono';
import type { Shop } from '../../db/entities/shop.ts';
import { clientOf } from '../access.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { findVisitedShop, identify, type Visitor } from './identify.ts';
import type { Limits } from './limits.ts';

export interface VisitEnv {
  Variables: { visitor: Visitor };
}
export interface PassingEnv {
  Variables: { shop: Shop };
}

export interface Entrance {
  /** A customer, by what Telegram signed. */
  readonly visit: MiddlewareHandler<VisitEnv>;
  /** Behind `visit`: the call is about money, of which a customer may make fewer. */
  readonly aboutMoney: MiddlewareHandler<VisitEnv>;
  /** Anybody, for what the shop shows to everybody. */
  readonly passBy: MiddlewareHandler<PassingEnv>;
}

export function createEntrance(context: ApiContext, limits: Limits): Entrance {
  const publicHost = new URL(context.config.publicUrl).host;
  return {
    visit: async (c, next) => {
      c.header('cache-control', 'no-store');
      const client = clientOf(c);
      await limits.fromAddress(client);
      requireOwnOrigin(c, publicHost);
      const shop = await findVisitedShop(context, c.req.param('shop'));
      try {
        const visitor = await identify(context, shop, c.req.header('x-telegram-init-data'));
        await limits.ofCustomer(visitor.customer.id);
        c.set('visitor', visitor);
      } catch (err) {
        if (err instanceof Problem && err.status === 401) await limits.noteRefused(client);
        throw err;
      }
      await next();
    },
    aboutMoney: async (c, next) => {
      await limits.ofMoney(c.var.visitor.customer.id);
      await next();
    },
    passBy: async (c, next) => {
      await limits.ofPhotos(clientOf(c));
      c.set('shop', await findVisitedShop(context, c.req.param('shop')));
      await next();
    },
  };
}

/** Pages of other sites may not ask, not even in the name of whoever looks at them. */
function requireOwnOrigin(c: Context, publicHost: string): void {
  const origin = c.req.header('origin');
  if (origin === undefined) return;
  const host = URL.canParse(origin) ? new URL(origin).host : undefined;
  if (host === undefined || (host !== publicHost && host !== c.req.header('host'))) {
    throw new Problem(403, 'Not allowed', 'origin: only the shop’s own pages may ask', { field: 'origin' });
  }
}
