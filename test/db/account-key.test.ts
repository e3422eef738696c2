import { hex } from '@scure/base';
import { HDKey } from '@scure/bip32';
import { describe, expect, it } from 'vitest';
import { AccountKeyError, readAccountKey } from '../../db/account-key.ts';
import type { ChainNetwork, Coin, ScriptType } from '../../domain/chain.ts';
import { exampleAccount, versions } from '../support/chain-keys.ts';
import { nastyTexts } from '../support/nasty.ts';

/** BIP 32, test vector 2: its master key, and the published child 0 of it. */
const bip32 = {
  seed: 'fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542',
  master: 'xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB',
  child: 'xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH',
};

/** SLIP-132 and BIP 84 as published: the account's key, and its first receive address. */
const slip132 = {
  xpub: 'xpub6BosfCnifzxcFwrSzQiqu2DBVTshkCXacvNsWGYJVVhhawA7d4R5WSWGFNbi8Aw6ZRc1brxMyWMzG3DSSSSoekkudhUd9yLb6qx39T9nMdj',
  ypub: 'ypub6Ww3ibxVfGzLrAH1PNcjyAWenMTbbAosGNB6VvmSEgytSER9azLDWCxoJwW7Ke7icmizBMXrzBx9979FfaHxHcrArf3zbeJJJUZPf663zsP',
  zpub: 'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs',
};

const first = (key: string, coin: Coin, network: ChainNetwork = 'main', scriptType?: ScriptType) =>
  readAccountKey(key, { coin, network, scriptType }).address(0).address;

describe('a public account key', () => {
  it('derives as BIP 32 publishes: receive address i is child 0/i', () => {
    expect(HDKey.fromMasterSeed(hex.decode(bip32.seed)).publicExtendedKey).toBe(bip32.master);
    const account = readAccountKey(bip32.master, { coin: 'btc', network: 'main', scriptType: 'segwit' });
    const receive = HDKey.fromExtendedKey(bip32.child);
    for (const index of [0, 1, 19, 1_000_000]) {
      const hash = hex.encode(account.address(index).script).slice(4);
      expect(hash).toBe(Buffer.from(receive.deriveChild(index).pubKeyHash ?? []).toString('hex'));
    }
  });

  it('gives the addresses published with SLIP-132 and BIP 84', () => {
    expect(first(slip132.xpub, 'btc', 'main', 'legacy')).toBe('1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA');
    expect(first(slip132.ypub, 'btc')).toBe('37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf');
    expect(first(slip132.zpub, 'btc')).toBe('bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu');
    expect(readAccountKey(slip132.zpub, { coin: 'btc', network: 'main' }).address(1).address).toBe(
      'bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g',
    );
    expect(exampleAccount("m/44'/0'/0'", 'xpub').key).toBe(slip132.xpub);
    expect(exampleAccount("m/49'/0'/0'", 'ypub').key).toBe(slip132.ypub);
    expect(exampleAccount("m/84'/0'/0'", 'zpub').key).toBe(slip132.zpub);
  });

  it('gives the address published with BIP 49', () => {
    const { key } = exampleAccount("m/49'/1'/0'", 'upub');
    expect(first(key, 'btc', 'test')).toBe('2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2');
  });

  it('gives the addresses that wallets of Litecoin publish for the same seed', () => {
    expect(first(exampleAccount("m/44'/2'/0'", 'Ltub').key, 'ltc', 'main', 'legacy')).toBe('LUWPbpM43E2p7ZSh8cyTBEkvpHmr3cB8Ez');
    expect(first(exampleAccount("m/49'/2'/0'", 'Mtub').key, 'ltc')).toBe('M7wtsL7wSHDBJVMWWhtQfTMSYYkyooAAXM');
    expect(first(exampleAccount("m/84'/2'/0'", 'zpub').key, 'ltc')).toBe('ltc1qjmxnz78nmc8nq77wuxh25n2es7rzm5c2rkk4wh');
  });

  it('is the same key however it is spelled', () => {
    const [asX, asZ] = ['xpub', 'zpub'].map((prefix) => exampleAccount("m/84'/0'/0'", prefix as 'xpub' | 'zpub').key);
    const [one, other] = [asX, asZ].map((key) => readAccountKey(key ?? '', { coin: 'btc', network: 'main', scriptType: 'segwit' }));
    expect(one?.fingerprint).toBe(other?.fingerprint);
    expect(one?.address(3)).toEqual(other?.address(3));
  });
});

describe('refused, and not repeated in the error:', () => {
  const refused = (key: string, coin: Coin, network: ChainNetwork, scriptType: ScriptType | undefined, why: RegExp) => {
    const reading = () => readAccountKey(key, { coin, network, scriptType });
    expect(reading).toThrow(AccountKeyError);
    expect(reading).toThrow(why);
    try {
      reading();
    } catch (err) {
      if (key.length > 8) expect(String((err as Error).stack)).not.toContain(key.slice(0, 12));
    }
  };

  it.each(Object.keys(versions) as (keyof typeof versions)[])('the private key behind %s', (prefix) => {
    refused(exampleAccount("m/84'/0'/0'", prefix).secret, 'ltc', 'main', 'segwit', /private key/);
  });

  it('a private key with a prefix nobody knows', () => {
    const { privateExtendedKey } = HDKey.fromMasterSeed(hex.decode(bip32.seed), { public: 0x11111111, private: 0x22222222 });
    refused(privateExtendedKey, 'btc', 'main', 'segwit', /private key/);
  });

  it('a key that does not say which addresses are meant, or says others', () => {
    refused(slip132.xpub, 'btc', 'main', undefined, /^type: xpub does not say/);
    refused(exampleAccount("m/44'/2'/0'", 'Ltub').key, 'ltc', 'main', undefined, /^type: Ltub does not say/);
    refused(slip132.zpub, 'btc', 'main', 'legacy', /^type: zpub means segwit/);
  });

  it('a key of another coin, another network, or many signers', () => {
    refused(exampleAccount("m/49'/2'/0'", 'Mtub').key, 'btc', 'main', undefined, /not a key of btc/);
    refused(slip132.zpub, 'btc', 'regtest', undefined, /main network; one of the test network/);
    refused(exampleAccount("m/84'/1'/0'", 'vpub').key, 'btc', 'main', undefined, /test network; one of the main network/);
    refused(exampleAccount("m/48'/0'/0'", 'Zpub').key, 'btc', 'main', undefined, /multi-signature/);
  });

  it('one whose characters were mistyped, and keys that BIP 32 calls invalid', () => {
    refused(slip132.zpub.replace('Q2A', 'Q2B'), 'btc', 'main', undefined, /checksum/);
    // Vector 5: a point that is not on the curve.
    const invalid = 'xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6Q5JXayek4PRsn35jii4veMimro1xefsM58PgBMrvdYre8QyULY';
    refused(invalid, 'btc', 'main', 'segwit', /not a valid extended public key/);
  });

  it('anything else', () => {
    for (const { value } of nastyTexts) refused(value, 'btc', 'main', 'segwit', /^key: not an extended public key/);
  });
});
