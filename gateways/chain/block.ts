/** Whether a block's parts fit its hash: the header is hashed anew, and the ids of its transactions must make its Merkle root. */
import { createHash } from 'node:crypto';

export interface BlockHeader {
  readonly hash: string;
  readonly version: number;
  /** Undefined in the first block of a chain. */
  readonly previousHash: string | undefined;
  readonly merkleRoot: string;
  /** Seconds since epoch. */
  readonly time: number;
  /** The packed target, as a number. */
  readonly bits: number;
  readonly nonce: number;
}

const noHash = '0'.repeat(64);

/** @returns what does not fit, or undefined */
export function findBlockLie(header: BlockHeader, asked: string, txids: readonly string[]): string | undefined {
  if (header.hash !== asked) return 'another block than was asked for';
  if (hashHeader(header) !== asked) return 'a header that does not make the hash';
  if (txids.length === 0 || new Set(txids).size !== txids.length) return 'no transaction, or one twice';
  return merkleRoot(txids) === header.merkleRoot ? undefined : 'transactions that do not make the Merkle root';
}

/** The id of a block, also Litecoin's: what is mined with scrypt is named by the double SHA-256 all the same. */
export function hashHeader({ version, previousHash = noHash, merkleRoot, time, bits, nonce }: Omit<BlockHeader, 'hash'>): string {
  const bytes = Buffer.alloc(80);
  bytes.writeInt32LE(version, 0);
  reversed(previousHash).copy(bytes, 4);
  reversed(merkleRoot).copy(bytes, 36);
  bytes.writeUInt32LE(time, 68);
  bytes.writeUInt32LE(bits, 72);
  bytes.writeUInt32LE(nonce, 76);
  return twice(bytes).reverse().toString('hex');
}

export function merkleRoot(txids: readonly string[]): string {
  let level: Buffer[] = txids.map(reversed);
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const left = level[index] as Buffer;
      above.push(twice(Buffer.concat([left, level[index + 1] ?? left])));
    }
    level = above;
  }
  return Buffer.from(level[0] ?? Buffer.alloc(32))
    .reverse()
    .toString('hex');
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const twice = (bytes: Uint8Array) => sha256(sha256(bytes));
/** Hashes are shown back to front. */
const reversed = (hash: string) => Buffer.from(hash, 'hex').reverse();
