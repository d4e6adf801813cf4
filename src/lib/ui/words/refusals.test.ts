import { expect, test } from 'vitest';
import type { CommandId, HandoffId, TeamId } from '#lib/workflow/ids.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import { noWaySentence, refusalSentence } from './refusals.ts';
import {
  alice,
  bob,
  contractValue,
  draft,
  legal,
  namesFor,
  sales,
  startDate,
  toLegal,
} from './sample-board.ts';

const now = new Date(2026, 10, 23, 12, 0).getTime();
const names = namesFor(alice);

const EVERY_REFUSAL: { readonly [Code in Refusal['code']]: Extract<Refusal, { code: Code }> } = {
  notAllowed: { code: 'notAllowed' },
  notYourTeam: { code: 'notYourTeam', teamId: legal, role: 'member' },
  noSuchItem: { code: 'noSuchItem' },
  itemExists: { code: 'itemExists' },
  noSuchWorkflow: { code: 'noSuchWorkflow' },
  noSuchStep: { code: 'noSuchStep' },
  nudgedLately: { code: 'nudgedLately', by: bob, at: now, againAt: now + 4 * 3_600_000 },
  readBackRequired: { code: 'readBackRequired' },
  noSuchSeam: { code: 'noSuchSeam', seamId: toLegal, stepId: draft },
  seamExists: { code: 'seamExists', seamId: toLegal },
  gateIncomplete: { code: 'gateIncomplete', missing: [contractValue, startDate] },
  factsInvalid: { code: 'factsInvalid', faults: [{ field: startDate, problem: 'notADate' }] },
  itemMovedOn: { code: 'itemMovedOn', by: bob, at: now - 78 * 60_000, event: 'handoffAccepted' },
  dependsOnRefused: { code: 'dependsOnRefused', commandId: 'c' as CommandId },
  itemClosed: { code: 'itemClosed' },
  itemNotClosed: { code: 'itemNotClosed' },
  handoffOpen: { code: 'handoffOpen', handoffId: 'h' as HandoffId, toTeamId: legal },
  noOpenHandoff: { code: 'noOpenHandoff' },
  alreadyWaiting: { code: 'alreadyWaiting' },
  notWaiting: { code: 'notWaiting' },
  dayOutOfReach: { code: 'dayOutOfReach', daysMax: 366 },
  alreadyOwner: { code: 'alreadyOwner' },
  ownerNotInTeam: { code: 'ownerNotInTeam', teamId: legal },
  reasonRequired: { code: 'reasonRequired' },
  noSuchReason: { code: 'noSuchReason' },
  laneFull: { code: 'laneFull', teamId: legal, limit: 6, count: 6 },
  notFinalStep: { code: 'notFinalStep', stepId: draft },
  nothingToSendBack: { code: 'nothingToSendBack' },
  bounceNeedsLead: { code: 'bounceNeedsLead', teamId: sales, bounces: 2 },
  relatedToItself: { code: 'relatedToItself' },
  alreadyRelated: { code: 'alreadyRelated', kind: 'blocks', key: 'ONB-3', otherKey: 'ONB-5' },
  notRelated: { code: 'notRelated' },
  relationsFull: { code: 'relationsFull', key: 'ONB-3', limit: 20 },
  blocksInCircle: { code: 'blocksInCircle', keys: ['ONB-3', 'ONB-4', 'ONB-5'] },
  malformed: { code: 'malformed', path: 'facts.title' },
  idReused: { code: 'idReused' },
};

test.each(Object.values(EVERY_REFUSAL))(
  '$code is said in whole sentences without an id or a code',
  (refusal) => {
    const sentence = refusalSentence(refusal, names, now);
    expect(sentence).toMatch(/^[A-Z].*[.!?]$/);
    expect(sentence).not.toMatch(/undefined|null|\[object|contractValue|to-legal|wrong-entity/);
  },
);

test('what bob did meanwhile is said with his name and the time', () => {
  expect(refusalSentence(EVERY_REFUSAL.itemMovedOn, names, now)).toBe(
    'Bob Bach accepted it at 10:42, so this no longer fits.',
  );
});

test('a gate names what alice still has to fill in', () => {
  expect(refusalSentence(EVERY_REFUSAL.gateIncomplete, names, now)).toBe(
    'Still needed before it can be handed over: Contract value and Start date.',
  );
});

test('a full lane says how full, and a foreign one whose it is', () => {
  expect(refusalSentence(EVERY_REFUSAL.laneFull, names, now)).toContain('Legal is full, with 6 items of 6');
  expect(refusalSentence(EVERY_REFUSAL.notYourTeam, names, now)).toBe('Only somebody of Legal can do that.');
});

test('a lane that cannot be reached says where the item goes instead', () => {
  expect(noWaySentence({ code: 'noSeamToLane', nextTeamIds: [legal, sales] }, names)).toBe(
    'From here it goes to Legal or Sales.',
  );
  expect(noWaySentence({ code: 'noSeamToLane', nextTeamIds: ['gone' as TeamId] }, names)).toContain(
    'another team',
  );
});
