/** `tillflow claim`: what customers say is faulty, and what is made of it. The command line judges as the owner. */
import { type Command, Option } from 'commander';
import { findClaim, judgeClaim, listClaims } from '../../db/repositories/claim.ts';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import { type ClaimReason, claimReasons, type ClaimVerdict, type ClaimView, formatClaimCode, parseClaimCode } from '../../domain/claim.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { ringClaim } from '../../temporal/claim.ts';
import { type CommandContext, quote, readSlug, readWhole, withContext } from '../context.ts';
import { asJson, CommandError, print, table, tellTime } from '../output.ts';

export function addClaimCommands(program: Command): void {
  const claim = program.command('claim').description('what customers say is faulty, within its warranty');
  claim
    .command('list')
    .description('open claims, newest first')
    .option('--shop <slug>', 'of this shop')
    .option('--all', 'closed ones as well')
    .option('--limit <n>', 'how many', '20')
    .action(async (options: { shop?: string; all?: true; limit: string }, command: Command) => {
      const limit = readWhole('limit', options.limit, { min: 1, max: 1_000 });
      await withContext(async (context) => {
        const em = await context.em();
        const shop = options.shop === undefined ? undefined : await findShopBySlug(em, readSlug(options.shop));
        if (options.shop !== undefined && !shop) throw new CommandError(`shop: there is no shop ${options.shop}.`);
        const views = await listClaims(em, context.secrets(), { shopId: shop?.id, all: options.all ?? false, limit });
        print(asJson(command), views, () => tellClaims(views));
      });
    });

  claim
    .command('show')
    .description('one claim with what its customer wrote')
    .argument('<code>', 'as K7Q4-MX2P-c1')
    .action(async (text: string, _options: object, command: Command) => {
      const code = readCode(text);
      await withContext(async (context) => {
        const view = await need(context, code);
        print(asJson(command), view, () => tellClaim(view));
      });
    });

  const verdicts: readonly (readonly [ClaimVerdict, string])[] = [
    ['replace', 'give another piece of the same product instead, and send it'],
    ['refund', 'give its price back the way it was paid'],
    ['refuse', 'refuse it, with a reason that the customer reads'],
  ];
  for (const [verdict, description] of verdicts) {
    const made = claim.command(verdict).description(description).argument('<code>', 'as K7Q4-MX2P-c1');
    if (verdict === 'refuse') made.addOption(new Option('--reason <reason>', 'why').choices(claimReasons).makeOptionMandatory());
    made.action(async (text: string, options: { reason?: ClaimReason }, command: Command) => {
      const code = readCode(text);
      await withContext(async (context) => {
        const { id, shopId } = await need(context, code);
        const by = { actor: 'cli' };
        const said = await judgeClaim(await context.em(), { id, shopId, verdict, reason: options.reason, by, at: new Date() });
        if (!said.ok) throw new CommandError(`Not judged: ${said.rejected}.`);
        // The row is written: who cannot be rung now is rung by the relay.
        const rung = await ringClaim(context.door(), code).then(
          () => true,
          () => false,
        );
        const words = rung ? 'is being carried out' : 'is written down; it is carried out once Temporal is there';
        print(asJson(command), { code, verdict, rung }, () => `Claim ${formatClaimCode(code)}: ${verdict} ${words}.`);
      });
    });
  }
}

function readCode(text: string): string {
  const code = parseClaimCode(text);
  if (code === undefined) throw new CommandError(`code: ${quote(text)} is no code of a claim, such as K7Q4-MX2P-c1.`, 2);
  return code;
}

async function need(context: CommandContext, code: string): Promise<ClaimView> {
  const view = await findClaim(await context.em(), context.secrets(), { code });
  if (!view) throw new CommandError(`There is no claim ${formatClaimCode(code)}.`);
  return view;
}

const tellWhen = (at: number | null) => (at === null ? '-' : tellTime(at));

function tellClaims(views: readonly ClaimView[]): string {
  return table(
    ['claim', 'product', 'status', 'opened', 'customer'],
    views.map(({ code, title, status, openedAt, customerId }) => [
      formatClaimCode(code),
      title,
      status,
      tellWhen(openedAt),
      `#${customerId}`,
    ]),
  );
}

function tellClaim(view: ClaimView): string {
  return [
    `Claim ${formatClaimCode(view.code)} of order ${formatOrderCode(view.orderCode)}: ${view.status}${view.reason === null ? '' : `, ${view.reason}`}`,
    `${view.title}${view.piece === null ? '' : `, piece ${view.piece}`}, customer #${view.customerId}, opened ${tellWhen(view.openedAt)}`,
    ...(view.failure === null ? [] : [`the last verdict could not be carried out: ${view.failure}`]),
    '',
    view.description,
  ].join('\n');
}
