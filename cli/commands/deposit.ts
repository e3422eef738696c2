/** `tillflow deposit`: look, judge, give back or cancel, as the owner. */
import { Argument, type Command, Option } from 'commander';
import { readReference, readSender, rejectionReasons, type RejectionReason } from '../../domain/approval.ts';
import { type DepositView, depositStatuses, type DepositStatus } from '../../domain/deposit.ts';
import { parseAmount } from '../../domain/money.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { providerOfMethod, providerTraits } from '../../domain/payment.ts';
import { formatPayoutCode } from '../../domain/payout.ts';
import { agreeToVerdict, draftVerdict, giveVerdict, type Judged, type VerdictWish } from '../../db/repositories/approval.ts';
import { findStaffDeposit, type StaffDeposit } from '../../db/repositories/deposit-staff.ts';
import { findDepositView, listDeposits } from '../../db/repositories/deposit.ts';
import { countPayouts } from '../../db/repositories/payout.ts';
import { isLater, type Later } from '../../temporal/deadline.ts';
import { requestPayout } from '../../temporal/payout.ts';
import { cancelDeposit } from '../../temporal/deposit.ts';
import { requestDepositRefund } from '../../temporal/refund.ts';
import { ringFor } from '../../temporal/ring.ts';
import { type CommandContext, quote, readCode, readSlug, readText, readWhole, withContext } from '../context.ts';
import { asJson, CommandError, print, table, tellMoney, tellTime } from '../output.ts';
import { workflowUrl } from '../../temporal/ui.ts';
import type { PayoutAnswer } from '../../workflows/messages/payout.ts';
import type { RefundAnswer } from '../../workflows/messages/refund.ts';

const by = { actor: 'cli' } as const;
const code = () => new Argument('<code>', 'code of the top-up, e.g. K7Q4-MX2P');
interface ApproveOptions {
  readonly amount?: string;
  readonly reference?: string;
  readonly sender?: string;
  readonly second?: boolean;
  readonly more?: boolean;
}

