/** What workflows take: everything our own doors send passes, and nothing of the nasty table does, in any field. */
import { describe, expect, test } from 'vitest';
import {
  checkCancelWish,
  checkDeliveryInput,
  checkDepositInput,
  checkHandoverInput,
  checkOrderInput,
  checkPayWish,
  checkRefundInput,
  checkStrayInput,
} from '../../workflows/messages/validate.ts';
import { assigned, nastyValues } from '../support/nasty.ts';

const orderCode = 'K7Q4MX2P';
const place = {
  shopId: 1,
  customerId: 2,
  lines: [{ productId: 3, quantity: 1 }],
  shownTotal: 5_000,
  shownStars: 2_500,
  method: 'stars',
  code: 4,
  holdSeconds: 900,
  fromBasket: true,
  language: 'en',
  screen: { chatId: -100, messageId: 5 },
};

interface Message {
  readonly name: string;
  readonly check: (value: never) => void;
  readonly good: readonly object[];
  /** Values that fit a field: small numbers, nothing where nothing may stand. */
  readonly fits: Readonly<Record<string, RegExp>>;
}

const nothing = 'null|empty list of fields';
const whole = 'the number (0|-0|2\\^31)';
const open = {
  shopId: 1,
  customerId: 2,
  amount: 5_000,
  method: 'card',
  payWithinSeconds: 1_800,
  language: 'en',
  screen: { chatId: -100, messageId: 5 },
};
const messages: readonly Message[] = [
  {
    name: 'a deposit',
    check: checkDepositInput,
    good: [{ depositCode: orderCode, open }, { depositCode: orderCode }, { depositCode: orderCode, open: { ...open, screen: undefined } }],
    fits: {
      open: new RegExp(`^(${nothing})$`),
      'open.shopId': /^the number 2\^31$/,
      'open.customerId': /^the number 2\^31$/,
      // The first step says what is too little.
      'open.amount': new RegExp(`^${whole}$`),
      'open.payWithinSeconds': /^the number -?0$/,
      'open.screen': /^null$/,
      'open.screen.chatId': /^the number (-?0|-1|2\^31)$/,
      'open.screen.messageId': /^the number 2\^31$/,
    },
  },
  {
    name: 'an order',
    check: checkOrderInput,
    good: [{ orderCode, place }, { orderCode }, { orderCode, place: { ...place, screen: undefined, shownStars: undefined } }],
    fits: {
      place: new RegExp(`^(${nothing})$`),
      'place.shopId': /^the number 2\^31$/,
      'place.customerId': /^the number 2\^31$/,
      'place.lines': /^empty array$/,
      'place.lines.0.productId': /^the number 2\^31$/,
      'place.lines.0.quantity': /^the number -?0$/,
      'place.shownTotal': new RegExp(`^${whole}$`),
      'place.shownStars': new RegExp(`^(null|${whole})$`),
      'place.code': /^(null|the number 2\^31)$/,
      // The first step keeps it within its bounds.
      'place.holdSeconds': /^(the number .*|the largest number)$/,
      'place.fromBasket': /^(true|false)$/,
      'place.screen': /^null$/,
      'place.screen.chatId': /^the number (-?0|-1|2\^31)$/,
      'place.screen.messageId': /^the number 2\^31$/,
    },
  },
  {
    name: 'a choice of method',
    check: checkPayWish,
    good: [{ method: 'card', customerId: 2, attempt: 2 }],
    fits: { customerId: /^the number 2\^31$/, attempt: /^the number -?0$/ },
  },
  {
    name: 'a cancel',
    check: checkCancelWish,
    good: [
      { by: 'customer', actor: 'customer:2' },
      { by: 'staff', actor: 'staff:7' },
      { by: 'staff', actor: 'cli' },
    ],
    fits: {},
  },
  {
    name: 'a re-send',
    check: checkDeliveryInput,
    good: [{ orderCode, actor: 'customer:2' }, { orderCode }, { orderCode, actor: 'cli' }],
    fits: { actor: /^null$/ },
  },
  {
    name: 'a handover',
    check: checkHandoverInput,
    good: [{ orderCode, orderLineId: 4, actor: 'staff:7' }],
    fits: { orderLineId: /^the number 2\^31$/ },
  },
  {
    name: 'a refund',
    check: checkRefundInput,
    good: [
      { refundId: `${orderCode}-r1`, orderCode, request: { actor: 'staff:7', reason: 'asked', amount: 5 } },
      { refundId: `${orderCode}-r12`, orderCode },
      { refundId: 'stray-stars-charge_1', orderCode },
      { refundId: `deposit-${orderCode}-r1`, depositCode: orderCode, request: { actor: 'staff:7', reason: 'asked' } },
    ],
    fits: {
      request: /^null$/,
      // Words for the audit; what the database cannot hold is none.
      'request.reason':
        /^(?!5 MB|NUL|very|high surr|low surr|the |null$|true$|false$|not a|infinity|empty (array|object)|array|nested|operator|own|object|many)/,
      'request.amount': new RegExp(`^(null|${whole})$`),
    },
  },
  {
    name: 'stray money',
    check: checkStrayInput,
    good: [{ shopId: 1, provider: 'stripe', objectId: 'pi_1' }],
    fits: { shopId: /^the number 2\^31$/, objectId: /./ },
  },
];

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  const inside = typeof value === 'object' && value !== null ? Object.entries(value).filter(([, one]) => one !== undefined) : [];
  return [...(path.length > 0 ? [[...path]] : []), ...inside.flatMap(([key, one]) => pathsOf(one, [...path, key]))];
}

function put(value: unknown, [key = '', ...rest]: readonly string[], nasty: unknown): unknown {
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = rest.length === 0 ? nasty : put(copy[key], rest, nasty);
  return copy;
}

describe.each(messages)('$name', ({ check, good, fits }) => {
  test('of ours passes, also with fields nobody asked for: they are not read', () => {
    for (const one of good) {
      expect(() => check(one as never)).not.toThrow();
      expect(() => check({ ...assigned, ...one } as never)).not.toThrow();
    }
  });

  test.each(pathsOf(good[0]).map((path) => ({ path, field: path.join('.') })))(
    'with nonsense as its $field is refused by name',
    ({ path, field }) => {
      for (const { name, value } of nastyValues) {
        if (fits[field]?.test(name)) continue;
        // One of many things a list may hold.
        if (path.at(-1) === '0' && typeof value === 'object') continue;
        expect(() => check(put(good[0], path, value) as never), `${field} ${name}`).toThrow(new RegExp(`^${path[0]}: does not fit`));
      }
    },
  );

  test('that is no object, or has its fields from its prototype, is refused', () => {
    for (const { name, value } of nastyValues) expect(() => check(value as never), name).toThrow(/does not fit/);
    expect(() => check(Object.create(good[0] ?? null) as never)).toThrow(/does not fit/);
  });
});

test('a customer cannot cancel as staff, nor staff as a customer', () => {
  expect(() => checkCancelWish({ by: 'customer', actor: 'cli' })).toThrow(/actor/);
  expect(() => checkCancelWish({ by: 'staff', actor: 'customer:2' })).toThrow(/actor/);
});
