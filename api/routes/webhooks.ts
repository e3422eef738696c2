/** Where providers call. Stored before answered, answered in milliseconds, rung afterwards. */
import { Hono } from 'hono';
import type { ExternalProvider } from '../../domain/payment.ts';
import { isSame } from '../access.ts';
import { createAccounts } from '../accounts.ts';
import { createBotAddresses } from '../bot-addresses.ts';
import { parseJson, readBody } from '../body.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem, toProblem } from '../problem.ts';
import { pickHeaders, receiveEvents } from '../receive.ts';
import { createRinger } from '../ringer.ts';
import { endpointId as endpointShape, updateEnvelope } from '../webhook-shapes.ts';

export function createWebhookRoutes(context: ApiContext) {
  const { gateways } = context;
  const accounts = createAccounts(context);
  const findBot = createBotAddresses(context);
  const ringer = createRinger(context);

  /** Of the default shop without an address. */
  async function receive(provider: ExternalProvider, request: Request, endpointId?: string): Promise<Response> {
    const found = await accounts.find(provider, endpointId);
    const gateway = gateways[provider];
    if (!found || !gateway) throw notFound('endpointId');
    const body = await readBody(request);
    const headers = pickHeaders(request.headers);
    const readAgain = () => accounts.read(provider, endpointId);
    const rows = await receiveEvents(context, { found, gateway, body, headers, stands: accounts.stands, readAgain });
    const { shopId } = found.account;
    for (const { id, waiting, about, event } of rows) {
      // A fee comes with the word of what it was for, and is booked with it.
      if (waiting && event.kind !== 'fee') ringer.ring({ inboxId: id, about, shopId, provider, objectId: event.objectId });
    }
    return Response.json({ received: true });
  }

  return new Hono()
    .post('/webhooks/telegram/:endpointId', async (c) => {
      const address = await findBot(requireEndpoint(c.req.param('endpointId')));
      if (!address) throw notFound('endpointId');
      const { shopId, secret } = address;
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
      await context.handleTelegramUpdate(shopId, update.data);
      return c.json({ ok: true });
    })
    .post('/webhooks/stripe/:endpointId', (c) => receive('stripe', c.req.raw, requireEndpoint(c.req.param('endpointId'))))
    .post('/webhooks/stripe', (c) => receive('stripe', c.req.raw))
    .post('/webhook', (c) => receive('stripe', c.req.raw))
    .post('/webhooks/nowpayments/:endpointId', (c) => receive('nowpayments', c.req.raw, requireEndpoint(c.req.param('endpointId'))))
    .post('/webhooks/nowpayments', (c) => receive('nowpayments', c.req.raw));
}

function requireEndpoint(endpointId: string): string {
  if (!endpointShape.safeParse(endpointId).success) throw notFound('endpointId');
  return endpointId;
}
