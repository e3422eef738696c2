/** Where providers call. Stored before answered, answered in milliseconds, rung afterwards. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { ProviderAccount } from '../../db/entities/provider-account.ts';
import { findAccount, findAccountByEndpoint } from '../../db/repositories/provider-account.ts';
import { defaultShop, findShopByEndpoint, openWebhookSecret } from '../../db/repositories/shop.ts';
import { isSame } from '../access.ts';
import { parseJson, readBody } from '../body.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem, toProblem } from '../problem.ts';
import { receiveEvents, ringFor } from '../receive.ts';

/** The random part of an address of ours; nothing else needs to be looked for. */
const endpointShape = /^[\w-]{1,64}$/;
const updateEnvelope = z.looseObject({ update_id: z.number().int().nonnegative() });

export function createWebhookRoutes(context: ApiContext) {
  const { db, secrets, gateways, log } = context;

  async function stripe(request: Request, account: ProviderAccount | undefined): Promise<Response> {
    if (!account || !gateways.stripe) throw notFound('endpointId');
    const body = await readBody(request);
    const headers = Object.fromEntries(request.headers);
    const rows = await receiveEvents(context, { account, gateway: gateways.stripe, body, headers, endpoint: account.endpointId });
    ringFor(context, account, rows).catch((err: unknown) => log.error({ err }, 'ring failed'));
    return Response.json({ received: true });
  }

  const ofDefaultShop = async () => {
    const em = db.em.fork();
    const shop = await defaultShop(em);
    return shop && findAccount(em, shop.id, 'stripe');
  };

  return new Hono()
    .post('/webhooks/telegram/:endpointId', async (c) => {
      const shop = await findShopByEndpoint(db.em.fork(), requireEndpoint(c.req.param('endpointId')));
      if (!shop) throw notFound('endpointId');
      const secret = openWebhookSecret(secrets, shop);
      const given = c.req.header('x-telegram-bot-api-secret-token') ?? '';
      if (secret === undefined || !isSame(given, secret)) {
        context.metrics.webhooks.inc({ provider: 'telegram', verdict: 'refused' });
        throw new Problem(403, 'Refused', 'x-telegram-bot-api-secret-token: wrong or missing', {
          field: 'x-telegram-bot-api-secret-token',
        });
      }
      const update = updateEnvelope.safeParse(parseJson(await readBody(c.req.raw)));
      if (!update.success) throw toProblem(update.error, 'body');
      context.metrics.webhooks.inc({ provider: 'telegram', verdict: 'verified' });
      // What fails here is answered 503: Telegram comes again, and a tap is never lost to an outage of ours.
      await context.handleTelegramUpdate(shop.id, update.data);
      return c.json({ ok: true });
    })
    .post('/webhooks/stripe/:endpointId', async (c) =>
      stripe(c.req.raw, await findAccountByEndpoint(db.em.fork(), 'stripe', requireEndpoint(c.req.param('endpointId')))),
    )
    .post('/webhooks/stripe', async (c) => stripe(c.req.raw, await ofDefaultShop()))
    .post('/webhook', async (c) => stripe(c.req.raw, await ofDefaultShop()));
}

function requireEndpoint(endpointId: string): string {
  if (!endpointShape.test(endpointId)) throw notFound('endpointId');
  return endpointId;
}
