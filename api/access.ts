/** Who may see what is not for the public: private addresses, or the bearer of the status token. */
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { timingSafeEqual } from 'node:crypto';
import { BlockList, isIP, isIPv6 } from 'node:net';

const privateAddresses = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  privateAddresses.addSubnet(network, prefix, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** The peer's address; undefined when nobody knows it. */
function peerAddress(c: Context): string | undefined {
  try {
    return getConnInfo(c).remote.address?.replace(/^::ffff:/, '');
  } catch {
    return undefined;
  }
}

function isIn(list: BlockList, address: string | undefined): boolean {
  return address !== undefined && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Behind a proxy every request has a private peer: one that was forwarded counts as public. */
function isForwarded(c: Context): boolean {
  return ['forwarded', 'x-forwarded-for', 'x-real-ip'].some((name) => c.req.header(name) !== undefined);
}

/**
 * Who asks, as far as limits go: the peer, or whom our proxies say it is, which is the last public address behind a private peer. Of IPv6 the
 * network, since one connection has as many addresses as it likes. Undefined when nobody public is known: then it is anybody, behind a proxy
 * that names nobody, and a limit would be everybody's.
 */
export function clientOf(c: Context): string | undefined {
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim());
  // What a caller wrote stands before what our proxies wrote.
  for (const address of [peerAddress(c), ...forwarded.reverse()]) {
    if (address === undefined || isIP(address) === 0) return undefined;
    if (!isIn(privateAddresses, address)) return isIPv6(address) ? networkOf(address) : address;
  }
  return undefined;
}

/** The first 64 bits. */
function networkOf(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

export function isFromPrivateAddress(c: Context): boolean {
  return !isForwarded(c) && isIn(privateAddresses, peerAddress(c));
}

/** On this machine, by its own name: a page of another site that resolves to us does not count. */
export function isFromLoopback(c: Context): boolean {
  const host = c.req.header('host')?.replace(/:\d+$/, '');
  const named = host === '127.0.0.1' || host === 'localhost' || host === '[::1]';
  return named && !isForwarded(c) && isIn(loopback, peerAddress(c));
}

export function hasToken(c: Context, token: string | undefined): boolean {
  const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  return token !== undefined && given !== undefined && isSame(given, token);
}

/** Compares secrets in a time that tells nothing about where they differ. */
export function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  // Another length is no secret; the comparison still runs.
  return timingSafeEqual(a.length === b.length ? a : b, b) && a.length === b.length;
}
