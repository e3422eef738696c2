/**
 * Asks providers about what went quiet, reads their statements, and compares both with the ledger; what we had not heard of becomes a row of the
 * inbox, what differs is told to staff.
 */
import { log, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { ReconcileInput, ReconcileOutcome, ReconcileResult, StatementName } from './messages/reconcile.ts';
import { checkReconcileInput } from './messages/validate.ts';
import { askQuiet, compareStatement, readStatement, reasonOf, rehearseStatement, startAlerts, steps } from './steps.ts';

/** Money may be on its way between a provider and us for this long. */
const usualGraceSeconds = 600;
/** The stories of what was found have this long before it counts as missing; most need a second. */
const settleSeconds = 15;
/** An account is asked about so many times fifty payments; what is more waits for the next run. */
const mostTurns = 20;

/** Runs on a Schedule every 6 hours, and by hand. */
export async function reconcileWorkflow(input: ReconcileInput = {}): Promise<ReconcileOutcome> {
  checkReconcileInput(input);
  const { dryRun = false, graceSeconds = usualGraceSeconds } = input;
  const results: ReconcileResult[] = [];
  for (const statement of await steps.listStatements()) {
    setCurrentDetails(`Reading what ${statement.provider} says of shop ${statement.shopId}.`);
    results.push(await reconcile(statement, { dryRun, graceSeconds }));
  }
  const differing = results.filter((result) => 'differences' in result && result.differences.length > 0);
  const shopIds = [...new Set(differing.map(({ shopId }) => shopId))];
  if (!dryRun && shopIds.length > 0) await startAlerts({ shopIds }).catch(() => undefined);
  const unread = results.filter((result) => 'failed' in result).length;
  setCurrentDetails(`${results.length} statements, ${differing.length} differ, ${unread} could not be read.`);
  return { status: differing.length > 0 ? 'differs' : unread > 0 ? 'unread' : 'equal', results };
}

async function reconcile(statement: StatementName, { dryRun, graceSeconds }: Required<ReconcileInput>): Promise<ReconcileResult> {
  const quietSeconds = 3 * graceSeconds;
  try {
    if (dryRun) return await rehearseStatement({ ...statement, graceSeconds, quietSeconds, at: Date.now() });
    const asked = await askAll(statement, quietSeconds);
    const { reconciliationId, found } = await readStatement({ ...statement, at: Date.now() });
    if (found + asked.found > 0) await untilSettled(statement);
    return await compareStatement({ ...statement, ...asked, reconciliationId, graceSeconds, at: Date.now() });
  } catch (err) {
    log.warn('statement not read', { ...statement, reason: reasonOf(err) });
    return { ...statement, failed: reasonOf(err) };
  }
}

/** Asks about what went quiet until there is no more. Who was asked since this began is not asked again. */
async function askAll(statement: StatementName, quietSeconds: number): Promise<{ asked: number; found: number }> {
  const at = Date.now();
  let [asked, found] = [0, 0];
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const answered = await askQuiet({ ...statement, quietSeconds, at });
    asked += answered.asked;
    found += answered.found;
    if (!answered.more) break;
  }
  return { asked, found };
}

async function untilSettled(statement: StatementName): Promise<void> {
  for (let second = 0; second < settleSeconds; second += 1) {
    await sleep('1 second');
    if (!(await steps.isSettling(statement))) return;
  }
}
