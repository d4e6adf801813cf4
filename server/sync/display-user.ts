import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import type { DisplayStore } from '../persistence/display-store.ts';
import type { SyncUser } from './peer.ts';
import type { StoredSessions } from './session-watch.ts';

/** Sets displays apart from the sessions of people, whose ids are UUIDs. */
const PREFIX = 'display:';

/** What a display's connections are watched by: it has no session, and ends when it is revoked. */
export function displaySessionId(displayId: string): string {
  return `${PREFIX}${displayId}`;
}

export function isDisplay({ sessionId }: SyncUser): boolean {
  return sessionId.startsWith(PREFIX);
}

/** A display as a connection carries it; its user id is nobody's. It lasts until somebody revokes it. */
export interface DisplayUser extends SyncUser {
  readonly sessionEndsAt: number;
  readonly boardId: BoardId;
}

export function displayUser(display: { id: string; boardId: BoardId; name: string }): DisplayUser {
  const { id, boardId, name } = display;
  return {
    userId: id as UserId,
    userName: name,
    sessionId: displaySessionId(id),
    isAdmin: false,
    sessionEndsAt: Infinity,
    boardId,
  };
}

/** Sessions and displays behind one question, so that both are closed by the same watch. */
export function withDisplays(sessions: StoredSessions, displays: DisplayStore): StoredSessions {
  return {
    async endsOf(ids) {
      const displayIds = ids.filter((id) => id.startsWith(PREFIX)).map((id) => id.slice(PREFIX.length));
      const sessionIds = ids.filter((id) => !id.startsWith(PREFIX));
      const ends = sessionIds.length === 0 ? new Map<string, number>() : await sessions.endsOf(sessionIds);
      const alive = await displays.existing(displayIds);
      return new Map([...ends, ...alive.map((id) => [displaySessionId(id), Infinity] as const)]);
    },
    async renew(ids) {
      const sessionIds = ids.filter((id) => !id.startsWith(PREFIX));
      if (sessionIds.length > 0) await sessions.renew(sessionIds);
    },
  };
}
