/** A bot's updates: kept until an offset confirms them or the webhook took them, repeated until then. */
import type { Update } from 'grammy/types';
import type { SandboxContext } from '../context.ts';
import type { Delivery } from '../deliveries.ts';
import { BotApiError } from './errors.ts';
import type { Bot, TelegramStore } from './store.ts';

export type UpdateKind = Exclude<keyof Update, 'update_id'>;
type NewUpdate = Omit<Update, 'update_id'>;

/** Sent only to bots that ask for them by name. */
const hiddenKinds = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);
/** Old questions are worth nothing; messages wait for a day. */
const lifeSeconds: Partial<Record<UpdateKind, number>> = {
  callback_query: 150,
  pre_checkout_query: 150,
  inline_query: 10,
  chosen_inline_result: 150,
};
const daySeconds = 24 * 3600;
const longestPollSeconds = 50;

export interface UpdatesRequest {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
  readonly allowedUpdates: readonly string[] | undefined;
  /** The client went away. */
  readonly signal: AbortSignal;
}

interface Poller {
  wake(): void;
  fail(err: BotApiError): void;
}

export type Updates = ReturnType<typeof createUpdates>;

/** @param answerWebhook runs a method given in a webhook's answer */
export function createUpdates(
  { clock, deliveries }: SandboxContext,
  store: TelegramStore,
  answerWebhook: (bot: Bot, answer: string) => void,
) {
  const { sql } = store;
  const pollers = new Map<number, Poller>();

  function pending(botId: number, limit: number): Update[] {
    sql.run('DELETE FROM bot_update WHERE bot_id = ? AND expires_at <= ?', botId, clock());
    return sql
      .all('SELECT json FROM bot_update WHERE bot_id = ? ORDER BY id LIMIT ?', botId, limit)
      .map((row) => JSON.parse(String(row.json)) as Update);
  }

  function send(bot: Bot, id: number, lane: string, json: string, seconds: number): void {
    if (bot.webhookUrl === undefined) return;
    deliveries.enqueue({
      target: 'telegram',
      url: bot.webhookUrl,
      secret: bot.webhookSecret,
      body: json,
      lane: `telegram:${bot.id}:${lane}`,
      key: `${bot.id}:${id}`,
      lifeSeconds: seconds,
    });
  }

  /** Stores an update for a bot. @param lane updates of one lane keep their order at a webhook: the chat, or a checkout of its own */
  function add(botId: number, kind: UpdateKind, update: NewUpdate, lane: string): void {
    const bot = store.bot(botId);
    if (!bot) return;
    if (bot.allowedUpdates ? !bot.allowedUpdates.includes(kind) : hiddenKinds.has(kind)) return;
    const id = Number(sql.get('UPDATE bot SET last_update_id = last_update_id + 1 WHERE id = ? RETURNING last_update_id AS id', botId)?.id);
    const json = JSON.stringify({ update_id: id, ...update });
    const seconds = lifeSeconds[kind] ?? daySeconds;
    sql.run('INSERT INTO bot_update VALUES (?, ?, ?, ?, ?, ?)', botId, id, kind, lane, json, clock() + seconds * 1000);
    send(bot, id, lane, json, seconds);
    // After the transaction this may be part of.
    setImmediate(() => pollers.get(botId)?.wake());
  }

  /** `getUpdates`. @throws BotApiError 409 while a webhook is set, or when another poller takes over */
  async function poll(bot: Bot, request: UpdatesRequest): Promise<Update[]> {
    if (bot.webhookUrl !== undefined) {
      throw new BotApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    pollers
      .get(bot.id)
      ?.fail(new BotApiError(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'));
    if (request.allowedUpdates) store.setAllowedUpdates(bot.id, request.allowedUpdates);
    confirm(bot.id, request.offset);
    const ready = pending(bot.id, request.limit);
    if (ready.length > 0 || request.timeoutSeconds === 0) return ready;

    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(() => resolve([])), Math.min(request.timeoutSeconds, longestPollSeconds) * 1000);
      const poller: Poller = {
        wake: () => finish(() => resolve(pending(bot.id, request.limit))),
        fail: (err) => finish(() => reject(err)),
      };
      const leave = () => finish(() => resolve([]));
      function finish(settle: () => void): void {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', leave);
        if (pollers.get(bot.id) === poller) pollers.delete(bot.id);
        settle();
      }
      request.signal.addEventListener('abort', leave);
      pollers.set(bot.id, poller);
    });
  }

  /** Forgets updates before `offset`; a negative one keeps only that many of the newest. */
  function confirm(botId: number, offset: number): void {
    if (offset > 0) sql.run('DELETE FROM bot_update WHERE bot_id = ? AND id < ?', botId, offset);
    else if (offset < 0) {
      sql.run(
        'DELETE FROM bot_update WHERE bot_id = ? AND id NOT IN (SELECT id FROM bot_update WHERE bot_id = ? ORDER BY id DESC LIMIT ?)',
        botId,
        botId,
        -offset,
      );
    }
  }

  /** What waits goes to the new address, or back to polling. */
  function redirect(botId: number, dropPending: boolean): void {
    deliveries.drop(`telegram:${botId}:`);
    if (dropPending) sql.run('DELETE FROM bot_update WHERE bot_id = ?', botId);
    const bot = store.bot(botId);
    if (bot?.webhookUrl === undefined) return;
    pollers.get(botId)?.fail(new BotApiError(409, 'Conflict: terminated by setWebhook request'));
    for (const row of sql.all('SELECT id, lane, json, expires_at FROM bot_update WHERE bot_id = ? ORDER BY id', botId)) {
      send(bot, Number(row.id), String(row.lane), String(row.json), Math.max(0, (Number(row.expires_at) - clock()) / 1000));
    }
  }

  function botOf(delivery: Delivery): { bot: Bot | undefined; updateId: number } {
    const [botId, updateId] = (delivery.key ?? '').split(':').map(Number);
    return { bot: store.bot(botId ?? 0), updateId: updateId ?? 0 };
  }

  deliveries.handle('telegram', {
    sign: ({ secret }): Record<string, string> => (secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
    onDelivered(delivery, answer) {
      const { bot, updateId } = botOf(delivery);
      if (!bot) return;
      sql.run('DELETE FROM bot_update WHERE bot_id = ? AND id = ?', bot.id, updateId);
      if (answer.startsWith('{')) answerWebhook(bot, answer);
    },
    onFailed(delivery, reason) {
      const { bot } = botOf(delivery);
      if (bot) store.setWebhookError(bot.id, reason, Math.floor(clock() / 1000));
    },
  });

  return {
    add,
    poll,
    redirect,
    countPending: (botId: number) => Number(sql.get('SELECT count(*) AS n FROM bot_update WHERE bot_id = ?', botId)?.n ?? 0),
    /** Sends pollers home, so that the server can close. */
    stop: () => {
      for (const poller of pollers.values()) poller.fail(new BotApiError(500, 'Internal Server Error: restart'));
    },
  };
}
