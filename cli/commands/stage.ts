/** `tillflow stage`: products as Telegram Stars sees them, with links of their own. */
import type { Command } from 'commander';
import type { Shop } from '../../db/entities/shop.ts';
import type { Stage, StageSend } from '../../db/entities/stage.ts';
import type { EntityManager } from '../../db/orm.ts';
import {
  createStage,
  findStage,
  listStages,
  quoteStages,
  removeStage,
  type StageRefusal,
  updateStage,
} from '../../db/repositories/stage.ts';
import { type SendRefusal, sendStage } from '../../db/repositories/stage-send.ts';
import { readStageStats, type StageStats } from '../../db/repositories/stage-stats.ts';
import { Product } from '../../db/entities/product.ts';
import { botLink } from '../../domain/link.ts';
import { keyPattern } from '../../domain/cell.ts';
import { type StageFields, stageRules } from '../../domain/stage.ts';
import { startAlert } from '../../temporal/alert.ts';
import { ringNotice } from '../../temporal/notice.ts';
import { type CommandContext, needShop, quote, readSlug, readText, readWhole, withContext } from '../context.ts';
import { asJson, CommandError, print, table, tellMoney } from '../output.ts';

type Words = Partial<Record<'title' | 'description' | 'label' | 'photo' | 'startParameter', string>>;
type Options = Words & { readonly shop: string; readonly stage: string };

