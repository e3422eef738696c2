/**
 * What Stripe does: sessions, payments, refunds, disputes, and the events that tell of them. Each operation is one transaction of the
 * sandbox's file, the webhook deliveries included, so a killed sandbox comes back with all or nothing of it.
 */

import type { SandboxContext } from '../context.ts';
import { createCheckout } from './checkout.ts';
import { openCore } from './core.ts';
import { createMoneyBack } from './money-back.ts';
import type { StoredRefund } from './objects.ts';
import { signWebhooks } from './webhooks.ts';

export type FarEnd = ReturnType<typeof openFarEnd>;
const farEnds = new WeakMap<SandboxContext, FarEnd>();

/** The one far end of a sandbox, shared by API, pages and control. */
export function farEndOf(context: SandboxContext): FarEnd {
  const known = farEnds.get(context);
  if (known) return known;
  const farEnd = openFarEnd(context);
  farEnds.set(context, farEnd);
  return farEnd;
}

function openFarEnd(context: SandboxContext) {
  const core = openCore(context);
  const { store } = core;
  const moneyBack = createMoneyBack(core, schedule);
  const checkout = createCheckout(core, schedule, moneyBack.dispute);
  let timer: NodeJS.Timeout | undefined;

  /** What happens by itself: sessions expire, slow refunds end. */
  function runDue(): void {
    for (const due of store.due(context.clock())) {
      if (due.kind === 'checkout.session') checkout.expireSession(due.account, due.id);
      else if (due.kind === 'refund') {
        const refund = store.get<StoredRefund>(due.account, 'refund', due.id);
        moneyBack.finishRefund(due.id, refund?.status === 'pending' ? 'succeeded' : 'failed');
      }
    }
    schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    const at = store.firstDueAt();
    if (at === undefined) return;
    // Not longer than a minute, so that a clock set forward is noticed.
    timer = setTimeout(runDue, Math.min(Math.max(at - context.clock(), 100), 60_000));
    timer.unref();
  }

  signWebhooks(context);
  runDue();
  return {
    store,
    ...checkout,
    ...moneyBack,
    requireSession: core.requireSession,
    send: core.send,
    runDue,
    /** Stops acting by itself. */
    stop: () => clearTimeout(timer),
  };
}
