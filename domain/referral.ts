/** Referral: who brought whom. A customer has one code for ever; a newcomer is brought by one person or by nobody. Pure. */

/** Crockford's base32, as in order codes: nothing a person could misread. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 60 bits: nobody guesses one. */
const codeLength = 12;

/** Makes a code from at least twelve random bytes; 32 divides 256, so every code is equally likely. */
export function makeReferralCode(randomBytes: Uint8Array): string {
  if (randomBytes.length < codeLength) throw new RangeError('A referral code takes twelve random bytes');
  return Array.from(randomBytes.subarray(0, codeLength), (byte) => alphabet[byte % 32]).join('');
}

const payloadForm = /^ref_([0-9A-HJKMNP-TV-Z]{12})$/;

/** What stands behind `?start=` in a customer's link. */
export function referralPayload(code: string): string {
  return `ref_${code}`;
}

/** @returns the code of a payload of ours, or undefined when it is none */
export function parseReferralPayload(payload: string): string | undefined {
  return payloadForm.exec(payload)?.[1];
}

const graphemes = new Intl.Segmenter();

/** A name as other customers may see it: the first two characters of its first word (`Ad…`); empty when there is no name. */
export function shortenName(name: string): string {
  const [word = ''] = name.trim().split(/\s+/);
  const shown = Array.from(graphemes.segment(word), ({ segment }) => segment).slice(0, 2);
  return shown.length === 0 ? '' : `${shown.join('')}…`;
}
