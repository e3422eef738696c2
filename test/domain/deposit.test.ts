import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decide,
  type DepositEvent,
  type DepositState,
  type DepositStatus,
  depositStatuses,
  isCredited,
  isOpen,
  mayBecome,
  statusOfCredit,
  wakeAt,
} from '../../domain/deposit.ts';

const status = fc.constantFrom<DepositStatus>(...depositStatuses);
const time = fc.integer({ min: 0, max: 2_000_000_000_000 });
const state: fc.Arbitrary<DepositState> = fc.record({
  status,
  expiresAt: time,
  seenAt: fc.option(time),
  verdictBy: fc.constantFrom('provider', 'staff'),
  paymentOver: fc.boolean(),
  polled: fc.boolean(),
  settlesWithin: fc.option(fc.integer({ min: 1, max: 600 })),
});
const event: fc.Arbitrary<DepositEvent> = fc.oneof(
  fc.constant<DepositEvent>({ type: 'money' }),
  fc.record({ type: fc.constant('wake' as const), at: time }),
  fc.record({
    type: fc.constant('cancel' as const),
    by: fc.constantFrom('customer' as const, 'staff' as const, 'temporal' as const),
    at: time,
  }),
);
const day = 86_400_000;

describe('a deposit', () => {
  test('that is credited is never ended, and one that ended is never ended again, whatever happens', () => {
    void fc.assert(
      fc.property(state, event, (one, happens) => {
        const decision = decide(one, happens);
        if (decision.do === 'end') expect(mayBecome(one.status, 'expired')).toBe(true);
        if (!isOpen(one.status)) expect(decision.do).toMatch(/^(nothing|reject)$/);
        if (isCredited(one.status) && happens.type === 'cancel') expect(decision).toEqual({ do: 'reject', type: 'AlreadyCredited' });
      }),
    );
  });

  test('waits for what was seen beyond its time, and not for ever', () => {
    const seen: DepositState = {
      status: 'seen',
      expiresAt: 1_000,
      seenAt: 900,
      verdictBy: 'provider',
      paymentOver: false,
      polled: false,
      settlesWithin: null,
    };
    expect(decide(seen, { type: 'wake', at: 5_000 })).toEqual({ do: 'ask' });
    expect(decide(seen, { type: 'wake', at: 900 + 14 * day - 1 })).toEqual({ do: 'ask' });
    expect(decide(seen, { type: 'wake', at: 900 + 14 * day })).toEqual({ do: 'end', by: 'verdictOver' });
    expect(decide({ ...seen, status: 'waiting', seenAt: null }, { type: 'wake', at: 999 })).toEqual({ do: 'nothing' });
    expect(decide({ ...seen, status: 'waiting', seenAt: null }, { type: 'wake', at: 1_000 })).toEqual({ do: 'end', by: 'timeOver' });
  });

  test('whose payment failed or expired has nothing on its way: it ends, and may be cancelled', () => {
    const over: DepositState = {
      status: 'seen',
      expiresAt: 1_000,
      seenAt: 900,
      verdictBy: 'provider',
      paymentOver: true,
      polled: false,
      settlesWithin: null,
    };
    expect(decide(over, { type: 'money' })).toEqual({ do: 'end', by: 'provider' });
    expect(decide(over, { type: 'wake', at: 5_000 })).toEqual({ do: 'end', by: 'provider' });
    expect(decide(over, { type: 'cancel', by: 'customer', at: 5_000 })).toEqual({ do: 'end', by: 'customer' });
    // Its page expires because we close it when its time is over: that is why it ends then.
    expect(decide({ ...over, status: 'waiting', seenAt: null }, { type: 'wake', at: 1_000 })).toEqual({ do: 'end', by: 'timeOver' });
  });

  test('that is confirmed waits as long, is asked about and may not be cancelled, as what was seen', () => {
    const seen: DepositState = {
      status: 'seen',
      expiresAt: 1_000,
      seenAt: 900,
      verdictBy: 'provider',
      paymentOver: false,
      polled: false,
      settlesWithin: null,
    };
    const events: DepositEvent[] = [
      { type: 'money' },
      ...[900, 5_000, 900 + 14 * day].map((at) => ({ type: 'wake' as const, at })),
      ...(['customer', 'staff', 'temporal'] as const).map((by) => ({ type: 'cancel' as const, by, at: 5_000 })),
    ];
    for (const happens of events) expect(decide({ ...seen, status: 'confirming' }, happens)).toEqual(decide(seen, happens));
    expect(wakeAt({ ...seen, status: 'confirming' }, 5_000)).toBe(wakeAt(seen, 5_000));
  });

  test('that was seen is asked about at times that looks in between do not move', () => {
    const seen: DepositState = {
      status: 'seen',
      expiresAt: 1_000,
      seenAt: 900,
      verdictBy: 'provider',
      paymentOver: false,
      polled: false,
      settlesWithin: null,
    };
    const every = day / 4;
    expect([900, 1_000, 900 + every - 1].map((at) => wakeAt(seen, at))).toEqual([900 + every, 900 + every, 900 + every]);
    expect(wakeAt(seen, 900 + every)).toBe(900 + 2 * every);
  });

  test('whose provider may fall silent is asked about every few minutes while it waits, and for two hours once it is seen', () => {
    const minute = 60_000;
    const waits: DepositState = {
      status: 'waiting',
      expiresAt: 20 * minute,
      seenAt: null,
      verdictBy: 'provider',
      paymentOver: false,
      polled: true,
      settlesWithin: null,
    };
    const asked: number[] = [];
    for (let at = 1; ; ) {
      const next = wakeAt(waits, at) as number;
      expect(next).toBeGreaterThan(at);
      // Looks in between do not move it.
      expect(wakeAt(waits, Math.floor((at + next) / 2))).toBe(next);
      if (decide(waits, { type: 'wake', at: next }).do === 'end') break;
      expect(decide(waits, { type: 'wake', at: next })).toEqual({ do: 'ask' });
      asked.push(next / minute);
      at = next;
    }
    expect(asked).toEqual([5, 10, 15]);
    const seen: DepositState = { ...waits, status: 'confirming', seenAt: 0 };
    expect(wakeAt(seen, 61 * minute)).toBe(65 * minute);
    expect(wakeAt(seen, 121 * minute)).toBe(360 * minute);
    expect(decide(waits, { type: 'money' })).toEqual({ do: 'nothing' });
  });

  test('on its way is cancelled by an administrator only', () => {
    const seen: DepositState = {
      status: 'seen',
      expiresAt: 1_000,
      seenAt: 900,
      verdictBy: 'provider',
      paymentOver: false,
      polled: false,
      settlesWithin: null,
    };
    for (const by of ['customer', 'staff'] as const)
      expect(decide(seen, { type: 'cancel', by, at: 5_000 })).toEqual({ do: 'reject', type: 'PaymentOnItsWay' });
    expect(decide(seen, { type: 'cancel', by: 'temporal', at: 5_000 })).toEqual({ do: 'end', by: 'temporal' });
  });

  test('in Stars waits two minutes beyond its time for what was approved, is asked about, and lets its customer go two minutes after', () => {
    const minute = 60_000;
    const approved: DepositState = {
      status: 'seen',
      expiresAt: 30 * minute,
      seenAt: 5 * minute,
      verdictBy: 'provider',
      paymentOver: false,
      polled: false,
      settlesWithin: 120,
    };
    expect(decide(approved, { type: 'cancel', by: 'customer', at: 7 * minute })).toEqual({ do: 'reject', type: 'PaymentOnItsWay' });
    expect(decide(approved, { type: 'cancel', by: 'customer', at: 7 * minute + 1 })).toEqual({ do: 'end', by: 'customer' });
    expect(wakeAt(approved, 6 * minute)).toBe(10 * minute);
    expect(decide(approved, { type: 'wake', at: 10 * minute })).toEqual({ do: 'ask' });
    expect(wakeAt(approved, 30 * minute)).toBe(32 * minute);
    expect(decide(approved, { type: 'wake', at: 32 * minute - 1 })).toEqual({ do: 'ask' });
    expect(decide(approved, { type: 'wake', at: 32 * minute })).toEqual({ do: 'end', by: 'verdictOver' });
  });

  test('is looked at again as long as it is open, and whatever it waits for comes to an end', () => {
    void fc.assert(
      fc.property(state, time, (one, at) => {
        const next = wakeAt(one, at);
        expect(next === undefined).toBe(!isOpen(one.status));
        // Woken again and again it ends, at the latest with the verdict's time.
        if (next === undefined) return;
        const last = Math.max(one.expiresAt, one.seenAt ?? 0) + 14 * day;
        expect(decide(one, { type: 'wake', at: last }).do).toBe('end');
      }),
    );
  });

  test('is credited in full or in part by what came, never more than in full, and reversed when all of it was taken back', () => {
    const amount = fc.integer({ min: 1, max: 1_000_000 });
    void fc.assert(
      fc.property(amount, amount, fc.integer({ min: 0, max: 2_000_000 }), (credited, asked, reversed) => {
        const standing = credited < asked ? 'partial' : 'credited';
        expect(statusOfCredit(credited, asked, reversed)).toBe(reversed < credited ? standing : 'reversed');
      }),
    );
  });
});
