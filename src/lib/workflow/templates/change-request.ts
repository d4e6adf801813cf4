import type { StepId } from '../ids.ts';
import {
  choice,
  claim,
  DAY_MS,
  field,
  handedOver,
  HOUR_MS,
  offer,
  onWall,
  returned,
  seam,
  step,
  wait,
} from './template.ts';
import type { SampleMove, WorkflowTemplate } from './template.ts';

const toBuild: readonly SampleMove[] = [claim, ...handedOver('request', 'build')];
const toTest: readonly SampleMove[] = [...toBuild, ...handedOver('build', 'test')];
const toApproval: readonly SampleMove[] = [...toTest, ...handedOver('test', 'approval')];
const toRollout: readonly SampleMove[] = [
  ...toApproval,
  ...handedOver('approval', 'rollout', 'Book the window and put the way back beside it'),
];

export const changeRequest: WorkflowTemplate = {
  id: 'change-request',
  name: 'Change request',
  summary:
    'From a wish to a change that runs in production: described, built, tested, approved, rolled out, watched.',
  teams: [
    { key: 'product', name: 'Product', color: 'violet', itemLimit: null },
    { key: 'engineering', name: 'Engineering', color: 'blue', itemLimit: 8 },
    { key: 'qa', name: 'QA', color: 'gold', itemLimit: 5 },
    { key: 'operations', name: 'Operations', color: 'teal', itemLimit: 6 },
  ],
  workflow: {
    keyPrefix: 'CHG',
    startStepId: 'request' as StepId,
    steps: [
      step('request', 'Describe change', 'product', { workDays: 7 }),
      step('build', 'Build', 'engineering', { workDays: 10 }),
      step('test', 'Test', 'qa', { workDays: 4 }),
      step('approval', 'Approve release', 'product', { workDays: 2 }),
      step('rollout', 'Roll out', 'operations', { workDays: 3 }),
      step('watch', 'Watch in production', 'operations', { workDays: 7, isFinal: true }),
    ],
    seams: [
      seam('request', 'build', {
        needs: ['problem', 'affected', 'acceptance', 'urgency'],
        returnReasons: {
          'problem-unclear': 'A solution is described, but not the problem',
          'not-testable': 'Acceptance criteria cannot be tested',
          'too-large': 'Too large: split it',
          duplicate: 'Exists already',
        },
        gapHours: 48,
      }),
      seam('build', 'test', {
        needs: ['pullRequest', 'testSystem', 'howToTest', 'dataChange'],
        returnReasons: {
          'does-not-start': 'The test system does not start',
          'criteria-not-met': 'An acceptance criterion is plainly not met',
          'instructions-missing': 'Not clear how to test it',
        },
        gapHours: 24,
      }),
      seam('build', 'rollout', {
        needs: ['pullRequest', 'incident', 'rollbackPlan', 'dataChange'],
        returnReasons: {
          'not-urgent': 'No emergency: go through the tests',
          'no-way-back': 'The way back does not work',
        },
        gapHours: 2,
      }),
      seam('test', 'approval', {
        needs: ['testReport', 'openDefects'],
        returnReasons: {
          'defect-not-acceptable': 'An open defect is not acceptable',
          'criterion-untested': 'An acceptance criterion was not tested',
        },
        gapHours: 24,
      }),
      seam('approval', 'rollout', {
        needs: ['releaseDay', 'customerNotice', 'rollbackPlan', 'approver'],
        returnReasons: {
          'window-taken': 'The window is taken or in a freeze',
          'no-way-back': 'The way back does not work',
          'notice-missing': 'Customers have not been told',
        },
        gapHours: 24,
        asksReadBack: true,
      }),
      seam('rollout', 'build', {
        needs: ['rolloutFinding'],
        returnReasons: {
          'not-the-change': 'The change is not the cause',
          'finding-unclear': 'The finding cannot be reproduced',
        },
        gapHours: 4,
      }),
      seam('rollout', 'watch', { needs: ['rolledOutOn'] }),
    ],
    fields: [
      field(
        'text',
        'problem',
        'Problem',
        'Who cannot do what today: Engineering often knows a cheaper answer than the one asked for.',
      ),
      field(
        'text',
        'affected',
        'Who is affected',
        'Engineering weighs the effort by it, and QA takes its test accounts from there.',
      ),
      field(
        'text',
        'acceptance',
        'Acceptance criteria',
        'Sentences that are true or false when it is done: Engineering builds to them and QA tests them.',
      ),
      onWall(
        choice(
          ['Can wait', 'This month', 'This week'],
          'urgency',
          'Urgency',
          'Engineering orders its lane by it.',
        ),
      ),
      field(
        'link',
        'pullRequest',
        'Pull request',
        'QA reads in it what else may have changed; Operations takes the version from it.',
      ),
      field('link', 'testSystem', 'Test system', 'Where QA finds exactly this version.'),
      field(
        'text',
        'howToTest',
        'How to test',
        'Accounts, switches and data that QA needs to see the change.',
      ),
      choice(
        ['None', 'Can be undone', 'Cannot be undone'],
        'dataChange',
        'Change of stored data',
        'If it cannot be undone, Operations takes a backup first and needs a longer window.',
      ),
      field(
        'link',
        'incident',
        'Incident',
        'The outage this ends: only that lets Operations roll out without tests.',
      ),
      field('link', 'testReport', 'Test report', 'Product decides on the release by it.'),
      field(
        'number',
        'openDefects',
        'Open defects',
        'Write 0 if there are none: Product accepts them by releasing.',
      ),
      onWall(
        field('date', 'releaseDay', 'Day of release', 'Operations books the window and who is on call.'),
      ),
      choice(
        ['Not needed', 'Sent'],
        'customerNotice',
        'Notice to customers',
        'Operations starts only when nobody will be surprised.',
      ),
      field(
        'text',
        'rollbackPlan',
        'Way back',
        'What Operations does at night when it goes wrong, and how long that takes.',
      ),
      field('person', 'approver', 'Approved by', 'Whom Operations calls if the window has to move.'),
      field(
        'text',
        'rolloutFinding',
        'What went wrong',
        'Time, message and numbers: Engineering has to find it without the production system.',
      ),
      field('date', 'rolledOutOn', 'Rolled out on', 'The days of watching are counted from it.'),
    ],
  },
  sampleItems: [
    {
      facts: {
        title: 'Export invoices for the tax office',
        problem: 'Accountants copy 200 invoices by hand every quarter.',
      },
      moves: [claim],
      createdAgoMs: 3 * DAY_MS,
      lastMoveAgoMs: 70 * HOUR_MS,
    },
    {
      facts: { title: 'Dark mode for the driver app' },
      moves: [],
      createdAgoMs: 8 * DAY_MS,
      lastMoveAgoMs: 8 * DAY_MS,
    },
    {
      facts: {
        title: 'Second reminder before a subscription ends',
        problem: 'A third of all cancelled customers say they did not notice the end.',
        affected: 'All customers on yearly plans, about 6,000',
        acceptance: 'A mail goes out 30 and 7 days before the end; nobody gets it twice.',
        urgency: 'This month',
      },
      moves: [claim, offer('request', 'build')],
      createdAgoMs: 6 * DAY_MS,
      lastMoveAgoMs: 54 * HOUR_MS,
    },
    {
      facts: {
        title: 'Make search better',
        problem: 'Customers say they cannot find things.',
        affected: 'Everybody',
        acceptance: 'Search is better.',
        urgency: 'This week',
      },
      moves: [
        claim,
        offer('request', 'build'),
        returned('not-testable', 'Better for whom, and how would QA notice?', ['problem', 'acceptance']),
      ],
      createdAgoMs: 4 * DAY_MS,
      lastMoveAgoMs: 11 * HOUR_MS,
    },
    {
      facts: {
        title: 'Sign in with a passkey',
        problem: 'Password resets are half of all support calls.',
        affected: 'All users; admins of large customers ask for it',
        acceptance: 'A passkey can be added, used and removed; a password still works.',
        urgency: 'This month',
      },
      moves: toBuild,
      createdAgoMs: 13 * DAY_MS,
      lastMoveAgoMs: 11 * DAY_MS,
    },
    {
      facts: {
        title: 'Delivery slots on public holidays',
        problem: 'Customers book slots on days when nobody drives.',
        affected: 'Customers in Bavaria and France',
        acceptance: 'No slot is offered on a holiday of the delivery address.',
        urgency: 'This week',
        pullRequest: 'https://code.example/shop/pull/4812',
        testSystem: 'https://holidays.test.example',
        howToTest: 'Account test-fr-2; holidays are read from the table calendar_day.',
        dataChange: 'Can be undone',
      },
      moves: [...toTest, wait('team', 'Engineering: test data for 2027')],
      createdAgoMs: 12 * DAY_MS,
      lastMoveAgoMs: 2 * DAY_MS,
    },
    {
      facts: {
        title: 'Faster order list for large customers',
        problem: 'With more than 10,000 orders the list takes 20 seconds.',
        affected: '14 large customers',
        acceptance: 'The list is there within 2 seconds for 50,000 orders.',
        urgency: 'This week',
        pullRequest: 'https://code.example/shop/pull/4790',
        testSystem: 'https://orders.test.example',
        howToTest: 'Account big-1 has 52,000 orders.',
        dataChange: 'None',
        testReport: 'https://files.example/tests/order-list',
        openDefects: 1,
      },
      moves: [...toTest, offer('test', 'approval')],
      createdAgoMs: 17 * DAY_MS,
      lastMoveAgoMs: 6 * HOUR_MS,
    },
    {
      facts: {
        title: 'New mail provider',
        problem: 'One in forty confirmation mails ends up as spam.',
        affected: 'All customers',
        acceptance: 'All mails go out through the new provider; bounces are shown to Support.',
        urgency: 'This month',
        pullRequest: 'https://code.example/shop/pull/4766',
        testSystem: 'https://mail.test.example',
        howToTest: 'Mails of the test system arrive at mailbox.test.example.',
        dataChange: 'None',
        testReport: 'https://files.example/tests/mail-provider',
        openDefects: 0,
        releaseDay: '2026-11-26',
        customerNotice: 'Not needed',
        rollbackPlan: 'Set MAIL_PROVIDER back and restart the mail workers; five minutes.',
      },
      moves: toRollout,
      createdAgoMs: 28 * DAY_MS,
      lastMoveAgoMs: 20 * HOUR_MS,
    },
  ],
};
