/**
 * A chain of blocks as simple as it can be and still be one: every block names the one before by its hash, its transactions make its Merkle
 * root, and other blocks may take the place of the last ones. Nobody mines; whoever presses does.
 */
import { Address, OutScript } from '@scure/btc-signer';
import { createHash, randomBytes } from 'node:crypto';
import type { SandboxStore } from '../store.ts';

export const coins = ['btc', 'ltc'] as const;
export type Coin = (typeof coins)[number];

/** Networks of one's own: addresses begin with bcrt1 and rltc1. */
const networks = {
  btc: { bech32: 'bcrt', pubKeyHash: 0x6f, scriptHash: 0xc4, wif: 0xef },
  ltc: { bech32: 'rltc', pubKeyHash: 0x6f, scriptHash: 0x3a, wif: 0xef },
} as const;

const genesisHeight = 100;
const noHash = '0'.repeat(64);

export class ChainError extends Error {}

export interface Transaction {
  readonly txid: string;
  /** Empty for the one that pays whoever mined. */
  readonly inputs: readonly { readonly txid: string; readonly vout: number }[];
  /** `value` in the smallest unit. */
  readonly outputs: readonly { readonly script: string; readonly value: number; readonly address: string }[];
}

export interface Block {
  readonly hash: string;
  readonly height: number;
  readonly previousHash: string;
  readonly version: number;
  /** Seconds since epoch. */
  readonly time: number;
  readonly bits: number;
  readonly nonce: number;
  readonly merkleRoot: string;
  readonly txids: readonly string[];
}

