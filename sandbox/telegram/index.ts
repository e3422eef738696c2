/** The Telegram far end: a Bot API server for shops, a chat for people. */
import type { Hono } from 'hono';
import type { SandboxContext } from '../context.ts';
import { createBotApi, runWebhookAnswer } from './api.ts';
import { createChatApi } from './chat-api.ts';
import { chargeDue } from './methods/pay.ts';
import { createWorld, type World } from './world.ts';

export interface TelegramFarEnd {
  /** Mounted at `/telegram`: the `apiRoot` of grammY. */
  readonly botApi: Hono;
  /** Mounted at `/sandbox`. */
  readonly chatApi: Hono;
  stop(): void;
}

export function createTelegram(context: SandboxContext): TelegramFarEnd {
  const world: World = createWorld(
    context,
    (bot, answer) => runWebhookAnswer(world, bot, answer),
    () => chargeDue(world),
  );
  world.planCharges();
  return { botApi: createBotApi(world), chatApi: createChatApi(world), stop: world.stop };
}
