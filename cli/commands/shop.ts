/** `tillflow shop`: shops of this deployment. */
import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { isValidIBAN } from 'ibantools';
import { type ProviderName, takesCurrency } from '../../domain/payment.ts';
import { methodsOfTransfer, type TransferPlace } from '../../domain/transfer.ts';
import { Audit } from '../../db/entities/audit.ts';
import { listAccountStates, saveAccount } from '../../db/repositories/provider-account.ts';
import { createShop, findShopBySlug, listShops } from '../../db/repositories/shop.ts';
import { type CommandContext, quote, readSlug, readText, withContext } from '../context.ts';
import { CommandError, print, table } from '../output.ts';

interface AddOptions {
  readonly slug: string;
  readonly title: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly language: string;
  readonly token?: string;
  readonly username?: string;
  readonly stripeSecretKey?: string;
  readonly stripeWebhookSecret?: string;
  readonly nowpaymentsApiKey?: string;
  readonly nowpaymentsIpnSecret?: string;
}

interface TransferOptions {
  readonly shop: string;
  readonly name?: string;
  readonly account?: string;
  readonly bank?: string;
  readonly phone?: string;
  readonly off?: string;
}

export function addShopCommands(program: Command): void {
  const shop = program.command('shop').description('shops of this deployment');
  shop
    .command('add')
    .description('make a shop; a secret given as `-` is read from standard input')
    .requiredOption('--slug <slug>', 'name in commands and addresses, e.g. north')
    .requiredOption('--title <title>', 'name people see')
    .requiredOption('--currency <currency>', 'e.g. EUR; fixed once money moved')
    .option('--time-zone <zone>', 'e.g. Europe/Warsaw', 'UTC')
    .option('--language <language>', 'en, ru or pl', 'en')
    .option('--token <token>', 'the bot’s token')
    .option('--username <username>', 'the bot’s username, without @')
    .option('--stripe-secret-key <key>', 'sk_... or rk_...')
    .option('--stripe-webhook-secret <secret>', 'whsec_...')
    .option('--nowpayments-api-key <key>', 'of your NOWPayments account')
    .option('--nowpayments-ipn-secret <secret>', 'signs what it tells us')
    .action(async (options: AddOptions, command: Command) => {
      await withContext(async (context) => {
        const made = await addShop(context, readSecrets(options));
        print(Boolean(command.optsWithGlobals().json), made, () =>
          [`Shop ${made.slug} is made.`, ...Object.entries(made.webhooks).map(([name, url]) => `${name} webhook: ${url}`)].join('\n'),
        );
      });
    });

  shop
    .command('transfers')
    .description('say where customers transfer to, for BLIK to phone and bank transfers; staff confirm what arrives')
    .requiredOption('--shop <slug>', 'the shop')
    .option('--name <name>', 'whose account or phone it is')
    .option('--account <account>', 'IBAN, or the account number as the country writes it')
    .option('--bank <bank>', 'the bank’s name')
    .option('--phone <phone>', 'for BLIK, e.g. +48500000001')
    .option('--off <reason>', 'offer neither, and say why')
    .action(async (options: TransferOptions, command: Command) => {
      await withContext(async (context) => {
        const { shop: slug, methods } = await setTransfers(context, options);
        const words = methods.length === 0 ? 'takes no transfers' : `takes ${methods.join(' and ')}`;
        print(Boolean(command.optsWithGlobals().json), { shop: slug, methods }, () => `Shop ${slug} ${words}.`);
      });
    });

  shop
    .command('list')
    .description('shops with their methods')
    .action(async (_options: object, command: Command) => {
      await withContext(async ({ em }) => {
        const shops = await listShops(await em());
        const states = await listAccountStates(await em());
        const rows = shops.map((one) => {
          const providers = states.find((state) => state.shop === one.slug)?.providers ?? [];
          return {
            id: one.id,
            slug: one.slug,
            title: one.title,
            currency: one.currency,
            open: one.open,
            bot: one.botUsername ?? (one.botToken ? String(one.botId) : null),
            staffChatId: one.staffChatId ?? null,
            providers,
          };
        });
        print(Boolean(command.optsWithGlobals().json), rows, () =>
          table(
            ['slug', 'title', 'currency', 'open', 'bot', 'methods'],
            rows.map((row) => [row.slug, row.title, row.currency, row.open ? 'yes' : 'no', row.bot ?? '-', tellProviders(row.providers)]),
          ),
        );
      });
    });
}

