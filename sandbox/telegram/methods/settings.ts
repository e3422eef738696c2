/** Methods about the bot itself, its updates, chats and files. */
import type { BotCommand } from 'grammy/types';
import { z } from 'zod';
import { isLoopback } from '../../deliveries.ts';
import { badRequest } from '../errors.ts';
import { type Call, chatId, flag, integer, isLink, json, parse } from '../params.ts';
import type { Bot } from '../store.ts';
import { userOf, type World } from '../world.ts';
import type { Method, Methods } from './method.ts';

const commandList = json(z.array(z.object({ command: z.string(), description: z.string() })).max(100));
const scopeParams = z.object({
  scope: json(z.looseObject({ type: z.string(), chat_id: z.union([z.number(), z.string()]).optional() }).optional()),
  language_code: z
    .string()
    .regex(/^([a-z]{2})?$/)
    .default(''),
});

/** Bots may fetch files up to 20 MB. */
const mostDownloadBytes = 20 * 1024 * 1024;

/** One key per scope, e.g. `default` or `chat:1001`. */
function readScope({ params }: Call): { scope: string; language: string } {
  const { scope = { type: 'default' }, language_code: language } = parse(scopeParams, params);
  return { scope: scope.chat_id === undefined ? scope.type : `${scope.type}:${scope.chat_id}`, language };
}

/** What `/` shows to a person: the narrowest scope that has commands, in their language first. */
export function findCommands(world: World, bot: Bot, person: { id: number; languageCode: string } | undefined): BotCommand[] {
  const scopes = person ? [`chat:${person.id}`, 'all_private_chats', 'default'] : ['default'];
  const languages = person ? [person.languageCode.slice(0, 2), ''] : ['', 'en'];
  for (const scope of scopes) {
    for (const language of languages) {
      const commands = world.store.commands(bot.id, scope, language);
      if (commands) return commands;
    }
  }
  return [];
}

function tellCommands(world: World, bot: Bot): void {
  world.context.events.publish({ type: 'commands', bot: bot.username, chatId: 0 }, 'everyone');
}

/** `setMyDescription` and its like. */
function textSetter(kind: string, field: string, most: number): Method {
  return (world, bot, { params }) => {
    const text = typeof params[field] === 'string' ? params[field] : '';
    if (text.length > most) throw badRequest(`${kind} is too long`);
    const { language_code: language } = parse(scopeParams, params);
    if (kind === 'name' && language === '' && text !== '') world.store.setName(bot.id, text);
    else world.store.setText(bot.id, kind, language, text);
    return true;
  };
}

function textGetter(kind: string, field: string): Method {
  return (world, bot, { params }) => {
    const { language_code: language } = parse(scopeParams, params);
    const text = world.store.text(bot.id, kind, language) ?? world.store.text(bot.id, kind, '');
    return { [field]: text ?? (kind === 'name' ? bot.name : '') };
  };
}

const menuButton = z.discriminatedUnion('type', [
  z.looseObject({ type: z.enum(['default', 'commands']) }),
  z.object({
    type: z.literal('web_app'),
    text: z.string().min(1),
    web_app: z.object({ url: z.string().refine(isLink, 'BUTTON_URL_INVALID') }),
  }),
]);

/** The Mini App behind the button left of the input; undefined where that opens the list of commands. */
export function findMenuButton(bot: Bot): { text: string; url: string } | undefined {
  const button = bot.menuButton === undefined ? undefined : menuButton.parse(JSON.parse(bot.menuButton));
  return button?.type === 'web_app' ? { text: button.text, url: button.web_app.url } : undefined;
}

const webhook = z.object({
  url: z.string().default(''),
  secret_token: z.string().optional(),
  max_connections: integer.pipe(z.number().min(1).max(100)).default(40),
  allowed_updates: json(z.array(z.string()).optional()),
  drop_pending_updates: flag,
});

function dropWebhook(world: World, bot: Bot, dropPending: boolean): true {
  world.store.setWebhook(bot.id, null, null, 40);
  world.updates.redirect(bot.id, dropPending);
  return true;
}

