/** The bots of all shops of a deployment, in one process: by polling, or by what the webhook route hands over. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Update } from 'grammy/types';
import type { Shop } from '../db/entities/shop.ts';
import { setBotUsername } from '../db/repositories/bot.ts';
import { listShops, openBotToken, openWebhookSecret } from '../db/repositories/shop.ts';
import { miniAppUrl } from '../config.ts';
import { loadTexts } from '../texts/bundle.ts';
import { presentationOf, presentBot } from './commands.ts';
import type { BotServices } from './context.ts';
import { leadInTurn } from './leadership.ts';
import { pollUpdates } from './polling.ts';
import { createShopBot, type ShopBot } from './shop-bot.ts';
import { allowedUpdates } from './updates.ts';
import type { Patience } from './wish.ts';

export interface Bots {
  /** Begins without waiting for Telegram: a bot that cannot be reached is tried again and holds up no other. */
  start(): Promise<void>;
  /** Ends polling and what is awaited in the background, after the updates being handled. */
  stop(): Promise<void>;
  /** Handles an update of a shop's webhook; the 200 goes out afterwards. @throws when Telegram must send it again */
  handleUpdate(shopId: number, update: Update): Promise<void>;
}

/** How soon a new shop, or a new token, is noticed, ms. */
const lookForShopsMs = 10_000;
/** How soon a bot that could not be set up is tried again, ms. */
const setUpAgainMs = 10_000;
/** How soon what a bot shows beside its messages is told again when Telegram did not take it, ms. */
const presentAgainMs = 60_000;

interface Running {
  readonly shopBot: ShopBot;
  readonly stop: AbortController;
  readonly work: Promise<void>;
}

export function createBots(services: BotServices): Bots {
  const { config, db, secrets, log } = services;
  const stopping = new AbortController();
  const shopBots = new Map<number, ShopBot>();
  const background = new Set<Promise<void>>();
  /** What Telegram was told of each bot by this process. */
  const presented = new Map<number, { readonly of: string; readonly notBefore: number }>();
  const patience: Patience = {
    signal: stopping.signal,
    watch(work) {
      const watched = work
        .catch((err: unknown) => log.error({ err }, 'a late answer was not shown'))
        .finally(() => background.delete(watched));
      background.add(watched);
    },
  };

  /** The bot of a shop as its row says now; undefined when it has no token. */
  function botOf(shop: Shop): ShopBot | undefined {
    const token = openBotToken(secrets, shop);
    if (token === undefined) return void shopBots.delete(shop.id);
    const known = shopBots.get(shop.id);
    if (known?.token === token) return known;
    const made = createShopBot(services, shop, token, patience);
    shopBots.set(shop.id, made);
    return made;
  }

  /** Keeps `serve` running for every shop that has a bot, until the signal is aborted. */
  async function serveShops(
    signal: AbortSignal,
    serve: (shop: Shop, shopBot: ShopBot, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const running = new Map<number, Running>();
    while (!signal.aborted) {
      try {
        const shops = await listShops(db.em.fork());
        for (const shop of shops) {
          const shopBot = botOf(shop);
          if (shopBot) present(shop, shopBot);
          const current = running.get(shop.id);
          if (current && current.shopBot === shopBot) continue;
          current?.stop.abort();
          await current?.work;
          running.delete(shop.id);
          if (!shopBot) continue;
          const stop = new AbortController();
          const work = keepServing(shop, shopBot, AbortSignal.any([signal, stop.signal]), serve);
          running.set(shop.id, { shopBot, stop, work });
        }
      } catch (err) {
        log.warn({ err }, 'shops could not be listed');
      }
      await sleep(lookForShopsMs, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all([...running.values()].map(({ work }) => work));
  }

  /** Tells Telegram who the bot is and what it can do, when that changed. Nobody waits for it: a bot serves without it. */
  function present(shop: Shop, { bot }: ShopBot): void {
    const of = presentationOf(shop);
    const told = presented.get(shop.id);
    if (told && (told.of === of || performance.now() < told.notBefore)) return;
    presented.set(shop.id, { of, notBefore: 0 });
    const telling = presentBot(bot, shop, miniAppUrl(config, shop.slug)).catch((err: unknown) => {
      presented.set(shop.id, { of: '', notBefore: performance.now() + presentAgainMs });
      log.warn({ err, shopId: shop.id }, 'commands and descriptions are not set yet');
    });
    patience.watch(telling);
  }

  async function keepServing(
    shop: Shop,
    shopBot: ShopBot,
    signal: AbortSignal,
    serve: (shop: Shop, shopBot: ShopBot, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    while (!signal.aborted) {
      try {
        await introduce(shop, shopBot);
        await serve(shop, shopBot, signal);
      } catch (err) {
        log.error({ err, shopId: shop.id }, 'this bot does not run: is its token right, is Telegram reachable?');
        await sleep(setUpAgainMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Learns what Telegram knows of the bot. @throws when Telegram does not know its token */
  async function introduce(shop: Shop, { bot, learn }: ShopBot): Promise<void> {
    const me = await bot.getMe();
    const told = me.username;
    // The sandbox is told its bots' names (workers/sandbox-registration.ts), perhaps later than this: until then it makes one up.
    const username = config.mode === 'sandbox' ? (shop.botUsername ?? told) : told;
    learn({ ...(username === undefined ? {} : { username }), supports_inline_queries: me.supports_inline_queries });
    if (username !== undefined && username !== shop.botUsername) await setBotUsername(db.em.fork(), shop.id, username);
  }

  async function poll(shop: Shop, shopBot: ShopBot, signal: AbortSignal): Promise<void> {
    // A webhook left over from before would take the updates away.
    await shopBot.bot.deleteWebhook();
    await pollUpdates({
      token: shopBot.token,
      apiRoot: config.farEnds.telegram,
      handle: (update) => shopBot.handle(update),
      log: log.child({ shopId: shop.id }),
      signal,
    });
  }

  async function setWebhook(shop: Shop, { bot }: ShopBot, signal: AbortSignal): Promise<void> {
    const secretToken = openWebhookSecret(secrets, shop);
    if (secretToken === undefined) throw new Error(`Shop ${shop.slug} has no webhook secret`);
    const url = `${config.publicUrl.replace(/\/$/, '')}/webhooks/telegram/${shop.webhookEndpointId}`;
    await bot.setWebhook({ url, secretToken, allowedUpdates });
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  let serving: Promise<void> = Promise.resolve();
  return {
    async start() {
      loadTexts();
      serving =
        config.updates === 'polling'
          ? leadInTurn(db, log, stopping.signal, (signal) => serveShops(signal, poll))
          : serveShops(stopping.signal, setWebhook);
    },
    async stop() {
      stopping.abort();
      await serving;
      await Promise.all(background);
    },
    async handleUpdate(shopId, update) {
      let shopBot = shopBots.get(shopId);
      if (!shopBot) {
        const shop = (await listShops(db.em.fork())).find(({ id }) => id === shopId);
        shopBot = shop && botOf(shop);
      }
      if (!shopBot) throw new Error(`Shop ${shopId} has no bot`);
      await shopBot.handle(update);
    },
  };
}
