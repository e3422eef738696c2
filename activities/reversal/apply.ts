/** What a provider says of money it takes back, or gives again: into the ledger once, by its own id, whatever comes first. */
import {
  feeKey,
  moneyKey,
  postFee,
  postGivenAgain,
  postStarsDeposit,
  postStarsTakenBack,
  postTakenBack,
  type WalletBalances,
} from '../../domain/ledger.ts';
import type { AlertParams } from '../../domain/alert.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { type ExternalProvider, type InboxEventKind, type InboxOutcome, isExternal, providerTraits } from '../../domain/payment.ts';
import { bearTaken, type ReversalKind } from '../../domain/reversal.ts';
import { Reversal } from '../../db/entities/reversal.ts';
import type { EntityManager } from '../../db/orm.ts';
import { raiseAlert } from '../../db/repositories/alert.ts';
import { isPosted, lockWallet, post, postConversion } from '../../db/repositories/ledger.ts';
import type { PaymentInStep, WaitingRow } from '../../db/repositories/order-rows.ts';

/** Whose money it is. What it pays is locked by the caller. */
export interface Reversed {
  readonly shop: { readonly id: number; readonly currency: string };
  readonly payment: Pick<PaymentInStep, 'id' | 'provider' | 'currency'>;
  readonly customerId: number;
  /** What the payment pays: its code, for staff. */
  readonly code: string;
  readonly orderId?: number | undefined;
  readonly depositId?: number | undefined;
  /** What the sale still has of this payment, minor units: the shop's loss. The rest is the customer's. */
  readonly saleLeft: number;
  /** What its Stars became in the wallet, minor units of the shop's currency: that is taken from there. */
  readonly worth?: number;
}

export interface AppliedReversal {
  readonly outcome: InboxOutcome;
  readonly reason?: string;
  /** What was taken by it just now, minor units of the shop's currency; negative when it was given again. */
  readonly moved: number;
}

const noBalances: WalletBalances = { cash: 0, stars: 0, bonus: 0, debt: 0 };

const kindOf = (kind: InboxEventKind, provider: ExternalProvider): ReversalKind => {
  // What goes back whole by Telegram alone is no refund of the shop's: it counts as a dispute.
  if (kind === 'refunded' || kind === 'refundFailed') return providerTraits[provider].wholeOnly ? 'dispute' : 'refund';
  return kind === 'warned' ? 'warning' : 'dispute';
};

/** Applies a word of the provider about money it may take, takes or gives again. `amount`: another than the row says. */
export async function applyReversal(
  em: EntityManager,
  about: Reversed,
  row: WaitingRow,
  at: Date,
  amount: number | null = row.amount ?? null,
): Promise<AppliedReversal> {
  const { provider } = about.payment;
  if (!isExternal(provider)) return { outcome: 'suspense', reason: 'the wallet is nobody outside', moved: 0 };
  const known = await em.findOne(Reversal, { shopId: about.shop.id, provider, objectId: row.objectId });
  const reversal = known ?? startReversal(em, about, row, provider);
  const duplicate = { outcome: 'duplicate', moved: 0 } as const;
  const applied = { outcome: 'applied', moved: 0 } as const;
  const kind = kindOf(row.kind, provider);
  // An inquiry that became a dispute is one.
  if (reversal.kind === 'warning') reversal.kind = kind;
  switch (row.kind) {
    case 'warned':
      if (known) return duplicate;
      await alertStaff(em, about, row, 'warnedOf', at);
      return applied;
    case 'disputed':
      if (reversal.blocks) return duplicate;
      reversal.blocks = true;
      await alertStaff(em, about, row, 'disputed', at);
      return applied;
    case 'cleared':
      if (reversal.clearedAt) return duplicate;
      reversal.clearedAt = at;
      return applied;
    case 'lost':
      if (reversal.lostAt) return duplicate;
      reversal.lostAt = at;
      reversal.blocks = true;
      return applied;
    case 'withdrawn':
    case 'refunded':
      if (reversal.takenAt || reversal.returnedAt) return duplicate;
      if (amount == null || amount <= 0 || row.currency !== about.payment.currency) {
        return { outcome: 'suspense', reason: `no money of ours: ${row.currency ?? 'no currency'}`, moved: 0 };
      }
      reversal.blocks = kind === 'dispute';
      return takeBack(em, about, reversal, row, amount, at);
    case 'reinstated':
    case 'refundFailed':
      if (reversal.returnedAt) return duplicate;
      reversal.returnedAt = at;
      // Heard of before it was taken, it will not be: its coming and going are told once and move nothing.
      return reversal.takenAt ? giveAgain(em, about, reversal, row, at) : applied;
    default:
      return { ...applied, reason: 'changes nothing' };
  }
}

