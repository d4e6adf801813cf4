import { expect, test } from 'vitest';
import { ownPath } from './own-path.ts';

const origin = 'https://baton.example';

test.each(['/b/1', '/b/1?all=1#x'])('%s is followed after signing in', (path) => {
  expect(ownPath(path, origin)).toBe(path);
});

test.each([
  null,
  '',
  '//evil.example',
  '/\\evil.example',
  'https://evil.example/b',
  'javascript:alert(1)',
  '/\t/evil.example',
])('%s leads to the start page instead', (path) => {
  expect(ownPath(path, origin)).toBe('/');
});
