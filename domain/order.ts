/** The order: its states, and what each event means in each state. Pure; the steps in activities/order.ts carry the decisions out. */
import type { Instructions, MethodName, ProviderName } from './payment.ts';
import { codeRefusals } from './promo-code.ts';

export const orderStatuses = [
  'awaitingPayment',
  'awaitingSettlement',
  'paid',
  'delivered',
  'unfulfillable',
  'refunded',
  'expired',
  'cancelled',
] as const;
/**
 * `awaitingSettlement`: money was seen by the end of the hold, the provider's verdict is awaited. `unfulfillable`: paid, but the goods are
 * gone; the money goes back by itself. `refunded`: all of it went back.
 */
export type OrderStatus = (typeof orderStatuses)[number];

export const transitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  awaitingPayment: ['awaitingSettlement', 'paid', 'unfulfillable', 'expired', 'cancelled'],
  awaitingSettlement: ['paid', 'unfulfillable', 'expired', 'cancelled'],
  paid: ['delivered', 'refunded'],
  delivered: ['refunded'],
  unfulfillable: ['refunded'],
  refunded: [],
  expired: [],
  cancelled: [],
};

export function mayBecome(from: OrderStatus, to: OrderStatus): boolean {
  return transitions[from].includes(to);
}

/** Not yet paid and not ended: units are held. */
export function isUnpaid(status: OrderStatus): status is 'awaitingPayment' | 'awaitingSettlement' {
  return status === 'awaitingPayment' || status === 'awaitingSettlement';
}

/** The customer's by payment: the goods are theirs, or their money is on its way back. */
export function isPaid(status: OrderStatus): boolean {
  return status === 'paid' || status === 'delivered' || status === 'unfulfillable' || status === 'refunded';
}

/** Why an order was not placed, or a wish about it not granted; each has a sentence in texts/. */
export const rejectionTypes = [
  'SoldOut',
  'PriceChanged',
  'LimitReached',
  'TooManyOpenOrders',
  'CoolDown',
  'TooManyHeld',
  'InsufficientFunds',
  'WalletInDebt',
  'HoldExpired',
  'ShopClosed',
  'MethodNotAllowed',
  'MethodUnavailable',
  'MethodNotYet',
  'NoCommonMethod',
  'ProductGone',
  'OptionNeeded',
  'AmountOutOfBounds',
  'EmptyBasket',
  'PaymentOnItsWay',
  'AlreadyPaid',
  'AlreadyEnded',
  'NotYours',
  'CustomerBanned',
  'UnknownOrder',
  'AlreadyPlaced',
  ...codeRefusals,
] as const;
export type RejectionType = (typeof rejectionTypes)[number];

/** Most lines a basket holds, and most pieces of one of them. */
export const basketLineLimit = 50;
export const basketQuantityLimit = 100;

/** What a rejection says beside its name: until when, ms since epoch; of how many. */
export interface RejectionFacts {
  readonly until?: number;
  readonly limit?: number;
}

export type EndedBy = 'holdEnded' | 'settlementEnded' | 'customer' | 'staff' | 'temporal';
export type CancelledBy = 'customer' | 'staff' | 'temporal';

/** What a decision needs to know of the order's row. Times in ms since epoch. */
export interface OrderState {
  readonly status: OrderStatus;
  readonly methods: readonly MethodName[];
  /** Enough money is there: held by the order, or Stars in full. */
  readonly covered: boolean;
  /** Money was seen and its verdict is still to come. */
  readonly onItsWay: boolean;
  /** It was seen so recently that cancel and change of method must wait for it. */
  readonly barsWishes: boolean;
  readonly holdEndsAt: number;
  readonly settleBy: number | null;
  /** Of the method on its way: how long after the end of the hold it is awaited, seconds. */
  readonly settlementWindowSeconds: number;
}

export type OrderEvent =
  | { readonly type: 'money' }
  | { readonly type: 'wake'; readonly at: number }
  | { readonly type: 'cancel'; readonly by: CancelledBy }
  | { readonly type: 'choose'; readonly method: MethodName; readonly at: number };

export type Decision =
  | { readonly do: 'nothing' }
  | { readonly do: 'settle' }
  | { readonly do: 'awaitSettlement'; readonly settleBy: number }
  | { readonly do: 'end'; readonly status: 'expired' | 'cancelled'; readonly by: EndedBy }
  | { readonly do: 'choose'; readonly method: MethodName }
  | { readonly do: 'reject'; readonly type: RejectionType };

