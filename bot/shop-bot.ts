/** The bot of one shop: every update of it goes through `handle`. */
import { Bot, Composer } from 'grammy';
import type { Update, UserFromGetMe } from 'grammy/types';
import type { Shop } from '../db/entities/shop.ts';
import { type AwaitedAnswers, readAwaitedAnswers } from '../db/repositories/awaited-answer.ts';
import { markBlocked, visitCustomer } from '../db/repositories/customer.ts';
import { findShops } from '../db/repositories/shop.ts';
import { together } from '../db/together.ts';
import { pickLanguage } from '../domain/language.ts';
import { parseReferralPayload } from '../domain/referral.ts';
import type { TelegramBot } from '../gateways/telegram.ts';
import { textsOf } from '../texts/bundle.ts';
import { decodeCallback } from '../texts/callback.ts';
import { createChatQueue, queueKeyOf } from './chat-queue.ts';
import type { BotContext, BotServices, Visit } from './context.ts';
import { textsOfShop } from '../texts/wording.ts';
import { createApprovalFeature } from './features/approval.ts';
import { createBasketFeature } from './features/basket.ts';
import { createDeliveryFeature } from './features/delivery.ts';
import { createAutoBuyFeature } from './features/auto-buy.ts';
import { createChainFeature } from './features/chain.ts';
import { createDepositFeature } from './features/deposit.ts';
import { createDonationFeature } from './features/donation.ts';
import { createInlineFeature } from './features/inline.ts';
import { createFallback, createUnreadable } from './features/fallback.ts';
import { createHelpFeature } from './features/help.ts';
import { createMenuFeature } from './features/menu.ts';
import { createOrderFeature } from './features/order.ts';
import { createOrdersFeature } from './features/orders.ts';
import { answerPreCheckout, createPaymentFeature, isMoney } from './features/payment.ts';
import { createVoucherFeature } from './features/voucher.ts';
import { createPromoCodeFeature } from './features/promo-code.ts';
import { createPayoutFeature, createStaffPayoutFeature } from './features/payout.ts';
import { createClaimFeature, createStaffClaimFeature } from './features/claim.ts';
import { createProfileFeature } from './features/profile.ts';
import { createReferralFeature } from './features/referral.ts';
import { createQrFeature } from './features/qr.ts';
import { createReceiptFeature } from './features/receipt.ts';
import { createSearchFeature } from './features/search.ts';
import { createShopFeature } from './features/shop.ts';
import { createStaffFeature } from './features/staff.ts';
import { createStockWatchFeature } from './features/stock-watch.ts';
import { quietly } from './show.ts';
import { Tap } from './tap.ts';
import { createThrottle } from './throttle.ts';
import type { Patience } from './wish.ts';

export interface ShopBot {
  readonly shopId: number;
  readonly token: string;
  readonly bot: TelegramBot;
  /** What Telegram says of the bot: `/help@name` in a group is meant for it, inline mode is on or not. */
  learn(told: Partial<Pick<UserFromGetMe, 'username' | 'supports_inline_queries'>>): void;
  /** Handles one update, after those before it in its chat. @throws only when it must come again: money that could not be stored */
  handle(update: Update): Promise<void>;
}

export function createShopBot(services: BotServices, shop: Shop, token: string, patience: Patience): ShopBot {
  const bot = services.telegram.bot(token);
  const taps = new Map<number, Tap>();
  const enqueue = createChatQueue();
  const grammy = new Bot<BotContext>(token, { botInfo: describeBot(shop) });

  const em = () => services.db.em.fork();
  const readShop = together((ids: readonly number[]) => findShops(em(), ids));

  /** The shop as it stands now: open or not, its texts, its staff chat. */
  const openVisit = async (): Promise<Visit> => {
    const current = await readShop(shop.id);
    if (!current) throw new Error(`Shop ${shop.id} is gone`);
    return { services, shop: current, bot, em };
  };

  grammy.use(async (ctx, next) => {
    ctx.tap = taps.get(ctx.update.update_id);
    ctx.callback = decodeCallback(ctx.callbackQuery?.data);
    try {
      // Who blocks the bot does so however the shop stands.
      ctx.visit = ctx.myChatMember ? { services, shop, bot, em } : await openVisit();
      await next();
    } catch (err) {
      services.log.error({ err, shopId: shop.id, updateId: ctx.update.update_id }, 'an update failed');
      if (isMoney(ctx.update)) throw err;
      await apologise(ctx, bot).catch((again: unknown) => services.log.warn({ err: again, shopId: shop.id }, 'nobody was told'));
    }
  });
  grammy.use(createPaymentFeature());
  grammy.use(createStaffFeature(), createApprovalFeature(), createStaffPayoutFeature(), createStaffClaimFeature());
  grammy.use(createBlocking());
  grammy.use(createInlineFeature());
  grammy.use(createGuests(services));
  grammy.use(
    createAutoBuyFeature(patience),
    createDepositFeature(patience),
    createChainFeature(),
    createReceiptFeature(),
    createClaimFeature(),
    createPayoutFeature(),
    createPromoCodeFeature(),
    createVoucherFeature(),
    createReferralFeature(),
    createProfileFeature(),
    createStockWatchFeature(),
    createQrFeature(),
    createMenuFeature(),
    createDonationFeature(),
    createShopFeature(),
    createSearchFeature(),
    createBasketFeature(),
    createOrderFeature(patience),
  );
  grammy.use(createDeliveryFeature(), createOrdersFeature(), createHelpFeature(), createUnreadable(), createFallback());

  return {
    shopId: shop.id,
    token,
    bot,
    learn(told) {
      grammy.botInfo = { ...grammy.botInfo, ...told };
    },
    async handle(update) {
      if (update.pre_checkout_query) {
        // Never waits for anything of its chat. Not answered, Telegram tells the person that it failed.
        const query = update.pre_checkout_query;
        // Nothing of it depends on how the shop stands now, so its row is not read again.
        const visit: Visit = { services, shop, bot, em };
        await answerPreCheckout(visit, query).catch((err: unknown) =>
          services.log.error({ err, shopId: shop.id }, 'pre-checkout not answered'),
        );
        return;
      }
      // A card that was brought into the bot's own chat is no question to it.
      if (isIdle(update) || (shop.botId != null && update.message?.via_bot?.id === shop.botId)) return;
      const tap = update.callback_query ? new Tap(bot, update.callback_query) : undefined;
      if (tap) taps.set(update.update_id, tap);
      try {
        await enqueue(queueKeyOf(update), () => grammy.handleUpdate(update));
      } catch (err) {
        // An update of no shape does not get one by coming again, and would hold up those behind it for ever.
        if (isMoney(update)) throw err;
        services.log.error({ err, shopId: shop.id, updateId: update.update_id }, 'an update that cannot be read');
      } finally {
        taps.delete(update.update_id);
        await tap?.finish();
      }
    },
  };
}

