/** One call to a source of blocks: with a time-out, a most size, and never to where it redirects. */
import { z } from 'zod';
import type { Coin } from '../../domain/chain.ts';
import { GatewayError } from '../payments/provider.ts';
import { ChainLie } from './source.ts';

/** A full block of Bitcoin with all its scripts in words takes about 30 MB of JSON. */
const mostBytes = 96 * 1024 * 1024;

export interface SourceCall {
  readonly coin: Coin;
  readonly url: string;
  readonly timeoutMs: number;
  readonly init?: { readonly body: string; readonly headers: Readonly<Record<string, string>> };
}

export interface SourceAnswer {
  readonly status: number;
  readonly text: string;
}

/** @returns the answer, also one that says no; 429 and 5xx are thrown @throws GatewayError */
export async function callSource({ coin, url, timeoutMs, init }: SourceCall): Promise<SourceAnswer> {
  try {
    const response = await fetch(url, {
      ...(init ? { ...init, method: 'POST' } : {}),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { status } = response;
    if (status === 429 || status >= 502 || (status >= 300 && status < 400)) {
      const seconds = Number(response.headers.get('retry-after'));
      await response.body?.cancel();
      const retryAfter = seconds > 0 && seconds <= 3_600 ? seconds * 1_000 : undefined;
      throw new GatewayError(`The ${coin} source answered ${status}`, { retryable: true, retryAfter });
    }
    return { status, text: await readText(coin, response) };
  } catch (err) {
    if (err instanceof GatewayError) throw err;
    throw new GatewayError(`The ${coin} source does not answer`, { retryable: true, cause: err });
  }
}

async function readText(coin: Coin, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes) throw new GatewayError(`The ${coin} source answered more than ${mostBytes} bytes`, { retryable: true });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @throws ChainLie naming the field that does not fit */
export function parseAnswer<Shape extends z.ZodType>(coin: Coin, shape: Shape, text: string): z.output<Shape> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ChainLie(coin, 'an answer that is no JSON');
  }
  return parseJson(coin, shape, json);
}

export function parseJson<Shape extends z.ZodType>(coin: Coin, shape: Shape, json: unknown): z.output<Shape> {
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ChainLie(coin, `${issue?.path.join('.') || 'the answer'} does not fit`);
}

/** 21 million coins of Bitcoin, 84 of Litecoin; in the smallest unit. */
const mostUnits = 8_400_000_000_000_000;

export const hashShape = z.string().regex(/^[0-9a-f]{64}$/);
export const heightShape = z.number().int().min(0).max(100_000_000);
export const unitsShape = z.number().int().min(0).max(mostUnits).transform(BigInt);
export const voutShape = z.number().int().min(0).max(0xff_ff_ff_ff);
export const numberOf32Bits = z.number().int().min(0).max(0xff_ff_ff_ff);
export const signedOf32Bits = z.number().int().min(-0x80_00_00_00).max(0x7f_ff_ff_ff);
/** An output script; consensus allows none longer than 10,000 bytes to be spent, but any to be written. */
export const scriptShape = z
  .string()
  .regex(/^(?:[0-9a-f]{2})*$/)
  .transform((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
