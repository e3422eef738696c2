/** From a call's parameters to what a message holds. */
import type { InputMediaPhoto, Message, MessageEntity } from 'grammy/types';
import { z } from 'zod';
import { checkEntities, findEntities, type FormattedText, trimText } from './entities.ts';
import { badRequest } from './errors.ts';
import { parseHtml } from './html.ts';
import { readPicture } from './images.ts';
import { type Call, entities, flag, integer, json, parse, replyMarkup, type UploadedFile } from './params.ts';
import { type Bot, type Keyboard, makeId, type StoredFile } from './store.ts';
import type { World } from './world.ts';

const mostTextLength = 4096;
const mostCaptionLength = 1024;

/**
 * A text as Telegram keeps it. Lengths are counted in UTF-16 units, which is never more lenient than Telegram's counting.
 * @throws BotApiError
 */
function formatText(text: string, given: readonly MessageEntity[] | undefined, parseMode: string | undefined): FormattedText {
  let formatted: FormattedText;
  if (parseMode === undefined || parseMode === '') {
    checkEntities(text, given ?? []);
    formatted = { text, entities: given ?? [] };
  } else if (parseMode.toLowerCase() === 'html') {
    formatted = parseHtml(text);
  } else {
    throw badRequest(`unsupported parse_mode: the sandbox reads HTML and entities, not "${parseMode}"`);
  }
  return findEntities(trimText(formatted));
}

const textParams = z.object({ text: z.string(), entities, parse_mode: z.string().optional() });

/** Text and entities of `sendMessage` and `editMessageText`. */
export function readText({ params }: Call): Pick<Message, 'text' | 'entities'> {
  const { text, entities: given, parse_mode } = parse(textParams, params);
  const formatted = formatText(text, given, parse_mode);
  if (formatted.text === '') throw badRequest(text === '' ? 'message text is empty' : 'text must be non-empty');
  if (formatted.text.length > mostTextLength) throw badRequest('message is too long');
  return { text: formatted.text, ...(formatted.entities.length > 0 && { entities: [...formatted.entities] }) };
}

const captionParams = z.object({ caption: z.string().optional(), caption_entities: entities, parse_mode: z.string().optional() });

export function readCaption(params: unknown): Pick<Message, 'caption' | 'caption_entities'> {
  const { caption, caption_entities: given, parse_mode } = parse(captionParams, params);
  if (caption === undefined || caption === '') return {};
  const formatted = formatText(caption, given, parse_mode);
  if (formatted.text.length > mostCaptionLength) throw badRequest('message caption is too long');
  if (formatted.text === '') return {};
  return { caption: formatted.text, ...(formatted.entities.length > 0 && { caption_entities: [...formatted.entities] }) };
}

const sendParams = z.object({
  reply_markup: replyMarkup,
  protect_content: flag,
  message_thread_id: integer.optional(),
  reply_parameters: json(z.looseObject({ message_id: z.number().int(), allow_sending_without_reply: z.boolean().optional() }).optional()),
});

/** What all send methods share, besides the keyboard. */
export function readSendOptions(world: World, bot: Bot, chatId: number, { params }: Call) {
  const { reply_markup: markup, protect_content, reply_parameters: reply } = parse(sendParams, params);
  const replied = reply && world.store.message(bot.id, chatId, reply.message_id)?.message;
  if (reply && !replied && !reply.allow_sending_without_reply) throw badRequest('message to be replied not found');
  const { reply_to_message: _, ...plain } = replied ?? ({} as Message);
  return {
    markup,
    content: {
      ...(replied && { reply_to_message: plain as NonNullable<Message['reply_to_message']> }),
      ...(protect_content && { has_protected_content: true as const }),
    },
  };
}

/** A reply keyboard of `markup`; `force_reply` asks for nothing the chat page shows. */
export function readReplyKeyboard(markup: unknown): Keyboard | undefined {
  if (typeof markup !== 'object' || markup === null) return undefined;
  return 'keyboard' in markup || 'remove_keyboard' in markup ? (markup as Keyboard) : undefined;
}

/** A photo or document: uploaded, attached, or known by its id. @throws BotApiError */
export function readFile(world: World, bot: Bot, call: Call, kind: StoredFile['kind'], value: unknown, field: string): StoredFile {
  const attached = typeof value === 'string' && value.startsWith('attach://') ? value.slice('attach://'.length) : undefined;
  const upload = attached !== undefined ? call.files.get(attached) : call.files.get(field);
  if (upload) return saveUpload(world, bot, kind, upload);
  if (typeof value !== 'string' || value === '' || attached !== undefined) throw badRequest(`there is no ${kind} in the request`);
  // The sandbox fetches nothing from elsewhere.
  if (/^https?:/i.test(value)) throw badRequest('failed to get HTTP URL content');
  const file = world.store.file(value);
  if (file?.botId !== bot.id) throw badRequest('wrong file identifier/HTTP URL specified');
  if (file.kind !== kind) throw badRequest(`can't use file of type ${titleCase(file.kind)} as ${titleCase(kind)}`);
  return file;
}

const titleCase = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const mostPhotoBytes = 10 * 1024 * 1024;
const mostDocumentBytes = 50 * 1024 * 1024;

/** Keeps an uploaded file. @throws BotApiError when Telegram would not take it */
export function saveUpload(world: World, bot: Bot, kind: StoredFile['kind'], upload: UploadedFile): StoredFile {
  const { bytes } = upload;
  if (bytes.length === 0) throw badRequest('file must be non-empty');
  if (bytes.length > (kind === 'photo' ? mostPhotoBytes : mostDocumentBytes)) throw badRequest('file is too big');
  const picture = readPicture(bytes);
  if (kind === 'photo' && !picture) throw badRequest('IMAGE_PROCESS_FAILED');
  if (kind === 'photo' && picture && picture.width + picture.height > 10_000) throw badRequest('PHOTO_INVALID_DIMENSIONS');
  const file: StoredFile = {
    id: `${kind === 'photo' ? 'AgACAgIAAx' : 'BQACAgIAAx'}${makeId(33)}`,
    uniqueId: `AQAD${makeId(9)}`,
    botId: bot.id,
    kind,
    name: kind === 'document' ? upload.name || 'file' : undefined,
    mediaType: picture?.mediaType ?? (upload.mediaType || 'application/octet-stream'),
    width: picture?.width ?? 0,
    height: picture?.height ?? 0,
    bytes,
  };
  world.store.saveFile(file);
  return file;
}

export function showPhoto(file: StoredFile): Pick<Message, 'photo'> {
  const { id, uniqueId, width, height, bytes } = file;
  return { photo: [{ file_id: id, file_unique_id: uniqueId, width, height, file_size: bytes.length }] };
}

export function showDocument(file: StoredFile): Pick<Message, 'document'> {
  const { id, uniqueId, name, mediaType, bytes } = file;
  return { document: { file_id: id, file_unique_id: uniqueId, file_name: name, mime_type: mediaType, file_size: bytes.length } };
}

const mediaParams = json(z.looseObject({ type: z.enum(['photo', 'document']), media: z.string() }));

/** `media` of `editMessageMedia` and each of `sendMediaGroup`. */
export function readMedia(
  world: World,
  bot: Bot,
  call: Call,
  value: unknown,
): Pick<Message, 'photo' | 'document' | 'caption' | 'caption_entities'> {
  const media = parse(mediaParams, value) as unknown as InputMediaPhoto & { type: StoredFile['kind'] };
  const file = readFile(world, bot, call, media.type, media.media, 'media');
  return { ...(media.type === 'photo' ? showPhoto(file) : showDocument(file)), ...readCaption(media) };
}
