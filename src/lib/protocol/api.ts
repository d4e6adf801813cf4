import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { BoardId, ItemId, TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Closing, Item, Role } from '#lib/workflow/state.ts';
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
