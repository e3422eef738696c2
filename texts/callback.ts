/**
 * What our buttons carry: typed, versioned, at most 64 bytes. The same table writes and reads it, and what does not fit is no callback:
 * the bot opens a fresh screen then. Buttons stay in chats for ever, so a letter is never given a second meaning; raise `version` instead.
 */
import type { NetworkCoin } from '../domain/coin.ts';
import type { Coin } from '../domain/chain.ts';
import type { ClaimReason, ClaimVerdict } from '../domain/claim.ts';
import { parseOrderCode } from '../domain/order-code.ts';
import type { RejectionReason, Verdict } from '../domain/approval.ts';
import type { Language } from '../domain/language.ts';
import { languages } from '../domain/language.ts';
import type { Picks } from '../domain/option.ts';
import type { MethodName, Payable } from '../domain/payment.ts';
import type { StaffAct } from '../domain/staff.ts';

/** What an order is made of when it is placed: the basket, a part of it, or one product bought now. */
export type LinesSource =
  | { readonly from: 'basket' }
  /** Those lines of the basket that allow this method: one order per group. */
  | { readonly from: 'group'; readonly index: number }
  /** `amount`: what the customer named for it, minor units. */
  | { readonly from: 'product'; readonly productId: number; readonly quantity: number; readonly amount?: number | undefined };

/** What a product's card was opened from, when that is not the list it stands in by itself: its back leads there. */
export type Origin =
  | { readonly from: 'district'; readonly pointId: number; readonly page: number }
  | { readonly from: 'category'; readonly categoryId: number; readonly page: number }
  /** What the customer looked for last. */
  | { readonly from: 'search'; readonly page: number }
  | { readonly from: 'basket' }
  /** A stage's link: an order from here began there. */
  | { readonly from: 'stage'; readonly stageId: number };

