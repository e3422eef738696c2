import { defineEntity, p } from '@mikro-orm/postgresql';

/** One Telegram bot with its catalogue, customers, settings and currency. */
const schema = defineEntity({
  name: 'Shop',
  tableName: 'shop',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    /** Name in commands and addresses, unique in the deployment. */
    slug: p.text().unique(),
    title: p.text(),
    /** ISO 4217; fixed once a transfer exists. */
    currency: p.text().check("currency ~ '^[A-Z]{3}$' and currency <> 'XTR'"),
    timeZone: p.text().default('UTC'),
    language: p.text().default('en'),
    /** Selling is on; callbacks and webhooks are accepted either way. */
    open: p.boolean().default(true),
    /** Envelope of the bot token (see db/secrets.ts). */
    botToken: p.blob().nullable(),
    /** The bot's Telegram id, the part of its token before the colon; one bot serves one shop. */
    botId: p.bigint('number').nullable().unique(),
    botUsername: p.text().nullable(),
    /** Random part of the shop's Telegram webhook address. */
    webhookEndpointId: p.text().unique(),
    /** Envelope of the secret Telegram sends back in a header. */
    webhookSecret: p.blob().nullable(),
    /** Chat of the staff messages: a group, or the owner's private chat. */
    staffChatId: p.bigint('number').nullable(),
    /** When and by whom the owner acknowledged that Telegram wants digital goods sold for Stars only. */
    digitalAcknowledgedAt: p.datetime().nullable(),
    digitalAcknowledgedBy: p.text().nullable(),
    /** The shop's own wording: by language and id of the text, in Fluent's syntax of a value (texts/wording.ts). */
    texts: p.json<Record<string, Record<string, string>>>().defaultRaw("'{}'").check('octet_length(texts::text) <= 400000'),
    supportContact: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
export class Shop extends schema.class {}
schema.setClass(Shop);
