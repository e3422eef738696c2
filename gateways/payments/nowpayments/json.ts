/** JSON with its numbers as they were written: amounts of coins do not pass through floats. */

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** Parses `text`; every number is the text it was. @throws SyntaxError | RangeError when it is no JSON, or too deep */
export function parseExactly(text: string): unknown {
  return parse(text, (_key, value, { source }) => (typeof value === 'number' ? (source ?? String(value)) : value));
}

/** What is left of a number in a text that is written again exactly as it was. */
export const rawNumber = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** The same, with numbers that are written again as they were. */
export function parseForWriting(text: string): unknown {
  return parse(text, (_key, value, { source }) => (typeof value === 'number' && source !== undefined ? rawNumber(source) : value));
}
