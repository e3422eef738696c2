/** `tillflow token`: by what programs of a shop's owner call its API. */
import type { Command } from 'commander';
import type { ApiToken } from '../../db/entities/api-token.ts';
import { createApiToken, listApiTokens, revokeApiToken } from '../../db/repositories/api-token.ts';
import { apiScopes, apiTokenDays, parseApiScopes } from '../../domain/api-token.ts';
import { needShop, quote, readSlug, readText, readWhole, withContext } from '../context.ts';
import { asJson, CommandError, print, table, tellTime } from '../output.ts';

interface CreateOptions {
  readonly shop: string;
  readonly name: string;
  readonly scopes: string;
  readonly days: string;
}

export function addTokenCommands(program: Command): void {
  const token = program.command('token').description('tokens by which programs call a shop’s API');
  token
    .command('create')
    .description('make a token; it is shown now and never again')
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption('--name <name>', 'whose it is, or what for')
    .requiredOption('--scopes <scopes>', `what it may, separated by commas: ${apiScopes.join(', ')}`)
    .option('--days <days>', `how long it is good, at most ${apiTokenDays.most}`, String(apiTokenDays.usual))
    .action(async (options: CreateOptions, command: Command) => {
      const [slug, name] = [readSlug(options.shop), readText('name', options.name, { max: 100 })];
      const scopes = parseApiScopes(options.scopes);
      if (!scopes) throw new CommandError(`scopes: some of ${apiScopes.join(', ')} are needed, not ${quote(options.scopes)}.`, 2);
      const days = readWhole('days', options.days, { min: 1, max: apiTokenDays.most });
      await withContext(async ({ em }) => {
        const manager = await em();
        const shop = await needShop(manager, slug);
        const at = new Date();
        const expiresAt = new Date(at.getTime() + days * 86_400_000);
        const made = await createApiToken(manager, { shopId: shop.id, name, scopes, expiresAt, actor: 'cli', at });
        print(
          asJson(command),
          { ...tell(made.row, at), token: made.token },
          () => `${made.token}\nToken ${made.row.id} may ${scopes.join(', ')} until ${tellTime(expiresAt)}. It is not shown again.`,
        );
      });
    });

  token
    .command('list')
    .description('a shop’s tokens, newest first')
    .requiredOption('--shop <slug>', 'the shop')
    .action(async (options: { shop: string }, command: Command) => {
      const slug = readSlug(options.shop);
      await withContext(async ({ em }) => {
        const manager = await em();
        const rows = (await listApiTokens(manager, (await needShop(manager, slug)).id)).map((row) => tell(row, new Date()));
        print(asJson(command), rows, () =>
          table(
            ['token', 'name', 'may', 'until', 'state'],
            rows.map(({ id, name, scopes, expiresAt, state }) => [String(id), name, scopes.join(', '), tellTime(expiresAt), state]),
          ),
        );
      });
    });

  token
    .command('revoke')
    .description('let a token in no more')
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption('--token <number>', 'its number, as `token list` shows it')
    .action(async (options: { shop: string; token: string }, command: Command) => {
      const [slug, id] = [readSlug(options.shop), readWhole('token', options.token, { min: 1, max: Number.MAX_SAFE_INTEGER })];
      await withContext(async ({ em }) => {
        const manager = await em();
        const shop = await needShop(manager, slug);
        const row = await revokeApiToken(manager, { shopId: shop.id, id }, { actor: 'cli', at: new Date() });
        if (!row) throw new CommandError(`token: ${slug} has no token ${id}.`);
        print(asJson(command), tell(row, new Date()), () => `Token ${id} lets nobody in any more.`);
      });
    });
}

function tell({ shopId: _, hash: __, ...row }: ApiToken, at: Date) {
  const state = row.revokedAt ? 'revoked' : row.expiresAt <= at ? 'over' : 'good';
  return { ...row, state };
}
