/** Raw bodies with a bound: read no further than allowed, whatever the headers claim. */
import { Problem } from './problem.ts';

export const mostBodyBytes = 1024 * 1024;

/** @throws Problem 413 when there is more than `limit` bytes */
export async function readBody(request: Request, limit = mostBodyBytes): Promise<Uint8Array> {
  const tooLarge = () => new Problem(413, 'Too large', `body: at most ${limit} bytes`, { field: 'body', headers: { connection: 'close' } });
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  // A length that was announced is kept to by Node's parser: what is within the limit can be read at once, without a stream.
  if (request.headers.has('content-length') && !request.headers.has('transfer-encoding')) {
    const whole = new Uint8Array(await request.arrayBuffer());
    if (whole.byteLength > limit) throw tooLarge();
    return whole;
  }
  if (!request.body) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > limit) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** @throws Problem 400 when it is no JSON */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new Problem(400, 'Bad request', 'body: not JSON', { field: 'body' });
  }
}
