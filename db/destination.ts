/**
 * Where customers want money sent, judged by its own check digits before anybody pays: a slip of the finger would be money for a stranger.
 * A form without any check digits is taken for a destination only where its network has no other.
 */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { base58, base64, base64urlnopad, createBase58check } from '@scure/base';
import { Address } from '@scure/btc-signer';
import { isValidIBAN } from 'ibantools';
import { createHash } from 'node:crypto';
import type { ChainNetwork } from '../domain/chain.ts';
import type { NetworkCoin } from '../domain/coin.ts';
import type { DestinationMisfit, Rail } from '../domain/payout.ts';
import { networks } from './account-key.ts';

export type ReadDestination =
  | { readonly ok: true; readonly destination: string }
  | { readonly ok: false; readonly misfit: Exclude<DestinationMisfit, 'ours'> };

const taken = (destination: string): ReadDestination => ({ ok: true, destination });
const malformed: ReadDestination = { ok: false, misfit: 'malformed' };
const wrongChecksum: ReadDestination = { ok: false, misfit: 'checksum' };

/** Reads what a customer wrote as a destination of this rail. `network`: which of a chain's networks the shop takes in by. */
export function readDestination(text: string, { kind, coin }: Rail, network: ChainNetwork = 'main'): ReadDestination {
  const plain = text.normalize('NFKC').trim();
  if (plain.length > 130) return malformed;
  switch (kind) {
    case 'account':
      return readAccount(plain);
    case 'phone':
      return readPhone(plain);
    case 'address':
      return coin === null || /\s/.test(plain) ? malformed : readAddress(plain, coin, network);
  }
}

/** An IBAN, also a Polish account number written without its letters. */
function readAccount(text: string): ReadDestination {
  const plain = text.replace(/[\s-]/g, '').toUpperCase();
  const iban = /^\d{26}$/.test(plain) ? `PL${plain}` : plain;
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return malformed;
  return isValidIBAN(iban) ? taken(iban) : wrongChecksum;
}

/** A Polish mobile number: BLIK knows no others. */
function readPhone(text: string): ReadDestination {
  const digits = /^(?:\+48|0048)?([4-8]\d{8})$/.exec(text.replace(/[\s().-]/g, ''))?.[1];
  return digits === undefined ? malformed : taken(`+48${digits}`);
}

function readAddress(text: string, coin: NetworkCoin, network: ChainNetwork): ReadDestination {
  switch (coin) {
    case 'BTC':
      return readScriptAddress(text, 'btc', network);
    case 'LTC':
      return readScriptAddress(text, 'ltc', network);
    case 'ETH':
    case 'USDT_ERC20':
    case 'USDT_BEP20':
    case 'USDC_ERC20':
      return readEthereum(text);
    case 'USDT_TRC20':
      return readTron(text);
    case 'SOL':
    case 'USDT_SOL':
    case 'USDC_SOL':
      return readSolana(text);
    case 'TON':
      return readTon(text);
  }
}

function readScriptAddress(text: string, coin: 'btc' | 'ltc', network: ChainNetwork): ReadDestination {
  const net = networks[coin][network];
  const isBech32 = text.toLowerCase().startsWith(`${net.bech32}1`);
  if (!isBech32 && !/^[1-9A-HJ-NP-Za-km-z]{26,36}$/.test(text)) return malformed;
  try {
    Address(net).decode(text);
  } catch {
    return isBech32 || isBase58check(text) === false ? wrongChecksum : malformed;
  }
  return taken(isBech32 ? text.toLowerCase() : text);
}

/** An address in mixed case carries a checksum in it (EIP-55); one in a single case has none. */
function readEthereum(text: string): ReadDestination {
  const digits = /^0x([0-9a-fA-F]{40})$/.exec(text)?.[1];
  if (digits === undefined || /^0+$/.test(digits)) return malformed;
  const lower = digits.toLowerCase();
  const hash = Buffer.from(keccak_256(Buffer.from(lower))).toString('hex');
  const mixed = Array.from(lower, (digit, index) => (Number.parseInt(hash[index] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit)).join('');
  if (digits !== lower && digits !== digits.toUpperCase() && digits !== mixed) return wrongChecksum;
  return taken(`0x${mixed}`);
}

function readTron(text: string): ReadDestination {
  if (!/^T[1-9A-HJ-NP-Za-km-z]{33}$/.test(text)) return malformed;
  if (!isBase58check(text)) return wrongChecksum;
  const bytes = base58check.decode(text);
  return bytes.length === 21 && bytes[0] === 0x41 ? taken(text) : malformed;
}

/** A public key: Solana's addresses have no check digits. */
function readSolana(text: string): ReadDestination {
  if (!/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text) || /^1+$/.test(text)) return malformed;
  return base58.decode(text).length === 32 ? taken(text) : malformed;
}

/** The form people copy; the raw one (`0:...`) has no check digits and is not taken. */
function readTon(text: string): ReadDestination {
  if (!/^[A-Za-z0-9_-]{48}$/.test(text) && !/^[A-Za-z0-9+/]{48}$/.test(text)) return malformed;
  const bytes = (/[+/]/.test(text) ? base64 : base64urlnopad).decode(text);
  if (crc16(bytes.subarray(0, 34)) !== ((bytes[34] ?? 0) << 8) + (bytes[35] ?? 0)) return wrongChecksum;
  // Bounceable or not; of the main network's base chain.
  return (bytes[0] === 0x11 || bytes[0] === 0x51) && bytes[1] === 0 ? taken(text) : malformed;
}

const base58check = createBase58check((bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()));

function isBase58check(text: string): boolean {
  try {
    base58check.decode(text);
    return true;
  } catch {
    return false;
  }
}

/** CRC-16/XMODEM. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
