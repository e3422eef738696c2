import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Decision,
  decide,
  isPaid,
  linesKey,
  mayBecome,
  type OrderEvent,
  type OrderState,
  orderStatuses,
  placeMoney,
  reminderAt,
  wakeAt,
} from '../../domain/order.ts';

const holdEndsAt = 900_000;

/** An order as the steps would move it: decisions carried out on a value. */
interface Model extends OrderState {
  readonly paidTimes: number;
  readonly endedTimes: number;
}

const fresh: Model = {
  status: 'awaitingPayment',
  methods: ['wallet', 'stars', 'card'],
  covered: false,
  onItsWay: false,
  barsWishes: false,
  holdEndsAt,
  settleBy: null,
  settlementWindowSeconds: 600,
  paidTimes: 0,
  endedTimes: 0,
};

type Happening = { do: 'seen' | 'settled' | 'failed' } | { do: 'event'; event: OrderEvent };

function carryOut(model: Model, decision: Decision): Model {
  switch (decision.do) {
    case 'settle':
      return { ...model, status: 'paid', onItsWay: false, barsWishes: false, paidTimes: model.paidTimes + 1 };
    case 'awaitSettlement':
      return { ...model, status: 'awaitingSettlement', settleBy: decision.settleBy };
    case 'end':
      return { ...model, status: decision.status, onItsWay: false, barsWishes: false, endedTimes: model.endedTimes + 1 };
    default:
      return model;
  }
}

function happen(model: Model, happening: Happening): Model {
  switch (happening.do) {
    case 'seen':
      return { ...model, onItsWay: true, barsWishes: true };
    case 'settled':
      return { ...model, covered: true, onItsWay: false, barsWishes: false };
    case 'failed':
      return { ...model, onItsWay: false, barsWishes: false };
    case 'event':
      return carryOut(model, decide(model, happening.event));
  }
}

const at = fc.integer({ min: 0, max: 3 * holdEndsAt });
const event: fc.Arbitrary<OrderEvent> = fc.oneof(
  fc.constant({ type: 'money' as const }),
  at.map((time) => ({ type: 'wake' as const, at: time })),
  fc.constantFrom('customer' as const, 'staff' as const, 'temporal' as const).map((by) => ({ type: 'cancel' as const, by })),
  at.map((time) => ({ type: 'choose' as const, method: 'stars' as const, at: time })),
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constantFrom('seen' as const, 'settled' as const, 'failed' as const).map((what) => ({ do: what })),
  event.map((one) => ({ do: 'event' as const, event: one })),
);

describe('decide', () => {
  it('ends or settles an order at most once and only by legal transitions, in every order of events', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        let model = fresh;
        for (const one of happenings) {
          const next = happen(model, one);
          expect(next.status === model.status || mayBecome(model.status, next.status)).toBe(true);
          model = next;
        }
        expect(model.paidTimes + model.endedTimes).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
  });

  it('never ends an order whose money is there, whoever asks and whenever', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('awaitingPayment' as const, 'awaitingSettlement' as const),
        event,
        fc.boolean(),
        (status, one, onItsWay) => {
          expect(decide({ ...fresh, status, covered: true, onItsWay }, one).do).toBe('settle');
        },
      ),
    );
  });

  it('leaves no unpaid order open after hold and settlement window', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 20 }), (happenings) => {
        let model = happenings.reduce(happen, fresh);
        const end = holdEndsAt + 600_000;
        for (const time of [holdEndsAt, end, end + 1]) model = happen(model, { do: 'event', event: { type: 'wake', at: time } });
        expect(['awaitingPayment', 'awaitingSettlement']).not.toContain(model.status);
      }),
    );
  });

  it('does not wake an order before its time', () => {
    expect(decide(fresh, { type: 'wake', at: holdEndsAt - 1 })).toEqual({ do: 'nothing' });
    expect(decide(fresh, { type: 'wake', at: holdEndsAt })).toEqual({ do: 'end', status: 'expired', by: 'holdEnded' });
    expect(decide({ ...fresh, onItsWay: true }, { type: 'wake', at: holdEndsAt })).toEqual({
      do: 'awaitSettlement',
      settleBy: holdEndsAt + 600_000,
    });
  });

  it('lets nobody but an administrator cancel while money is on its way', () => {
    const onItsWay = { ...fresh, onItsWay: true, barsWishes: true };
    expect(decide(onItsWay, { type: 'cancel', by: 'customer' })).toEqual({ do: 'reject', type: 'PaymentOnItsWay' });
    expect(decide(onItsWay, { type: 'cancel', by: 'staff' })).toEqual({ do: 'reject', type: 'PaymentOnItsWay' });
    expect(decide(onItsWay, { type: 'cancel', by: 'temporal' })).toMatchObject({ do: 'end', status: 'cancelled' });
  });

  it('answers AlreadyPaid or AlreadyEnded in every closed state', () => {
    for (const status of orderStatuses.filter((one) => !one.startsWith('awaiting'))) {
      const type = isPaid(status) ? 'AlreadyPaid' : 'AlreadyEnded';
      expect(decide({ ...fresh, status }, { type: 'cancel', by: 'temporal' })).toEqual({ do: 'reject', type });
      expect(decide({ ...fresh, status }, { type: 'choose', method: 'card', at: 0 })).toEqual({ do: 'reject', type });
    }
  });
});

