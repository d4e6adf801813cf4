import { describe, expect, test } from 'vitest';
import { parseConfig } from './config.ts';

function accepted(env: Record<string, string>) {
  const result = parseConfig(env);
  if (!result.ok) throw new Error(result.refusal.join('\n'));
  return result.value;
}

function faults(env: Record<string, string>): readonly string[] {
  const result = parseConfig(env);
  return result.ok ? [] : result.refusal;
}

describe('without any setting', () => {
  test('the server is for this machine only, on port 3000, with the embedded database in ./data', () => {
    const config = accepted({});
    expect(config).toMatchObject({ host: '127.0.0.1', port: 3000, origin: { url: 'http://localhost:3000' } });
    expect(config.database).toEqual({ kind: 'embedded', directory: config.dataDirectory });
    expect(config.dataDirectory).toMatch(/\/data$/);
  });

  test('a blank setting counts as none', () => {
    expect(accepted({ PORT: '', HOST: ' ', ORIGIN: '', DATABASE_URL: '' })).toEqual(accepted({}));
  });
});

describe('the origin', () => {
  test('A31: a loopback origin is accepted under its three names, on its own port only', () => {
    const { origin } = accepted({ PORT: '4000', ORIGIN: 'http://127.0.0.1:5173' });
    expect(origin.url).toBe('http://127.0.0.1:5173');
    expect([...origin.accepted].sort()).toEqual([
      'http://127.0.0.1:5173',
      'http://[::1]:5173',
      'http://localhost:5173',
    ]);
    expect(origin.isSecure).toBe(false);
  });

  test('an https origin is accepted as it is, and with any host behind the proxy', () => {
    const { origin } = accepted({ HOST: '0.0.0.0', ORIGIN: 'https://baton.example' });
    expect(origin).toEqual({
      url: 'https://baton.example',
      accepted: new Set(['https://baton.example']),
      isSecure: true,
    });
  });

  test.each([
    ['a host that others can reach, without an origin', { HOST: '0.0.0.0' }],
    [
      'a host that others can reach, with a plain http origin',
      { HOST: '::', ORIGIN: 'http://localhost:3000' },
    ],
    ['a plain http origin elsewhere', { ORIGIN: 'http://baton.example' }],
    ['a name that only begins like loopback', { ORIGIN: 'http://127.0.0.1.evil.example' }],
  ])('%s is refused with the reason', (_case, env) => {
    expect(faults(env)).toEqual([expect.stringContaining('Over plain http')]);
  });

  test.each([
    'baton.example',
    'https://baton.example/app',
    'https://me@baton.example',
    'ftp://baton.example',
  ])('%s is refused, because it is not an origin', (origin) => {
    expect(faults({ ORIGIN: origin })).toEqual([expect.stringContaining('scheme, host and port only')]);
  });
});

describe('faults', () => {
  test('are reported all together', () => {
    const all = faults({ PORT: '70000', ORIGIN: 'http://baton.example', DATABASE_URL: 'mysql://db' });
    expect(all).toHaveLength(3);
    expect(all.join(' ')).toMatch(/PORT.*ORIGIN.*DATABASE_URL/);
  });

  test('never repeat the database address, which may hold a password', () => {
    expect(faults({ DATABASE_URL: 'mysql://baton:secret@db' }).join()).not.toContain('secret');
  });

  test.each(['0', '-1', '3000.5', 'http', '65536'])('PORT=%s is no port', (port) => {
    expect(faults({ PORT: port })).toEqual([expect.stringContaining('1 to 65535')]);
  });
});
