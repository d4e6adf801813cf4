import { expect, test } from 'vitest';
import { isStoreDown } from './store-fault.ts';

const fault = (code: string) => Object.assign(new Error('x'), { code });

test.each(['ECONNREFUSED', 'CONNECTION_CLOSED', '08006', '57P01', '53300'])(
  '%s: the database is down',
  (code) => {
    expect(isStoreDown(fault(code))).toBe(true);
  },
);

test.each(['23505', '42601', '40001', 'ERR_INVALID_ARG_TYPE'])('%s: the database answers', (code) => {
  expect(isStoreDown(fault(code))).toBe(false);
  expect(isStoreDown(new Error('x'))).toBe(false);
});