/**
 * What `event` means for an order in this state. Money that covers the order wins over everything: whoever ends an order looks for it
 * first, so a paid order is never released.
 */
export function decide(order: OrderState, event: OrderEvent): Decision {
  if (isUnpaid(order.status) && order.covered) return { do: 'settle' };
  switch (event.type) {
    case 'money':
      // A seen payment that failed while its verdict was awaited leaves nothing to wait for.
      return order.status === 'awaitingSettlement' && !order.onItsWay
        ? { do: 'end', status: 'expired', by: 'settlementEnded' }
        : { do: 'nothing' };
    case 'wake':
      return decideAtTime(order, event.at);
    case 'cancel':
      if (isPaid(order.status)) return { do: 'reject', type: 'AlreadyPaid' };
      if (!isUnpaid(order.status)) return { do: 'reject', type: 'AlreadyEnded' };
      // An administrator's cancel compensates at once; money still on its way becomes stray.
      if (order.barsWishes && event.by !== 'temporal') return { do: 'reject', type: 'PaymentOnItsWay' };
      return { do: 'end', status: 'cancelled', by: event.by };
    case 'choose':
      if (isPaid(order.status)) return { do: 'reject', type: 'AlreadyPaid' };
      if (!isUnpaid(order.status)) return { do: 'reject', type: 'AlreadyEnded' };
      if (order.barsWishes || order.status === 'awaitingSettlement') return { do: 'reject', type: 'PaymentOnItsWay' };
      if (event.at >= order.holdEndsAt) return { do: 'reject', type: 'HoldExpired' };
      if (!order.methods.includes(event.method)) return { do: 'reject', type: 'MethodNotAllowed' };
      return { do: 'choose', method: event.method };
  }
}

function decideAtTime(order: OrderState, at: number): Decision {
  if (order.status === 'awaitingPayment' && at >= order.holdEndsAt) {
    if (!order.onItsWay) return { do: 'end', status: 'expired', by: 'holdEnded' };
    const settleBy = order.holdEndsAt + order.settlementWindowSeconds * 1000;
    return at < settleBy ? { do: 'awaitSettlement', settleBy } : { do: 'end', status: 'expired', by: 'settlementEnded' };
  }
  if (order.status === 'awaitingSettlement' && (!order.onItsWay || at >= (order.settleBy ?? order.holdEndsAt))) {
    return { do: 'end', status: 'expired', by: 'settlementEnded' };
  }
  return { do: 'nothing' };
}

/** How long closing an invoice is tried before stock goes back; money found complete in that time still settles the order. */
export const closingSeconds = 120;

/** How long before the end of the hold the customer is reminded, once; short holds have no reminder. */
export const reminderSecondsBefore = 300;

/** When the customer is reminded, or undefined when the hold is too short for it. */
export function reminderAt(order: { placedAt: number; holdEndsAt: number }): number | undefined {
  const at = order.holdEndsAt - reminderSecondsBefore * 1000;
  return at - order.placedAt >= 60_000 ? at : undefined;
}

/** How often a provider whose words may be lost for good is asked while its verdict is awaited, seconds. */
export const settlementAskSeconds = 300;

/** When the order must be looked at next although nobody rings; undefined when nothing waits for time. */
export function wakeAt(order: {
  status: OrderStatus;
  placedAt: number;
  holdEndsAt: number;
  settleBy: number | null;
  reminded: boolean;
}): number | undefined {
  if (order.status === 'awaitingSettlement') return order.settleBy ?? order.holdEndsAt;
  if (order.status !== 'awaitingPayment') return undefined;
  const reminder = order.reminded ? undefined : reminderAt(order);
  return reminder ?? order.holdEndsAt;
}

/** Where arrived money goes. */
export type MoneyPlace = 'order' | 'wallet' | 'back';

/**
 * Where settled money goes: to an open order it was meant and seen in time for, else to the wallet (late or second), or back whole when
 * the provider cannot split it (Stars: late, second, or another amount than asked).
 * `further` money came beside what was asked for and never settles an order. `firstSeenAt` is the provider's time of when it was first seen; `closing` says that we found it while closing the invoice.
 */
