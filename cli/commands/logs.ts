/** `tillflow logs`: what happened to an order, step by step. */
import type { Command } from 'commander';
import { type OrderTimeline, orderTimeline } from '../../db/repositories/timeline.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { readCode, withContext } from '../context.ts';
import { CommandError, print, table, tellMoney, tellTime } from '../output.ts';

export function addLogsCommands(program: Command): void {
  program
    .command('logs')
    .description('show what happened to an order, step by step')
    .argument('<code>', 'order code, e.g. K7Q4-MX2P')
    .action(async (text: string, _options: object, command: Command) => {
      const code = readCode(text);
      await withContext(async ({ em, config }) => {
        const timeline = await orderTimeline(await em(), code);
        if (!timeline) throw new CommandError(`There is no order ${text}.`);
        const temporalUrl = workflowUrl(config.temporal, code);
        print(Boolean(command.optsWithGlobals().json), { ...timeline, temporalUrl }, () => tellTimeline(timeline, temporalUrl));
      });
    });
}

/** Where an administrator sees the order's workflow. `code` without the dash. */
export function workflowUrl({ uiUrl, namespace }: { uiUrl: string; namespace: string }, code: string): string {
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(orderWorkflowId(code))}`;
}

export function tellTimeline(timeline: Pick<OrderTimeline, 'code' | 'status' | 'total' | 'steps'>, temporalUrl: string | null): string {
  const rows = timeline.steps.map((step) => [tellTime(step.at), step.what, step.detail ?? '']);
  return [
    `${timeline.code}  ${timeline.status}  ${tellMoney(timeline.total)}`,
    table(['when', 'what', ''], rows),
    `Temporal: ${temporalUrl ?? 'unknown'}`,
  ].join('\n');
}
