/** Order codes: eight characters without look-alikes (Crockford's base32), shown as `K7Q4-MX2P`. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Makes a code from at least eight random bytes; 32 divides 256, so every code is equally likely. */
export function makeOrderCode(randomBytes: Uint8Array): string {
  if (randomBytes.length < 8) throw new RangeError('An order code takes eight random bytes');
  return Array.from(randomBytes.subarray(0, 8), (byte) => alphabet[byte % 32]).join('');
}

/** Reads what a person typed: case, dashes, spaces and look-alikes (O, I, L) are forgiven. @returns undefined when it is no code. */
export function parseOrderCode(text: string): string | undefined {
  const code = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(code) ? code : undefined;
}

/** `K7Q4MX2P` as people see it: `K7Q4-MX2P`. */
export function formatOrderCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
