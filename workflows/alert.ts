/** Tells a shop's staff what they were not told yet. What is raised while it ends is told by the next run, which the relay starts. */
import { log, setCurrentDetails } from '@temporalio/workflow';
import type { AlertInput } from './messages/alert.ts';
import { checkAlertInput } from './messages/validate.ts';
import { reasonOf, tellAlerts } from './steps.ts';

/** Its id is `alert:<shop id>`. The rows have what is to be told; this carries none. */
export async function alertWorkflow(input: AlertInput): Promise<{ status: string }> {
  checkAlertInput(input);
  setCurrentDetails('Writing to the staff chat; Telegram is asked again until it takes it.');
  try {
    const { told } = await tellAlerts({ shopId: input.shopId, at: Date.now() });
    setCurrentDetails(`${told} told.`);
    return { status: 'told' };
  } catch (err) {
    log.warn('alerts not told', { shopId: input.shopId, reason: reasonOf(err) });
    return { status: 'untold' };
  }
}
