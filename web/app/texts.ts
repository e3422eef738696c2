/** The texts the Mini App reads, picked from the shop's Fluent files: a customer's phone need not load what staff read. */
import type { Language } from '../../domain/language.ts';
import { readFluent } from '../../texts/bundle.ts';

/** Texts of the app's own, and those it shares with the bot. */
const wanted =
  /^(?:app-|method-|rejection-|tier-|wallet-reason-|code-(?:unknown|tooMany)$|voucher-(?:unknown|over|claimed|own)$|gift-(?:button|title|how|most|of|until|share|share-words|copy|take-back|too-many)$|redeem-(?:button|ask)$|stock-watch-(?:ask|stop|watching|stopped|in-stock|too-many)$|claim-(?:begin|title|which|none|piece|refunded|refused|withdrawn|withdraw|reason-\w+|rejected-(?:UnknownClaim|WarrantyOver|AlreadyJudged))$|language-name$|word-free$|product-stock-|refill-range$|order-(?:i-paid$|asking$|awaiting|paid|delivered|unfulfillable|refunded|expired|cancelled)|deposit-(?:opened|waiting|seen|confirming|credited|partial|expired|rejected|reversed)$)/;

/** Every message with its lines; comments and blank lines between them are left out. */
function splitMessages(source: string): { id: string; text: string }[] {
  const found: { id: string; text: string }[] = [];
  for (const line of source.split('\n')) {
    const id = /^(-?[a-zA-Z][\w-]*) ?=/.exec(line)?.[1];
    const last = found.at(-1);
    if (id !== undefined) found.push({ id, text: line });
    else if (last && /^[ }]/.test(line)) last.text += `\n${line}`;
  }
  return found;
}

/** What stands before words in a chat; the app draws icons of its own. */
const pictures = /\p{Extended_Pictographic}\uFE0F? ?/gu;

/** The Fluent source of the app's texts in a language. */
export function readAppTexts(language: Language): string {
  const messages = splitMessages(readFluent(language));
  return messages
    .filter(({ id }) => wanted.test(id))
    .map(({ text }) => text.replaceAll(pictures, ''))
    .join('\n');
}
