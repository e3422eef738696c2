/** What the chat page and scripts exchange with the sandbox under `/sandbox/...`. Dates are Unix seconds, as Telegram's. */
import type {
  BotCommand,
  InlineKeyboardMarkup,
  Location,
  MessageEntity,
  RefundedPayment,
  ReplyKeyboardMarkup,
  ReplyKeyboardRemove,
  SuccessfulPayment,
  Venue,
} from 'grammy/types';

export interface ChatBot {
  id: number;
  username: string;
  name: string;
  description?: string;
  /** The bot's menu; for the person asked for, else the default one. */
  commands: BotCommand[];
  /** A Mini App in the place of the list of commands. */
  menuButton?: { text: string; url: string };
  /** Whether `@bot words` asks it. */
  inlineMode: boolean;
}

export interface ChatPerson {
  id: number;
  firstName: string;
  lastName?: string;
  username?: string;
  /** IETF tag, e.g. `pl`. */
  languageCode: string;
  /** Balance in Telegram Stars. */
  stars: number;
}

/** A private chat has the person's id; a group has a negative one. */
export interface ChatSummary {
  /** Username of the bot. */
  bot: string;
  chatId: number;
  type: 'private' | 'group';
  title: string;
  lastMessage?: ChatMessage;
  /** Messages since this person last looked, their own not counted. */
  unread: number;
  /** Whether this person blocked the bot (private), or the bot is no member (group). */
  blocked: boolean;
}

export interface ChatSender {
  id: number;
  isBot: boolean;
  firstName: string;
  username?: string;
}

export interface ChatMessage {
  id: number;
  date: number;
  edited: boolean;
  from?: ChatSender;
  /** Text, or the caption of a photo or document. */
  text?: string;
  entities?: MessageEntity[];
  /** Shown by `GET /sandbox/files/:fileId`. */
  photo?: { fileId: string; width: number; height: number };
  document?: { fileId: string; fileName?: string; mediaType?: string };
  venue?: Venue;
  location?: Location;
  replyMarkup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove;
  /** The bot whose inline result this is. */
  viaBot?: string;
  invoice?: InvoiceView;
  successfulPayment?: SuccessfulPayment;
  refundedPayment?: RefundedPayment;
  /** Somebody joined, left or pinned; words for people. */
  service?: string;
}

/** What the Stars sheet shows. `total_amount` is in whole Stars for `XTR`. */
export interface InvoiceView {
  title: string;
  description: string;
  currency: string;
  total_amount: number;
  /** With links only: `https://t.me/$<slug>`. */
  slug?: string;
  /** Username of the bot. */
  bot?: string;
}

/** What a bot answered to `@bot text`; without results also when it did not answer within 10 seconds. */
export interface InlineAnswer {
  queryId: string;
  results: { id: string; title?: string; description?: string; photo?: string }[];
  /** Asks for more; empty: that is all. */
  nextOffset: string;
  /** Leads to the bot's chat with `/start <start>`. */
  button?: { text: string; start: string };
}

export interface TapResult {
  /** Absent when the bot did not answer within 10 seconds. */
  answer?: { text?: string; showAlert: boolean; url?: string };
}

export interface PayResult {
  /** `approved`: to be paid later, as asked for with `delaySeconds`. */
  status: 'paid' | 'refused' | 'timeout' | 'approved';
  /** What the person reads when it is not paid. */
  error?: string;
  /** `telegram_payment_charge_id` of a payment made. */
  chargeId?: string;
}

/** One server-sent event of `GET /sandbox/events?person=`. */
export interface ChatEvent {
  type: 'message' | 'edit' | 'delete' | 'chatAction' | 'commands';
  /** Username of the bot. */
  bot: string;
  chatId: number;
  /** With `message` and `edit`. */
  message?: ChatMessage;
  /** With `message`, `edit` and `delete`. */
  messageId?: number;
  /** With `chatAction`, e.g. `typing`. */
  action?: string;
}
