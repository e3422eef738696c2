/** `tillflow check`: whether everything that must hold does hold. */
import type { Command } from 'commander';
import { checkDatabase, type CheckReport } from '../../db/check.ts';
import { readWhole, withContext } from '../context.ts';
import { print, table } from '../output.ts';

export function addCheckCommands(program: Command): void {
  program
    .command('check')
    .description('check balances, units, orders and the inbox of all shops')
    .option('--grace <seconds>', 'how long a stored event may wait for its outcome', '60')
    .action(async ({ grace }: { grace: string }, command: Command) => {
      const settledGraceMs = readWhole('grace', grace, { min: 0, max: 86_400 }) * 1_000;
      const report = await withContext(async ({ em }) => checkDatabase(await em(), { now: new Date(), settledGraceMs }));
      print(Boolean(command.optsWithGlobals().json), report, () => tellReport(report));
      if (!report.ok) process.exitCode = 1;
    });
}

/** The checker's result for people. */
export function tellReport({ ok, findings, counts }: CheckReport): string {
  const looked = Object.entries(counts)
    .map(([name, count]) => `${count} ${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`)
    .join(', ');
  if (ok) return `Everything holds (${looked}).`;
  const rows = findings.map(({ rule, subject, detail }) => [rule, subject, detail]);
  return `${table(['rule', 'subject', 'what is wrong'], rows)}\n\n${findings.length} findings (${looked}).`;
}
