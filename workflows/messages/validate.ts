/**
 * What workflows take from outside, judged before any step runs: Temporal has no sign-in of its own, and a step that can never succeed is
 * repeated for ever and holds up its order. Synchronous and without side effects, as validators of updates must be.
 */
import { ApplicationFailure } from '@temporalio/common';
import { parseOrderCode } from '../../domain/order-code.ts';
import { adjustmentKinds } from '../../domain/adjustment.ts';
import { isNetworkCoin } from '../../domain/coin.ts';
import { isProvider, methodNames } from '../../domain/payment.ts';
import { isClaimCode } from '../../domain/claim.ts';
import { isPayoutCode } from '../../domain/payout.ts';
import type { AdjustmentInput } from './adjustment.ts';
import type { AlertInput } from './alert.ts';
import type { AutoBuyInput } from './auto-buy.ts';
import type { ClaimInput } from './claim.ts';
import type { CommissionInput } from './commission.ts';
import type { CoinOffersInput } from './coin-offer.ts';
import { isCoin } from '../../domain/chain.ts';
import type { ChainWatchInput } from './chain-watch.ts';
import type { DeliveryInput, HandoverInput } from './delivery.ts';
import type { DepositInput } from './deposit.ts';
import type { NoticeInput } from './notice.ts';
import type { OrderInput, PayWish } from './order.ts';
import type { ReconcileInput } from './reconcile.ts';
import type { PayoutInput } from './payout.ts';
import type { RefundInput } from './refund.ts';
import type { StockWatchInput } from './stock-watch.ts';
import type { StrayInput } from './stray.ts';
import type { VoucherInput } from './voucher.ts';

type Check = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isId: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const isAmount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** A column of four bytes. */
const isSmall: Check = (value) => isAmount(value) && (value as number) <= 2_147_483_647;
const isWhole: Check = (value) => Number.isSafeInteger(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const isText: Check = (value) => typeof value === 'string' && value.length <= 500 && value.isWellFormed() && !value.includes('\u0000');
const isPlain: Check = (value) => typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value);
/** An order's or a deposit's. */
const isCode: Check = (value) => typeof value === 'string' && parseOrderCode(value) === value;
const isMethod: Check = (value) => methodNames.some((name) => name === value);
const isActor: Check = (value) => typeof value === 'string' && /^(cli|system|(customer|staff):[1-9]\d{0,14})$/.test(value);
const orNothing =
  (check: Check): Check =>
  (value) =>
    value === undefined || value === null || check(value);