export function placeMoney(
  order: { status: OrderStatus; holdEndsAt: number; covered: boolean },
  money: { wholeOnly: boolean; amount: number; asked: number; firstSeenAt: number; closing: boolean; further: boolean },
): { place: MoneyPlace; late: boolean } {
  const limit = order.holdEndsAt + (money.closing ? closingSeconds * 1000 : 0);
  // An order that ended unpaid has no use for it, however it came that we hear of it only now.
  const late = money.firstSeenAt > limit || !(isUnpaid(order.status) || isPaid(order.status));
  const fits = !money.further && (!money.wholeOnly || money.amount === money.asked);
  const wanted = isUnpaid(order.status) && !order.covered && !late && fits;
  if (wanted) return { place: 'order', late };
  return { place: money.wholeOnly ? 'back' : 'wallet', late };
}

/** One line as a customer asks for it. */
export interface PlacedLine {
  readonly productId: number;
  readonly quantity: number;
  /** What the customer names for one unit, where they name it; minor units. */
  readonly amount?: number | undefined;
}

/** The same lines give the same key, in whatever order they stand; with a promo code they are others. */
export function linesKey(lines: readonly PlacedLine[], codeId?: number | null): string {
  const key = [...lines]
    .sort((a, b) => a.productId - b.productId)
    .map(({ productId, quantity, amount }) => `${productId}x${quantity}${amount === undefined ? '' : `@${amount}`}`)
    .join(',');
  return codeId == null ? key : `${key};${codeId}`;
}

/** An order as people see it, for screens of bot, pages and command line. Money in minor units, times in ms since epoch. */
export interface OrderView {
  readonly code: string;
  readonly shopId: number;
  readonly customerId: number;
  readonly status: OrderStatus;
  readonly language: string;
  readonly currency: string;
  readonly total: number;
  readonly starsTotal: number | null;
  readonly tax: number;
  /** The promo code it was placed with, and what that took off its lines, in the shop's currency and in Stars. */
  readonly promo: { readonly code: string; readonly saved: number; readonly savedStars: number } | null;
  readonly method: MethodName;
  readonly methods: readonly MethodName[];
  /** What has arrived for it in the shop's currency; less than total while open means a part was paid. */
  readonly held: number;
  /** What arrived for it and was not needed in the end: in the customer's wallet now, minor units of the shop's currency. */
  readonly toWallet: number;
  /** What it was short of when it was paid, within tolerance: the shop's expense, minor units of its currency. */
  readonly tolerated: number;
  /** Its lines came from the basket, and are there again when it ends unpaid. */
  readonly fromBasket: boolean;
  /** It was paid when the goods were gone; its money goes back, or went back, by itself. */
  readonly wasUnfulfillable: boolean;
  /** Money was seen, its verdict is awaited. */
  readonly onItsWay: boolean;
  readonly placedAt: number;
  readonly holdEndsAt: number;
  readonly paidAt: number | null;
  readonly endedBy: EndedBy | null;
  readonly reminded: boolean;
  readonly version: number;
  readonly lines: readonly OrderLineView[];
  /** The payment in force, with what to do now. */
  readonly payment: {
    readonly id: string;
    readonly provider: ProviderName;
    readonly status: string;
    readonly amount: number;
    readonly currency: string;
    readonly instructions: Instructions | null;
  } | null;
  readonly refunds: readonly {
    readonly id: string;
    readonly amount: number;
    readonly currency: string;
    readonly status: string;
    readonly scope: 'order' | 'money';
  }[];
  /** The payer disputes the money, or may: goods that are not theirs yet wait. Null when nobody does, or it ended well. */
  readonly dispute: {
    /** Refunds are refused. */
    readonly blocks: boolean;
    /** What was taken of it so far, minor units of `currency`. */
    readonly taken: number;
    readonly currency: string;
  } | null;
}

export interface OrderLineView {
  readonly id: number;
  readonly productId: number;
  readonly kind: import('./product.ts').ProductKind;
  readonly title: string;
  readonly quantity: number;
  readonly basePrice: number;
  readonly discountPercent: number;
  readonly price: number;
  readonly starsPrice: number | null;
  /** What one unit brings, of kinds that grant it. */
  readonly creditAmount: number | null;
  readonly accessSeconds: number | null;
  readonly delivery: {
    readonly id: number;
    readonly status: import('./delivery.ts').DeliveryStatus;
    readonly handoverCode: string | null;
    readonly shown: boolean;
  } | null;
  readonly pickupPoint: PickupPointView | null;
  /** Until when a faulty piece of it may be claimed, ms since epoch; none before it is delivered. */
  readonly warrantyUntil?: number | null;
}

export interface PickupPointView {
  readonly id: number;
  readonly city: string;
  readonly district: string;
  readonly name: string;
  readonly address: string;
  readonly hours: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly instructions: string;
  readonly photoId: number | null;
}
