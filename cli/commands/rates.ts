/** `tillflow rates`: what coins and currencies cost, and why one prices nothing. `tillflow alerts`: what staff were told besides orders. */
import type { Command } from 'commander';
import { listAlerts } from '../../db/repositories/alert.ts';
import { listNewestRates, type ListedRate, readRate, type ValidRate } from '../../db/repositories/rate.ts';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import { isLater } from '../../temporal/deadline.ts';
import { refreshRates } from '../../temporal/rate.ts';
import { readSlug, readWhole, withContext } from '../context.ts';
import { CommandError, print, table, tellTime } from '../output.ts';

/** The newest word about a pair, and what prices by it now. */
type ShownRate = ListedRate & { readonly prices: ValidRate | null };

export function addRatesCommands(program: Command): void {
  program
    .command('rates')
    .description('show the rates, and why one prices nothing')
    .option('--refresh', 'ask the sources first')
    .action(async ({ refresh = false }: { refresh?: boolean }, command: Command) => {
      await withContext(async ({ em, door }) => {
        const answer = refresh ? await refreshRates(door()) : undefined;
        if (answer && isLater(answer)) throw new CommandError('Nobody refreshed the rates: is a worker running?');
        const manager = await em();
        const at = new Date();
        const rows: ShownRate[] = [];
        for (const row of await listNewestRates(manager)) rows.push({ ...row, prices: (await readRate(manager, { ...row, at })) ?? null });
        const status = answer?.status ?? null;
        print(Boolean(command.optsWithGlobals().json), { status, rates: rows }, () => tellRates(rows, status));
      });
    });

  program
    .command('alerts')
    .description('show what staff were told besides orders, newest first')
    .option('--shop <slug>', 'of this shop only')
    .option('--limit <count>', 'how many', '50')
    .action(async (options: { shop?: string; limit: string }, command: Command) => {
      const limit = readWhole('limit', options.limit, { min: 1, max: 1_000 });
      const slug = options.shop === undefined ? undefined : readSlug(options.shop);
      await withContext(async ({ em }) => {
        const manager = await em();
        const shop = slug === undefined ? undefined : await findShopBySlug(manager, slug);
        if (slug !== undefined && !shop) throw new CommandError(`There is no shop ${slug}.`);
        const alerts = (await listAlerts(manager, { shopId: shop?.id, limit })).map(({ shopId, kind, params, raisedAt, toldAt }) => ({
          shopId,
          kind,
          params,
          raisedAt,
          toldAt: toldAt ?? null,
        }));
        print(Boolean(command.optsWithGlobals().json), alerts, () =>
          table(
            ['raised', 'shop', 'what', 'about', 'told'],
            alerts.map((one) => [
              tellTime(one.raisedAt),
              String(one.shopId),
              one.kind,
              Object.values(one.params).join(', '),
              one.toldAt ? tellTime(one.toldAt) : 'not yet',
            ]),
          ),
        );
      });
    });
}

function tellRates(rows: readonly ShownRate[], status: string | null): string {
  const lines = rows.map(({ base, quote, at, coingecko, coinbase, fault, prices }) => [
    `${base}/${quote}`,
    prices?.rate ?? 'none',
    fault ?? '',
    coingecko ?? '-',
    coinbase ?? '-',
    tellTime(at),
  ]);
  const said = status === null ? [] : [`Rates: ${status}.`];
  if (lines.length === 0)
    return [...said, 'There are no rates yet: they come within 10 minutes of a worker, or with --refresh.'].join('\n');
  return [...said, table(['pair', 'prices', 'wrong', 'coingecko', 'coinbase', 'at'], lines)].join('\n');
}
