/** `tillflow voucher`: codes in batches, for resellers and apologies, that put a bonus into the wallet. */
import type { Command } from 'commander';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { EntityManager } from '../../db/orm.ts';
import { createBatch, findBatch, listBatchCodes, readBatchStats, revokeBatch } from '../../db/repositories/voucher-batch.ts';
import { parseAmount, toDecimal } from '../../domain/money.ts';
import { batchLimit, formatVoucherCode } from '../../domain/voucher.ts';
import { type CommandContext, quote, readSlug, readText, readWhole, withContext, needShop } from '../context.ts';
import { asJson, CommandError, print, table, tellMoney } from '../output.ts';

interface BatchOptions {
  readonly shop: string;
  readonly name: string;
  readonly amount: string;
  readonly count: string;
  readonly days?: string;
  readonly out: string;
}

export function addVoucherCommands(program: Command): void {
  const voucher = program.command('voucher').description('codes in batches that put a bonus into the wallet of whoever brings one');
  voucher
    .command('batch')
    .description('make a batch and write its codes into a new file, once: only their hashes are kept')
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption('--name <name>', 'whom it is for, or why')
    .requiredOption('--amount <amount>', 'what each brings, e.g. 20.00')
    .requiredOption('--count <count>', `how many, at most ${batchLimit}`)
    .option('--days <days>', 'how long they are good')
    .requiredOption('--out <file>', 'CSV file to be made for the codes')
    .action(async (options: BatchOptions, command: Command) => {
      await withContext(async (context) => {
        const made = await makeBatch(context, options);
        print(asJson(command), made, () => `Batch ${made.batch}: ${made.count} codes over ${tellMoney(made)} each are in ${options.out}.`);
      });
    });

  about(voucher, 'export', 'what became of a batch’s codes, by their last characters, as CSV', async ({ em, command, batch }) => {
    const rows = await listBatchCodes(em, batch.id);
    print(asJson(command), rows, () =>
      [
        'ending,status,claimed_at',
        ...rows.map(({ ending, status, claimedAt }) => `${ending},${status},${claimedAt?.toISOString() ?? ''}`),
      ].join('\n'),
    );
  });

  about(voucher, 'revoke', 'revoke what of a batch nobody has claimed', async ({ em, command, batch }) => {
    const revoked = await revokeBatch(em, batch, { actor: 'cli', at: new Date() });
    print(asJson(command), { batch: batch.id, revoked }, () => `${revoked} codes of batch ${batch.id} are revoked.`);
  });

  voucher
    .command('stats')
    .description('the newest batches with what became of them')
    .requiredOption('--shop <slug>', 'the shop')
    .action(async (options: { shop: string }, command: Command) => {
      const slug = readSlug(options.shop);
      await withContext(async ({ em }) => {
        const manager = await em();
        const { id, currency } = await needShop(manager, slug);
        const rows = await readBatchStats(manager, id);
        print(
          asJson(command),
          rows.map((row) => ({ ...row, currency })),
          () =>
            table(
              ['batch', 'name', 'each', 'codes', 'open', 'claimed', 'revoked', 'paid out'],
              rows.map(({ id: batch, name, amount, count, open, claimed, revoked, paidOut }) => [
                ...[String(batch), name, tellMoney({ amount, currency }), String(count), String(open), String(claimed), String(revoked)],
                tellMoney({ amount: paidOut, currency }),
              ]),
            ),
        );
      });
    });
}

interface About {
  readonly em: EntityManager;
  readonly command: Command;
  readonly batch: NonNullable<Awaited<ReturnType<typeof findBatch>>>;
}

/** A command about one batch. */
function about(voucher: Command, name: string, description: string, act: (about: About) => Promise<void>): void {
  voucher
    .command(name)
    .description(description)
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption('--batch <number>', 'its number')
    .action(async (options: { shop: string; batch: string }, command: Command) => {
      const slug = readSlug(options.shop);
      const number = readWhole('batch', options.batch, { min: 1, max: Number.MAX_SAFE_INTEGER });
      await withContext(async (context) => {
        const em = await context.em();
        const shop = await needShop(em, slug);
        const batch = await findBatch(em, shop.id, number);
        if (!batch) throw new CommandError(`batch: ${slug} has no batch ${number}.`);
        await act({ em, command, batch });
      });
    });
}

async function makeBatch({ em }: CommandContext, options: BatchOptions) {
  const slug = readSlug(options.shop);
  const name = readText('name', options.name, { max: 100 });
  const count = readWhole('count', options.count, { min: 1, max: batchLimit });
  const days = options.days === undefined ? null : readWhole('days', options.days, { min: 1, max: 3_650 });
  const out = readText('out', options.out, { max: 1_000 });
  const manager = await em();
  const shop = await needShop(manager, slug);
  const { currency } = shop;
  const amount = /^[\d.,]+$/.test(options.amount) ? parseAmount(options.amount, currency) : undefined;
  if (amount === undefined || amount === 0) throw new CommandError(`amount: ${quote(options.amount)} is no amount of ${currency}.`, 2);
  const at = new Date();
  // The file first: codes that nobody could read would be lost.
  const file = openNew(out);
  try {
    const expiresAt = days === null ? null : new Date(at.getTime() + days * 86_400_000);
    const { batch, codes } = await createBatch(manager, { shopId: shop.id, name, amount, count, expiresAt, actor: 'cli', at });
    const until = expiresAt?.toISOString() ?? '';
    const rows = codes.map((code) => `${formatVoucherCode(code)},${toDecimal({ amount, currency })},${currency},${until}`);
    writeSync(file, `${['code,amount,currency,expires_at', ...rows].join('\n')}\n`);
    return { batch: batch.id, name, amount, currency, count, out };
  } finally {
    closeSync(file);
  }
}

/** Of the owner alone, and never over what is there. */
function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch {
    throw new CommandError(`out: ${quote(path)} cannot be made, or is there already.`);
  }
}