export type Callback =
  | { readonly to: 'menu' }
  | { readonly to: 'shop' }
  | { readonly to: 'nothing' }
  /** Cities and districts are named by one of their pickup points: their names are too long for a button. */
  | { readonly to: 'city'; readonly pointId: number }
  | { readonly to: 'district'; readonly pointId: number; readonly page: number }
  /** `categoryId` 0: products of no category. */
  | { readonly to: 'category'; readonly categoryId: number; readonly page: number }
  /** What the customer looked for last. */
  | { readonly to: 'found'; readonly page: number }
  | { readonly to: 'product'; readonly productId: number; readonly origin?: Origin | undefined }
  /** The same card with other options chosen, or another of its pictures. */
  | { readonly to: 'card'; readonly productId: number; readonly picks: Picks; readonly photo: number; readonly origin?: Origin | undefined }
  /** The customer writes the amount next. */
  | { readonly to: 'amount'; readonly productId: number; readonly origin?: Origin | undefined }
  | { readonly to: 'add'; readonly productId: number; readonly origin?: Origin | undefined }
  | { readonly to: 'basket' }
  | { readonly to: 'quantity'; readonly productId: number; readonly quantity: number }
  | { readonly to: 'clear' }
  /** Asks for a promo code, or takes the entered one away; then the confirm screen of these lines, or the basket. */
  | { readonly to: 'code'; readonly source: LinesSource | null; readonly origin?: Origin | undefined }
  | { readonly to: 'codeRemove'; readonly source: LinesSource | null; readonly origin?: Origin | undefined }
  | { readonly to: 'confirm'; readonly source: LinesSource; readonly origin?: Origin | undefined }
  /** The tap that places. `total` and `stars` are what the confirm screen showed, `lines` a digest of its lines. */
  | {
      readonly to: 'place';
      readonly orderCode: string;
      readonly method: MethodName;
      readonly source: LinesSource;
      readonly lines: string;
      readonly total: number;
      readonly stars: number | null;
      readonly coin: NetworkCoin | null;
    }
  /** In which coin? With what the confirm screen showed. */
  | {
      readonly to: 'placeCoins';
      readonly orderCode: string;
      readonly method: MethodName;
      readonly source: LinesSource;
      readonly lines: string;
      readonly total: number;
    }
  /** The wallet is topped up, and what the confirm screen showed is bought by itself then. `orderCode`: of the order it will be. */
  | {
      readonly to: 'autoBuy';
      readonly orderCode: string;
      readonly source: LinesSource;
      readonly lines: string;
      readonly total: number;
    }
  | { readonly to: 'autoBuyGiveUp'; readonly orderCode: string }
  | {
      readonly to: 'pay';
      readonly orderCode: string;
      readonly method: MethodName;
      readonly attempt: number;
      readonly coin: NetworkCoin | null;
    }
  | { readonly to: 'payCoins'; readonly orderCode: string; readonly method: MethodName; readonly attempt: number }
  | { readonly to: 'cancel'; readonly orderCode: string }
  /** "I have paid": the provider is asked. */
  | { readonly to: 'paid'; readonly orderCode: string }
  /** `anew`: as a message of its own, because the one with the button stays what it is. */
  | { readonly to: 'order'; readonly orderCode: string; readonly anew: boolean }
  /** `anew`: as a message of its own; else the message with the button turns into the goods. */
  | { readonly to: 'show'; readonly deliveryId: number; readonly anew: boolean }
  | { readonly to: 'resend'; readonly orderCode: string }
  | { readonly to: 'orders'; readonly page: number }
  | { readonly to: 'wallet'; readonly page: number }
  /** The amounts to top up the wallet by; one of them, in minor units. */
  | { readonly to: 'refill' }
  | { readonly to: 'refillAmount'; readonly amount: number }
  /** The customer's own address of a coin; its QR code; have the chain looked at now. */
  | { readonly to: 'coin'; readonly coin: Coin }
  | { readonly to: 'coinQr'; readonly coin: Coin }
  | { readonly to: 'coinLook'; readonly coin: Coin }
  /** The tap that opens a deposit. */
  | {
      readonly to: 'deposit';
      readonly depositCode: string;
      readonly method: MethodName;
      readonly amount: number;
      readonly coin: NetworkCoin | null;
    }
  /** In which coin? The codes are those the tap opens. */
  | { readonly to: 'refillCoins'; readonly depositCode: string; readonly method: MethodName; readonly amount: number }
  | { readonly to: 'depositStatus'; readonly depositCode: string }
  | { readonly to: 'depositPaid'; readonly depositCode: string }
  | { readonly to: 'depositCancel'; readonly depositCode: string }
  | { readonly to: 'referrals' }
  /** Whom the customer has brought. */
  | { readonly to: 'friends'; readonly page: number }
  /** A picture of the address to pay to. */
  | { readonly to: 'qr'; readonly noun: Payable['noun']; readonly code: string }
  | { readonly to: 'leaders' }
  | { readonly to: 'profile' }
  /** A sold-out product is waited for, or no longer; all that are. */
  | { readonly to: 'watch'; readonly productId: number }
  | { readonly to: 'unwatch'; readonly productId: number; readonly fromList: boolean }
  | { readonly to: 'watches' }
  /** What of an order is faulty? This piece; the claim as it stands; it is taken back. */
  | { readonly to: 'claims'; readonly orderCode: string }
  | { readonly to: 'claim'; readonly orderCode: string; readonly lineId: number; readonly unitId: number | null }
  | { readonly to: 'claimStatus'; readonly claimId: number }
  | { readonly to: 'claimWithdraw'; readonly claimId: number }
  /** The staff's message of a claim as it stands; a verdict, whose second press counts. */
  | { readonly to: 'staffClaim'; readonly claimId: number }
  | {
      readonly to: 'claimAct';
      readonly claimId: number;
      readonly verdict: ClaimVerdict;
      readonly reason: ClaimReason | null;
      readonly confirmed: boolean;
    }
  | { readonly to: 'language' }
  /** Gift links: those that wait, and amounts for another; the tap that makes one; one of them; its money back. */
  | { readonly to: 'gifts' }
  | { readonly to: 'giftMake'; readonly giftCode: string; readonly amount: number }
  | { readonly to: 'gift'; readonly voucherId: number }
  | { readonly to: 'giftBack'; readonly voucherId: number }
  /** A voucher's code is written next. */
  | { readonly to: 'redeem' }
  | { readonly to: 'speak'; readonly language: Language }
  | { readonly to: 'help' }
  /** The staff's message of a deposit as it stands; the first press of a verdict; a rejection with its reason. */
  | { readonly to: 'staffDeposit'; readonly depositCode: string }
  | { readonly to: 'judge'; readonly depositCode: string; readonly verdict: Verdict }
  | { readonly to: 'rejectFor'; readonly depositCode: string; readonly reason: RejectionReason }
  /** The press that lets a verdict count: one's own, or as the second person, which asks once more. */
  | { readonly to: 'verdict'; readonly approvalId: number; readonly second: boolean; readonly confirmed: boolean }
  /** Money that staff send: where to? As it stands; the customer writes it next; they agree to what was shown, known by its digest. */
  | { readonly to: 'payout'; readonly payoutId: number }
  | { readonly to: 'payoutName'; readonly payoutId: number }
  | { readonly to: 'payoutConfirm'; readonly payoutId: number; readonly digest: string }
  /** The staff's message of it as it stands; how to say that it was sent; an act, whose second press counts. */
  | { readonly to: 'staffPayout'; readonly payoutId: number }
  | { readonly to: 'payoutHow'; readonly payoutId: number }
  | { readonly to: 'payoutAct'; readonly act: PayoutAct; readonly payoutId: number; readonly confirmed: boolean }
  | { readonly to: 'staff'; readonly orderCode: string }
  | {
      readonly to: 'act';
      readonly act: StaffAct;
      readonly orderCode: string;
      /** Which line was handed over. */
      readonly lineId: number;
      /** The second press. */
      readonly confirmed: boolean;
    };