const listOf =
  (most: number, fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every((one) => isRecord(one) && misfit(one, fields) === undefined);
const recordOf =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && misfit(value, fields) === undefined;

function misfit(value: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, Check>>): string | undefined {
  return Object.keys(fields).find((name) => fields[name]?.(Object.hasOwn(value, name) ? value[name] : undefined) !== true);
}

/** @throws ApplicationFailure `BadInput`, not retryable, naming the field */
function requireFields(what: string, value: unknown, fields: Readonly<Record<string, Check>>): void {
  const name = isRecord(value) ? misfit(value, fields) : what;
  if (name === undefined) return;
  throw ApplicationFailure.create({ message: `${name}: does not fit ${what}`, type: 'BadInput', nonRetryable: true });
}

const isLanguage: Check = (value) => typeof value === 'string' && /^[a-z]{2}(-[A-Za-z]{2,8})?$/.test(value);
const isScreen = recordOf({ chatId: isWhole, messageId: isId });

// How many of each there may be, and of which amount, is said to the customer by the order's first step.
const lines = listOf(200, { productId: isId, quantity: isSmall, amount: orNothing(isAmount) });

const place = recordOf({
  shopId: isId,
  customerId: isId,
  lines,
  shownTotal: isAmount,
  shownStars: orNothing(isAmount),
  method: isMethod,
  coin: orNothing(isNetworkCoin),
  code: orNothing(isId),
  holdSeconds: (value) => typeof value === 'number' && Number.isFinite(value),
  fromBasket: isFlag,
  language: isLanguage,
  screen: orNothing(isScreen),
});

export const checkOrderInput = (input: OrderInput): void =>
  requireFields('an order', input, { orderCode: isCode, place: orNothing(place) });

const wish = recordOf({
  shopId: isId,
  customerId: isId,
  lines,
  shownTotal: isAmount,
  code: orNothing(isId),
  fromBasket: isFlag,
  language: isLanguage,
});

export const checkAutoBuyInput = (input: AutoBuyInput): void =>
  requireFields('a basket that buys itself', input, { orderCode: isCode, wish: orNothing(wish) });

export const checkGiveUp = (wanted: { readonly customerId: number }): void => requireFields('giving up', wanted, { customerId: isId });

const open = recordOf({
  shopId: isId,
  customerId: isId,
  amount: isAmount,
  method: isMethod,
  coin: orNothing(isNetworkCoin),
  payWithinSeconds: isSmall,
  language: isLanguage,
  screen: orNothing(isScreen),
});

export const checkDepositInput = (input: DepositInput): void =>
  requireFields('a deposit', input, { depositCode: isCode, open: orNothing(open) });

export const checkPayWish = (wish: PayWish): void =>
  requireFields('a choice of method', wish, { method: isMethod, coin: orNothing(isNetworkCoin), customerId: isId, attempt: isSmall });

export const checkCancelWish = (wish: { readonly by: 'customer' | 'staff'; readonly actor: string }): void =>
  requireFields('a cancel', wish, {
    by: (value) => value === 'customer' || value === 'staff',
    actor: (value) => isActor(value) && (wish.by === 'customer') === String(value).startsWith('customer:'),
  });

export const checkDeliveryInput = (input: DeliveryInput): void =>
  requireFields('a re-send', input, { orderCode: isCode, actor: orNothing(isActor) });

export const checkHandoverInput = (input: HandoverInput): void =>
  requireFields('a handover', input, { orderCode: isCode, orderLineId: isId, actor: isActor });

export const checkRefundInput = (input: RefundInput): void =>
  requireFields('a refund', input, {
    orderCode: (value) => (value == null ? input.depositCode != null : isCode(value)),
    depositCode: (value) => (input.orderCode == null ? isCode(value) : value == null),
    // What staff ask for is numbered; money that found no order gives its own id to what the relay starts again.
    refundId: (value) =>
      isPlain(value) &&
      (/^-r[1-9]\d{0,5}$/.test(String(value).replace(input.orderCode ?? `deposit-${input.depositCode}`, '')) ||
        (input.request == null && String(value).startsWith('stray-'))),
    request: orNothing(recordOf({ actor: isActor, reason: isText, amount: orNothing(isAmount) })),
  });

export const checkPayoutInput = (input: PayoutInput): void =>
  requireFields('a payout', input, {
    payoutCode: (value) => typeof value === 'string' && isPayoutCode(value),
    request: orNothing(
      (value) =>
        recordOf({ depositCode: isCode, actor: isActor, reason: isText, amount: orNothing(isAmount) })(value) &&
        input.payoutCode.startsWith(`${input.request?.depositCode}-p`),
    ),
  });

export const checkVoucherInput = (input: VoucherInput): void => requireFields('a voucher', input, { voucherId: isId });
export const checkAlertInput = (input: AlertInput): void => requireFields('alerts', input, { shopId: isId });
export const checkCommissionInput = (input: CommissionInput): void => requireFields('a commission', input, { depositCode: isCode });
export const checkClaimInput = (input: ClaimInput): void =>
  requireFields('a claim', input, { claimCode: (value) => typeof value === 'string' && isClaimCode(value) });
export const checkStockWatchInput = (input: StockWatchInput): void => requireFields('a watch', input, { productId: isId });
export const checkNoticeInput = (input: NoticeInput): void => requireFields('notices', input, { customerId: isId });

export const checkCoinOffersInput = (input: CoinOffersInput): void =>
  requireFields('a look at coins', input, { shopId: isId, provider: isProvider });

export const checkChainWatchInput = (input: ChainWatchInput): void =>
  requireFields('a watch over a chain', input, {
    coin: (value) => typeof value === 'string' && isCoin(value),
    pauseSeconds: (value) => isSmall(value) && (value as number) >= 2 && (value as number) <= 3_600,
  });

export const checkStrayInput = (input: StrayInput): void =>
  requireFields('stray money', input, {
    shopId: isId,
    provider: isProvider,
    objectId: isPlain,
  });

export const checkReconcileInput = (input: ReconcileInput): void =>
  requireFields('a reconciliation', input, { dryRun: orNothing(isFlag), graceSeconds: orNothing(isSmall) });

export const checkAdjustmentInput = (input: AdjustmentInput): void =>
  requireFields('an adjustment', input, {
    adjustmentId: isPlain,
    shopId: isId,
    customerId: isId,
    kind: (value) => adjustmentKinds.some((kind) => kind === value),
    amount: orNothing(isId),
    reason: isText,
    actor: isActor,
  });
