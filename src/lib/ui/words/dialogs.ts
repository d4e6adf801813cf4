import { commonWords } from './common.ts';
import { marked } from './marked.ts';
import { counted } from './sentences.ts';

/** What several of the board's dialogs ask and say. */
export const dialogWords = {
  why: 'Why?',
  mayStayEmpty: 'May stay empty.',
} as const;

export const acceptWords = {
  title: (itemKey: string, sender: string) => `Accept ${itemKey} from ${sender}`,
  do: (team: string) => `Accept for ${team}`,
  readBack: 'What do you do next?',
  readBackHint: (sender: string) => `One line. ${sender} reads it, and knows that it was understood.`,
  readBackNeeded: (sender: string) => `Say in one line what you do next, for ${sender}.`,
} as const;

export const assignWords = {
  title: (itemKey: string) => `Assign ${itemKey}`,
  question: (team: string) => `Who of ${team} works on it?`,
  me: (name: string) => `${name} (you)`,
  hasIt: 'has it now',
  nobody: 'Nobody',
  nobodyMeans: (team: string) => `Unclaimed, for anybody of ${team} to take`,
} as const;

export const createWords = {
  title: 'New item',
  beginsWith: (team: string) => `It begins with ${team}, unclaimed.`,
  do: 'Create',
  itemTitle: 'Title',
  titleNeeded: 'A title is needed.',
  workflow: 'Workflow',
  workflowBegins: (team: string) => `begins with ${team}`,
  notYours: 'A new item is created by the team that begins the workflow, and you are not in it.',
} as const;

export const moveDialogWords = {
  title: (itemKey: string) => `Move ${itemKey}`,
  handOver: 'Hand over',
  sendBack: 'Send back',
  here: 'Here',
  leavePath: (count: number) => `Leave the path (${count})`,
  leavePathHint:
    'For when the workflow does not fit. It needs a reason, and is counted, so that the workflow can be mended.',
  asksForReason: (step: string) => `${step} · asks for a reason`,
  isReady: (step: string) => `${step} · everything is ready`,
  toFillIn: (step: string, count: number) => `${step} · ${counted(count, 'field')} to fill in`,
} as const;

export const handoffWords = {
  title: (verb: string, itemKey: string) => `${verb}: ${itemKey}`,
  move: (itemKey: string) => `Move ${itemKey}`,
  whichWay: (itemKey: string) => `Move ${itemKey}: which way?`,
  do: 'Hand over',
  allReady: 'Everything is ready.',
  toFillIn: (count: number) => `${counted(count, 'field')} to fill in.`,
  notPossible: 'It can’t be handed over from here any more',
  ways: 'Which way',
  wayIsReady: (team: string) => `${team} · everything is ready`,
  wayNeeds: (team: string, count: number) => `${team} · ${counted(count, 'field')} to fill in`,
  chooseWay: 'Choose one of these.',
  needs: (team: string) => `${team} needs`,
  needed: (team: string) => `${team} can’t start without it.`,
  whyLeavePath: 'Why leave the path?',
  whyNeeded: 'Say why, so that the workflow can be mended.',
  note: (team: string) => `A note for ${team}`,
  alsoGets: (team: string) => `${team} also gets`,
  accountable: (team: string, person: string | null) => (person === null ? team : `${team} (${person})`),
  promise: (team: string, accountable: string) =>
    marked`Until ${team} accepts it, *${accountable}* answers for it.`,
  otherEnd: 'At the other end',
  sees: (team: string, item: string, sender: string) =>
    marked`${team} sees *${item}* in its Incoming, marked as from ${sender}, with everything below.`,
} as const;

/** "No": while it is offered, or after it was taken. */
export const returnWords = {
  sender: 'the sender',
  returnTitle: (itemKey: string, team: string) => `Return ${itemKey} to ${team}`,
  return: (team: string) => `Return to ${team}`,
  sendBackTitle: (itemKey: string, team: string) => `Send ${itemKey} back to ${team}`,
  sendBack: (team: string) => `Send back to ${team}`,
  reasonNeeded: (team: string) => `Choose a reason, so that ${team} knows what to do.`,
  whichFields: 'Which information is missing or wrong?',
  note: (team: string) => `Note for ${team}`,
  noteNeeded: (team: string) => `Say why, so that ${team} knows what to do.`,
} as const;

export const waitWords = {
  title: (itemKey: string) => `Put ${itemKey} on waiting`,
  do: 'Put on waiting',
  on: 'Waiting on',
  what: 'For what',
  whatNeeded: 'Say what it waits for.',
  whatHint: 'The signed contract from Acme',
  until: 'Until',
  untilHint: 'The day it should go on. Leave it empty if nobody knows.',
} as const;

/** Cancelling and reopening. */
export const leadWords = {
  cancel: { title: (itemKey: string) => `Cancel ${itemKey}`, do: 'Cancel the item', dismiss: 'Keep it' },
  reopen: {
    title: (itemKey: string) => `Reopen ${itemKey}`,
    do: 'Reopen the item',
    dismiss: commonWords.cancel,
  },
  whyNeeded: 'Say why: it stays on record.',
} as const;
