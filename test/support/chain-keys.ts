/** Keys of published examples: the seed of "abandon ... about", which BIP 49, BIP 84 and SLIP-132 use. */
import { hex } from '@scure/base';
import { HDKey } from '@scure/bip32';

const published = hex.decode(
  '5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc19a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4',
);

/** Version bytes of SLIP-132, public and private. */
export const versions = {
  xpub: { public: 0x0488b21e, private: 0x0488ade4 },
  ypub: { public: 0x049d7cb2, private: 0x049d7878 },
  zpub: { public: 0x04b24746, private: 0x04b2430c },
  Zpub: { public: 0x02aa7ed3, private: 0x02aa7a99 },
  Ltub: { public: 0x019da462, private: 0x019d9cfe },
  Mtub: { public: 0x01b26ef6, private: 0x01b26792 },
  tpub: { public: 0x043587cf, private: 0x04358394 },
  upub: { public: 0x044a5262, private: 0x044a4e28 },
  vpub: { public: 0x045f1cf6, private: 0x045f18bc },
  ttub: { public: 0x0436f6e1, private: 0x0436ef7d },
} as const;

/** An account of that seed, spelled with a prefix. */
export function exampleAccount(path: string, prefix: keyof typeof versions): { readonly key: string; readonly secret: string } {
  const account = HDKey.fromMasterSeed(published, versions[prefix]).derive(path);
  return { key: account.publicExtendedKey, secret: account.privateExtendedKey };
}

let accounts = 1_000;

/** A test key nobody else uses. */
export function freshTestKey(): string {
  accounts += 1;
  return exampleAccount(`m/84'/1'/${accounts}'`, 'vpub').key;
}