/** What grammY needs of `getMe` to understand `/command@bot`. */
function describeBot(shop: Shop): UserFromGetMe {
  return {
    id: shop.botId ?? 0,
    is_bot: true,
    first_name: shop.title,
    username: shop.botUsername ?? '',
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  };
}

/** Says that it did not work, without the database, which may be what is away. */
async function apologise(ctx: BotContext, bot: TelegramBot): Promise<void> {
  if (ctx.myChatMember) return;
  const text = (ctx.guest?.texts ?? textsOf(ctx.from?.language_code)).say('error-general');
  if (ctx.tap?.answer(text, true)) return;
  if (ctx.chat?.type === 'private') await quietly(() => bot.sendMessage(ctx.chat?.id ?? 0, { text }));
}

/** Who blocked the bot is marked, so that deliveries wait; who lets it back in is not. */
function createBlocking(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.on('my_chat_member', async (ctx) => {
    if (ctx.chat.type !== 'private') return;
    const { em, shop } = ctx.visit;
    const isBlocked = ctx.myChatMember.new_chat_member.status === 'kicked';
    await markBlocked(em(), { shopId: shop.id, telegramUserId: ctx.from.id }, isBlocked ? new Date(ctx.myChatMember.date * 1000) : null);
  });
  return feature;
}

/** Still open to whoever the shop has banned. */
const openToAll = /^\/(support|paysupport|terms|privacy)\b/;

/** Lets people of private chats in: not too fast, not banned, known as customers. Everything else ends here. */
function createGuests({ secrets }: BotServices): Composer<BotContext> {
  const pace = createThrottle();
  const feature = new Composer<BotContext>();
  feature.use(async (ctx, next) => {
    const { from, chat } = ctx;
    if (!from || from.is_bot || chat?.type !== 'private' || !(ctx.callbackQuery || saysSomething(ctx))) return;
    const { visit } = ctx;
    const verdict = pace(String(from.id), ctx.callbackQuery ? 'tap' : 'message', performance.now());
    if (verdict !== 'go') {
      const text = textsOfShop(visit.shop, from.language_code).say('error-slower');
      if (ctx.tap) ctx.tap.answer(text);
      else if (verdict === 'ask') await quietly(() => visit.bot.sendMessage(chat.id, { text }));
      return;
    }
    const customer = await visitCustomer(visit.em(), secrets, {
      shopId: visit.shop.id,
      telegramUserId: from.id,
      chatId: chat.id,
      name: [from.first_name, from.last_name].filter(Boolean).join(' ').slice(0, 128),
      language: pickLanguage(from.language_code),
      referralCode: parseReferralPayload(startPayload(ctx.message?.text)),
    });
    const texts = textsOfShop(visit.shop, customer.language);
    let awaited: Promise<AwaitedAnswers> | undefined;
    const readAwaited = () => {
      awaited ??= readAwaitedAnswers(visit.em(), customer.id, new Date());
      return awaited;
    };
    ctx.guest = { ...visit, customer, chatId: chat.id, texts, awaited: readAwaited };
    if (customer.bannedAt && !openToAll.test(ctx.message?.text ?? '')) {
      const text = texts.say('error-banned');
      if (!ctx.tap?.answer(text, true)) await quietly(() => visit.bot.sendMessage(chat.id, { text }));
      return;
    }
    await next();
  });
  return feature;
}

/** What stands behind `/start` in a message; empty when it is no such message. */
function startPayload(text: unknown): string {
  return typeof text === 'string' ? (/^\/start(?:@\w+)? (\S{1,64})$/.exec(text.trim())?.[1] ?? '') : '';
}

/** Telegram's own word about a chat, as that it has another title: nothing of ours depends on it, so nothing is read for it. */
function isIdle(update: Update): boolean {
  return typeof update.message === 'object' && !isMoney(update) && !saysSomething(update);
}

/** A message of a person, not Telegram's own word about something. */
function saysSomething({ message }: Pick<Update, 'message'>): boolean {
  if (!message) return false;
  const { text, caption, sticker, photo, voice, video, video_note, audio, document, animation, contact, location } = message;
  const { poll, dice, story, game, paid_media, checklist } = message;
  const words = [text, caption, contact, location, poll, dice, story, game, paid_media, checklist];
  return [...words, sticker, photo, voice, video, video_note, audio, document, animation].some((part) => part !== undefined);
}
