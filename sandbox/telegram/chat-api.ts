/** People's side of Telegram, for the chat page, scripts and tests. Errors are `{ error }`, naming the field. */
import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import type { ChatBot, ChatPerson, ChatSummary } from './chat-contract.ts';
import { friendsChatId } from './demo.ts';
import { ChatError } from './errors.ts';
import { takeStarsBack } from './methods/pay.ts';
import { findCommands, findMenuButton } from './methods/settings.ts';
import { askInline, pickInline } from './inline.ts';
import { signInitData } from './init-data.ts';
import * as people from './people.ts';
import type { Bot, Person } from './store.ts';
import { firstStars, tokenPattern, userOf, type World } from './world.ts';

const id = z.coerce.number().int();
const username = z.string().regex(/^@?[A-Za-z0-9_]{3,32}$/, 'a username');
const schemas = {
  bot: z.strictObject({
    token: z.string().regex(tokenPattern, 'a token as BotFather gives it'),
    username: username.optional(),
    name: z.string().trim().min(1).max(64).optional(),
  }),
  inlineMode: z.strictObject({ bot: username, on: z.boolean() }),
  person: z.strictObject({
    id: z
      .number()
      .int()
      .min(1)
      .max(2 ** 51)
      .optional(),
    firstName: z.string().trim().min(1).max(64),
    lastName: z.string().trim().max(64).optional(),
    username: username.optional(),
    languageCode: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
      .default('en'),
    stars: z.number().int().min(0).max(1e9).default(firstStars),
  }),
  group: z.strictObject({ title: z.string().trim().min(1).max(128), members: z.array(z.number().int()).min(1).max(50) }),
  message: z.strictObject({ bot: username, person: z.number().int(), chatId: z.number().int().optional(), text: z.string() }),
  file: z.strictObject({
    bot: username,
    person: id,
    chatId: id.optional(),
    kind: z.enum(['photo', 'document']),
    caption: z.string().default(''),
    file: z.instanceof(File, { error: 'a file' }),
  }),
  tap: z.strictObject({
    bot: username,
    person: z.number().int(),
    chatId: z.number().int(),
    messageId: z.number().int(),
    row: z.number().int().min(0),
    column: z.number().int().min(0),
    /** What the pressed button carries: it may have changed since it was shown. */
    data: z.string().max(64).optional(),
  }),
  pay: z.strictObject({
    person: z.number().int(),
    slug: z.string().optional(),
    bot: username.optional(),
    chatId: z.number().int().optional(),
    messageId: z.number().int().optional(),
    /** Leave after the bot's approval, without paying. */
    abandon: z.boolean().default(false),
    /** Pay this long after the approval. */
    delaySeconds: z
      .number()
      .int()
      .min(0)
      .max(7 * 24 * 3600)
      .default(0),
  }),
  inline: z.strictObject({
    bot: username,
    person: z.number().int(),
    /** Of whom the chat is; the asked bot's own when absent. */
    chatBot: username.optional(),
    chatId: z.number().int(),
    query: z.string().max(256).default(''),
    offset: z.string().max(64).default(''),
  }),
  pick: z.strictObject({
    bot: username,
    person: z.number().int(),
    chatBot: username.optional(),
    chatId: z.number().int(),
    queryId: z.string().max(64),
    resultId: z.string().max(64),
  }),
  block: z.strictObject({ bot: username, person: z.number().int(), chatId: z.number().int().optional(), blocked: z.boolean() }),
  initData: z.strictObject({
    bot: username,
    person: z.number().int(),
    /** Unix seconds; now when absent. */
    authDate: z
      .number()
      .int()
      .min(0)
      .max(2 ** 40)
      .optional(),
    startParam: z
      .string()
      .regex(/^[\w-]{0,512}$/)
      .optional(),
  }),
  takeBack: z.strictObject({ chargeId: z.string().min(1).max(255) }),
  stars: z.strictObject({ person: z.number().int(), amount: z.number().int().min(-1e9).max(1e9) }),
};

async function read<Schema extends z.ZodType>(schema: Schema, c: Context): Promise<z.infer<Schema>> {
  const body: unknown = await c.req.json().catch(() => {
    throw new ChatError(400, 'body: not JSON');
  });
  return schema.parse(body);
}

const showPerson = ({ id, firstName, lastName, username, languageCode, stars }: Person): ChatPerson => ({
  id,
  firstName,
  ...(lastName && { lastName }),
  ...(username && { username }),
  languageCode,
  stars,
});

