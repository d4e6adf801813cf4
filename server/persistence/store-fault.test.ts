import { expect, test } from 'vitest';
import { isStoreDown, isUnableToSave } from './store-fault.ts';

const fault = (code: string, file?: string) => Object.assign(new Error('x'), { code, file });

test.each(['ECONNREFUSED', 'CONNECTION_CLOSED', '08006', '57P01'])('%s: the database is down', (code) => {
  expect(isStoreDown(fault(code))).toBe(true);
  expect(isUnableToSave(fault(code))).toBe(false);
});

test.each([
  ['53100', 'md.c', 'a full disk'],
  ['53300', 'proc.c', 'too many connections'],
  ['58030', 'fd.c', 'a disk that fails'],
  ['25006', 'utility.c', 'read only'],
  ['XX000', 'md.c', 'a quota, for which there is no code'],
] as const)('%s of %s: the database can store nothing now (%s)', (code, file, _why) => {
  expect(isUnableToSave(fault(code, file))).toBe(true);
  expect(isStoreDown(fault(code, file))).toBe(true);
});

test.each([
  ['23505', 'nbtinsert.c'],
  ['42601', 'scan.l'],
  ['40001', 'execMain.c'],
  ['XX000', 'heapam.c'],
  ['ERR_INVALID_ARG_TYPE', undefined],
] as const)('%s of %s: it is what was asked that is wrong', (code, file) => {
  expect(isStoreDown(fault(code, file))).toBe(false);
  expect(isUnableToSave(fault(code, file))).toBe(false);
  expect(isStoreDown(new Error('x'))).toBe(false);
});
