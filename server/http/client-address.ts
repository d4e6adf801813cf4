import { BlockList, isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Origin } from '../config.ts';

const PRIVATE = new BlockList();
PRIVATE.addSubnet('127.0.0.0', 8);
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

/** The address that a request is counted by; empty for one that was made in memory and has no socket. */
export function addressOf(c: Context, { isSecure }: Origin): string {
  const hasSocket = (c.env as { incoming?: unknown } | undefined)?.incoming !== undefined;
  const peer = hasSocket ? getConnInfo(c).remote.address : undefined;
  return clientAddress(peer, c.req.header('x-forwarded-for'), isSecure);
}

/**
 * The address that limits count by. Behind the https proxy every request comes from the proxy, so the last entry of
 * X-Forwarded-For is taken, which that proxy wrote itself; the earlier ones may be the client's invention. A peer that
 * is not on a private network is no proxy of ours, and its header is not read.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  isBehindProxy: boolean,
): string {
  const direct = plainAddress(peer ?? '');
  if (!isBehindProxy || !isPrivate(direct)) return networkOf(direct);
  const last = forwardedFor?.split(',').at(-1)?.trim() ?? '';
  return networkOf(last === '' ? direct : plainAddress(last));
}

/** Node writes an IPv4 peer of a dual socket as `::ffff:192.0.2.1`. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** One customer of a provider has a whole /64 of IPv6 addresses: 18 quintillion attempts, if each counted for itself. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}