export function addDepositCommands(program: Command): void {
  const deposit = program.command('deposit').description('top-ups of wallets: list, show, approve, reject, refund, cancel');
  deposit
    .command('list')
    .description('the newest top-ups')
    .option('--shop <slug>', 'of one shop')
    .addOption(new Option('--status <status>', 'only those').choices(depositStatuses))
    .option('--limit <limit>', 'how many', '20')
    .action(async (options: { shop?: string; status?: DepositStatus; limit: string }, command: Command) => {
      const limit = readWhole('limit', options.limit, { min: 1, max: 1_000 });
      const slug = options.shop === undefined ? undefined : readSlug(options.shop);
      await withContext(async ({ em }) => {
        const rows = await listDeposits(await em(), { slug, status: options.status, limit });
        print(asJson(command), rows, () =>
          table(
            ['code', 'shop', 'status', 'method', 'asked', 'credited', 'opened'],
            rows.map(({ code: text, shop, status, method, amount, credited, currency, openedAt }) => [
              formatOrderCode(text),
              shop,
              status,
              method,
              tellMoney({ amount, currency }),
              tellMoney({ amount: credited, currency }),
              tellTime(openedAt),
            ]),
          ),
        );
      });
    });

  deposit
    .command('show')
    .description('show a top-up, with what staff said of it')
    .addArgument(code())
    .action(async (text: string, _options: object, command: Command) => {
      await withContext(async (context) => tell(context, command, readCode(text)));
    });

  deposit
    .command('approve')
    .description('credit a transfer that is in the bank; above the shop’s limit a second person must approve it too')
    .addArgument(code())
    .option('--amount <amount>', 'what arrived, e.g. 50.00; what was asked for when absent')
    .option('--reference <reference>', 'the bank’s reference, never used before')
    .option('--sender <sender>', 'who sent it')
    .option('--more', 'money came besides what was approved before')
    .option('--second', 'agree to what another person approved, as it stands')
    .action(async (text: string, options: ApproveOptions, command: Command) => {
      await withContext(async (context) => {
        const depositCode = readCode(text);
        const { shopId, shown } = await requireJudged(context, depositCode, options.second ? undefined : () => readApproval(options));
        const waiting = shown.approvals.find(({ status }) => status === 'awaitingSecond');
        if (options.second && !waiting) throw new CommandError(`Top-up ${formatOrderCode(depositCode)} waits for no second person.`);
        const isApproved = shown.approvals.some(({ status, verdict }) => status === 'given' && verdict === 'approve');
        if (isApproved && !options.second && !options.more) {
          throw new CommandError(`more: top-up ${formatOrderCode(depositCode)} is approved already; say --more when more money came.`);
        }
        const judged =
          options.second && waiting
            ? await agreeToVerdict(await context.em(), { shopId, approvalId: waiting.id, by, at: new Date() })
            : await judge(context, shopId, depositCode, readApproval(options, shown.view));
        await ring(context, shopId, depositCode, judged);
        await tell(context, command, depositCode);
      });
    });

  deposit
    .command('reject')
    .description('say that no such money came; it may be approved later all the same')
    .addArgument(code())
    .addOption(new Option('--reason <reason>', 'what the customer is told').choices(rejectionReasons).default('notReceived'))
    .action(async (text: string, { reason }: { reason: RejectionReason }, command: Command) => {
      await withContext(async (context) => {
        const depositCode = readCode(text);
        const { shopId } = await requireJudged(context, depositCode);
        await ring(context, shopId, depositCode, await judge(context, shopId, depositCode, { verdict: 'reject', reason }));
        await tell(context, command, depositCode);
      });
    });

  deposit
    .command('refund')
    .description('give the unspent money of a top-up back: in Stars whole, else by a payout whose destination the customer names')
    .addArgument(code())
    .option('--amount <amount>', 'a part in the shop’s currency, e.g. 12.50; all that is left when absent')
    .option('--reason <reason>', 'why, for the records', 'asked for')
    .action(async (text: string, options: { amount?: string; reason: string }, command: Command) => {
      const reason = readText('reason', options.reason, { max: 300 });
      await withContext(async (context) => {
        const depositCode = readCode(text);
        const { view } = await requireDeposit(context, depositCode);
        const { amount } = options;
        const minor = amount !== undefined && /^[\d.,]+$/.test(amount) ? parseAmount(amount, view.currency) : undefined;
        if (amount !== undefined && (minor === undefined || minor === 0)) {
          throw new CommandError(`amount: ${quote(amount)} is no amount of ${view.currency}.`, 2);
        }
        const provider = providerOfMethod[view.method];
        if (providerTraits[provider].payout) {
          const number = (await countPayouts(await context.em(), depositCode)) + 1;
          const { shopId, customerId } = view;
          const wish = { depositCode, actor: 'cli', reason, amount: minor, number, shopId, customerId, provider };
          const asked = requireGivenBack(await requestPayout(context.door(), wish));
          const payout = `Payout ${formatPayoutCode(asked.payoutCode)} waits for its customer to name where to.`;
          return print(asJson(command), asked, () => payout);
        }
        if (minor !== undefined) throw new CommandError(`amount: a top-up by ${view.method} goes back whole.`, 2);
        requireGivenBack(await requestDepositRefund(context.door(), { depositCode, actor: 'cli', reason }));
        await tell(context, command, depositCode);
      });
    });

  deposit
    .command('cancel')
    .description('end a top-up that waits for its customer')
    .addArgument(code())
    .action(async (text: string, _options: object, command: Command) => {
      await withContext(async (context) => {
        const depositCode = readCode(text);
        await requireDeposit(context, depositCode);
        const answer = await cancelDeposit(context.door(), depositCode, { by: 'staff', actor: 'cli' });
        if (isLater(answer)) throw new CommandError('No answer yet: Temporal or the workers are away. The same command again is safe.');
        if ('ok' in answer && !answer.ok) throw new CommandError(`Not cancelled: ${answer.rejected}.`);
        await tell(context, command, depositCode);
      });
    });
}

/** @throws CommandError when it was refused, or nobody answers */
function requireGivenBack<Answer extends RefundAnswer | PayoutAnswer>(answer: Answer | Later): Extract<Answer, { readonly ok: true }> {
  if (isLater(answer)) throw new CommandError('No answer yet: Temporal or the workers are away. The same command again is safe.');
  if (!answer.ok) throw new CommandError(`Not given back: ${answer.rejected}.`);
  return answer as Extract<Answer, { readonly ok: true }>;
}