describe('placeMoney', () => {
  const open = { status: 'awaitingPayment' as const, holdEndsAt, covered: false };
  const money = { wholeOnly: false, amount: 100, asked: 100, firstSeenAt: holdEndsAt, closing: false, further: false };

  it.each([
    ['in the last millisecond counts for the order', open, money, { place: 'order', late: false }],
    ['a millisecond later is late', open, { ...money, firstSeenAt: holdEndsAt + 1 }, { place: 'wallet', late: true }],
    [
      'found while closing counts for two minutes more',
      open,
      { ...money, firstSeenAt: holdEndsAt + 120_000, closing: true },
      { place: 'order', late: false },
    ],
    ['and not longer', open, { ...money, firstSeenAt: holdEndsAt + 120_001, closing: true }, { place: 'wallet', late: true }],
    ['that came beside what was asked for goes to the wallet', open, { ...money, further: true }, { place: 'wallet', late: false }],
    ['for a covered order is a second payment', { ...open, covered: true }, money, { place: 'wallet', late: false }],
    ['for an order that ended goes to the wallet', { ...open, status: 'cancelled' as const }, money, { place: 'wallet', late: true }],
    ['for a paid order is a second payment', { ...open, status: 'paid' as const }, money, { place: 'wallet', late: false }],
    ['Stars that come late go back whole', open, { ...money, wholeOnly: true, firstSeenAt: holdEndsAt + 1 }, { place: 'back', late: true }],
    ['Stars of another amount go back whole', open, { ...money, wholeOnly: true, amount: 101 }, { place: 'back', late: false }],
  ])('money %s', (_name, order, arrived, expected) => {
    expect(placeMoney(order, arrived)).toEqual(expected);
  });
});

describe('times', () => {
  it('remind once, five minutes before the end, and not on short holds', () => {
    expect(reminderAt({ placedAt: 0, holdEndsAt })).toBe(600_000);
    expect(reminderAt({ placedAt: 0, holdEndsAt: 300_000 })).toBeUndefined();
    const order = { status: 'awaitingPayment' as const, placedAt: 0, holdEndsAt, settleBy: null };
    expect(wakeAt({ ...order, reminded: false })).toBe(600_000);
    expect(wakeAt({ ...order, reminded: true })).toBe(holdEndsAt);
    expect(wakeAt({ ...order, status: 'paid', reminded: false })).toBeUndefined();
  });
});

describe('linesKey', () => {
  it('is the same for the same lines in any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ productId: fc.nat(), quantity: fc.integer({ min: 1, max: 9 }) }), {
          selector: (line) => line.productId,
        }),
        (lines) => {
          expect(linesKey([...lines].reverse())).toBe(linesKey(lines));
        },
      ),
    );
  });
});
