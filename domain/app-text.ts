/** Which of the shop's texts its Mini App says: those of its own, and those it shares with the chat. Pure. */

const shared = [
  'method-.*',
  'rejection-.*',
  'tier-.*',
  'wallet-reason-.*',
  'code-(?:unknown|tooMany)',
  'voucher-(?:unknown|over|claimed|own)',
  'gift-(?:button|title|how|most|of|until|share|share-words|copy|take-back|too-many)',
  'redeem-(?:button|ask)',
  'stock-watch-(?:ask|stop|watching|stopped|in-stock|too-many)',
  'claim-(?:begin|title|which|none|piece|refunded|refused|withdrawn|withdraw|reason-\\w+|rejected-(?:UnknownClaim|WarrantyOver|AlreadyJudged))',
  'language-name',
  'word-free',
  'product-stock-.*',
  'refill-range',
  'order-(?:i-paid|asking)',
  'order-(?:awaiting|paid|delivered|unfulfillable|refunded|expired|cancelled).*',
  'deposit-(?:opened|waiting|seen|confirming|credited|partial|expired|rejected|reversed)',
];
const ids = new RegExp(`^(?:app-.*|${shared.join('|')})$`);

export const isAppText = (id: string): boolean => ids.test(id);

/** What of a shop's own wording in a language is said in its Mini App. */
export function pickAppTexts(wording: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(wording ?? {}).filter(([id]) => isAppText(id)));
}