export const settingsMethods: Methods = {
  getMe: (_, bot) => ({
    ...userOf(bot),
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: bot.inlineMode,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  }),
  setWebhook(world, bot, { params }) {
    const given = parse(webhook, params);
    if (given.url === '') return dropWebhook(world, bot, given.drop_pending_updates);
    if (!isLoopback(given.url)) throw badRequest('bad webhook: the sandbox sends to this machine only');
    if (given.secret_token !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(given.secret_token)) {
      throw badRequest('secret token contains unallowed characters');
    }
    if (given.allowed_updates) world.store.setAllowedUpdates(bot.id, given.allowed_updates);
    world.store.setWebhook(bot.id, given.url, given.secret_token ?? null, given.max_connections);
    world.updates.redirect(bot.id, given.drop_pending_updates);
    return true;
  },
  deleteWebhook: (world, bot, { params }) =>
    dropWebhook(world, bot, parse(z.object({ drop_pending_updates: flag }), params).drop_pending_updates),
  getWebhookInfo: (world, bot) => ({
    url: bot.webhookUrl ?? '',
    has_custom_certificate: false,
    pending_update_count: world.updates.countPending(bot.id),
    ...(bot.webhookUrl && { max_connections: bot.webhookConnections, ip_address: '127.0.0.1' }),
    ...(bot.webhookError && { last_error_date: bot.webhookErrorAt, last_error_message: bot.webhookError }),
    ...(bot.allowedUpdates && { allowed_updates: bot.allowedUpdates }),
  }),
  setMyCommands(world, bot, call) {
    const { commands } = parse(z.object({ commands: commandList }), call.params);
    for (const { command, description } of commands) {
      if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
      if (description.length < 1 || description.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    }
    const { scope, language } = readScope(call);
    world.store.setCommands(bot.id, scope, language, commands);
    tellCommands(world, bot);
    return true;
  },
  getMyCommands(world, bot, call) {
    const { scope, language } = readScope(call);
    return world.store.commands(bot.id, scope, language) ?? [];
  },
  deleteMyCommands(world, bot, call) {
    const { scope, language } = readScope(call);
    world.store.setCommands(bot.id, scope, language, []);
    tellCommands(world, bot);
    return true;
  },
  setMyName: textSetter('name', 'name', 64),
  getMyName: textGetter('name', 'name'),
  setMyDescription: textSetter('description', 'description', 512),
  getMyDescription: textGetter('description', 'description'),
  setMyShortDescription: textSetter('short description', 'short_description', 120),
  getMyShortDescription: textGetter('short description', 'short_description'),
  setChatMenuButton(world, bot, { params }) {
    const { menu_button: button } = parse(z.object({ menu_button: json(menuButton.optional()) }), params);
    world.store.setMenuButton(bot.id, button ? JSON.stringify(button) : null);
    tellCommands(world, bot);
    return true;
  },
  getChatMenuButton: (_, bot) => (bot.menuButton === undefined ? { type: 'commands' } : JSON.parse(bot.menuButton)),
  getChat(world, bot, { params }) {
    const chat = world.openChat(bot, parse(z.object({ chat_id: chatId }), params).chat_id);
    const pinnedId = world.store.chat(bot.id, chat)?.pinnedId;
    const pinned = pinnedId === undefined ? undefined : world.store.message(bot.id, chat, pinnedId)?.message;
    const gifts = {
      unlimited_gifts: false,
      limited_gifts: false,
      unique_gifts: false,
      premium_subscription: false,
      gifts_from_channels: false,
    };
    return {
      ...world.chat(chat),
      accent_color_id: 0,
      max_reaction_count: 11,
      accepted_gift_types: gifts,
      ...(pinned && { pinned_message: pinned }),
    };
  },
  getChatMember(world, bot, { params }) {
    const { chat_id, user_id: userId } = parse(z.object({ chat_id: chatId, user_id: integer }), params);
    const chat = world.openChat(bot, chat_id);
    if (userId === bot.id) return { status: 'member', user: userOf(bot) };
    const person = world.store.person(userId);
    if (!person) throw badRequest('user not found');
    return { status: world.readersOf(chat).includes(userId) ? 'member' : 'left', user: userOf(person) };
  },
  getChatAdministrators(world, bot, { params }) {
    const chat = world.openChat(bot, parse(z.object({ chat_id: chatId }), params).chat_id);
    if (chat > 0) throw badRequest('there are no administrators in the private chat');
    const person = world.store.person(world.readersOf(chat)[0] ?? 0);
    return person ? [{ status: 'creator', user: userOf(person), is_anonymous: false }] : [];
  },
  getChatMemberCount: (world, bot, { params }) =>
    world.readersOf(world.openChat(bot, parse(z.object({ chat_id: chatId }), params).chat_id)).length + 1,
  getFile(world, bot, { params }) {
    const file = world.store.file(parse(z.object({ file_id: z.string() }), params).file_id);
    if (file?.botId !== bot.id) throw badRequest('invalid file_id');
    if (file.bytes.length > mostDownloadBytes) throw badRequest('file is too big');
    const path = `${file.kind}s/${file.id}`;
    return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.bytes.length, file_path: path };
  },
};
