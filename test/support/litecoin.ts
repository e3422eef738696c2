/** A node of Litecoin with a chain of its own (`litecoind -regtest`): real blocks, a real mempool, real reorganisations. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNodeSource } from '../../gateways/chain/node.ts';
import type { ChainSource } from '../../gateways/chain/source.ts';
import { findFreePorts } from '../../bench/ports.ts';
import { findTool, skipFor } from './tools.ts';

/** An address of no wallet here: whoever mines wants nothing. */
const nobody = 'rltc1q6rz28mcfaxtmd6v789l9rrlrusdprr9puuzgkg';

export interface LitecoinNode {
  readonly source: ChainSource;
  readonly url: string;
  readonly login: { readonly user: string; readonly password: string };
  /** As the configuration names it. */
  readonly address: string;
  call<Answer = unknown>(method: string, ...params: readonly unknown[]): Promise<Answer>;
  /** Pays in LTC from the node's own wallet, and may be replaced. @returns the transaction's id */
  send(payments: Readonly<Record<string, number>>): Promise<string>;
  /** Makes blocks with all that waits, or empty ones. */
  mine(blocks?: number, withWaiting?: boolean): Promise<void>;
  /** Other blocks, one more of them, take the place of the last `depth`; what was in those waits again. */
  reorganise(depth: number, withWaiting: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** @returns undefined, with a line that says why, where there is no litecoind */
export async function startLitecoin(): Promise<LitecoinNode | undefined> {
  const program = findTool(['litecoind'], '-version');
  if (program === undefined) return skipFor('a real chain', 'litecoind is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'tillflow-litecoin-'));
  const [rpcPort] = await findFreePorts(1);
  const password = randomBytes(12).toString('hex');
  const options = [
    '-regtest',
    '-server',
    `-datadir=${folder}`,
    '-listen=0',
    '-listenonion=0',
    '-dnsseed=0',
    '-txindex=0',
    '-fallbackfee=0.0001',
    '-dbcache=4',
    '-maxmempool=5',
    '-walletrbf=1',
    // Litecoin's own default is off.
    '-mempoolreplacement=1',
    // Extension blocks would begin at block 432, which the node cannot make unless somebody pays into them.
    '-vbparams=mweb:-2:0',
    '-printtoconsole=0',
    '-rpcuser=tillflow',
    `-rpcpassword=${password}`,
    `-rpcport=${rpcPort}`,
    '-rpcbind=127.0.0.1',
    '-rpcallowip=127.0.0.1',
  ];
  const child = spawn(program, options, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${rpcPort}/`;
  const authorization = `Basic ${Buffer.from(`tillflow:${password}`).toString('base64')}`;

  async function call<Answer>(method: string, ...params: readonly unknown[]): Promise<Answer> {
    const body = JSON.stringify({ jsonrpc: '1.0', id: 1, method, params });
    const response = await fetch(url, { method: 'POST', body, headers: { authorization, 'content-type': 'application/json' } });
    const { result, error } = (await response.json()) as { result: Answer; error: { message: string } | null };
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }
  for (let tries = 0; ; tries += 1) {
    const isUp = await call('getblockcount').then(
      () => true,
      () => false,
    );
    if (isUp) break;
    if (tries > 300 || child.exitCode !== null) throw new Error('litecoind did not start');
    await sleep(100);
  }
  await call('createwallet', 'miner').catch(() => undefined);
  const miner = await call<string>('getnewaddress');
  // Coins of a block may be spent a hundred blocks later: those of the first are old enough whatever is taken out of the chain.
  await call('generatetoaddress', 20, miner);
  await call('generatetoaddress', 130, nobody);

  const sent: string[] = [];
  /** The wallet dates its transactions: one that was taken out is not final before the chain is as long again. What is in a block is refused. */
  const sendAgain = async () => {
    for (const hex of sent.slice(-20)) await call('sendrawtransaction', hex).catch(() => undefined);
  };
  const node: LitecoinNode = {
    source: createNodeSource({ coin: 'ltc', url, user: 'tillflow', password }),
    url,
    login: { user: 'tillflow', password },
    address: `rpc:http://tillflow:${password}@127.0.0.1:${rpcPort}/`,
    call,
    async send(payments) {
      const txid = await call<string>('sendmany', '', payments);
      sent.push((await call<{ hex: string }>('gettransaction', txid)).hex);
      return txid;
    },
    async mine(blocks = 1, withWaiting = true) {
      for (let count = 0; count < blocks; count += 1) {
        if (withWaiting) await call('generatetoaddress', 1, nobody);
        else await call('generateblock', nobody, []);
      }
    },
    async reorganise(depth, withWaiting) {
      const height = await call<number>('getblockcount');
      await call('invalidateblock', await call<string>('getblockhash', height - depth + 1));
      // A block that is made in the same second of the same parts would be the one that was taken out.
      for (let count = 0; count <= depth; count += 1) {
        await sendAgain();
        if (withWaiting) await call('generatetoaddress', 1, await call<string>('getnewaddress'));
        else await call('generateblock', await call<string>('getnewaddress'), []);
      }
      await sendAgain();
    },
    async stop() {
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(10_000)]);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
  return node;
}