export interface Payment {
  readonly address: string;
  /** In the smallest unit. */
  readonly value: number;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const twice = (bytes: Uint8Array) => sha256(sha256(bytes));
const shown = (hash: Buffer) => Buffer.from(hash).reverse().toString('hex');
const stored = (hash: string) => Buffer.from(hash, 'hex').reverse();

function merkleRoot(txids: readonly string[]): string {
  let level: Buffer[] = txids.map(stored);
  while (level.length > 1) {
    const pairs = Array.from({ length: Math.ceil(level.length / 2) }, (_, index) => [level[2 * index], level[2 * index + 1]] as const);
    level = pairs.map(([left, right]) => twice(Buffer.concat([left as Buffer, right ?? (left as Buffer)])));
  }
  return shown(level[0] as Buffer);
}

function hashOf({ version, previousHash, merkleRoot: root, time, bits, nonce }: Omit<Block, 'hash' | 'height' | 'txids'>): string {
  const numbers = Buffer.alloc(12);
  numbers.writeUInt32LE(time, 0);
  numbers.writeUInt32LE(bits, 4);
  numbers.writeUInt32LE(nonce, 8);
  const first = Buffer.alloc(4);
  first.writeInt32LE(version);
  return shown(twice(Buffer.concat([first, stored(previousHash), stored(root), numbers])));
}

export type SandboxChain = ReturnType<typeof openChain>;

/** The chain of one coin, in the sandbox's file. */
export function openChain({ db, migrate, transaction }: SandboxStore, coin: Coin, clock: () => number) {
  migrate(
    'chain-1',
    `CREATE TABLE chain_tx (coin TEXT NOT NULL, txid TEXT NOT NULL, body TEXT NOT NULL, waiting INTEGER NOT NULL, PRIMARY KEY (coin, txid)) STRICT;
     CREATE TABLE chain_block (coin TEXT NOT NULL, hash TEXT NOT NULL, height INTEGER NOT NULL, main INTEGER NOT NULL, body TEXT NOT NULL,
       PRIMARY KEY (coin, hash)) STRICT`,
  );
  const network = networks[coin];
  const statements = {
    tip: db.prepare('SELECT body FROM chain_block WHERE coin = ? AND main = 1 ORDER BY height DESC LIMIT 1'),
    at: db.prepare('SELECT body FROM chain_block WHERE coin = ? AND main = 1 AND height = ?'),
    block: db.prepare('SELECT body FROM chain_block WHERE coin = ? AND hash = ?'),
    addBlock: db.prepare('INSERT INTO chain_block (coin, hash, height, main, body) VALUES (?, ?, ?, 1, ?)'),
    orphan: db.prepare('UPDATE chain_block SET main = 0 WHERE coin = ? AND height = ?'),
    tx: db.prepare('SELECT body FROM chain_tx WHERE coin = ? AND txid = ?'),
    addTx: db.prepare('INSERT INTO chain_tx (coin, txid, body, waiting) VALUES (?, ?, ?, ?)'),
    setWaiting: db.prepare('UPDATE chain_tx SET waiting = ? WHERE coin = ? AND txid = ?'),
    waiting: db.prepare('SELECT body FROM chain_tx WHERE coin = ? AND waiting = 1 ORDER BY rowid'),
  };
  const read = <Body>(row: Record<string, unknown> | undefined) => (row === undefined ? undefined : (JSON.parse(String(row.body)) as Body));

  const chain = {
    coin,
    tip: () => read<Block>(statements.tip.get(coin)) as Block,
    at: (height: number) => read<Block>(statements.at.get(coin, height)),
    block: (hash: string) => read<Block>(statements.block.get(coin, hash)),
    transaction: (txid: string) => read<Transaction>(statements.tx.get(coin, txid)),
    waiting: () => statements.waiting.all(coin).map((row) => read<Transaction>(row) as Transaction),

    /** The block of the chain a transaction is in. */
    blockOf(txid: string): Block | undefined {
      const row = db
        .prepare(
          `SELECT body FROM chain_block WHERE coin = ? AND main = 1 AND EXISTS (SELECT 1 FROM json_each(body, '$.txids') WHERE value = ?)`,
        )
        .get(coin, txid);
      return read<Block>(row);
    },

    /** What lies at an address, in blocks: nobody in the sandbox spends what came. */
    unspentOf(address: string): { txid: string; vout: number; value: number; height: number }[] {
      const rows = db.prepare('SELECT body FROM chain_tx WHERE coin = ? AND instr(body, ?) > 0').all(coin, address);
      return rows.flatMap((row) => {
        const { txid, outputs } = read<Transaction>(row) as Transaction;
        const block = chain.blockOf(txid);
        if (!block) return [];
        return outputs.flatMap((one, vout) => (one.address === address ? [{ txid, vout, value: one.value, height: block.height }] : []));
      });
    },

    /** Whether it waits for a block or is in one. */
    knows: (txid: string) => chain.waiting().some((one) => one.txid === txid) || chain.blockOf(txid) !== undefined,

    /** Pays. `replaces`: a transaction that spends the same money, which is no more then. @throws ChainError naming the field */
    send(payments: readonly Payment[], replaces?: string): Transaction {
      const outputs = payments.map(({ address, value }) => ({ address, value, script: scriptOf(address) }));
      const replaced = replaces === undefined ? undefined : chain.transaction(replaces);
      if (replaces !== undefined && !replaced) throw new ChainError('replaces: there is no such transaction');
      if (replaced && chain.blockOf(replaced.txid)) throw new ChainError('replaces: it is in a block already');
      const inputs = replaced?.inputs ?? [{ txid: randomBytes(32).toString('hex'), vout: 0 }];
      return transaction(() => {
        if (replaced) statements.setWaiting.run(0, coin, replaced.txid);
        return addTransaction(inputs, outputs, true);
      });
    },

    /** Makes blocks; the first takes all that waits. @returns the last */
    mine(blocks = 1, withWaiting = true): Block {
      return transaction(() => {
        let block = chain.tip();
        for (let count = 0; count < blocks; count += 1) {
          const included = count === 0 && withWaiting ? chain.waiting() : [];
          for (const { txid } of included) statements.setWaiting.run(0, coin, txid);
          block = addBlock(block, included);
        }
        return block;
      });
    },

    /**
     * Other blocks, one more of them, take the place of the last `depth`. What was in those waits again, and is in the new ones if `remine`;
     * `drop`: what nobody knows of afterwards.
     */
    reorganise({
      depth,
      remine,
      drop = [],
    }: {
      readonly depth: number;
      readonly remine: boolean;
      readonly drop?: readonly string[];
    }): Block {
      return transaction(() => {
        const from = chain.tip().height - depth;
        if (from < genesisHeight) throw new ChainError('depth: the chain is not that long');
        for (let height = from + 1; height <= from + depth; height += 1) {
          for (const txid of chain.at(height)?.txids.slice(1) ?? []) statements.setWaiting.run(drop.includes(txid) ? 0 : 1, coin, txid);
          statements.orphan.run(coin, height);
        }
        for (const txid of drop) statements.setWaiting.run(0, coin, txid);
        return chain.mine(depth + 1, remine);
      });
    },

    /** A transaction that another one took the place of is mined after all: the last `depth` blocks give way to others with it and without the other. */
    revive(txid: string, depth: number): Block {
      return transaction(() => {
        chain.reorganise({ depth, remine: false });
        const spent = new Set(chain.transaction(txid)?.inputs.map((input) => input.txid));
        for (const one of chain.waiting())
          if (one.inputs.some((input) => spent.has(input.txid))) statements.setWaiting.run(0, coin, one.txid);
        statements.setWaiting.run(1, coin, txid);
        return chain.mine();
      });
    },
  };

  function scriptOf(address: string): string {
    try {
      return Buffer.from(OutScript.encode(Address(network).decode(address))).toString('hex');
    } catch {
      throw new ChainError(`address: not one of the sandbox's ${coin}, which begin with ${network.bech32}1`);
    }
  }

  function addTransaction(inputs: Transaction['inputs'], outputs: Transaction['outputs'], waiting: boolean): Transaction {
    const body = { inputs, outputs, salt: randomBytes(8).toString('hex') };
    const added = { txid: twice(Buffer.from(JSON.stringify(body))).toString('hex'), inputs, outputs };
    statements.addTx.run(coin, added.txid, JSON.stringify(added), waiting ? 1 : 0);
    return added;
  }

  function addBlock(previous: Block | undefined, transactions: readonly Transaction[]): Block {
    const height = previous === undefined ? genesisHeight : previous.height + 1;
    const txids = [addTransaction([], [{ address: '', script: '6a', value: 0 }], false), ...transactions].map(({ txid }) => txid);
    const header = {
      previousHash: previous?.hash ?? noHash,
      version: 0x20000000,
      time: Math.floor(clock() / 1000),
      bits: 0x207fffff,
      nonce: randomBytes(4).readUInt32LE(),
      merkleRoot: merkleRoot(txids),
    };
    const block = { ...header, hash: hashOf(header), height, txids };
    statements.addBlock.run(coin, block.hash, height, JSON.stringify(block));
    return block;
  }

  transaction(() => statements.tip.get(coin) ?? addBlock(undefined, []));
  return chain;
}
