import type { About, Notification, NotificationKind } from '#lib/protocol/api.ts';
import { formatAgo, formatMoment } from './durations.ts';
import type { Names } from './names.ts';
import { counted } from './sentences.ts';

const BELL_KIND_WORDS: Readonly<Record<NotificationKind, string>> = {
  act: 'Your team must act',
  cameBack: 'Came back to you',
  late: 'Is late',
  watched: 'You watch this',
};

/** Half of a limit is gone, and it is not late yet: the mark must not say so. */
export function kindWords({ kind, about }: Pick<Notification, 'kind' | 'about'>): string {
  return about.type === 'halfway' ? 'Half of its time is gone' : BELL_KIND_WORDS[kind];
}

/** What has happened, as one sentence. */
export function aboutSentence(about: About, names: Pick<Names, 'fullName'>, nowMs: number): string {
  if ('from' in about) return timeSentence(about, nowMs);
  const who = names.fullName(about.by);
  switch (about.type) {
    case 'offered':
      return `${who} has offered it to your team: accept it, or return it with a reason.`;
    case 'arrived':
      return `${who} has sent it to your team, and nobody has it yet.`;
    case 'assigned':
      return `${who} has made it yours.`;
    case 'nudged':
      return `${who} waits for it and asks you to move it on.`;
    case 'returned':
      return `${who} has returned it${becauseOf(about.reason?.note)}`;
    case 'sentBack':
      return `${who} has sent it back${becauseOf(about.reason?.note)}`;
    case 'accepted':
      return `${who} has accepted it.`;
    case 'completed':
      return `${who} has completed it.`;
    case 'cancelled':
      return `${who} has cancelled it.`;
  }
}

function timeSentence({ type, from }: Extract<About, { from: number }>, nowMs: number): string {
  if (type !== 'halfway') return `It should have moved ${formatAgo(from, nowMs)}.`;
  // Read long after, it may have moved in time or not.
  return nowMs > from
    ? `Its time was up ${formatMoment(from, nowMs)}.`
    : `Nobody has moved it yet. It will be late ${formatMoment(from, nowMs)}.`;
}

function becauseOf(note = ''): string {
  return note === '' ? '.' : `: “${note}”`;
}

export const bellWords = {
  title: 'Notifications',
  button: (unread: number) => (unread === 0 ? 'Notifications' : `Notifications: ${unread} unread`),
  intro: 'What your teams must act on, what came back to you, and what is late.',
  unread: 'Unread',
  unreadCount: (unread: number) => `${counted(unread, 'notification')} unread`,
  allRead: 'All read',
  markAllRead: 'Mark all read',
  markRead: 'Mark read',
  markReadOf: (key: string) => `Mark ${key} read`,
  opening: 'Asking the server…',
  unreachable: 'The server can’t be reached. What is shown may be old.',
  nothing: 'Nobody waits for you',
  nothingMore: 'When something is offered or comes back to you, or is late, it shows up here by itself.',
  showEarlier: 'Show earlier',
  cameBack: (key: string, title: string) => `${key} ${title} came back to you`,
  watching: {
    item: {
      begin: 'Watch',
      stop: 'Stop watching',
      hint: 'Hear when it is accepted, returned, completed or late',
    },
    seam: {
      begin: 'Watch this seam',
      stop: 'Stop watching this seam',
      hint: 'Hear of every item that stalls at it',
    },
  },
} as const;
