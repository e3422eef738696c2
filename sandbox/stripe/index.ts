/** The Stripe far end: its API under `/v1`, its pay page under `/pay/:sessionId`. */
import { Hono } from 'hono';
import { createApi } from './api.ts';
import { createStripeControlOn } from './control.ts';
import { createPayPage } from './pay-page.ts';
import type { StripeWorld } from './world.ts';

export { demoSecretKey, demoWebhookSecret } from './demo.ts';
export { createStripeControlOn };

/** Routes relative to where Stripe is mounted (`/stripe`). */
export function createStripeOn(world: StripeWorld): Hono {
  const app = new Hono();
  app.route('/v1', createApi(world));
  app.route('/', createPayPage(world));
  return app;
}
