/** `tillflow payout`: look, approve, and say what became of it, as the owner. */
import { Argument, type Command, Option } from 'commander';
import { toDecimal } from '../../domain/money.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import {
  failuresByStaff,
  type FailureByStaff,
  formatPayoutCode,
  parsePayoutCode,
  type PayoutView,
  readTransaction,
} from '../../domain/payout.ts';
import {
  approvePayout,
  closePayout,
  confirmSent,
  draftSent,
  findPayout,
  findStandingPayouts,
  listPayouts,
  type Said,
} from '../../db/repositories/payout.ts';
import type { Judge } from '../../db/repositories/approval.ts';
import type { EntityManager } from '../../db/orm.ts';
import { ringPayout } from '../../temporal/payout.ts';
import { payoutUrl } from '../../temporal/ui.ts';
import { type CommandContext, quote, readSlug, readWhole, withContext } from '../context.ts';
import { asJson, CommandError, print, table, tellMoney, tellTime } from '../output.ts';

const by: Judge = { actor: 'cli' };
const code = () => new Argument('<code>', 'code of the payout, e.g. K7Q4-MX2P-r1');
export function addPayoutCommands(program: Command): void {
  const payout = program.command('payout').description('money that staff send back by hand: list, show, approve, sent, succeeded, failed');
  payout
    .command('list')
    .description('the newest payouts')
    .option('--shop <slug>', 'of one shop')
    .option('--open', 'only those that wait for somebody')
    .option('--limit <limit>', 'how many', '20')
    .action(async (options: { shop?: string; open?: boolean; limit: string }, command: Command) => {
      const limit = readWhole('limit', options.limit, { min: 1, max: 1_000 });
      const slug = options.shop === undefined ? undefined : readSlug(options.shop);
      await withContext(async ({ em, secrets }) => {
        const rows = await listPayouts(await em(), secrets(), { slug, openOnly: options.open ?? false, limit });
        print(asJson(command), rows, () =>
          table(
            ['code', 'shop', 'waits for', 'method', 'amount', 'asked for'],
            rows.map((row) => [formatPayoutCode(row.code), row.shop, row.stage, row.method, tellMoney(row), tellTime(row.requestedAt)]),
          ),
        );
      });
    });

  payout
    .command('show')
    .description('show a payout, with where it is to go')
    .addArgument(code())
    .action(async (text: string, _options: object, command: Command) => {
      await withContext(async (context) => tell(context, command, await requirePayout(context, text)));
    });

  payout
    .command('approve')
    .description('let it go to where the customer named; above the shop’s limit a second person must approve it too')
    .addArgument(code())
    .action((text: string, _options: object, command: Command) => say(text, command, (em, word) => approvePayout(em, word)));

  payout
    .command('sent')
    .description('say that you sent it')
    .addArgument(code())
    .requiredOption('--transaction <id>', 'id of the transaction, or the bank’s reference; never used before')
    .action(async (text: string, options: { transaction: string }, command: Command) => {
      const transaction = readTransaction(options.transaction);
      if (transaction === undefined) throw new CommandError(`transaction: ${quote(options.transaction)} is no id of 4 to 128 signs.`, 2);
      await say(text, command, async (em, word) => {
        const drafted = await draftSent(em, { ...word, transaction });
        return drafted.ok ? confirmSent(em, word) : drafted;
      });
    });

  payout
    .command('succeeded')
    .description('say that it arrived')
    .addArgument(code())
    .action((text: string, _options: object, command: Command) =>
      say(text, command, (em, word) => closePayout(em, { ...word, word: 'succeeded' })),
    );

  payout
    .command('failed')
    .description('say that it is not paid, or came back; its money goes to the wallet')
    .addArgument(code())
    .addOption(
      new Option('--reason <reason>', 'what the customer is told; cameBack once it was sent, else refused or destination')
        .choices(failuresByStaff)
        .makeOptionMandatory(),
    )
    .action((text: string, { reason }: { reason: FailureByStaff }, command: Command) =>
      say(text, command, (em, word) => closePayout(em, { ...word, word: 'failed', failure: reason })),
    );
}

type Word = { readonly id: number; readonly shopId: number; readonly by: Judge; readonly at: Date };

async function say(text: string, command: Command, carryOut: (em: EntityManager, word: Word) => Promise<Said>): Promise<void> {
  await withContext(async (context) => {
    const { id, shopId, code: payoutCode } = await requirePayout(context, text);
    const said = await carryOut(await context.em(), { id, shopId, by, at: new Date() });
    if (!said.ok) throw new CommandError(`Not taken: ${said.rejected}.`);
    const [standing] = await findStandingPayouts(await context.em(), { code: payoutCode });
    // It is in the row: whether or not this ring arrives, the relay rings again.
    if (standing) await ringPayout(context.door(), standing).catch(() => undefined);
    tell(context, command, await requirePayout(context, text));
  });
}

async function requirePayout({ em, secrets }: CommandContext, text: string): Promise<PayoutView> {
  const payoutCode = parsePayoutCode(text);
  if (payoutCode === undefined) throw new CommandError(`code: ${quote(text)} is no payout; one looks like K7Q4-MX2P-r1.`, 2);
  const view = await findPayout(await em(), secrets(), { code: payoutCode });
  if (!view) throw new CommandError(`There is no payout ${formatPayoutCode(payoutCode)}.`);
  return view;
}

function tell(context: CommandContext, command: Command, view: PayoutView): void {
  const { destination, stage, rail, requestedBy, approvedBy, secondBy, transaction, sentBy, failure } = view;
  print(asJson(command), view, () =>
    [
      `Payout ${formatPayoutCode(view.code)} of ${view.noun} ${formatOrderCode(view.ofCode)}: ${view.status}, waits for ${stage}`,
      `${toDecimal(view)} ${view.currency} by ${view.method}${rail.coin === null ? '' : ` in ${rail.coin}`}, asked for by ${requestedBy}`,
      // Before the customer agreed to it nobody is to send there.
      ...(destination === null || stage === 'naming' ? [] : [`to ${rail.kind} ${destination}`]),
      ...(approvedBy === null ? [] : [`approved by ${approvedBy}${secondBy === null ? '' : ` and ${secondBy}`}`]),
      ...(transaction === null || sentBy === null ? [] : [`sent by ${sentBy}: ${transaction}`]),
      ...(failure === null ? [] : [`not paid back: ${failure}`]),
      `Temporal: ${payoutUrl(context.config.temporal, view.code)}`,
    ].join('\n'),
  );
}
