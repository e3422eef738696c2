/** Programs of a shop's owner: let in by a token, to what its scopes say, in the shop it is of. */
import type { MiddlewareHandler } from 'hono';
import { findBearer } from '../db/repositories/api-token.ts';
import type { Shop } from '../db/entities/shop.ts';
import { type ApiScope, parseApiToken } from '../domain/api-token.ts';
import { clientOf } from './access.ts';
import type { ApiContext } from './context.ts';
import { Problem } from './problem.ts';
import type { Limits } from './visitor/limits.ts';

export interface BearerEnv {
  Variables: {
    /** The shop of the token: no call names another. */
    shop: Shop;
    /** For the audit. */
    actor: string;
  };
}

const field = 'authorization';

/** @throws Problem 401 without a good token, 403 when it may not do this, 429 */
export const createBearer =
  ({ db }: Pick<ApiContext, 'db'>, limits: Limits) =>
  (scope: ApiScope): MiddlewareHandler<BearerEnv> =>
  async (c, next) => {
    c.header('cache-control', 'no-store');
    const client = clientOf(c);
    await limits.fromAddress(client);
    const token = parseApiToken(c.req.header('authorization'));
    const bearer = token === undefined ? undefined : await findBearer(db.em.fork(), token, new Date());
    if (!bearer) {
      await limits.noteRefused(client);
      const headers = { 'www-authenticate': 'Bearer' };
      throw new Problem(401, 'Not allowed', `${field}: a token is needed that is neither over nor revoked`, { field, headers });
    }
    await limits.ofToken(bearer.token.id);
    if (!bearer.token.scopes.includes(scope)) {
      throw new Problem(403, 'Not allowed', `${field}: this token lacks the scope ${scope}`, {
        field,
        more: { reason: 'ScopeMissing', scope },
      });
    }
    c.set('shop', bearer.shop);
    c.set('actor', `token:${bearer.token.id}`);
    await next();
  };
