/** `tillflow logs`: what happened to an order or a deposit, step by step. */
import type { Command } from 'commander';
import { findTimeline, type Timeline } from '../../db/repositories/timeline.ts';
import { workflowUrl } from '../../temporal/ui.ts';
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
        const timeline = await findTimeline(await em(), code);
        if (!timeline) throw new CommandError(`There is no order or deposit ${text}.`);
        const temporalUrl = workflowUrl(config.temporal, { ...timeline, code });
        print(Boolean(command.optsWithGlobals().json), { ...timeline, temporalUrl }, () => tellTimeline(timeline, temporalUrl));
      });
    });
}

export function tellTimeline(
  timeline: Pick<Timeline, 'code' | 'total' | 'steps'> & { readonly status: string },
  temporalUrl: string | null,
): string {
  const rows = timeline.steps.map((step) => [tellTime(step.at), step.what, step.detail ?? '']);
  return [
    `${timeline.code}  ${timeline.status}  ${tellMoney(timeline.total)}`,
    table(['when', 'what', ''], rows),
    `Temporal: ${temporalUrl ?? 'unknown'}`,
  ].join('\n');
}
