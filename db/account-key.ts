/**
 * A shop's public account key of BIP 44, 49 or 84, and the receive addresses (chain 0) derived from it. What can spend is refused here, and no
 * error repeats what was given.
 */
import { createBase58check } from '@scure/base';
import { HDKey } from '@scure/bip32';
import { NETWORK, p2pkh, p2sh, p2wpkh, TEST_NETWORK } from '@scure/btc-signer';
import type { BTC_NETWORK } from '@scure/btc-signer/utils.js';
import { createHash } from 'node:crypto';
import type { ChainNetwork, Coin, ScriptType } from '../domain/chain.ts';

/** Why a key was refused, in words for the owner; the key is not among them. */
export class AccountKeyError extends Error {}

/** SLIP-132: the version bytes that a key begins with. */
interface KeyVersion {
  readonly version: number;
  readonly name: string;
  readonly of: 'main' | 'test';
  /** Undefined: the prefix does not say, the owner must. */
  readonly scriptType: ScriptType | undefined;
  readonly coins: readonly Coin[];
}

const both: readonly Coin[] = ['btc', 'ltc'];
const publicVersions: readonly KeyVersion[] = [
  { version: 0x0488b21e, name: 'xpub', of: 'main', scriptType: undefined, coins: both },
  { version: 0x049d7cb2, name: 'ypub', of: 'main', scriptType: 'p2sh-segwit', coins: both },
  { version: 0x04b24746, name: 'zpub', of: 'main', scriptType: 'segwit', coins: both },
  { version: 0x019da462, name: 'Ltub', of: 'main', scriptType: undefined, coins: ['ltc'] },
  { version: 0x01b26ef6, name: 'Mtub', of: 'main', scriptType: 'p2sh-segwit', coins: ['ltc'] },
  { version: 0x043587cf, name: 'tpub', of: 'test', scriptType: undefined, coins: both },
  { version: 0x044a5262, name: 'upub', of: 'test', scriptType: 'p2sh-segwit', coins: both },
  { version: 0x045f1cf6, name: 'vpub', of: 'test', scriptType: 'segwit', coins: both },
  { version: 0x0436f6e1, name: 'ttub', of: 'test', scriptType: undefined, coins: ['ltc'] },
];
/** xprv, yprv, zprv, Yprv, Zprv, Ltpv, Mtpv, tprv, uprv, vprv, Uprv, Vprv, ttpv. */
const privateVersions: readonly number[] = [
  0x0488ade4, 0x049d7878, 0x04b2430c, 0x0295b005, 0x02aa7a99, 0x019d9cfe, 0x01b26792, 0x04358394, 0x044a4e28, 0x045f18bc, 0x024285b5,
  0x02575048, 0x0436ef7d,
];
const multisigVersions: readonly number[] = [0x0295b43f, 0x02aa7ed3, 0x024289ef, 0x02575483];

export const networks: Readonly<Record<Coin, Readonly<Record<ChainNetwork, BTC_NETWORK>>>> = {
  btc: { main: NETWORK, test: TEST_NETWORK, regtest: { ...TEST_NETWORK, bech32: 'bcrt' } },
  ltc: {
    main: { bech32: 'ltc', pubKeyHash: 0x30, scriptHash: 0x32, wif: 0xb0 },
    test: { bech32: 'tltc', pubKeyHash: 0x6f, scriptHash: 0x3a, wif: 0xef },
    regtest: { bech32: 'rltc', pubKeyHash: 0x6f, scriptHash: 0x3a, wif: 0xef },
  },
};

const base58check = createBase58check((bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()));

export interface AccountKey {
  readonly coin: Coin;
  readonly network: ChainNetwork;
  readonly scriptType: ScriptType;
  /** One for every spelling of the same key, whatever its prefix says. */
  readonly fingerprint: string;
  /** The receive address with this index. */
  address(index: number): DerivedAddress;
}

export interface DerivedAddress {
  readonly address: string;
  /** The output script that pays to it. */
  readonly script: Uint8Array;
}

/**
 * Reads a public account key for a coin on a network.
 * @param scriptType needed where the prefix does not say it, refused where it says another
 * @throws AccountKeyError saying what does not fit
 */
export function readAccountKey(
  text: string,
  { coin, network, scriptType }: { readonly coin: Coin; readonly network: ChainNetwork; readonly scriptType?: ScriptType | undefined },
): AccountKey {
  const bytes = decode(text);
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  // The first byte of a private key's payload is 0; a version that is not known must not hide one.
  if (privateVersions.includes(version) || bytes[45] === 0)
    throw new AccountKeyError(
      'key: this is a private key, and whoever has it can spend: never give it away. Give the public one (xpub, zpub, Ltub ...).',
    );
  if (multisigVersions.includes(version)) throw new AccountKeyError('key: keys of multi-signature wallets are not supported.');
  const known = publicVersions.find((one) => one.version === version);
  if (!known)
    throw new AccountKeyError('key: not a public account key that is known (xpub, ypub, zpub, Ltub, Mtub; tpub, upub, vpub, ttub).');
  if (!known.coins.includes(coin)) throw new AccountKeyError(`key: ${known.name} is not a key of ${coin}.`);
  const of = network === 'main' ? 'main' : 'test';
  if (known.of !== of)
    throw new AccountKeyError(`key: ${known.name} is a key of the ${known.of} network; one of the ${of} network is needed.`);
  const type = known.scriptType ?? scriptType;
  if (type === undefined)
    throw new AccountKeyError(`type: ${known.name} does not say which addresses are meant; legacy, p2sh-segwit or segwit is needed.`);
  if (scriptType !== undefined && scriptType !== type) throw new AccountKeyError(`type: ${known.name} means ${type}.`);

  const account = expand(text, version);
  const receive = account.deriveChild(0);
  const net = networks[coin][network];
  return {
    coin,
    network,
    scriptType: type,
    fingerprint: createHash('sha256').update(bytes.subarray(13)).digest('hex'),
    address(index) {
      const key = receive.deriveChild(index).publicKey;
      if (!key) throw new AccountKeyError('key: no public key can be derived.');
      const { address, script } = pay(type, key, net);
      if (address === undefined) throw new AccountKeyError('key: no address can be made.');
      return { address, script };
    },
  };
}

function decode(text: string): Uint8Array {
  // The alphabet of Base58 without look-alikes; longer texts are not decoded at all.
  if (!/^[1-9A-HJ-NP-Za-km-z]{100,120}$/.test(text))
    throw new AccountKeyError('key: not an extended public key; one has about 111 letters and digits.');
  try {
    const bytes = base58check.decode(text);
    if (bytes.length === 78) return bytes;
  } catch {
    // What the library says repeats the text.
  }
  throw new AccountKeyError('key: its checksum does not fit; a character is missing or wrong.');
}

function expand(text: string, version: number): HDKey {
  try {
    return HDKey.fromExtendedKey(text, { public: version, private: 0 });
  } catch {
    throw new AccountKeyError('key: not a valid extended public key.');
  }
}

function pay(type: ScriptType, key: Uint8Array, network: BTC_NETWORK) {
  switch (type) {
    case 'legacy':
      return p2pkh(key, network);
    case 'p2sh-segwit':
      return p2sh(p2wpkh(key, network), network);
    case 'segwit':
      return p2wpkh(key, network);
  }
}
