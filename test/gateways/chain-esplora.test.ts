import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAccountKey } from '../../db/account-key.ts';
import { createEsploraSource } from '../../gateways/chain/esplora.ts';
import { hashHeader, merkleRoot } from '../../gateways/chain/block.ts';
import { GatewayError } from '../../gateways/payments/provider.ts';
import { exampleAccount } from '../support/chain-keys.ts';
import { serveSandbox, type TestSandbox } from '../support/sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await serveSandbox();
});
afterAll(() => sandbox.stop());

const account = readAccountKey(exampleAccount("m/84'/1'/0'", 'vpub').key, { coin: 'btc', network: 'regtest' });
const source = () => createEsploraSource({ coin: 'btc', url: `${sandbox.url}/chain/btc` });
const act = <Answer>(what: string, body: object = {}) => sandbox.call<Answer>('POST', `/chain/btc/${what}`, body);

describe('the published example', () => {
  /** The first block of Bitcoin and its only transaction. */
  const genesis = {
    version: 1,
    previousHash: undefined,
    merkleRoot: '4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b',
    time: 1_231_006_505,
    bits: 0x1d00ffff,
    nonce: 2_083_236_893,
  };
  it('has the hash that everybody knows', () => {
    expect(hashHeader(genesis)).toBe('000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f');
    expect(merkleRoot([genesis.merkleRoot])).toBe(genesis.merkleRoot);
  });

  it('of many transactions makes the published root: block 100,000 of Bitcoin', () => {
    const txids = [
      '8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87',
      'fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4',
      '6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4',
      'e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d',
    ];
    expect(merkleRoot(txids)).toBe('f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766');
  });
});

describe('an Esplora server', () => {
  it('tells blocks of many pages whole, and what waits for an address', async () => {
    const { address, script } = account.address(0);
    const outputs = [{ address, units: '0.0005' }];
    const { txid } = await act<{ txid: string }>('send', { outputs });
    expect((await source().mempool([address])).transactions).toMatchObject([{ txid, outputs: [{ vout: 0, units: 50_000n }] }]);
    expect((await source().mempool([account.address(1).address])).transactions).toEqual([]);
    for (let count = 0; count < 60; count += 1) await act('send', { outputs });
    await act('mine');
    const tip = await source().tip();
    const block = await source().block(tip.hash, tip.height);
    expect(block.transactions).toHaveLength(62);
    expect(Buffer.from(block.transactions[1]?.outputs[0]?.script ?? []).equals(Buffer.from(script))).toBe(true);
    expect(await source().hashAt(tip.height + 1)).toBeUndefined();
    expect(await source().hashAt(tip.height)).toBe(tip.hash);
    expect([await source().knows(txid), await source().knows('a'.repeat(64))]).toEqual([true, false]);
  });

  it('says what an output in a block pays, and what lies unspent at addresses', async () => {
    const [{ address, script }, other] = [account.address(7), account.address(8)];
    const { txid } = await act<{ txid: string }>('send', {
      outputs: [
        { address: other.address, units: '1' },
        { address, units: '0.00012345' },
      ],
    });
    const at = { txid, vout: 1, blockHash: null };
    expect(await source().output(at)).toBeUndefined();
    expect(await source().unspent([{ address, script }])).toEqual([]);
    await act('mine');
    const found = { script, units: 12_345n };
    expect(await source().output(at)).toEqual(found);
    expect([await source().output({ ...at, vout: 2 }), await source().output({ ...at, txid: 'a'.repeat(64) })]).toEqual([
      undefined,
      undefined,
    ]);
    const { height } = await source().tip();
    expect(await source().unspent([{ address, script }])).toEqual([{ ...found, txid, vout: 1, height }]);
    await act('reorganise', { depth: 1, remine: false });
    expect([await source().output(at), await source().unspent([{ address, script }])]).toEqual([undefined, []]);
    await act('mine');
  });

  it.each(['429', '500', 'timeoutBefore', 'garbage'])('that answers with %s is asked again later', async (kind) => {
    await sandbox.fault({ target: 'chain', kind });
    await expect(source().tip()).rejects.toMatchObject({ retryable: true });
    expect((await source().tip()).height).toBeGreaterThan(0);
  });
});

describe('a source that lies', () => {
  const lies: Readonly<Record<string, (block: Record<string, unknown>) => unknown>> = {
    'another hash': (block) => ({ ...block, id: 'b'.repeat(64) }),
    'another previous block': (block) => ({ ...block, previousblockhash: 'b'.repeat(64) }),
    'another height': (block) => ({ ...block, height: Number(block.height) + 1 }),
    'another Merkle root': (block) => ({ ...block, merkle_root: 'b'.repeat(64) }),
    'fewer transactions': (block) => ({ ...block, tx_count: 1 }),
    'more transactions than fit a block': (block) => ({ ...block, tx_count: 1e9 }),
    'no previous block': (block) => ({ ...block, previousblockhash: null }),
    'words for numbers': (block) => ({ ...block, nonce: 'many' }),
    nothing: () => null,
    'a list': () => [],
  };

  it.each(Object.keys(lies))('by %s is not believed', async (name) => {
    for (let count = 0; count < 2; count += 1) await act('send', { outputs: [{ address: account.address(0).address, units: '0.001' }] });
    await act('mine');
    const honest = await source().tip();
    const liar = new Hono().get('/*', async (c) => {
      const answer = await fetch(`${sandbox.url}${c.req.path}`);
      if (!c.req.path.endsWith(`/block/${honest.hash}`)) return c.body(await answer.text(), answer.status as 200);
      return c.json(lies[name]?.((await answer.json()) as Record<string, unknown>) as object);
    });
    const server = serve({ fetch: liar.fetch, hostname: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chain/btc`;
    try {
      const lying = createEsploraSource({ coin: 'btc', url });
      await expect(lying.block(honest.hash, honest.height)).rejects.toBeInstanceOf(GatewayError);
      expect((await source().block(honest.hash, honest.height)).transactions).toHaveLength(3);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('is never followed to where it redirects', async () => {
    const server = serve({ fetch: new Hono().get('/*', (c) => c.redirect(`${sandbox.url}/chain/btc/blocks/tip/hash`)).fetch, port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(createEsploraSource({ coin: 'btc', url }).tip()).rejects.toMatchObject({ message: 'The btc source answered 302' });
    await new Promise((resolve) => server.close(resolve));
  });
});
