/** Money that found no open order: credited to the wallet or given back, and the customer told. */
import { setCurrentDetails } from '@temporalio/workflow';
import type { StrayInput } from './messages/stray.ts';
import { checkStrayInput } from './messages/validate.ts';
import { starting, steps, tellingScreen } from './steps.ts';

/** Runs the story of one money object. Its id is `stray:<provider>:<object>`. The inbox has the facts; this carries none. */
export async function strayWorkflow(input: StrayInput): Promise<{ status: string }> {
  checkStrayInput(input);
  const { orderCodes } = await steps.sortStray({ ...input, at: Date.now() });
  for (const orderCode of orderCodes) {
    const row = await steps.settle({ orderCode, at: Date.now() });
    if (row.refunds.length > 0) await starting.startRefunds({ orderCode, refundIds: row.refunds });
    if (row.untold) await tellingScreen.tell({ orderCode, at: Date.now() }).catch(() => undefined);
  }
  const status = orderCodes.length > 0 ? 'applied' : 'laid aside';
  setCurrentDetails(
    orderCodes.length > 0 ? `Applied to order ${orderCodes.join(', ')}.` : 'Names no order of ours; laid aside for a person.',
  );
  return { status };
}