/** What staff do with a payout; `refuse`, `destination` and `cameBack` give its money to the wallet. */
export const payoutActs = ['approve', 'second', 'sent', 'arrived', 'refuse', 'destination', 'cameBack'] as const;
export type PayoutAct = (typeof payoutActs)[number];

const version = '1';
export const callbackLimitBytes = 64;

/** How one argument is written and read; reading answers undefined for what does not fit. */
interface Field<Value> {
  write(value: Value): string;
  read(text: string): Value | undefined;
  /** May be left out, as the last of its callback. */
  readonly optional?: true;
}

const whole: Field<number> = {
  write: (value) => value.toString(36),
  read(text) {
    if (!/^[0-9a-z]{1,11}$/.test(text)) return undefined;
    const value = Number.parseInt(text, 36);
    return Number.isSafeInteger(value) && value.toString(36) === text ? value : undefined;
  },
};

const orNothing = <Value extends {}>(field: Field<Value>): Field<Value | null> => ({
  write: (value) => (value === null ? '-' : field.write(value)),
  read: (text) => (text === '-' ? null : field.read(text)),
});

const flag: Field<boolean> = {
  write: (value) => (value ? '1' : '0'),
  read: (text) => (text === '1' ? true : text === '0' ? false : undefined),
};

const orderCode: Field<string> = {
  write: (value) => value,
  read: (text) => (parseOrderCode(text) === text ? text : undefined),
};

const digest: Field<string> = { write: (value) => value, read: (text) => (/^[0-9a-z]{6}$/.test(text) ? text : undefined) };

function oneOf<Value extends string>(letters: Readonly<Record<Value, string>>): Field<Value> {
  const entries = Object.entries(letters) as [Value, string][];
  return { write: (value) => letters[value], read: (text) => entries.find(([, letter]) => letter === text)?.[0] };
}