/** What of it is given replaces all that was there. */
async function setTransfers({ em, secrets, config }: CommandContext, options: TransferOptions) {
  const slug = readSlug(options.shop);
  const off = options.off === undefined ? undefined : readText('off', options.off, { max: 200 });
  const place = off === undefined ? readPlace(options) : undefined;
  const sealing = secrets();
  const manager = await em();
  return manager.transactional(async (tx) => {
    const shop = await findShopBySlug(tx, slug);
    if (!shop) throw new CommandError(`shop: there is no shop ${slug}.`);
    const methods = place === undefined ? [] : methodsOfTransfer(place).filter((method) => takesCurrency(method, shop.currency));
    if (place && methods.length === 0) throw new CommandError(`account: a shop in ${shop.currency} needs one; BLIK is for PLN only.`, 2);
    const account = { shopId: shop.id, provider: 'manual', liveMode: config.mode === 'live' } as const;
    await saveAccount(tx, sealing, {
      ...account,
      ...(place ? { keys: { ...place }, methods } : { enabled: false, offReason: off ?? null }),
    });
    const told = { shopId: shop.id, actor: 'cli', action: 'transfers', subject: 'shop', subjectId: slug, before: null, at: new Date() };
    tx.persist(tx.create(Audit, { ...told, after: { methods, off: off ?? null } }));
    return { shop: slug, methods };
  });
}

function readPlace({ name, account, bank, phone }: TransferOptions): TransferPlace {
  if (name === undefined) throw new CommandError('name: whose account or phone it is, or --off with a reason.', 2);
  if (account === undefined && phone === undefined) throw new CommandError('account, phone: at least one of them is needed.', 2);
  readText('name', name, { max: 100 });
  if (bank !== undefined) readText('bank', bank, { max: 100 });
  if (phone !== undefined && !/^\+?\d{9,15}$/.test(phone.replaceAll(' ', ''))) {
    throw new CommandError(`phone: 9 to 15 digits are needed, not ${quote(phone)}.`, 2);
  }
  return { name, bank, phone: phone?.replaceAll(' ', ''), account: account === undefined ? undefined : readAccount(account) };
}

/** An IBAN's own check digits find a slip of the finger, also in a Polish number written without its letters. */
function readAccount(text: string): string {
  const plain = text.replace(/[\s-]/g, '').toUpperCase();
  if (isValidIBAN(plain)) return plain;
  if (/^\d{26}$/.test(plain) && isValidIBAN(`PL${plain}`)) return `PL${plain}`;
  if (/^\d{6,34}$/.test(plain) && plain.length !== 26) return plain;
  throw new CommandError(`account: ${quote(text)} is no IBAN or account number; its check digits do not fit.`, 2);
}

function tellProviders(providers: readonly { provider: ProviderName; on: boolean; reason: string | null }[]): string {
  return ['wallet', ...providers.map(({ provider, on, reason }) => (on ? provider : `${provider} off (${reason ?? 'no reason'})`))].join(
    ', ',
  );
}

