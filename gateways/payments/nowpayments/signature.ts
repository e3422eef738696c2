/**
 * The signature of a notification: HMAC-SHA512 over the body with its keys sorted at every depth. NOWPayments signs what its own program
 * makes of the body, so the raw bytes do not matter, and there are several ways that program has written lists and numbers.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseForWriting } from './json.ts';

const header = 'x-nowpayments-sig';
/** Real bodies have two levels. */
const deepest = 32;

type Lists = 'lists' | 'indexed';

/** Keys sorted at every depth; a list stays one, or becomes an object of its indices. @throws RangeError when it is too deep */
function sortKeys(value: unknown, lists: Lists, depth = 0): unknown {
  if (depth > deepest) throw new RangeError('too deep');
  // What is to be written as it was is an object too, and is left as it is.
  if (typeof value !== 'object' || value === null || 'rawJSON' in value) return value;
  if (Array.isArray(value) && lists === 'lists') return value.map((one) => sortKeys(one, lists, depth + 1));
  const source = value as Readonly<Record<string, unknown>>;
  const sorted: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(source).sort()) sorted[key] = sortKeys(source[key], lists, depth + 1);
  return sorted;
}

/** Every text NOWPayments may have signed for this body. @throws when it is no JSON */
export function signedTexts(body: string): string[] {
  const values = [JSON.parse(body) as unknown, parseForWriting(body)];
  const texts = values.flatMap((value) => (['lists', 'indexed'] as const).map((lists) => JSON.stringify(sortKeys(value, lists))));
  return [...new Set(texts)];
}

/** Hexadecimal signature of a text. */
export function sign(text: string, secret: string): string {
  return createHmac('sha512', secret).update(text).digest('hex');
}

/** Why the signature does not hold, or undefined when it does. Two secrets are valid while one replaces the other. */
export function refuseSignature(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string | undefined>>,
  keys: Readonly<Record<string, string>>,
): string | undefined {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === header);
  const given = name === undefined ? undefined : headers[name];
  if (!given) return `${header}: header is missing`;
  if (!/^[0-9a-f]{128}$/i.test(given)) return `${header}: no signature of 128 hexadecimal digits`;
  if (rawBody.length === 0) return 'body: empty';
  const secrets = [keys.ipnSecret, keys.nextIpnSecret].filter((secret) => secret !== undefined && secret !== '');
  if (secrets.length === 0) return 'ipnSecret: none is set for this account';
  let texts: string[];
  try {
    texts = signedTexts(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
  } catch {
    return 'body: not JSON';
  }
  const wanted = Buffer.from(given.toLowerCase());
  const matches = secrets.some((secret) => texts.some((text) => timingSafeEqual(Buffer.from(sign(text, secret as string)), wanted)));
  return matches ? undefined : `${header}: signature does not match the body`;
}
