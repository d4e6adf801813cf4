import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { BoardId, ItemId, SeamId, TeamId, UserId, WorkflowId } from '#lib/workflow/ids.ts';
import type { Stall } from '#lib/workflow/stall.ts';
import type { Closing, Item, Reason, Role } from '#lib/workflow/state.ts';
import type { VerdictMessage } from './messages.ts';

/** The JSON of the HTTP API: requests end in `Body`, answers in `Answer`. Every fault has the shape `ApiFaultBody`. */
export interface ApiFaultBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly id?: string;
    readonly [more: string]: unknown;
  };
}

export interface SessionUser {
  readonly id: UserId;
  readonly name: string;
  readonly email: string;
  readonly isAdmin: boolean;
}

/** `GET /api/v1/session`, and the answer to signing in, setting up and joining as far as the user goes. */
export interface SessionAnswer {
  readonly user: SessionUser | null;
  /** There is no admin yet: the link printed at start leads to the page that makes the first one. */
  readonly needsSetup: boolean;
}
/** `POST /api/v1/session` */
export interface SignInBody {
  readonly email: string;
  readonly password: string;
}
/** `POST /api/v1/setup` */
export interface SetupBody {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export interface TemplateSummary {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly teams: readonly { readonly key: string; readonly name: string; readonly color: string }[];
  readonly steps: readonly { readonly name: string; readonly team: string }[];
}
/** `GET /api/v1/templates` */
export interface TemplatesAnswer {
  readonly templates: readonly TemplateSummary[];
}

export interface BoardSummary {
  readonly id: BoardId;
  readonly name: string;
  /** The strongest role of this user on the board; an admin is `lead`. */
  readonly role: Role;
}
/** `GET /api/v1/boards` */
export interface BoardsAnswer {
  readonly boards: readonly BoardSummary[];
}
/** `POST /api/v1/boards` */
export interface CreateBoardBody {
  readonly name: string;
  readonly templateId: string;
  readonly withSamples: boolean;
}
export interface CreateBoardAnswer {
  readonly id: BoardId;
}

/** `GET /api/v1/boards/:id/people` */
export interface PeopleAnswer {
  readonly teams: readonly { readonly id: TeamId; readonly name: string; readonly color: string }[];
  readonly people: readonly BoardPerson[];
}
export interface BoardPerson {
  readonly id: UserId;
  readonly name: string;
  readonly email: string;
  readonly isAdmin: boolean;
  readonly roles: Readonly<Record<string, Role>>;
}

/** `PUT /api/v1/boards/:id/people/:userId`, answered with 204: another role in one team; null takes it away. */
export interface SetRoleBody {
  readonly teamId: TeamId;
  readonly role: Role | null;
}

/** When a team works, by the clocks of its place. */
export interface TeamHours {
  /** By name: `Europe/Vienna`. */
  readonly timeZone: string;
  /** Seven days, Monday first, each with its openings in order. */
  readonly week: readonly (readonly Opening[])[];
  /** Days without any opening, as `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
}
/** In minutes of the day, 0 to 1,440. */
export interface Opening {
  readonly fromMinute: number;
  readonly untilMinute: number;
}
/** `GET /api/v1/boards/:id/hours`: of all teams; null: around the clock. */
export interface HoursAnswer {
  readonly teams: readonly TeamWithHours[];
}
export interface TeamWithHours {
  readonly id: TeamId;
  readonly name: string;
  readonly color: string;
  readonly hours: TeamHours | null;
  /** Whether the asking person may set them. */
  readonly mayChange: boolean;
}
/** `PUT /api/v1/boards/:id/hours/:teamId`, answered with 204. */
export interface SetHoursBody {
  readonly hours: TeamHours | null;
}

/** `POST /api/v1/boards/:id/invites` */
export interface CreateInviteBody {
  readonly teamId: TeamId;
  readonly role: Role;
}
export interface CreateInviteAnswer {
  readonly url: string;
}
/** `GET /api/v1/boards/:id/invites`: those that can still be followed, of the teams that the asking person leads. */
export interface InvitesAnswer {
  readonly invites: readonly OpenInvite[];
}
/** `DELETE /api/v1/boards/:id/invites/:inviteId` revokes it, answered with 204. The link itself is known to nobody here. */
export interface OpenInvite {
  readonly id: string;
  readonly teamId: TeamId;
  readonly role: Role;
  readonly madeBy: { readonly id: UserId; readonly name: string };
  /** In milliseconds. */
  readonly madeAt: number;
  readonly goodUntil: number;
}
/** `POST /api/v1/invites/look` */
export interface LookInviteBody {
  readonly token: string;
}
export interface LookInviteAnswer {
  readonly boardName: string;
  readonly teamName: string;
  readonly role: Role;
  /** Nobody is signed in here: name, email and password are needed to accept. */
  readonly needsAccount: boolean;
}
/** `POST /api/v1/invites/accept` */
export interface AcceptInviteBody {
  readonly token: string;
  readonly name?: string;
  readonly email?: string;
  readonly password?: string;
}
export interface AcceptInviteAnswer {
  readonly boardId: BoardId;
}

/** `POST /api/v1/boards/:id/commands`: the body is one `Command`. */
export type CommandAnswer = VerdictMessage;

/** One accepted command of an item, for the history: `commandType` lets it be told as one sentence. */
export interface ItemLogEntry extends Entry {
  readonly commandType: AnyCommand['type'];
}
/** `GET /api/v1/items/:id/log?after=seq` */
export interface ItemLogAnswer {
  readonly entries: readonly ItemLogEntry[];
  /** Names of the people that the entries name, by user id. */
  readonly people: Readonly<Record<string, string>>;
}

/** What a browser has of one item's document: epoch 0 and seq 0 where it has nothing. */
export interface HeldDocument {
  readonly itemId: ItemId;
  readonly epoch: number;
  readonly seq: number;
}
/** `POST /api/v1/boards/:id/documents`: at most `DOCUMENTS_PER_REQUEST_MAX` items, fetched ahead of their being opened. */
export interface DocumentsBody {
  readonly items: readonly HeldDocument[];
}
/** One document as stored, with all before `seq` in it. */
export interface DocumentAnswer extends HeldDocument {
  /** All of it as one Yjs update (V1), in base64. */
  readonly update: string;
}
/**
 * Only documents that differ from what was named. An item that is not of this board, and one whose document nobody has
 * written to, is in neither list.
 */
export interface DocumentsAnswer {
  readonly documents: readonly DocumentAnswer[];
  /** These have changed too, and did not fit in: to be asked for again. */
  readonly left: readonly ItemId[];
}

/** One item that holds the words of a search. */
export interface SearchHit {
  readonly itemId: ItemId;
  readonly key: string;
  readonly title: string;
  /** Null: it is open. `at` in milliseconds. */
  readonly closed: { readonly kind: Closing['kind']; readonly at: number } | null;
}
/** `GET /api/v1/boards/:id/search?q=…`: at most `SEARCH_CHARS_MAX` characters; all words, the last as a beginning. */
export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  /** There are more than an answer holds. */
  readonly hasMore: boolean;
}

/** `GET /api/v1/items/:id`: the current row of an item, also of one that has left its board document. */
export interface ItemAnswer {
  readonly boardId: BoardId;
  readonly item: Item;
}

/** One item of the archive. `at` in milliseconds. */
export interface ArchivedItem extends SearchHit {
  readonly closed: { readonly kind: Closing['kind']; readonly at: number };
}
/**
 * `GET /api/v1/boards/:id/archive?q=…&before=…`: what was closed, the latest first, a page at a time; with `q` only what
 * holds its words, as in a search. `before` is the `next` of the page before.
 */
export interface ArchiveAnswer {
  readonly items: readonly ArchivedItem[];
  /** Null: that was all. */
  readonly next: string | null;
}

/**
 * `GET /api/v1/boards/:id/past?at=…&after=…`: items as they were at a moment, by number, a page at a time: those open
 * then, and those reopened since. `after` is the `next` of the page before.
 */
export interface PastAnswer {
  /** The last log entry at or before the moment; the same for every page. */
  readonly seq: number;
  readonly items: readonly Item[];
  /** Null: that was all. */
  readonly next: number | null;
}
/**
 * `GET /api/v1/boards/:id/log?from=…&to=…&after=…`: what happened after `from` and up to `to` (left out: up to now), in
 * order, a page at a time. `after` is the `next` of the page before; moments are in milliseconds.
 */
export interface BoardLogAnswer {
  readonly entries: readonly Entry[];
  /** Names of the people that the entries name, by user id. */
  readonly people: Readonly<Record<string, string>>;
  /** Null: that was all. */
  readonly next: number | null;
}

/** One open item that is stalled. Moments and lengths of time are in milliseconds. */
export interface StalledRow {
  readonly itemId: ItemId;
  readonly key: string;
  readonly title: string;
  readonly workflowId: WorkflowId;
  readonly workflow: string;
  readonly step: string;
  /** The seam it is stuck at; null: it is in work, or came off the path. */
  readonly seamId: SeamId | null;
  readonly holder: string;
  readonly owner: string | null;
  /** Who must move. */
  readonly teamId: TeamId;
  readonly team: string;
  readonly clock: Stall['clock'];
  /** When that clock began, and the moment from which on it is stalled. */
  readonly since: number;
  readonly stalledFrom: number;
  readonly because: Stall['because'];
  readonly limitMs: number | null;
  /** What half of them take, and 85 of 100; null: there is not enough history. */
  readonly usual: { readonly p50Ms: number; readonly p85Ms: number } | null;
  readonly nudges: number;
}
/**
 * `GET /api/v1/boards/:id/stalled?team=…&workflow=…&seam=…`: what is stalled, the longest first. The same under
 * `stalled.csv`, as a file for a spreadsheet.
 */
export interface StalledAnswer {
  /** At most `STALLED_ROWS_MAX`. */
  readonly items: readonly StalledRow[];
  /** How many there are. */
  readonly total: number;
  /** As of when, by the server's clock. */
  readonly at: number;
}

/** What a wall can show: who has what now; what is between teams; what is past its limit. */
export type WallView = 'owners' | 'handoffs' | 'stalled';
export const WALL_VIEWS: readonly WallView[] = ['owners', 'handoffs', 'stalled'];
export type WallTheme = 'system' | 'light' | 'dark';

/** `POST /api/v1/displays/pairing`: a code to be shown; the token comes along in a cookie. */
export interface PairingAnswer {
  readonly code: string;
  /** In milliseconds, by the server's clock. */
  readonly goodUntil: number;
}
export interface DisplaySettingsBody {
  readonly name: string;
  readonly views: readonly WallView[];
  readonly theme: WallTheme;
}
export interface OwnDisplay extends DisplaySettingsBody {
  readonly id: string;
  readonly boardId: BoardId;
}
/** `GET /api/v1/displays/me`: both null where the cookie, if any, is no display's and waits for nobody. */
export interface DisplayAnswer {
  readonly display: OwnDisplay | null;
  readonly pairing: PairingAnswer | null;
}
/** `POST /api/v1/boards/:id/displays`; `PUT …/:displayId` takes the settings alone, `DELETE` revokes: both 204. */
export interface ClaimDisplayBody extends DisplaySettingsBody {
  /** As it was typed. */
  readonly code: string;
}
export interface ClaimDisplayAnswer {
  readonly id: string;
}
/** `GET /api/v1/boards/:id/displays` */
export interface DisplaysAnswer {
  readonly displays: readonly BoardDisplay[];
}
export interface BoardDisplay extends OwnDisplay {
  /** In milliseconds; `lastSeenAt` null: not since it was paired. */
  readonly pairedAt: number;
  readonly lastSeenAt: number | null;
}

/** What the bell rings for. `watched` only for who asked for it. */
export type NotificationKind = 'act' | 'cameBack' | 'late' | 'watched';
/** What has happened, as data: the words are made in the UI. */
export type About =
  /** Somebody's step, in the past tense of the log. `arrived`: it came by itself, or was reopened, and nobody has it. */
  | { readonly type: 'offered' | 'arrived' | 'assigned' | 'nudged'; readonly by: UserId }
  | { readonly type: 'returned' | 'sentBack'; readonly by: UserId; readonly reason: Reason | null }
  | { readonly type: 'accepted' | 'completed' | 'cancelled'; readonly by: UserId }
  /** `from`: when it is stalled, or has been since, in milliseconds. */
  | { readonly type: 'halfway' | 'stalled'; readonly from: number };
export interface Notification {
  readonly id: string;
  readonly kind: NotificationKind;
  readonly about: About;
  readonly item: { readonly id: ItemId; readonly key: string; readonly title: string };
  /** In milliseconds. */
  readonly at: number;
  readonly isRead: boolean;
}
/** `GET /api/v1/boards/:id/notifications?before=…`: the asking person's own, the latest first, a page at a time. */
export interface NotificationsAnswer {
  readonly unread: number;
  readonly notifications: readonly Notification[];
  /** Null: that was all. */
  readonly next: string | null;
}
/**
 * `POST /api/v1/boards/:id/notifications/read`: these, or all that are no later than what the person has seen. One that
 * has come meanwhile, or was renewed, stays unread.
 */
export type ReadNotificationsBody = { readonly id: string; readonly at: number } | { readonly until: number };
export interface ReadNotificationsAnswer {
  readonly unread: number;
}

/** `GET /api/v1/items/:id/watch` and `GET /api/v1/boards/:id/seams/:seamId/watch`; `PUT` begins to watch, `DELETE` ends it: both answered with 204. */
export interface WatchAnswer {
  readonly isWatching: boolean;
}