const method = oneOf<MethodName>({ stars: 's', card: 'c', crypto: 'n', wallet: 'w', blik: 'p', bank: 'k', btc: 'b', ltc: 'l' });
const coin = oneOf<NetworkCoin>({
  BTC: 'b',
  ETH: 'e',
  LTC: 'l',
  TON: 't',
  SOL: 's',
  USDT_TRC20: 'u',
  USDT_ERC20: 'v',
  USDT_BEP20: 'w',
  USDT_SOL: 'x',
  USDC_ERC20: 'c',
  USDC_SOL: 'd',
});
const chainCoin = oneOf<Coin>({ btc: 'b', ltc: 'l' });
const noun = oneOf<Payable['noun']>({ order: 'o', deposit: 'd' });
const act = oneOf<StaffAct>({ resend: 's', handOver: 'h', cancel: 'c', refund: 'r' });
const payoutAct = oneOf<PayoutAct>({
  approve: 'a',
  second: 's',
  sent: 't',
  arrived: 'y',
  refuse: 'r',
  destination: 'd',
  cameBack: 'b',
});
const verdict = oneOf<Verdict>({ approve: 'a', reject: 'r' });
const reason = oneOf<RejectionReason>({ notReceived: 'n', unreadable: 'u', duplicate: 'd', other: 'o' });
const claimVerdict = oneOf<ClaimVerdict>({ replace: 'p', refund: 'm', refuse: 'r' });
const claimReason = oneOf<ClaimReason>({ works: 'w', used: 'u', notOurs: 'n', other: 'o' });
const language = oneOf<Language>(Object.fromEntries(languages.map((name) => [name, name])) as Record<Language, string>);

const source: Field<LinesSource> = {
  write(value) {
    switch (value.from) {
      case 'basket':
        return 'b';
      case 'group':
        return `g${whole.write(value.index)}`;
      case 'product':
        return `p${[value.productId, value.quantity, ...(value.amount === undefined ? [] : [value.amount])].map(whole.write).join('.')}`;
    }
  },
  read(text) {
    if (text === 'b') return { from: 'basket' };
    const index = text.startsWith('g') ? whole.read(text.slice(1)) : undefined;
    if (index !== undefined) return { from: 'group', index };
    const parts = text.startsWith('p') ? text.slice(1).split('.') : [];
    const [productId, quantity, amount] = parts.map((part) => whole.read(part));
    if (parts.length < 2 || parts.length > 3 || !productId || !quantity || quantity > 1000) return undefined;
    if (parts.length === 2) return { from: 'product', productId, quantity };
    return amount ? { from: 'product', productId, quantity, amount } : undefined;
  },
};

const origin: Field<Origin> = {
  optional: true,
  write(value) {
    switch (value.from) {
      case 'district':
        return `d${whole.write(value.pointId)}.${whole.write(value.page)}`;
      case 'category':
        return `g${whole.write(value.categoryId)}.${whole.write(value.page)}`;
      case 'search':
        return `s${whole.write(value.page)}`;
      case 'stage':
        return `t${whole.write(value.stageId)}`;
      case 'basket':
        return 'b';
    }
  },
  read(text) {
    if (text === 'b') return { from: 'basket' };
    if (text.startsWith('t')) {
      const stageId = whole.read(text.slice(1));
      return stageId === undefined ? undefined : { from: 'stage', stageId };
    }
    if (text.startsWith('s')) {
      const found = whole.read(text.slice(1));
      return found === undefined ? undefined : { from: 'search', page: found };
    }
    const [id, page, ...more] = text.slice(1).split('.').map(whole.read);
    if (id === undefined || page === undefined || more.length > 0) return undefined;
    if (text.startsWith('d')) return { from: 'district', pointId: id, page };
    return text.startsWith('g') ? { from: 'category', categoryId: id, page } : undefined;
  },
};

