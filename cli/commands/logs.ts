/** `tillflow logs`: what happened to an order or a deposit, step by step. */
import type { Command } from 'commander';
import { depositTimeline, type OrderTimeline, orderTimeline } from '../../db/repositories/timeline.ts';
import { depositWorkflowId } from '../../workflows/messages/deposit.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { readCode, withContext } from '../context.ts';
import { CommandError, print, table, tellMoney, tellTime } from '../output.ts';

export function addLogsCommands(program: Command): void {
  program
    .command('logs')
    .description('show what happened to an order or a deposit, step by step')
    .argument('<code>', 'code of the order or deposit, e.g. K7Q4-MX2P')
    .action(async (text: string, _options: object, command: Command) => {
      const code = readCode(text);
      await withContext(async ({ em, config }) => {
        const order = await orderTimeline(await em(), code);
        const timeline = order ?? (await depositTimeline(await em(), code));
        if (!timeline) throw new CommandError(`There is no order or deposit ${text}.`);
        const temporalUrl = workflowUrl(config.temporal, order ? orderWorkflowId(code) : depositWorkflowId(code));
        print(Boolean(command.optsWithGlobals().json), { ...timeline, temporalUrl }, () => tellTimeline(timeline, temporalUrl));
      });
    });
}

/** Where an administrator sees a workflow. */
export function workflowUrl({ uiUrl, namespace }: { uiUrl: string; namespace: string }, workflowId: string): string {
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}

export function tellTimeline(
  timeline: Pick<OrderTimeline, 'code' | 'total' | 'steps'> & { readonly status: string },
  temporalUrl: string | null,
): string {
  const rows = timeline.steps.map((step) => [tellTime(step.at), step.what, step.detail ?? '']);
  return [
    `${timeline.code}  ${timeline.status}  ${tellMoney(timeline.total)}`,
    table(['when', 'what', ''], rows),
    `Temporal: ${temporalUrl ?? 'unknown'}`,
  ].join('\n');
}