export function addStageCommands(program: Command): void {
  const stage = program.command('stage').description('payment stages: products as Telegram Stars sees them, each behind a link of its own');
  stage
    .command('list')
    .description('the stages of a shop, newest first, with what they cost now')
    .requiredOption('--shop <slug>', 'the shop')
    .option('--all', 'also removed ones')
    .option('--limit <limit>', 'how many', '50')
    .action(async (options: { shop: string; all?: true; limit: string }, command: Command) => {
      const [slug, limit] = [readSlug(options.shop), readWhole('limit', options.limit, { min: 1, max: 1_000 })];
      await withContext(async (context) => {
        const em = await context.em();
        const shop = await needShop(em, slug);
        const { stages } = await listStages(em, shop.id, { limit, all: options.all ?? false });
        const rows = await tellStages(em, shop, stages);
        print(asJson(command), rows, () =>
          table(
            ['stage', 'product', 'title', 'price', 'link', 'state'],
            rows.map((row) => [
              String(row.id),
              String(row.productId),
              row.title,
              priceOf(row),
              row.link ?? '',
              row.removedAt ? 'removed' : 'open',
            ]),
          ),
        );
      });
    });

  wording(
    stage
      .command('create')
      .description('make the stage of a product; what is not said is taken from the product')
      .requiredOption('--shop <slug>', 'the shop')
      .requiredOption('--product <sku>', 'the product’s own key, as `product list` shows it'),
  )
    .option('--start-parameter <text>', '`stage_` and what its link shall end with; for good')
    .action(async (options: Options & { product: string }, command: Command) => {
      const [slug, sku, fields] = [readSlug(options.shop), readSku(options.product), readFields(options)];
      await withContext(async (context) => {
        const em = await context.em();
        const shop = await needShop(em, slug);
        const product = await em.findOne(Product, { shopId: shop.id, sku });
        if (!product) throw new CommandError(`product: ${slug} has no product ${quote(sku)}.`);
        const made = await createStage(em, { shop, productId: product.id, fields, actor: 'cli', at: new Date() });
        if (!made.ok) throw new CommandError(`${refusals[made.why].replace('{sku}', quote(sku))}`);
        const [told] = await tellStages(em, shop, [made.stage]);
        print(asJson(command), told, () => `Stage ${made.stage.id} is made: ${told?.link ?? 'its link comes with the shop’s bot'}`);
      });
    });

  about(stage, 'show', 'show a stage with what it costs now', async ({ em, shop, command, found }) => {
    const [told] = await tellStages(em, shop, [found]);
    if (told)
      print(asJson(command), told, () =>
        table(
          ['field', 'value'],
          Object.entries({ ...told, price: priceOf(told) }).flatMap(([name, value]) =>
            value === null ? [] : [[name, value instanceof Date ? value.toISOString() : String(value)]],
          ),
        ),
      );
  });

  wording(aboutCommand(stage, 'update', 'change what a stage says')).action(async (options: Options, command: Command) => {
    const change = readFields(options);
    if (Object.keys(change).length === 0) throw new CommandError('title: one of --title, --description, --label, --photo is needed.', 2);
    await onStage(options, command, async ({ em, shop, found }) => {
      const changed = await updateStage(em, found, change, { actor: 'cli', at: new Date() });
      if (!changed) throw new CommandError(`stage: ${found.id} is removed.`);
      const [told] = await tellStages(em, shop, [changed]);
      print(asJson(command), told, () => `Stage ${changed.id} is changed.`);
    });
  });

  about(stage, 'remove', 'remove a stage; its links lead to the product then, its numbers stay', async ({ em, command, found }) => {
    // Removed before, it stays so.
    await removeStage(em, found, { actor: 'cli', at: new Date() });
    print(asJson(command), { id: found.id, removed: true }, () => `Stage ${found.id} is removed.`);
  });

  aboutCommand(stage, 'send', 'send a stage into a chat, once a key')
    .requiredOption('--chat <chat>', 'the id of a customer’s chat, or `staff`')
    .option('--key <key>', 'the same key again is the same message')
    .action(async (options: Options & { chat: string; key?: string }, command: Command) => {
      const chat =
        options.chat === 'staff'
          ? 'staff'
          : readWhole('chat', options.chat, { min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
      const key = options.key === undefined ? `cli:${crypto.randomUUID()}` : readText('key', options.key, { max: 200 });
      await onStage(options, command, async ({ em, shop, found, context }) => {
        const answer = await sendStage(em, shop, { stageId: found.id, chat, key, actor: 'cli', at: new Date() });
        if (!answer.ok) throw new CommandError(refusals[answer.why]);
        await ring(context, answer.send);
        const { id, status } = answer.send;
        print(asJson(command), { id: found.id, sendId: id, key, status }, () => `Stage ${found.id}: message ${id} is ${status}.`);
      });
    });

  about(stage, 'stats', 'how a stage has done', async ({ em, command, found }) => {
    const stats = await readStageStats(em, found.id);
    print(asJson(command), { id: found.id, ...stats }, () => tellStats(stats));
  });
}

interface About {
  readonly context: CommandContext;
  readonly em: EntityManager;
  readonly command: Command;
  readonly shop: Shop;
  readonly found: Stage;
}

function aboutCommand(stage: Command, name: string, description: string): Command {
  return stage
    .command(name)
    .description(description)
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption('--stage <number>', 'its number, as `stage list` shows it');
}

function about(stage: Command, name: string, description: string, act: (about: About) => Promise<void>): void {
  aboutCommand(stage, name, description).action((options: Options, command: Command) => onStage(options, command, act));
}

async function onStage(options: Options, command: Command, act: (about: About) => Promise<void>): Promise<void> {
  const [slug, id] = [readSlug(options.shop), readWhole('stage', options.stage, { min: 1, max: Number.MAX_SAFE_INTEGER })];
  await withContext(async (context) => {
    const em = await context.em();
    const shop = await needShop(em, slug);
    const found = await findStage(em, { shopId: shop.id, id });
    if (!found) throw new CommandError(`stage: ${slug} has no stage ${id}.`);
    await act({ context, em, command, shop, found });
  });
}

function wording(command: Command): Command {
  return command
    .option('--title <text>', 'at most 32 characters')
    .option('--description <text>', 'at most 255 characters')
    .option('--label <text>', 'what the price is for, at most 32 characters')
    .option('--photo <url>', 'https:// address of a picture, which Telegram fetches; `none` for none');
}

const optionOf = {
  title: 'title',
  description: 'description',
  label: 'label',
  photoUrl: 'photo',
  startParameter: 'startParameter',
} as const;

function readFields(options: Words): Partial<StageFields> {
  const given = (Object.keys(optionOf) as (keyof StageFields)[]).flatMap((field): [string, string | null][] => {
    const text = options[optionOf[field]];
    if (text === undefined) return [];
    if (field === 'photoUrl' && text === 'none') return [[field, null]];
    if (!stageRules[field].fits(text)) {
      const name = optionOf[field] === 'startParameter' ? 'start-parameter' : optionOf[field];
      throw new CommandError(`${name}: ${stageRules[field].needs}, not ${quote(text)}.`, 2);
    }
    return [[field, text]];
  });
  return Object.fromEntries(given);
}

function readSku(text: string): string {
  if (keyPattern.test(text)) return text;
  throw new CommandError(`product: ${quote(text)} is no key of a product.`, 2);
}

async function tellStages(em: EntityManager, shop: Shop, stages: readonly Stage[]) {
  const products = await quoteStages(em, shop, stages);
  return stages.map(({ shopId: _, ...stage }) => ({
    ...stage,
    // Null while the product is not sold for Stars.
    stars: products.get(stage.productId)?.quote.starsPrice ?? null,
    link: shop.botUsername == null ? null : botLink(shop.botUsername, stage.startParameter),
  }));
}

const priceOf = ({ stars }: { readonly stars: number | null }) =>
  stars === null ? 'not sold' : tellMoney({ amount: stars, currency: 'XTR' });

/** Whoever waits is told by the relay, should Temporal be away. */
async function ring({ door }: CommandContext, { customerId, shopId, status }: StageSend): Promise<void> {
  if (status !== 'waiting') return;
  await (customerId == null ? startAlert(door(), shopId) : ringNotice(door(), customerId)).catch(() => undefined);
}

const refusals: Readonly<Record<StageRefusal | SendRefusal, string>> = {
  ProductUnknown: 'product: {sku} is not on sale.',
  NotInStars: 'product: {sku} is not sold for Stars.',
  StageExists: 'product: {sku} has a stage already.',
  StartParameterTaken: 'start-parameter: a stage of this shop has or had it.',
  StageGone: 'stage: it is removed.',
  ChatUnknown: 'chat: the shop knows no such chat; customers come by /start, the staff chat by `staff add --chat`.',
  KeyOfAnotherCall: 'key: it was used for another message.',
};

function tellStats({ revenue, conversionPercent, ...stats }: StageStats): string {
  const money = revenue.map(({ currency, amount, refunded }) => {
    const back = refunded > 0 ? ` (${tellMoney({ amount: refunded, currency })} paid back)` : '';
    return `${tellMoney({ amount, currency })}${back}`;
  });
  return [
    `sent ${stats.sent}, waiting ${stats.waiting}, not taken ${stats.unsent}`,
    `opened by ${stats.opened} customers, ${stats.openedTimes} times`,
    `orders ${stats.orders}, paid ${stats.paid}, of them paid back ${stats.refunded}`,
    `brought ${money.length === 0 ? 'nothing yet' : money.join(', ')}`,
    conversionPercent === null ? 'nobody came yet' : `${conversionPercent} % of those who came paid`,
  ].join('\n');
}