function startReversal(em: EntityManager, about: Reversed, row: WaitingRow, provider: ExternalProvider): Reversal {
  const { shop, payment, orderId, depositId } = about;
  const reversal = em.create(Reversal, {
    shopId: shop.id,
    paymentId: payment.id,
    orderId,
    depositId,
    provider,
    objectId: row.objectId,
    kind: kindOf(row.kind, provider),
    currency: payment.currency,
    openedAt: row.providerAt,
  });
  em.persist(reversal);
  return reversal;
}

async function takeBack(
  em: EntityManager,
  about: Reversed,
  reversal: Reversal,
  row: WaitingRow,
  amount: number,
  at: Date,
): Promise<AppliedReversal> {
  const { shop, customerId, payment, orderId, worth } = about;
  const actor = `provider:${reversal.provider}`;
  const posting = { shopId: shop.id, currency: shop.currency, key: `${moneyKey(row)}:taken`, actor, reason: 'takenBack', orderId, at };
  // What an order got in Stars never was in a wallet.
  const sale = providerTraits[reversal.provider].wholeOnly ? amount : about.saleLeft;
  const parts = bearTaken(amount, worth === undefined ? sale : 0);
  const balances = parts.wallet > 0 ? await lockWallet(em, shop, customerId) : noBalances;
  if (worth !== undefined) await postConversion(em, posting, postStarsTakenBack(customerId, balances, { stars: amount, money: worth }));
  else {
    const legs = postTakenBack(reversal.provider, customerId, balances, parts);
    await post(em, { ...posting, currency: payment.currency, legs });
  }
  Object.assign(reversal, { amount, loss: parts.loss, takenAt: at });
  await alertStaff(em, about, row, 'takenBack', at, amount);
  await em.flush();
  return { outcome: 'applied', moved: worth ?? amount };
}

async function giveAgain(em: EntityManager, about: Reversed, reversal: Reversal, row: WaitingRow, at: Date): Promise<AppliedReversal> {
  const { shop, customerId, payment, orderId, worth } = about;
  const actor = `provider:${reversal.provider}`;
  const posting = { shopId: shop.id, currency: shop.currency, key: `${moneyKey(row)}:returned`, actor, reason: 'givenAgain', orderId, at };
  const parts = { loss: reversal.loss, wallet: reversal.amount - reversal.loss };
  const { debt } = parts.wallet > 0 ? await lockWallet(em, shop, customerId) : noBalances;
  if (worth !== undefined) await postConversion(em, posting, postStarsDeposit(customerId, debt, { stars: reversal.amount, money: worth }));
  else {
    const legs = postGivenAgain(reversal.provider, customerId, debt, parts);
    await post(em, { ...posting, currency: payment.currency, legs });
  }
  await alertStaff(em, about, row, 'givenAgain', at, reversal.amount);
  await em.flush();
  return { outcome: 'applied', moved: -(worth ?? reversal.amount) };
}

/** An edited message makes no sound, and a top-up has none: staff are told apart, once for each turn. */
function alertStaff(
  em: EntityManager,
  { shop, payment, code }: Reversed,
  row: WaitingRow,
  kind: 'warnedOf' | 'disputed' | 'takenBack' | 'givenAgain',
  at: Date,
  amount?: number,
): Promise<void> {
  const what = formatOrderCode(code);
  const params: AlertParams = amount === undefined ? { what } : { what, amount, currency: payment.currency };
  return raiseAlert(em, { shopId: shop.id, key: `${kind}:${moneyKey(row)}`, kind, params, at });
}

/** Books what the provider took for itself, once by its transaction; one in another currency than the shop's is left to its own account. */
export async function applyFee(
  em: EntityManager,
  { shop, payment, orderId }: Reversed,
  row: WaitingRow,
  at: Date,
): Promise<AppliedReversal> {
  const { provider } = payment;
  const { amount } = row;
  if (!isExternal(provider) || amount == null || amount <= 0 || row.currency !== shop.currency) {
    return { outcome: 'applied', reason: 'changes nothing', moved: 0 };
  }
  const key = feeKey(row);
  if (await isPosted(em, key)) return { outcome: 'duplicate', moved: 0 };
  const actor = `provider:${provider}`;
  await post(em, { shopId: shop.id, currency: shop.currency, key, legs: postFee(provider, amount), actor, reason: 'fee', orderId, at });
  return { outcome: 'applied', moved: 0 };
}
