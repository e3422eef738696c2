/**
 * What Stripe does: sessions, payments, refunds, disputes, and the events that tell of them. Each operation is one transaction of the
 * sandbox's file, the webhook deliveries included, so a killed sandbox comes back with all or nothing of it.
 */
import { createCheckout } from './checkout.ts';
import { openCore } from './core.ts';
import { createMoneyBack } from './money-back.ts';
import type { StoredRefund } from './objects.ts';
import type { StripeWorld } from './world.ts';

export type FarEnd = ReturnType<typeof openFarEnd>;
const farEnds = new WeakMap<StripeWorld, FarEnd>();

/** The one far end of a sandbox, shared by API, pages and control. */
export function farEndOf(world: StripeWorld): FarEnd {
  const known = farEnds.get(world);
  if (known) return known;
  const farEnd = openFarEnd(world);
  farEnds.set(world, farEnd);
  return farEnd;
}

function openFarEnd(world: StripeWorld) {
  const core = openCore(world);
  const { store } = core;
  const moneyBack = createMoneyBack(core, schedule);
  const checkout = createCheckout(core, schedule, moneyBack.dispute);
  let timer: NodeJS.Timeout | undefined;

  /** What happens by itself: sessions expire, slow refunds end. */
  function runDue(): void {
    for (const due of store.due(world.clock())) {
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
    timer = setTimeout(runDue, Math.min(Math.max(at - world.clock(), 100), 60_000));
    timer.unref();
  }

  runDue();
  return {
    store,
    ...checkout,
    ...moneyBack,
    requireSession: core.requireSession,
    runDue,
    /** Stops acting by itself. */
    stop: () => clearTimeout(timer),
  };
}