/** Routes relative to `/sandbox`. */
export function createChatApi(world: World): Hono {
  const { store } = world;
  const app = new Hono();

  const showBot = (bot: Bot, person?: Person): ChatBot => {
    const description = store.text(bot.id, 'description', person?.languageCode.slice(0, 2) ?? '') ?? store.text(bot.id, 'description', '');
    const commands = findCommands(world, bot, person);
    const menuButton = findMenuButton(bot);
    return {
      id: bot.id,
      username: bot.username,
      name: bot.name,
      ...(description && { description }),
      commands,
      inlineMode: bot.inlineMode,
      ...(menuButton && { menuButton }),
    };
  };
  const showChat = (bot: Bot, person: Person, chatId: number): ChatSummary | undefined => {
    const chat = store.chat(bot.id, chatId);
    const last = store.messages(bot.id, chatId, Number.MAX_SAFE_INTEGER, 1)[0];
    if (!chat) return undefined;
    return {
      bot: bot.username,
      chatId,
      type: chatId < 0 ? 'group' : 'private',
      title: chatId < 0 ? (store.groupTitle(chatId) ?? '') : bot.name,
      ...(last && { lastMessage: world.view(bot, last) }),
      unread: store.countUnread(bot.id, chatId, person.id),
      blocked: chat.blocked,
    };
  };
  const person = (value: unknown) => people.requirePerson(world, id.parse(value));

  app.get('/bots', (c) => {
    const asked = c.req.query('person');
    const viewer = asked === undefined ? undefined : person(asked);
    return c.json(store.bots().map((bot) => showBot(bot, viewer)));
  });
  app.post('/bots', async (c) => {
    const { username: name, ...rest } = await read(schemas.bot, c);
    const wanted = name?.replace(/^@/, '');
    const taken = wanted === undefined ? undefined : store.botByUsername(wanted);
    if (taken && taken.id !== Number.parseInt(rest.token, 10)) throw new ChatError(409, `username: @${wanted} is another bot`);
    return c.json(showBot(world.registerBot({ ...rest, username: wanted })), 201);
  });
  // What BotFather's /setinline does. The bot learns of it when it asks who it is.
  app.post('/bots/inline-mode', async (c) => {
    const { bot, on } = await read(schemas.inlineMode, c);
    store.setInlineMode(people.requireBot(world, bot).id, on);
    return c.json(showBot(people.requireBot(world, bot)));
  });
  app.get('/people', (c) => c.json(store.people().map(showPerson)));
  app.post('/people', async (c) => {
    const given = await read(schemas.person, c);
    const wanted = given.username?.replace(/^@/, '');
    if (wanted && store.isUsernameTaken(wanted)) throw new ChatError(409, `username: @${wanted} is taken`);
    if (given.id !== undefined && store.person(given.id)) throw new ChatError(409, `id: ${given.id} is somebody already`);
    const added = store.transaction(() => {
      const made = store.addPerson({ ...given, lastName: given.lastName, username: wanted });
      if (store.groupTitle(friendsChatId) !== undefined) store.addMember(friendsChatId, made.id);
      return made;
    });
    return c.json(showPerson(added), 201);
  });
  app.post('/groups', async (c) => {
    const { title, members } = await read(schemas.group, c);
    for (const member of members) person(member);
    const groupId = Math.min(friendsChatId, ...store.groups().map((group) => group.id)) - 1;
    store.transaction(() => store.addGroup(groupId, title, members));
    return c.json({ id: groupId, title, members }, 201);
  });
  app.post('/stars', async (c) => {
    const { person: personId, amount } = await read(schemas.stars, c);
    person(personId);
    if (!store.changeStars(personId, amount)) throw new ChatError(409, 'amount: more than there is');
    return c.json(showPerson(person(personId)));
  });

  // The buyer had their bank take back what they paid for Stars: Telegram takes them from the bot, and tells it nothing.
  app.post('/stars/take-back', async (c) => {
    const { chargeId } = await read(schemas.takeBack, c);
    if (!takeStarsBack(world, chargeId)) throw new ChatError(404, 'chargeId: no such payment, or given back already');
    return c.json({ takenBack: true });
  });
  app.post('/init-data', async (c) => {
    const { bot, person: personId, authDate = world.now(), startParam } = await read(schemas.initData, c);
    return c.json({ initData: signInitData(people.requireBot(world, bot).token, userOf(person(personId)), { authDate, startParam }) });
  });

  app.get('/chats', (c) => {
    const viewer = person(c.req.query('person'));
    const asked = c.req.query('bot');
    const bots = asked === undefined ? store.bots() : [people.requireBot(world, asked)];
    const groups = store.groups().filter((group) => store.members(group.id).includes(viewer.id));
    const places = [viewer.id, ...groups.map((group) => group.id)];
    const chats = bots.flatMap((bot) => places.flatMap((chatId) => showChat(bot, viewer, chatId) ?? []));
    return c.json(chats);
  });
  app.get('/chats/:chatId/messages', (c) => {
    const viewer = person(c.req.query('person'));
    const bot = people.requireBot(world, c.req.query('bot') ?? '');
    const chatId = id.parse(c.req.param('chatId'));
    people.requirePlace(world, viewer, chatId);
    const asked = z
      .object({ before: id.optional(), limit: id.pipe(z.number().min(1).max(200)).default(50) })
      .parse({ before: c.req.query('before'), limit: c.req.query('limit') });
    const found = store.messages(bot.id, chatId, asked.before ?? Number.MAX_SAFE_INTEGER, asked.limit);
    const newest = found.at(-1)?.message.message_id;
    // A look at the end of the chat reads it all.
    if (asked.before === undefined && newest !== undefined) store.look(bot.id, chatId, viewer.id, newest);
    return c.json(found.map((stored) => world.view(bot, stored)));
  });
  app.post('/chats/block', async (c) => {
    const { bot, person: personId, chatId = personId, blocked } = await read(schemas.block, c);
    people.setBlocked(world, people.requireBot(world, bot), person(personId), chatId, blocked);
    return c.json({ blocked });
  });
  app.post('/messages', async (c) => {
    const { bot, person: personId, chatId = personId, text } = await read(schemas.message, c);
    return c.json(people.sendText(world, people.requireBot(world, bot), person(personId), chatId, text), 201);
  });
  /** A form, since it carries a file. */
  app.post('/files', async (c) => {
    const form = await c.req.formData().catch(() => {
      throw new ChatError(400, 'body: no form');
    });
    const { bot, person: personId, chatId = personId, kind, caption: words, file } = schemas.file.parse(Object.fromEntries(form));
    const bytes = new Uint8Array(await file.arrayBuffer());
    const upload = { name: file.name, mediaType: file.type, bytes };
    return c.json(people.sendFile(world, people.requireBot(world, bot), person(personId), chatId, { kind, file: upload, words }), 201);
  });
  app.post('/taps', async (c) => {
    const { bot, person: personId, ...at } = await read(schemas.tap, c);
    return c.json(await people.tap(world, people.requireBot(world, bot), person(personId), at));
  });

  app.post('/inline', async (c) => {
    const { bot, person: personId, chatBot = bot, ...asked } = await read(schemas.inline, c);
    const place = { ...asked, chatBot: people.requireBot(world, chatBot) };
    return c.json(await askInline(world, people.requireBot(world, bot), person(personId), place));
  });
  app.post('/inline/pick', async (c) => {
    const { bot, person: personId, chatBot = bot, ...picked } = await read(schemas.pick, c);
    const place = { ...picked, chatBot: people.requireBot(world, chatBot) };
    return c.json(pickInline(world, people.requireBot(world, bot), person(personId), place), 201);
  });

  app.get('/invoices/:slug', (c) => {
    const { botId: _, ...shown } = people.findInvoice(world, c.req.param('slug'));
    return c.json(shown);
  });
  app.post('/invoices/pay', async (c) => {
    const { person: personId, slug, bot, chatId, messageId, abandon, delaySeconds } = await read(schemas.pay, c);
    const payer = person(personId);
    if (slug !== undefined)
      return c.json(await people.pay(world, payer, people.findInvoice(world, slug), { placeId: payer.id, abandon, delaySeconds }));
    if (chatId === undefined || messageId === undefined) throw new ChatError(400, 'slug: give it, or chatId and messageId');
    people.requirePlace(world, payer, chatId);
    const candidates = bot === undefined ? store.bots() : [people.requireBot(world, bot)];
    const found = candidates.map((one) => store.message(one.id, chatId, messageId)?.invoiceSlug).find((one) => one !== undefined);
    if (found === undefined) throw new ChatError(404, 'messageId: this message is no invoice');
    return c.json(await people.pay(world, payer, people.findInvoice(world, found), { placeId: chatId, abandon, delaySeconds }));
  });

  app.get('/files/:fileId', (c) => {
    const file = store.file(c.req.param('fileId'));
    if (!file) throw new ChatError(404, 'fileId: there is no such file');
    // Only pictures are shown; anything else is saved, so that no uploaded page runs here.
    const shown = file.kind === 'photo';
    return c.body(Buffer.from(file.bytes), 200, {
      'content-type': shown ? file.mediaType : 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
      ...(!shown && { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name ?? 'file')}` }),
    });
  });
  app.get('/events', (c) => {
    const viewer = person(c.req.query('person'));
    return streamSSE(c, async (stream) => {
      const stop = world.context.events.subscribe(viewer.id, (event) => void stream.writeSSE({ data: JSON.stringify(event) }));
      stream.onAbort(stop);
      await stream.writeSSE({ event: 'hello', data: '{}' });
      while (!stream.aborted) {
        await stream.sleep(15_000);
        // Keeps proxies from closing a quiet stream, and notices readers who left.
        await stream.write(': still here\n\n');
      }
      stop();
    });
  });

  app.onError((err, c) => {
    if (err instanceof ChatError) return c.json({ error: err.message }, err.status);
    if (err instanceof z.ZodError) {
      return c.json({ error: err.issues.map((issue) => `${issue.path.join('.') || 'query'}: ${issue.message}`).join('; ') }, 400);
    }
    console.error(err);
    return c.json({ error: 'The sandbox failed; see its log.' }, 500);
  });
  return app;
}
