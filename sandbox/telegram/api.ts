/** The Bot API server: `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Fault } from '../faults.ts';
import { BotApiError, badRequest, forbidden } from './errors.ts';
import { editMethods } from './methods/edit.ts';
import { inlineMethods } from './methods/inline.ts';
import type { Method } from './methods/method.ts';
import { payMethods } from './methods/pay.ts';
import { sendMethods } from './methods/send.ts';
import { settingsMethods } from './methods/settings.ts';
import { type Call, integer, json, parse, readCall } from './params.ts';
import type { Bot } from './store.ts';
import { tokenPattern, type World } from './world.ts';

/** Method names are read without regard to case, as Telegram does. */
const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({ ...sendMethods, ...editMethods, ...payMethods, ...inlineMethods, ...settingsMethods }).map(([name, method]) => [
    name.toLowerCase(),
    method,
  ]),
);

/** Runs a method in one transaction. @throws BotApiError */
export function runMethod(world: World, bot: Bot, name: string, call: Call): unknown {
  const method = methods.get(name.toLowerCase());
  if (!method) throw new BotApiError(404, 'Not Found: method not found');
  return world.store.transaction(() => method(world, bot, call));
}

/** A webhook's answer may name a method to call; its result is not told. */
export function runWebhookAnswer(world: World, bot: Bot, answer: string): void {
  try {
    const { method, ...params } = z.looseObject({ method: z.string() }).parse(JSON.parse(answer));
    runMethod(world, bot, method, { params, files: new Map() });
  } catch {
    // Telegram too drops what it does not understand here.
  }
}

const pollParams = z.object({
  offset: integer.default(0),
  limit: integer.default(100),
  timeout: integer.default(0),
  allowed_updates: json(z.array(z.string()).optional()),
});

/** Routes relative to where Telegram is mounted (`/telegram`). */
export function createBotApi(world: World): Hono {
  const app = new Hono();

  /** Any well-formed token of an unknown bot makes that bot; a known bot's id with another secret is refused. */
  function authenticate(segment: string): Bot {
    const token = segment.startsWith('bot') ? segment.slice(3) : '';
    const known = world.store.botByToken(token);
    if (known) return known;
    const match = tokenPattern.exec(token);
    if (!match) throw new BotApiError(404, 'Not Found');
    if (world.store.bot(Number(match[1]))) throw new BotApiError(401, 'Unauthorized');
    return world.registerBot({ token });
  }

  async function answer(bot: Bot, name: string, c: Context): Promise<unknown> {
    const call = await readCall(c);
    if (name.toLowerCase() !== 'getupdates') return runMethod(world, bot, name, call);
    const given = parse(pollParams, call.params);
    return world.updates.poll(bot, {
      offset: given.offset,
      limit: Math.min(Math.max(given.limit, 1), 100),
      timeoutSeconds: Math.max(given.timeout, 0),
      allowedUpdates: given.allowed_updates,
      signal: c.req.raw.signal,
    });
  }

  async function refuse(fault: Fault): Promise<void> {
    if (fault.kind === '429') {
      const seconds = Math.max(1, Math.ceil(fault.seconds ?? 1));
      throw new BotApiError(429, `Too Many Requests: retry after ${seconds}`, seconds);
    }
    if (fault.kind === '500') throw new BotApiError(500, 'Internal Server Error');
    if (fault.kind === 'forbidden') throw forbidden('bot was blocked by the user');
    if (fault.kind === 'late') await sleep((fault.seconds ?? 5) * 1000);
    if (fault.kind === 'timeoutBefore') await sleep((fault.seconds ?? 0) * 1000);
  }

  app.get('/file/:bot/:kind/:id', (c) => {
    const bot = authenticate(c.req.param('bot'));
    const file = world.store.file(c.req.param('id'));
    if (file?.botId !== bot.id || c.req.param('kind') !== `${file.kind}s`) throw new BotApiError(404, 'Not Found');
    return c.body(Buffer.from(file.bytes), 200, { 'content-type': 'application/octet-stream' });
  });

  app.all('/:bot/:method', async (c) => {
    const bot = authenticate(c.req.param('bot'));
    const name = c.req.param('method');
    const fault = world.context.faults.take('telegram', name);
    if (fault) await refuse(fault);
    if (fault?.kind === 'timeoutBefore') return cut(c);
    const result = await answer(bot, name, c);
    if (fault?.kind === 'timeoutAfter') return cut(c);
    return c.json({ ok: true, result });
  });

  app.notFound((c) => c.json(new BotApiError(404, 'Not Found').toBody(), 404));
  app.onError((err, c) => {
    const known = err instanceof BotApiError ? err : undefined;
    if (!known && err instanceof SyntaxError) return c.json(badRequest("can't parse the request").toBody(), 400);
    if (!known) console.error(err);
    const shown = known ?? new BotApiError(500, 'Internal Server Error');
    if (shown.retryAfterSeconds !== undefined) c.header('retry-after', String(shown.retryAfterSeconds));
    return c.json(shown.toBody(), shown.code);
  });
  return app;
}

/** What a client sees of a time-out without its wait: the connection is gone and nobody knows what was done. */
function cut(c: Context): Response {
  const { outgoing } = c.env as { outgoing?: { destroy(): void } };
  outgoing?.destroy();
  return outgoing ? RESPONSE_ALREADY_SENT : c.body(null, 504 as never);
}
