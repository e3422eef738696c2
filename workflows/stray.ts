/** Money that found nothing open that it pays: credited to the wallet or given back, and the customer told. */
import { setCurrentDetails, setHandler } from '@temporalio/workflow';
import { strayRingSignal, type StrayInput } from './messages/stray.ts';
import { checkStrayInput } from './messages/validate.ts';
import { startCommission, startRefunds, steps, tellDeposit, tellScreen } from './steps.ts';

/** Runs the story of one money object. Its id is `stray:<provider>:<object>`. The inbox has the facts; this carries none. */
export async function strayWorkflow(input: StrayInput): Promise<{ status: string }> {
  let rung = true;
  setHandler(strayRingSignal, () => {
    rung = true;
  });
  checkStrayInput(input);
  const applied = new Set<string>();
  while (rung) {
    // A word that comes while an earlier one is being applied is looked for once more.
    rung = false;
    for (const about of await sortOut(input)) applied.add(about);
  }
  setCurrentDetails(applied.size > 0 ? `Applied to ${[...applied].join(', ')}.` : 'Names nothing of ours; laid aside for a person.');
  return { status: applied.size > 0 ? 'applied' : 'laid aside' };
}

/** @returns what it was applied to, in words */
async function sortOut(input: StrayInput): Promise<readonly string[]> {
  const { orderCodes, depositCodes = [] } = await steps.sortStray({ ...input, at: Date.now() });
  for (const orderCode of orderCodes) {
    const row = await steps.settle({ orderCode, at: Date.now() });
    if (row.refunds.length > 0) await startRefunds({ orderCode, refundIds: row.refunds });
    if (row.untold) await tellScreen({ orderCode, at: Date.now() }).catch(() => undefined);
  }
  for (const depositCode of depositCodes) {
    const row = await steps.settleDeposit({ depositCode, at: Date.now() });
    if (row.commissionFrom != null) await startCommission({ depositCode });
    if (row.refunds && row.refunds.length > 0) await startRefunds({ depositCode, refundIds: row.refunds });
    if (row.untold) await tellDeposit({ depositCode, at: Date.now() }).catch(() => undefined);
  }
  return [...orderCodes.map((code) => `order ${code}`), ...depositCodes.map((code) => `deposit ${code}`)];
}