/** What was written, as a verdict. @throws CommandError naming the option */
function readApproval({ amount, reference, sender }: ApproveOptions, view?: DepositView): VerdictWish {
  const readAs = reference === undefined ? undefined : readReference(reference);
  if (readAs === undefined) throw new CommandError('reference: the bank’s reference of 4 to 64 letters and digits is needed.', 2);
  const from = sender === undefined ? undefined : readSender(sender);
  if (from === undefined) throw new CommandError('sender: who sent it, up to 100 characters.', 2);
  if (amount !== undefined && !/^\d{1,13}([.,]\d{1,3})?$/.test(amount)) throw new CommandError(`amount: ${quote(amount)} is no amount.`, 2);
  const currency = view?.currency ?? 'EUR';
  const minor = amount === undefined ? view?.amount : parseAmount(amount, currency);
  if (view && (minor === undefined || minor === 0))
    throw new CommandError(`amount: ${quote(amount ?? '')} is no amount of ${currency}.`, 2);
  return { verdict: 'approve', amount: minor ?? 1, reference: readAs, sender: from };
}

async function judge({ em, secrets }: CommandContext, shopId: number, depositCode: string, wish: VerdictWish): Promise<Judged> {
  const draft = await draftVerdict(await em(), secrets(), { shopId, depositCode, wish, by, at: new Date() });
  return draft.ok ? giveVerdict(await em(), { shopId, approvalId: draft.approvalId, by, at: new Date() }) : draft;
}

async function ring({ door }: CommandContext, shopId: number, depositCode: string, judged: Judged): Promise<void> {
  if (!judged.ok) throw new CommandError(`Not taken: ${judged.rejected}.`);
  const about = { noun: 'deposit', code: depositCode } as const;
  // The row is in the inbox: whether or not this ring arrives, the relay rings again.
  await ringFor(door(), { about, shopId, provider: 'manual', objectId: judged.objectId }).catch(() => undefined);
}

async function requireDeposit({ em }: CommandContext, depositCode: string) {
  const found = await findDepositView(await em(), depositCode);
  if (!found) throw new CommandError(`There is no top-up ${formatOrderCode(depositCode)}.`);
  return found;
}

/** `check` looks at what was written before anything is looked up. */
async function requireJudged(
  context: CommandContext,
  depositCode: string,
  check?: () => unknown,
): Promise<{ shopId: number; shown: StaffDeposit }> {
  check?.();
  const { view } = await requireDeposit(context, depositCode);
  const shown = await findStaffDeposit(await context.em(), context.secrets(), { shopId: view.shopId, depositCode });
  if (!shown) throw new CommandError(`Top-up ${formatOrderCode(depositCode)} is by ${view.method}: staff do not judge it.`);
  return { shopId: view.shopId, shown };
}

async function tell(context: CommandContext, command: Command, depositCode: string): Promise<void> {
  const { view, deposit } = await requireDeposit(context, depositCode);
  const shown = await findStaffDeposit(await context.em(), context.secrets(), { shopId: view.shopId, depositCode });
  const { receipts = [], approvals = [] } = shown ?? {};
  print(asJson(command), { ...view, receipts, approvals }, () =>
    [
      `Top-up ${formatOrderCode(view.code)}: ${view.status}, ${tellMoney(view)} by ${view.method}, credited ${tellMoney({ ...view, amount: view.credited })}`,
      ...receipts.map(
        ({ id, twin, likeness }) => `receipt ${id}${twin === null ? '' : `: ${likeness} as top-up ${formatOrderCode(twin)}`}`,
      ),
      ...approvals.map(({ verdict, status, amount, reference, reason, by: first, secondBy }) => {
        const what =
          verdict === 'reject' ? reason : `${tellMoney({ amount: amount ?? 0, currency: view.currency })}, reference ${reference}`;
        return `${verdict} ${status}: ${what}, by ${first}${secondBy === null ? '' : ` and ${secondBy}`}`;
      }),
      `Temporal: ${workflowUrl(context.config.temporal, { noun: 'deposit', code: view.code, chainOutput: deposit.chainOutput ?? null })}`,
    ].join('\n'),
  );
}
