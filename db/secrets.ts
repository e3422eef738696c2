/**
 * The envelope of encrypted columns: AES-256-GCM, the key's id in the ciphertext, table, row and column as additional data, so that a
 * value copied into another row does not open; and signatures for what is given out. Layout: version (1 byte) | length of key id (1) | key id | nonce (12) | tag (16) | text.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EntityManager } from './orm.ts';

const version = 1;
const algorithm = 'aes-256-gcm';

/** Where a sealed value lives. */
export interface SealedPlace {
  readonly table: string;
  readonly column: string;
  readonly id: number;
}

export interface Secrets {
  seal(place: SealedPlace, text: string): Buffer;
  /** @throws SecretError when the key is unknown or the value was changed or moved. */
  open(place: SealedPlace, sealed: Uint8Array): string;
  /** Whether the value was sealed with the key that writes now. */
  isCurrent(sealed: Uint8Array): boolean;
  /** 16 bytes by which we know again what we gave out for `purpose`, without keeping it. */
  sign(purpose: string, bytes: Uint8Array): Buffer;
  /** Whether `signature` is of one of our keys, found in a time that tells nothing. */
  isSigned(purpose: string, bytes: Uint8Array, signature: Uint8Array): boolean;
}

export class SecretError extends Error {}

/** Reads `k2:<base64>,k1:<base64>`; the first writes, all read. @throws SecretError naming the key that does not fit, never its value. */
export function openSecrets(keysText: string): Secrets {
  const keys = new Map<string, Buffer>();
  for (const part of keysText.split(',')) {
    const [id, value] = part.trim().split(/:(.*)/s);
    const key = Buffer.from(value ?? '', 'base64');
    if (!id || id.length > 32 || key.length !== 32) {
      // What stands where an id should may be the key.
      const name = /^\w{1,8}$/.test(id ?? '') ? id : '(no id)';
      throw new SecretError(`TILLFLOW_KEYS: key ${name} is not <id>:<32 bytes in base64>`);
    }
    keys.set(id, key);
  }
  const [writingId] = keys.keys();
  const writingKey = writingId === undefined ? undefined : keys.get(writingId);
  if (writingId === undefined || !writingKey) throw new SecretError('TILLFLOW_KEYS: no key given');

  return {
    seal(place, text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(algorithm, writingKey, nonce).setAAD(additionalData(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const id = Buffer.from(writingId);
      return Buffer.concat([Buffer.from([version, id.length]), id, nonce, cipher.getAuthTag(), sealed]);
    },
    open(place, sealed) {
      const { keyId, nonce, tag, text } = split(sealed);
      const key = keys.get(keyId);
      if (!key) throw new SecretError(`No key ${keyId} to open ${place.table}.${place.column}`);
      try {
        const decipher = createDecipheriv(algorithm, key, nonce).setAAD(additionalData(place)).setAuthTag(tag);
        return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
      } catch {
        throw new SecretError(`${place.table}.${place.column} of row ${place.id} does not open: changed, moved or another key`);
      }
    },
    isCurrent: (sealed) => split(sealed).keyId === writingId,
    sign: (purpose, bytes) => signWith(writingKey, purpose, bytes),
    isSigned: (purpose, bytes, signature) =>
      signature.length === signatureBytes && [...keys.values()].some((key) => timingSafeEqual(signWith(key, purpose, bytes), signature)),
  };
}

const signatureBytes = 16;

/** With a key of its own, made of the encryption key: one key does one thing. */
function signWith(key: Buffer, purpose: string, bytes: Uint8Array): Buffer {
  const own = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `signature:${purpose}`, 32));
  return createHmac('sha256', own).update(bytes).digest().subarray(0, signatureBytes);
}

function additionalData(place: SealedPlace): Buffer {
  return Buffer.from(`${place.table}.${place.column}:${place.id}`);
}

function split(sealed: Uint8Array) {
  const bytes = Buffer.from(sealed);
  const idLength = bytes[1] ?? 0;
  if (bytes[0] !== version || bytes.length < 2 + idLength + 28) throw new SecretError('Not a sealed value');
  const at = 2 + idLength;
  return {
    keyId: bytes.subarray(2, at).toString(),
    nonce: bytes.subarray(at, at + 12),
    tag: bytes.subarray(at + 12, at + 28),
    text: bytes.subarray(at + 28),
  };
}

/** Draws `count` ids of a table ahead of the insert: a sealed value needs the id of its row. */
export async function drawIds(em: EntityManager, table: string, count = 1): Promise<number[]> {
  const rows: { id: string }[] = await em.execute(`select nextval(pg_get_serial_sequence(?, 'id')) as id from generate_series(1, ?)`, [
    `"${table}"`,
    count,
  ]);
  return rows.map((row) => Number(row.id));
}