/** A character an option: the place of its value, or `-`; `_` when there is none. */
const picks: Field<Picks> = {
  write: (value) => value.map((pick) => (pick === null ? '-' : whole.write(pick))).join('') || '_',
  read: (text) => {
    if (text === '_') return [];
    return /^[0-9a-z-]{1,3}$/.test(text) ? [...text].map((pick) => (pick === '-' ? null : Number.parseInt(pick, 36))) : undefined;
  },
};

type FieldsOf<Kind extends Callback['to']> = {
  readonly [Name in Exclude<keyof Extract<Callback, { to: Kind }>, 'to'>]-?: Field<
    Exclude<Extract<Callback, { to: Kind }>[Name], undefined>
  >;
};

/** Letter and arguments of every callback, in the order they are written. */
const table: { readonly [Kind in Callback['to']]: { readonly letter: string; readonly fields: FieldsOf<Kind> } } = {
  menu: { letter: 'm', fields: {} },
  shop: { letter: 's', fields: {} },
  nothing: { letter: '_', fields: {} },
  city: { letter: 'c', fields: { pointId: whole } },
  district: { letter: 'd', fields: { pointId: whole, page: whole } },
  category: { letter: 'g', fields: { categoryId: whole, page: whole } },
  found: { letter: '5', fields: { page: whole } },
  product: { letter: 'p', fields: { productId: whole, origin } },
  card: { letter: '8', fields: { productId: whole, picks, photo: whole, origin } },
  amount: { letter: '9', fields: { productId: whole, origin } },
  add: { letter: 'a', fields: { productId: whole, origin } },
  basket: { letter: 'b', fields: {} },
  quantity: { letter: 'q', fields: { productId: whole, quantity: whole } },
  clear: { letter: 'e', fields: {} },
  code: { letter: 'ca', fields: { source: orNothing(source), origin } },
  codeRemove: { letter: 'cr', fields: { source: orNothing(source), origin } },
  confirm: { letter: 'f', fields: { source, origin } },
  place: {
    letter: 'P',
    fields: { orderCode, method, source, lines: digest, total: whole, stars: orNothing(whole), coin: orNothing(coin) },
  },
  placeCoins: { letter: 'K', fields: { orderCode, method, source, lines: digest, total: whole } },
  autoBuy: { letter: 'B', fields: { orderCode, source, lines: digest, total: whole } },
  autoBuyGiveUp: { letter: 'G', fields: { orderCode } },
  pay: { letter: 'Y', fields: { orderCode, method, attempt: whole, coin: orNothing(coin) } },
  payCoins: { letter: 'M', fields: { orderCode, method, attempt: whole } },
  cancel: { letter: 'C', fields: { orderCode } },
  paid: { letter: 'D', fields: { orderCode } },
  order: { letter: 'o', fields: { orderCode, anew: flag } },
  show: { letter: 'w', fields: { deliveryId: whole, anew: flag } },
  resend: { letter: 'r', fields: { orderCode } },
  orders: { letter: 'O', fields: { page: whole } },
  wallet: { letter: 'W', fields: { page: whole } },
  refill: { letter: 'i', fields: {} },
  refillAmount: { letter: 'I', fields: { amount: whole } },
  deposit: { letter: 'F', fields: { depositCode: orderCode, method, amount: whole, coin: orNothing(coin) } },
  refillCoins: { letter: 'N', fields: { depositCode: orderCode, method, amount: whole } },
  coin: { letter: 'n', fields: { coin: chainCoin } },
  coinQr: { letter: 'y', fields: { coin: chainCoin } },
  coinLook: { letter: 'v', fields: { coin: chainCoin } },
  depositStatus: { letter: 'u', fields: { depositCode: orderCode } },
  depositPaid: { letter: 'U', fields: { depositCode: orderCode } },
  depositCancel: { letter: 'x', fields: { depositCode: orderCode } },
  referrals: { letter: 'R', fields: {} },
  friends: { letter: 'Q', fields: { page: whole } },
  qr: { letter: 'k', fields: { noun, code: orderCode } },
  leaders: { letter: 'J', fields: {} },
  profile: { letter: 'j', fields: {} },
  watch: { letter: 'sw', fields: { productId: whole } },
  unwatch: { letter: 'su', fields: { productId: whole, fromList: flag } },
  watches: { letter: 'sl', fields: {} },
  claims: { letter: 'cl', fields: { orderCode } },
  claim: { letter: 'cp', fields: { orderCode, lineId: whole, unitId: orNothing(whole) } },
  claimStatus: { letter: 'cv', fields: { claimId: whole } },
  claimWithdraw: { letter: 'cw', fields: { claimId: whole } },
  staffClaim: { letter: 'cs', fields: { claimId: whole } },
  claimAct: { letter: 'cj', fields: { claimId: whole, verdict: claimVerdict, reason: orNothing(claimReason), confirmed: flag } },
  language: { letter: 'l', fields: {} },
  gifts: { letter: 'gl', fields: {} },
  giftMake: { letter: 'gm', fields: { giftCode: orderCode, amount: whole } },
  gift: { letter: 'gi', fields: { voucherId: whole } },
  giftBack: { letter: 'gb', fields: { voucherId: whole } },
  redeem: { letter: 'gr', fields: {} },
  speak: { letter: 'L', fields: { language } },
  help: { letter: 'h', fields: {} },
  staffDeposit: { letter: 'E', fields: { depositCode: orderCode } },
  judge: { letter: 'Z', fields: { depositCode: orderCode, verdict } },
  rejectFor: { letter: 'X', fields: { depositCode: orderCode, reason } },
  verdict: { letter: 'V', fields: { approvalId: whole, second: flag, confirmed: flag } },
  payout: { letter: 'z', fields: { payoutId: whole } },
  payoutName: { letter: 'A', fields: { payoutId: whole } },
  payoutConfirm: { letter: 'S', fields: { payoutId: whole, digest } },
  staffPayout: { letter: 'H', fields: { payoutId: whole } },
  payoutHow: { letter: '2', fields: { payoutId: whole } },
  payoutAct: { letter: '3', fields: { act: payoutAct, payoutId: whole, confirmed: flag } },
  staff: { letter: 't', fields: { orderCode } },
  act: { letter: 'T', fields: { act, orderCode, lineId: whole, confirmed: flag } },
};

