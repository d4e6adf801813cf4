import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

test('A24: without the https proxy the peer counts, whatever it says of itself', () => {
  expect(clientAddress('203.0.113.7', '198.51.100.1', false)).toBe('203.0.113.7');
  expect(clientAddress('::ffff:127.0.0.1', '198.51.100.1', false)).toBe('127.0.0.1');
});

test('A24: behind the proxy the last forwarded address counts', () => {
  expect(clientAddress('127.0.0.1', 'invented, 198.51.100.1', true)).toBe('198.51.100.1');
  expect(clientAddress('::ffff:10.0.0.2', '198.51.100.1', true)).toBe('198.51.100.1');
  expect(clientAddress('127.0.0.1', undefined, true)).toBe('127.0.0.1');
});

test('A24: a peer from the internet is no proxy of ours', () => {
  expect(clientAddress('203.0.113.7', '198.51.100.1', true)).toBe('203.0.113.7');
});

test('A24: an IPv6 address counts as its network', () => {
  const network = '2001:db8:1:2::/64';
  expect(clientAddress('2001:db8:1:2:aaaa::1', undefined, false)).toBe(network);
  expect(clientAddress('2001:0DB8:0001:0002:0:0:0:9', undefined, false)).toBe(network);
  expect(clientAddress('::1', undefined, false)).toBe('0:0:0:0::/64');
});

test('A24: a missing peer is one address for all', () => {
  expect(clientAddress(undefined, undefined, false)).toBe('');
});
