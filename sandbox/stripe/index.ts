/** The Stripe far end: its API under `/v1`, its pay page under `/pay/:sessionId`. */
import { Hono } from 'hono';
import type { SandboxContext } from '../context.ts';
import { createApi } from './api.ts';
import { createStripeControl } from './control.ts';
import { createPayPage } from './pay-page.ts';

export { createStripeControl };

/** Routes relative to where Stripe is mounted (`/stripe`). */
export function createStripe(context: SandboxContext): Hono {
  const app = new Hono();
  app.route('/v1', createApi(context));
  app.route('/', createPayPage(context));
  return app;
}
