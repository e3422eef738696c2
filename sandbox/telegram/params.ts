/** Parameters of Bot API calls: JSON, query, form and multipart alike, where objects may come as JSON text. */
import type { Context } from 'hono';
import { z } from 'zod';
import type { InlineKeyboardMarkup, MessageEntity } from 'grammy/types';
import { badRequest } from './errors.ts';

export interface UploadedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** One call: its plain parameters and its files by field name. */
export interface Call {
  readonly params: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, UploadedFile>;
}

/** Reads the body of any of the four forms. @throws BotApiError 400 when it is none */
export async function readCall(c: Context): Promise<Call> {
  const params: Record<string, unknown> = { ...c.req.query() };
  const files = new Map<string, UploadedFile>();
  const type = c.req.header('content-type') ?? '';
  if (c.req.method !== 'POST' || type === '') return { params, files };
  if (type.includes('application/json')) {
    const text = await c.req.text();
    if (text !== '') Object.assign(params, parseObject(text));
  } else if (type.includes('form')) {
    const form = await c.req.formData().catch(() => {
      throw badRequest("can't parse the form");
    });
    for (const [name, value] of form.entries()) {
      if (typeof value === 'string') params[name] = value;
      else files.set(name, { name: value.name, mediaType: value.type, bytes: new Uint8Array(await value.arrayBuffer()) });
    }
  }
  return { params, files };
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw badRequest("can't parse JSON object");
}

/** Parses a call's parameters. @throws BotApiError 400 naming the field */
export function parse<Schema extends z.ZodType>(schema: Schema, params: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  if (field === 'chat_id') throw badRequest('chat_id is empty');
  if (field === 'text') throw badRequest('message text is empty');
  if (field === 'message_id') throw badRequest('message identifier is not specified');
  throw badRequest(`parameter "${field}" is invalid: ${issue?.message ?? ''}`);
}

const fromText = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value);

export const integer = z.preprocess(fromText, z.number().int());
export const number = z.preprocess(fromText, z.number());
export const flag = z.preprocess(
  (value) => (typeof value === 'string' ? ['true', 'True', '1', 'yes'].includes(value) : value),
  z.boolean().default(false),
);
/** A value that forms carry as JSON text. */
export const json = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    if (value === '') return undefined;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON', input: value });
      return z.NEVER;
    }
  }, schema);

export const chatId = z.union([integer, z.string().regex(/^@\w+$/)]);
export const entities = json(
  z.array(z.looseObject({ type: z.string(), offset: z.number().int(), length: z.number().int() })).optional(),
).transform((list) => list as MessageEntity[] | undefined);

const button = z.looseObject({ text: z.string() });
export const replyMarkup = json(
  z
    .union([
      z.looseObject({ inline_keyboard: z.array(z.array(button)) }),
      z.looseObject({ keyboard: z.array(z.array(z.union([button, z.string()]))) }),
      z.looseObject({ remove_keyboard: z.literal(true) }),
      z.looseObject({ force_reply: z.literal(true) }),
    ])
    .optional(),
);

const actions = [
  ...['callback_data', 'url', 'pay', 'copy_text', 'web_app', 'login_url', 'switch_inline_query', 'switch_inline_query_current_chat'],
  ...['switch_inline_query_chosen_chat', 'callback_game', 'disabled'],
];

/** Checks an inline keyboard. An empty one is none. @throws BotApiError BUTTON_..._INVALID */
export function checkInlineKeyboard(markup: unknown, place: { isInvoice: boolean }): InlineKeyboardMarkup | undefined {
  if (markup === undefined) return undefined;
  if (typeof markup !== 'object' || markup === null || !('inline_keyboard' in markup)) throw badRequest('object expected as reply markup');
  const keyboard = markup as InlineKeyboardMarkup;
  const rows = keyboard.inline_keyboard.filter((row) => row.length > 0);
  if (rows.flat().length > 100) throw badRequest('REPLY_MARKUP_TOO_LONG');
  for (const [rowIndex, row] of rows.entries()) {
    for (const [columnIndex, one] of row.entries()) {
      const found = one as unknown as Record<string, unknown>;
      const kinds = actions.filter((action) => found[action] !== undefined);
      if (one.text.trim() === '') throw badRequest("can't parse inline keyboard button: Text of the button must be non-empty");
      if (kinds.length === 0) throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
      if (kinds.length > 1) throw badRequest("can't parse inline keyboard button: exactly one optional field must be used");
      if ('callback_data' in one) {
        const bytes = typeof one.callback_data === 'string' ? Buffer.byteLength(one.callback_data) : 0;
        if (bytes < 1 || bytes > 64) throw badRequest('BUTTON_DATA_INVALID');
      }
      if ('url' in one && !isLink(one.url)) throw badRequest(`inline keyboard button URL '${String(one.url)}' is invalid: Wrong HTTP URL`);
      if ('web_app' in one && !isLink(one.web_app?.url)) throw badRequest('inline keyboard button Web App URL is invalid');
      if ('copy_text' in one) {
        const length = one.copy_text?.text?.length ?? 0;
        if (length < 1 || length > 256) throw badRequest('BUTTON_COPY_TEXT_INVALID');
      }
      if ('pay' in one && (!place.isInvoice || rowIndex + columnIndex > 0)) throw badRequest('BUTTON_TYPE_INVALID');
    }
  }
  const first = rows[0]?.[0];
  if (place.isInvoice && first && !('pay' in first)) throw badRequest('the first button of an invoice must be a Pay button');
  return rows.length > 0 ? { ...keyboard, inline_keyboard: rows } : undefined;
}

/** Unlike Telegram, addresses of this machine are fine: the sandbox's pay pages live there. */
export function isLink(url: unknown): boolean {
  return typeof url === 'string' && URL.canParse(url) && ['http:', 'https:', 'tg:'].includes(new URL(url).protocol);
}
