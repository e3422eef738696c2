/** Vouchers: money that whoever brings the code or the link gets into the wallet, once. A gift link is one that a customer fills. Pure. */
import type { WalletBalances } from './ledger.ts';
import { currencyDecimals } from './money.ts';

export const voucherKinds = ['code', 'link'] as const;
/** `code`: of a batch that the shop makes, worth a bonus. `link`: a customer's money on its way to somebody. */
export type VoucherKind = (typeof voucherKinds)[number];

export const voucherStatuses = ['drafted', 'open', 'claimed', 'lapsed', 'refused', 'revoked'] as const;
/** `drafted`: a link without its money yet; `refused`: the wallet had not enough; `lapsed`: its money went back; `revoked`: a code by staff. */
export type VoucherStatus = (typeof voucherStatuses)[number];

export const voucherTransitions: Readonly<Record<VoucherStatus, readonly VoucherStatus[]>> = {
  drafted: ['open', 'refused'],
  open: ['claimed', 'lapsed', 'revoked'],
  claimed: [],
  lapsed: [],
  refused: [],
  revoked: [],
};

/** How long a gift link may be opened, seconds. */
export const giftLinkSeconds = 86_400;
/** Most links of one customer that wait to be opened. */
export const openGiftLimit = 10;
/** Most codes of one batch. */
export const batchLimit = 10_000;

/** Why a voucher is not its finder's. */
export const claimRefusals = ['unknown', 'over', 'claimed', 'own', 'tooMany'] as const;
export type ClaimRefusal = (typeof claimRefusals)[number];
export type GiftRefusal = 'WalletInDebt' | 'InsufficientFunds';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 20;
/** The end of a code, by which staff find it: what is left still has 80 bits. */
export const endingLength = 4;

/** Makes a code of 100 random bits from twenty random bytes; 32 divides 256, so every code is equally likely. */
export function makeVoucherCode(randomBytes: Uint8Array): string {
  if (randomBytes.length < codeLength) throw new RangeError('A voucher code takes twenty random bytes');
  return Array.from(randomBytes.subarray(0, codeLength), (byte) => alphabet[byte % 32]).join('');
}

/** Reads what a person typed: case, dashes, spaces and look-alikes (O, I, L) are forgiven. @returns undefined when it is no voucher's code */
export function parseVoucherCode(text: string): string | undefined {
  const code = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{20}$/.test(code) ? code : undefined;
}

/** A code as people see it, in groups of five. */
export function formatVoucherCode(code: string): string {
  return code.match(/.{5}/g)?.join('-') ?? code;
}

/** What a wallet may give: all but what came in Stars, which buys digital goods only; nothing while it is in debt. Minor units. */
export function giftableOf({ cash, bonus, debt }: WalletBalances): number {
  return debt > 0 ? 0 : cash + bonus;
}

/** Whole units of the shop's currency that are offered, as far as the wallet has them. */
const suggestedUnits = [5, 10, 20, 50, 100];

/** Amounts of a gift to choose from, the whole wallet last. Minor units. */
export function suggestGifts(giftable: number, currency: string): number[] {
  const unit = 10 ** Math.max(2, currencyDecimals(currency));
  return [...new Set([...suggestedUnits.map((units) => units * unit), giftable])].filter((amount) => amount > 0 && amount <= giftable);
}

/** How a wallet fills a gift link: bonus first. */
export function splitGift(
  balances: WalletBalances,
  amount: number,
): { readonly bonus: number; readonly cash: number } | { readonly rejected: GiftRefusal } {
  if (balances.debt > 0) return { rejected: 'WalletInDebt' };
  if (giftableOf(balances) < amount) return { rejected: 'InsufficientFunds' };
  const bonus = Math.min(balances.bonus, amount);
  return { bonus, cash: amount - bonus };
}

/** What a step must know. Times in ms since epoch. */
export interface VoucherState {
  readonly kind: VoucherKind;
  readonly status: VoucherStatus;
  readonly expiresAt: number | null;
  /** Its giver wants it back, or an administrator in the Temporal UI. */
  readonly cancelled: boolean;
  /** The claim is in the ledger. */
  readonly booked: boolean;
}

export type VoucherDecision = { readonly do: 'nothing' | 'fill' | 'book' | 'giveBack' };

/** What is to be done now. Only a link that nobody claimed goes back: a claim made before its end counts, however late it is booked. */
export function decideVoucher({ kind, status, expiresAt, cancelled, booked }: VoucherState, at: number): VoucherDecision {
  if (status === 'drafted') return { do: 'fill' };
  if (status === 'claimed') return { do: booked ? 'nothing' : 'book' };
  if (status !== 'open' || kind !== 'link') return { do: 'nothing' };
  return { do: cancelled || (expiresAt !== null && at >= expiresAt) ? 'giveBack' : 'nothing' };
}

/** Whether nothing more comes of it by itself. */
export function isVoucherOver({ kind, status, booked }: Pick<VoucherState, 'kind' | 'status' | 'booked'>): boolean {
  if (status === 'claimed') return booked;
  return status === 'open' ? kind === 'code' : status !== 'drafted';
}
