import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  COMMENT_CHARS_MAX,
  FACT_TEXT_CHARS_MAX,
  FIELDS_MAX,
  NOTE_CHARS_MAX,
} from '#lib/workflow/definition.ts';
import { cleanTexts } from '#lib/workflow/text.ts';
import { parseCommand } from './command-schema.ts';

const ID = '0199d3a0-0000-7000-8000-000000000001';
const base = { id: ID, itemId: ID, basis: { seq: 3 } };
const bounce = { handoffId: ID, reasonId: 'wrong-entity', note: '', missing: ['company'] };

const commands = [
  { ...base, type: 'createItem', workflowId: ID, workflowVersion: 1, facts: { title: 'Acme' }, order: 'a0' },
  { ...base, type: 'claimItem', basis: { after: ID } },
  { ...base, type: 'assignOwner', ownerId: null },
  {
    ...base,
    type: 'offerHandoff',
    handoffId: ID,
    seamId: 'draft-to-legal',
    facts: { seats: 3, isNew: true },
    note: '',
  },
  { ...base, type: 'offerDeviation', handoffId: ID, toStepId: 'draft', facts: {}, reason: 'The deal is off' },
  { ...base, type: 'acceptHandoff', handoffId: ID, order: 'a1V' },
  { ...base, type: 'returnHandoff', ...bounce },
  { ...base, type: 'withdrawHandoff', handoffId: ID },
  { ...base, type: 'sendBack', ...bounce, reasonId: null },
  { ...base, type: 'startWaiting', on: 'customer', what: 'Signature', until: '2026-12-24' },
  { ...base, type: 'resumeWork' },
  { ...base, type: 'completeItem' },
  { ...base, type: 'cancelItem', reason: 'Lost' },
  { ...base, type: 'reopenItem', reason: 'Won after all' },
  { ...base, type: 'orderItem', order: 'a1' },
  { ...base, type: 'addComment', commentId: ID, text: 'Called them.' },
  { ...base, type: 'linkItems', otherId: ID, kind: 'blocks' },
  { ...base, type: 'unlinkItems', otherId: ID },
] as const;
const byType = Object.fromEntries(commands.map((command) => [command.type, command]));

test.each(commands)('P30: $type passes and comes out equal', (command) => {
  expect(parseCommand(JSON.parse(JSON.stringify(command)))).toEqual({ ok: true, value: command });
});

test.each([
  ['a list', [], null, 'type'],
  ['nothing', null, null, ''],
  ['no id', { ...byType['claimItem'], id: undefined }, null, 'id'],
  ['an id that is no UUID', { ...byType['claimItem'], id: 'x' }, null, 'id'],
  ['a UUID in capitals', { ...byType['claimItem'], id: ID.toUpperCase().replaceAll('0', 'A') }, null, 'id'],
  ['no type', { ...base }, ID, 'type'],
  ['an unknown type', { ...base, type: 'stealItem' }, ID, 'type'],
  ['a further field', { ...byType['claimItem'], actorId: ID }, ID, 'actorId'],
  ['a basis of both kinds', { ...byType['claimItem'], basis: { seq: 1, after: ID } }, ID, 'basis'],
  ['a negative basis', { ...byType['claimItem'], basis: { seq: -1 } }, ID, 'basis'],
  ['a missing order', { ...byType['orderItem'], order: undefined }, ID, 'order'],
  ['a date that is none', { ...byType['startWaiting'], until: '2026-02-30' }, ID, 'until'],
])('P31: %s is malformed, and the answer names the place', (_what, command, id, path) => {
  const parsed = parseCommand(JSON.parse(JSON.stringify(command)));
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  expect(parsed.refusal.id).toBe(id);
  expect(parsed.refusal.path.split('.')[0]).toBe(path);
});

test.each([
  { type: 'recordFacts', id: ID, itemId: ID, facts: {} },
  { type: 'setMember', id: ID, userId: ID, isAdmin: true, roles: {} },
  { type: 'setRole', id: ID, userId: ID, teamId: ID, role: 'lead', keepsStronger: false },
])('P32: $type is the server’s own and does not pass', (command) => {
  expect(parseCommand(command)).toMatchObject({ ok: false, refusal: { path: 'type' } });
});

