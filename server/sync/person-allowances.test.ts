import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { UserId } from '#lib/workflow/ids.ts';
import { DOCUMENT_BYTES_MAX } from './item-document.ts';
import { PersonAllowances, WRITE_RATE } from './person-allowances.ts';

const alice = 'alice' as UserId;
const bob = 'bob' as UserId;

/** The bytes of the updates that a change makes. */
function bytesOf(doc: Y.Doc, change: (text: Y.Text) => void): number {
  let bytes = 0;
  const count = (update: Uint8Array) => void (bytes += update.byteLength);
  doc.on('update', count);
  change(doc.getText('description'));
  doc.off('update', count);
  return bytes;
}

test('S78: alice pastes 100 KB ten times over, and types in five tabs for an hour without a pause', () => {
  const writes = new PersonAllowances(WRITE_RATE);
  const doc = new Y.Doc({ gc: false });
  let nowMs = 0;
  for (let time = 0; time < 10; time += 1) {
    const bytes = bytesOf(doc, (text) => text.insert(0, 'x'.repeat(100 * 1024)));
    expect(writes.take(alice, bytes, nowMs)).toBe(true);
  }
  // Somewhere in the middle of what others write, where an update of one letter is largest.
  const letter = bytesOf(doc, (text) => text.insert(50, 'x'));
  for (let second = 0; second < 3_600; second += 1) {
    nowMs += 1_000;
    for (let typed = 0; typed < 5 * 12; typed += 1) expect(writes.take(alice, letter, nowMs)).toBe(true);
  }
});

test('S78: nobody fills a document in less than a minute, and one who tries takes nothing from another', () => {
  const writes = new PersonAllowances(WRITE_RATE);
  let nowMs = 0;
  for (let bytes = 0; bytes < DOCUMENT_BYTES_MAX;) {
    if (writes.take(alice, 10_000, nowMs)) bytes += 10_000;
    else nowMs += 100;
  }
  expect(nowMs).toBeGreaterThan(60_000);
  expect(writes.take(alice, 100_000, nowMs)).toBe(false);
  expect(writes.take(bob, 100_000, nowMs)).toBe(true);
});
