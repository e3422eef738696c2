import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAccountKey } from '../../db/account-key.ts';
import { createNodeSource } from '../../gateways/chain/node.ts';
import { exampleAccount } from '../support/chain-keys.ts';
import { type LitecoinNode, startLitecoin } from '../support/litecoin.ts';

let node: LitecoinNode | undefined;
beforeAll(async () => {
  node = await startLitecoin();
}, 60_000);
afterAll(() => node?.stop());

describe('a node of Litecoin', () => {
  it('derives the same addresses from the same key', async (test) => {
    if (!node) return test.skip();
    const { key } = exampleAccount("m/84'/1'/0'", 'tpub');
    const kinds = { segwit: 'wpkh(KEY/0/*)', 'p2sh-segwit': 'sh(wpkh(KEY/0/*))', legacy: 'pkh(KEY/0/*)' } as const;
    for (const [scriptType, form] of Object.entries(kinds) as ['segwit', string][]) {
      const { descriptor } = await node.call<{ descriptor: string }>('getdescriptorinfo', form.replace('KEY', key));
      const theirs = await node.call<string[]>('deriveaddresses', descriptor, [0, 20]);
      const account = readAccountKey(key, { coin: 'ltc', network: 'regtest', scriptType });
      expect(theirs).toEqual(Array.from({ length: 21 }, (_, index) => account.address(index).address));
    }
  });

  it('tells its blocks, whose parts make their hash, and what waits, once', async (test) => {
    if (!node) return test.skip();
    const { source } = node;
    const account = readAccountKey(exampleAccount("m/84'/1'/0'", 'tpub').key, { coin: 'ltc', network: 'regtest', scriptType: 'segwit' });
    const { address, script } = account.address(0);
    const before = await source.tip();
    expect(await source.hashAt(before.height)).toBe(before.hash);
    expect(await source.hashAt(before.height + 1)).toBeUndefined();

    const txid = await node.send({ [address]: 0.12345678 });
    const waiting = await source.mempool([]);
    expect(waiting.txids?.has(txid)).toBe(true);
    expect(waiting.transactions.map((one) => one.txid)).toContain(txid);
    expect((await source.mempool([])).transactions).toEqual([]);
    expect(await source.knows(txid)).toBe(true);
    expect(await source.knows('0'.repeat(64))).toBe(false);

    await node.mine();
    const tip = await source.tip();
    expect(tip.height).toBe(before.height + 1);
    const block = await source.block(tip.hash, tip.height);
    expect(block.previousHash).toBe(before.hash);
    const paying = block.transactions.find((one) => one.txid === txid);
    const output = paying?.outputs.find((one) => Buffer.from(one.script).equals(Buffer.from(script)));
    expect(output?.units).toBe(12_345_678n);
    expect(paying?.inputs.length).toBeGreaterThan(0);
    expect(block.transactions[0]?.inputs).toEqual([]);
  });

  it('says what an output pays, spent or not, in the block it should be in or in another, and what lies unspent at addresses', async (test) => {
    if (!node) return test.skip();
    const { source } = node;
    const account = readAccountKey(exampleAccount("m/84'/1'/0'", 'tpub').key, { coin: 'ltc', network: 'regtest', scriptType: 'segwit' });
    const { address, script } = account.address(11);
    const own = await node.call<string>('getnewaddress');
    const txid = await node.send({ [address]: 0.5, [own]: 0.25 });
    const { vout: outputs } = await node.call<{ vout: { n: number; value: number }[] }>(
      'decoderawtransaction',
      await node.call('getrawtransaction', txid),
    );
    const [ours = 0, theirs = 0] = [0.5, 0.25].map((value) => outputs.find((one) => one.value === value)?.n);
    expect(await source.output({ txid, vout: ours, blockHash: null })).toBeUndefined();
    await node.mine();
    const { height, hash } = await source.tip();
    const found = { script, units: 50_000_000n };
    const near = (output: unknown) => JSON.stringify(output, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    for (const blockHash of [hash, null, 'b'.repeat(64)]) {
      expect(near(await source.output({ txid, vout: ours, blockHash }))).toBe(near(found));
    }
    expect(await source.output({ txid: 'a'.repeat(64), vout: 0, blockHash: hash })).toBeUndefined();
    const unspent = await source.unspent([{ address, script }]);
    expect(near(unspent)).toBe(near([{ txid, vout: ours, ...found, height }]));
    // Spent, it is known by its block.
    const raw = await node.call<string>('createrawtransaction', [{ txid, vout: theirs }], { [address]: 0.2499 });
    const { hex } = await node.call<{ hex: string }>('signrawtransactionwithwallet', raw);
    await node.call('sendrawtransaction', hex);
    await node.mine();
    expect((await source.output({ txid, vout: theirs, blockHash: hash }))?.units).toBe(25_000_000n);
    expect(await source.output({ txid, vout: theirs, blockHash: null })).toBeUndefined();
    expect(await source.unspent([{ address, script }])).toHaveLength(2);
    await node.reorganise(2, false);
    expect(await source.output({ txid, vout: ours, blockHash: hash })).toBeUndefined();
  });

  it('is asked again later when it does not take the password', async (test) => {
    if (!node) return test.skip();
    const stranger = createNodeSource({ coin: 'ltc', url: node.url, user: 'tillflow', password: 'wrong' });
    await expect(stranger.tip()).rejects.toMatchObject({ retryable: true, message: expect.not.stringContaining('wrong') });
  });
});

it('goes on past block 432, also without its last blocks, where a chain of its kind would need somebody to pay into extension blocks', async (test) => {
  if (!node) return test.skip();
  const { height } = await node.source.tip();
  await node.call('generatetoaddress', Math.max(0, 431 - height), await node.call('getnewaddress'));
  await node.mine(3);
  await node.reorganise(4, true);
  await node.reorganise(2, false);
  expect((await node.source.tip()).height).toBe(436);
});
