/** Claims in the Mini App: what of an order is faulty, by the same rows and refusals as in the chat. */
import { Hono } from 'hono';
import type { ClaimView } from '../../domain/claim.ts';
import { findClaim, listClaimable, listClaimsOf, openClaim, withdrawClaim } from '../../db/repositories/claim.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { ringClaim } from '../../temporal/claim.ts';
import type { ApiContext } from '../context.ts';
import { inBody, inPath } from '../input.ts';
import { refusal } from '../payment/refusal.ts';
import { notFound } from '../problem.ts';
import { type ClaimsAnswer, claimBody, claimPath } from '../schemas/claim.ts';
import { orderPath } from '../schemas/order.ts';
import type { Visitor } from '../visitor/identify.ts';
import type { Entrance } from '../visitor/visit.ts';

function toClaim({ id, title, piece, status, reason, description, openedAt, verdict }: ClaimView): ClaimsAnswer['claims'][number] {
  const canWithdraw = status === 'open' && verdict === null;
  return {
    id,
    title,
    piece,
    status,
    reason,
    description,
    openedAt: openedAt === null ? null : new Date(openedAt).toISOString(),
    canWithdraw,
  };
}

export function createClaimRoutes({ db, door, log, secrets }: ApiContext, { visit, aboutMoney }: Entrance) {
  const em = () => db.em.fork();

  /** An order of somebody else is as unknown as none. */
  async function requireOwn({ shop, customer }: Visitor, code: string): Promise<void> {
    const view = await findOrderView(em(), code);
    if (!view || view.shopId !== shop.id || view.customerId !== customer.id) throw notFound('code');
  }

  async function readClaims({ customer }: Visitor, orderCode: string): Promise<ClaimsAnswer> {
    const whose = { orderCode, customerId: customer.id };
    const [pieces, claims] = await Promise.all([listClaimable(em(), { ...whose, at: Date.now() }), listClaimsOf(em(), secrets, whose)]);
    const reported = new Set(claims.filter(({ status }) => status === 'open').map(({ id }) => id));
    const free = pieces.filter(({ claimId }) => claimId === null || !reported.has(claimId));
    return { pieces: free.map(({ lineId, unitId, title, piece }) => ({ lineId, unitId, title, piece })), claims: claims.map(toClaim) };
  }

  /** What was said is in the row: whether or not this ring arrives, the relay rings again. */
  async function ring({ shop }: Visitor, claimCode: string): Promise<void> {
    await ringClaim(door, claimCode).catch((err: unknown) => log.warn({ err, shopId: shop.id, code: claimCode }, 'a claim was not rung'));
  }

  return new Hono()
    .get('/orders/:code/claims', visit, inPath(orderPath), async (c) => {
      const [{ visitor }, { code }] = [c.var, c.req.valid('param')];
      await requireOwn(visitor, code);
      return c.json(await readClaims(visitor, code));
    })
    .post('/orders/:code/claims', visit, aboutMoney, inPath(orderPath), inBody(claimBody), async (c) => {
      const [{ visitor }, { code }] = [c.var, c.req.valid('param')];
      const { lineId, unitId, description } = c.req.valid('json');
      await requireOwn(visitor, code);
      const wish = { orderCode: code, customerId: visitor.customer.id, lineId, unitId, text: description, at: new Date() };
      const opened = await openClaim(em(), secrets, wish);
      if (!opened.ok) throw refusal(opened.rejected, {}, 'lineId');
      if (opened.code !== undefined) await ring(visitor, opened.code);
      return c.json(await readClaims(visitor, code));
    })
    .post('/orders/:code/claims/:id/withdraw', visit, aboutMoney, inPath(claimPath), async (c) => {
      const [{ visitor }, { code, id }] = [c.var, c.req.valid('param')];
      await requireOwn(visitor, code);
      const claim = await findClaim(em(), secrets, { id, customerId: visitor.customer.id });
      if (claim?.orderCode !== code) throw notFound('id');
      const said = await withdrawClaim(em(), { id, customerId: visitor.customer.id, at: new Date() });
      // Asked twice, granted once.
      if (said.ok) await ring(visitor, said.code);
      else if (claim.status !== 'withdrawn') throw refusal(said.rejected, {}, 'id');
      return c.json(await readClaims(visitor, code));
    });
}
