import type { Role } from '#lib/workflow/state.ts';
import { marked } from './marked.ts';
import { counted } from './sentences.ts';
import { roleName } from './status.ts';

export const peopleWords = {
  title: 'People',
  intro: 'Who works on this board, and in which team. A team’s leads invite its people.',
  displays: 'Displays',
  onlyLeads: 'Only leads and admins see the people of a board here.',
  invite: 'Invite somebody',
  inNoTeam: 'In no team',
} as const;

/** The people of one team. */
export const teamWords = {
  count: (count: number) => counted(count, 'person', 'people'),
  you: '(you)',
  admin: 'Admin',
  adminMay: 'acts for every team',
  join: (team: string) => `Add me to ${team}`,
  changeRole: (person: string, team: string) => `Change what ${person} does in ${team}`,
  remove: (team: string) => `Remove from ${team}…`,
  nobody: 'Nobody yet. Until somebody joins, only an admin can answer what is offered here.',
} as const;

export const inviteWords = {
  team: 'Team',
  role: 'Role',
  make: 'Make a link',
  link: (team: string | undefined, role: Role) =>
    `Invitation to ${team ?? 'the team'}, as ${roleName(role).toLowerCase()}`,
  linkHint: 'Send it to one person: it works once. It is shown only now; make another for the next one.',
} as const;

/** Invitations that nobody has followed. */
export const openInviteWords = {
  title: 'Open invitations',
  intro: 'Nobody has followed these links yet.',
  you: 'you',
  /** The marked part is how long it is good for. */
  madeBy: (person: string, ago: string, goodFor: string) =>
    marked`Made by ${person} ${ago}, good for *${goodFor}*`,
  revoke: 'Revoke',
  revokeOf: (team: string | undefined, role: Role) =>
    `Revoke the invitation to ${team ?? 'a team'} as ${roleName(role).toLowerCase()}`,
} as const;

interface RemovalWords {
  readonly title: string;
  readonly consequence: string;
  readonly history: string;
  readonly confirm: string;
}

/** Before somebody is taken out of a team; `isLastRole`: the board goes with it. */
export function leaveWords(team: string, isLastRole: boolean): RemovalWords {
  return {
    title: `Leave ${team}?`,
    consequence: isLastRole
      ? 'You are in no other team here, and will no longer see the board, at once and on every device.'
      : 'You keep what you have elsewhere on the board.',
    history: 'What you did stays in the history, under the same name.',
    confirm: 'Leave',
  };
}

export function removeWords(person: string, team: string, isLastRole: boolean): RemovalWords {
  return {
    title: `Remove ${person} from ${team}?`,
    consequence: isLastRole
      ? 'This person is in no other team here, and will no longer see the board, at once and on every device.'
      : 'This person keeps what he or she has elsewhere on the board.',
    history: 'What this person did stays in the history, under the same name.',
    confirm: 'Remove',
  };
}