const manyFacts = Object.fromEntries(Array.from({ length: FIELDS_MAX + 2 }, (_, index) => [`f${index}`, 1]));
test.each([
  ['a long comment', { ...byType['addComment'], text: 'x'.repeat(COMMENT_CHARS_MAX + 1) }],
  ['a relation nobody has heard of', { ...byType['linkItems'], kind: 'eats' }],
  ['a link to nothing', { ...byType['linkItems'], otherId: '' }],
  ['an empty comment', { ...byType['addComment'], text: '' }],
  ['a NUL', { ...byType['addComment'], text: 'a\u0000b' }],
  ['half a surrogate pair', { ...byType['addComment'], text: 'a\ud800b' }],
  ['a long note', { ...byType['returnHandoff'], note: 'x'.repeat(NOTE_CHARS_MAX + 1) }],
  ['a long fact', { ...byType['createItem'], facts: { title: 'x'.repeat(FACT_TEXT_CHARS_MAX + 1) } }],
  ['a nested fact', { ...byType['createItem'], facts: { title: { a: 1 } } }],
  ['a number that is none', { ...byType['createItem'], facts: { title: Number.NaN } }],
  ['too many facts', { ...byType['createItem'], facts: manyFacts }],
  ['a long list', { ...byType['returnHandoff'], missing: Array<string>(FIELDS_MAX + 2).fill('x') }],
  ['an order key that sorts nowhere', { ...byType['orderItem'], order: 'a0 ' }],
  ['a huge order key', { ...byType['orderItem'], order: `a0${'V'.repeat(500)}` }],
])('P33: %s is malformed', (_what, command) => {
  expect(parseCommand(command).ok).toBe(false);
});

test('P34: a key such as __proto__ never reaches an object', () => {
  const command = JSON.parse(
    JSON.stringify(byType['createItem']).replace(
      '"title":"Acme"',
      '"title":"Acme","__proto__":true,"constructor":1',
    ),
  ) as unknown;
  const parsed = parseCommand(command);
  if (!parsed.ok || parsed.value.type !== 'createItem') return;
  expect(Object.keys(parsed.value.facts)).toEqual(['title']);
  expect(Object.getPrototypeOf(parsed.value.facts)).toBe(Object.prototype);
});

test.each([
  ['a title', { ...byType['createItem'], facts: { title: 'Ac\u202eme' } }, 'facts.title'],
  ['a note', { ...byType['offerHandoff'], note: 'a\u2066b' }, 'note'],
  ['a reason', { ...byType['cancelItem'], reason: 'a\u0007b' }, 'reason'],
  ['a comment', { ...byType['addComment'], text: 'a\u2028b' }, 'text'],
  ['what is waited for', { ...byType['startWaiting'], what: 'a\u0085b' }, 'what'],
  ['half a pair', { ...byType['sendBack'], note: 'a\ud83d' }, 'note'],
])(
  'P33: hidden characters make %s malformed, with the path, and pass when they are cleaned away',
  (...row) => {
    const [, command, path] = row;
    expect(parseCommand(command)).toEqual({ ok: false, refusal: { id: ID, path } });
    expect(parseCommand(cleanTexts(command)).ok).toBe(true);
  },
);

test('P33: any text within its size passes once it is cleaned', () => {
  const unit = fc.constantFrom(
    'a',
    ' ',
    '\n',
    '\r',
    '\0',
    '\u009b',
    '\u202e',
    '\u2068',
    '\u2029',
    '\ud83d',
    '\ude00',
  );
  const text = fc.string({ unit, maxLength: 40 });
  fc.assert(
    fc.property(text, text, (note, title) => {
      const command = { ...byType['offerHandoff'], note, facts: { title } };
      expect(parseCommand(cleanTexts(command)).ok).toBe(true);
    }),
  );
});