async function addShop({ em, secrets, config }: CommandContext, options: AddOptions) {
  const { slug, title, currency, timeZone, language, stripeSecretKey: secretKey, stripeWebhookSecret: webhookSecret } = options;
  if (!['en', 'ru', 'pl'].includes(language)) throw new CommandError('language: en, ru or pl.', 2);
  readText('title', title, { max: 100 });
  if (options.username !== undefined && !/^@?\w{5,32}$/.test(options.username)) {
    throw new CommandError('username: 5 to 32 letters, digits and underscores, as Telegram shows it.', 2);
  }
  const liveMode = config.mode === 'live';
  checkStripe(options, liveMode);
  checkNowPayments(options);
  const sealing = secrets();
  const manager = await em();
  return manager.transactional(async (tx) => {
    const shop = await createShop(tx, sealing, {
      slug,
      title,
      currency,
      timeZone,
      language,
      botToken: options.token,
      botUsername: options.username?.replace(/^@/, ''),
      actor: 'cli',
    });
    const webhooks: Record<string, string> = {};
    if (options.token !== undefined) {
      await saveAccount(tx, sealing, { shopId: shop.id, provider: 'stars', liveMode });
      webhooks.Telegram = `${config.publicUrl}/webhooks/telegram/${shop.webhookEndpointId}`;
    }
    if (secretKey !== undefined && webhookSecret !== undefined) {
      const account = await saveAccount(tx, sealing, { shopId: shop.id, provider: 'stripe', liveMode, keys: { secretKey, webhookSecret } });
      webhooks.Stripe = `${config.publicUrl}/webhooks/stripe/${account.endpointId}`;
    }
    const { nowpaymentsApiKey: apiKey, nowpaymentsIpnSecret: ipnSecret } = options;
    if (apiKey !== undefined && ipnSecret !== undefined) {
      const account = await saveAccount(tx, sealing, { shopId: shop.id, provider: 'nowpayments', liveMode, keys: { apiKey, ipnSecret } });
      webhooks.NOWPayments = `${config.publicUrl}/webhooks/nowpayments/${account.endpointId}`;
    }
    return { id: shop.id, slug: shop.slug, webhooks };
  });
}

function checkStripe({ stripeSecretKey: key, stripeWebhookSecret: secret }: AddOptions, liveMode: boolean): void {
  if ((key === undefined) !== (secret === undefined)) {
    throw new CommandError('stripe-secret-key, stripe-webhook-secret: both are needed, or neither.', 2);
  }
  if (key !== undefined && !/^(sk|rk)_(test|live)_\w{1,255}$/.test(key))
    throw new CommandError('stripe-secret-key: looks like sk_test_... or sk_live_...', 2);
  if (key !== undefined && key.includes('_live_') !== liveMode) {
    throw new CommandError(`stripe-secret-key: a ${liveMode ? 'live' : 'test'} key is needed in ${liveMode ? 'live' : 'sandbox'} mode.`, 2);
  }
  if (secret !== undefined && !/^whsec_[\w+/=-]{1,255}$/.test(secret))
    throw new CommandError('stripe-webhook-secret: looks like whsec_...', 2);
}

function checkNowPayments({ nowpaymentsApiKey: key, nowpaymentsIpnSecret: secret }: AddOptions): void {
  if ((key === undefined) !== (secret === undefined)) {
    throw new CommandError('nowpayments-api-key, nowpayments-ipn-secret: both are needed, or neither.', 2);
  }
  if (key !== undefined && !/^[A-Z0-9-]{12,64}$/.test(key))
    throw new CommandError('nowpayments-api-key: looks like ABC1DEF-2GHI3JK-4LMN5OP-6QRS7TU.', 2);
  if (secret !== undefined && !/^[\x21-\x7e]{16,200}$/.test(secret))
    throw new CommandError('nowpayments-ipn-secret: at least 16 characters without spaces.', 2);
}

/** Secrets given as `-` come from standard input, a line each: arguments of a process can be read by others. */
function readSecrets(options: AddOptions): AddOptions {
  const names = (['token', 'stripeSecretKey', 'stripeWebhookSecret', 'nowpaymentsApiKey', 'nowpaymentsIpnSecret'] as const).filter(
    (name) => options[name] === '-',
  );
  if (names.length === 0) return options;
  const lines = readFileSync(0, 'utf8')
    .split('\n')
    .map((line) => line.trim());
  const given = names.map((name, index) => [name, lines[index] || undefined] as const);
  const missing = given.find(([, value]) => value === undefined);
  if (missing) throw new CommandError(`${missing[0]}: nothing on standard input.`, 2);
  return { ...options, ...Object.fromEntries(given) };
}