const kindOfLetter = new Map(Object.entries(table).map(([kind, { letter }]) => [letter, kind as Callback['to']]));

/** @throws RangeError when it would not fit a button. */
export function encodeCallback(callback: Callback): string {
  const { letter, fields } = table[callback.to];
  const values = callback as unknown as Record<string, never>;
  const args = Object.entries(fields as Record<string, Field<never>>).flatMap(([name, field]) =>
    field.optional && values[name] === undefined ? [] : [field.write(values[name] as never)],
  );
  const data = [`${version}${letter}`, ...args].join(':');
  if (Buffer.byteLength(data) > callbackLimitBytes)
    throw new RangeError(`Callback ${callback.to} is longer than ${callbackLimitBytes} bytes`);
  return data;
}

/** Reads a button's data, whatever it is; undefined for anything this version did not write. */
export function decodeCallback(data: unknown): Callback | undefined {
  if (typeof data !== 'string' || data === '' || data.length > callbackLimitBytes) return undefined;
  const [head = '', ...args] = data.split(':');
  const kind = head.startsWith(version) ? kindOfLetter.get(head.slice(version.length)) : undefined;
  if (!kind) return undefined;
  const fields = Object.entries(table[kind].fields as Record<string, Field<unknown>>);
  if (fields.length < args.length) return undefined;
  const callback: Record<string, unknown> = { to: kind };
  for (const [index, [name, field]] of fields.entries()) {
    const arg = args[index];
    if (arg === undefined && field.optional) continue;
    const value = field.read(arg ?? '');
    if (value === undefined) return undefined;
    callback[name] = value;
  }
  return callback as unknown as Callback;
}
