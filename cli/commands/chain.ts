/** `tillflow chain`: the public account keys that deposits in BTC and LTC go to. */
import { type Command, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { type Coin, coins, coinTraits, gapLimit, gapWarning, type ScriptType, scriptTypes } from '../../domain/chain.ts';
import { addChainKey, type ChainKeyState, confirmChainKey, listChainKeys } from '../../db/repositories/chain-key.ts';
import { type ChainWatchState, listChainWatches } from '../../db/repositories/chain-watch.ts';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { readSlug, readText, withContext } from '../context.ts';
import { CommandError, print, table, tellTime } from '../output.ts';

interface KeyOptions {
  readonly shop: string;
  readonly coin: Coin;
  readonly key: string;
  readonly type?: ScriptType;
}

export function addChainCommands(program: Command): void {
  const chain = program.command('chain').description('deposits in BTC and LTC, straight from their chains');
  const coin = () => new Option('--coin <coin>', 'the coin').choices(coins).makeOptionMandatory();
  chain
    .command('add-key')
    .description('give the public account key of a wallet; it is off until its first addresses are confirmed')
    .requiredOption('--shop <slug>', 'the shop')
    .addOption(coin())
    .requiredOption(
      '--key <key>',
      'xpub, ypub, zpub, Ltub or Mtub; in the sandbox tpub, upub, vpub or ttub; `-` reads it from standard input',
    )
    .addOption(new Option('--type <type>', 'which addresses, where the key does not say it (xpub, Ltub)').choices(scriptTypes))
    .action(async ({ shop, coin, key, type }: KeyOptions, command: Command) => {
      await withContext(async ({ em, secrets, config }) => {
        const { id } = await findShop(await em(), shop);
        const { addresses, account } = await addChainKey(await em(), secrets(), {
          shopId: id,
          coin,
          network: config.mode === 'live' ? 'main' : 'regtest',
          scriptType: type,
          key: readKey(key),
          actor: 'cli',
          at: new Date(),
        });
        print(Boolean(command.optsWithGlobals().json), { shop, coin, type: account.scriptType, addresses, confirmed: false }, () =>
          [
            `Kept, and off until confirmed. The first ${addresses.length} addresses are:`,
            ...addresses.map((address, index) => `  ${index + 1}. ${address}`),
            'Compare each with the first receive addresses of your wallet. If all are the same, copy the last one from your wallet:',
            `  tillflow chain confirm --shop ${shop} --coin ${coin} --address <the third address>`,
          ].join('\n'),
        );
      });
    });

  chain
    .command('confirm')
    .description('the first addresses are those of your wallet: customers may pay to them from now on')
    .requiredOption('--shop <slug>', 'the shop')
    .addOption(coin())
    .requiredOption('--address <address>', 'the third address, copied from your wallet')
    .action(async ({ shop, coin, address }: { shop: string; coin: Coin; address: string }, command: Command) => {
      const lastAddress = readText('address', address, { max: 100 });
      await withContext(async ({ em, secrets }) => {
        const { id } = await findShop(await em(), shop);
        const refusal = await confirmChainKey(await em(), secrets(), { shopId: id, coin, lastAddress, actor: 'cli', at: new Date() });
        if (refusal === 'nothingToConfirm')
          throw new CommandError(`coin: no key for ${coin} waits to be confirmed; give one with chain add-key.`);
        if (refusal === 'anotherAddress') {
          throw new CommandError(
            'address: it is not the third address of the key. Do not use this key: your wallet would not see the money.',
          );
        }
        print(
          Boolean(command.optsWithGlobals().json),
          { shop, coin, confirmed: true },
          () => `Deposits in ${coinTraits[coin].ticker} are on for ${shop}.`,
        );
      });
    });

  chain
    .command('status')
    .description('how far each chain is followed; exit code 1 when one is not')
    .action(async (_: unknown, command: Command) => {
      const watches = await withContext(async ({ em }) => listChainWatches(await em(), new Date()));
      print(Boolean(command.optsWithGlobals().json), watches, () => tellWatches(watches));
      if (watches.some(({ followed }) => !followed)) process.exitCode = 1;
    });

  chain
    .command('list')
    .description('keys of a shop, and how many of their addresses were used')
    .requiredOption('--shop <slug>', 'the shop')
    .action(async ({ shop }: { shop: string }, command: Command) => {
      await withContext(async ({ em }) => {
        const keys = await listChainKeys(await em(), (await findShop(await em(), shop)).id);
        print(Boolean(command.optsWithGlobals().json), keys, () =>
          table(
            ['coin', 'network', 'addresses', 'state', 'given out', 'unused in a row'],
            keys.map((key) => [key.coin, key.network, key.scriptType, key.state, String(key.addresses), tellUnused(key)]),
          ),
        );
      });
    });
}

function tellWatches(watches: readonly ChainWatchState[]): string {
  if (watches.length === 0) return 'No chain is followed yet.';
  const rows = watches.map(({ coin, height, behind, checkedAt, followed }) => [
    coin,
    String(height),
    behind === null ? '-' : String(behind),
    checkedAt === null ? '-' : tellTime(checkedAt),
    followed ? 'followed' : 'not followed: no address is shown',
  ]);
  return table(['coin', 'block', 'behind', 'end last seen', 'state'], rows);
}

function tellUnused({ state, unusedInARow }: ChainKeyState): string {
  if (state !== 'serving' || unusedInARow < gapWarning) return String(unusedInARow);
  return `${unusedInARow}: ${unusedInARow < gapLimit ? `no new address from ${gapLimit} on` : 'no new address is given out'}`;
}

async function findShop(em: EntityManager, name: string) {
  const slug = readSlug(name);
  const shop = await findShopBySlug(em, slug);
  if (!shop) throw new CommandError(`shop: there is no shop ${slug}.`);
  return shop;
}

/** Arguments of a process can be read by others: a key that is given as `-` comes from standard input. */
function readKey(key: string): string {
  return (key === '-' ? (readFileSync(0, 'utf8').split('\n')[0] ?? '') : key).trim();
}
