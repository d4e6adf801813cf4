import type {
  AcceptInviteAnswer,
  AcceptInviteBody,
  ArchiveAnswer,
  BoardLogAnswer,
  BoardsAnswer,
  CommandAnswer,
  CreateBoardAnswer,
  CreateBoardBody,
  CreateInviteAnswer,
  ClaimDisplayAnswer,
  ClaimDisplayBody,
  CreateInviteBody,
  DisplayAnswer,
  DisplaysAnswer,
  HoursAnswer,
  DisplaySettingsBody,
  PairingAnswer,
  DocumentsAnswer,
  DocumentsBody,
  InvitesAnswer,
  ItemAnswer,
  ItemLogAnswer,
  LookInviteAnswer,
  NotificationsAnswer,
  ReadNotificationsAnswer,
  ReadNotificationsBody,
  WatchAnswer,
  LookInviteBody,
  PastAnswer,
  PeopleAnswer,
  SearchAnswer,
  SessionAnswer,
  SetHoursBody,
  SetRoleBody,
  SetupBody,
  SignInBody,
  TemplatesAnswer,
} from '#lib/protocol/api.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { BoardId, ItemId, SeamId, TeamId, UserId } from '#lib/workflow/ids.ts';
import { ok, refused } from '#lib/workflow/result.ts';
import type { Result } from '#lib/workflow/result.ts';
import { cleanLine } from '#lib/workflow/text.ts';

/** What a person can ask to hear of: how one item goes on, or what stalls at a seam of a board. */
export type Watched =
  | { readonly kind: 'item'; readonly itemId: ItemId }
  | { readonly kind: 'seam'; readonly boardId: BoardId; readonly seamId: SeamId };

/**
 * Why a call has no answer. `unreachable`: no network, no server, or no answer in time; nothing is known about what the
 * server did. `refused`: the server answered with a code of its table; `data` holds what came beside it.
 */
export type ApiFault =
  | { readonly kind: 'unreachable' }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      /** Names the fault in the server's log. */
      readonly id: string | null;
      readonly data: Readonly<Record<string, unknown>>;
    };

export type Answer<Value> = Promise<Result<Value, ApiFault>>;

/** The HTTP API, one method a call. No call throws. */
export interface Api {
  session(): Answer<SessionAnswer>;
  signIn(body: SignInBody): Answer<SessionAnswer>;
  /** Call `clearLocalData` afterwards. */
  signOut(): Answer<SessionAnswer>;
  setUp(body: SetupBody): Answer<SessionAnswer>;
  templates(): Answer<TemplatesAnswer>;
  boards(): Answer<BoardsAnswer>;
  createBoard(body: CreateBoardBody): Answer<CreateBoardAnswer>;
  people(boardId: BoardId): Answer<PeopleAnswer>;
  /** A null role takes the person out of the team. */
  setRole(boardId: BoardId, userId: UserId, body: SetRoleBody): Answer<null>;
  invites(boardId: BoardId): Answer<InvitesAnswer>;
  createInvite(boardId: BoardId, body: CreateInviteBody): Answer<CreateInviteAnswer>;
  revokeInvite(boardId: BoardId, inviteId: string): Answer<null>;
  lookInvite(body: LookInviteBody): Answer<LookInviteAnswer>;
  acceptInvite(body: AcceptInviteBody): Answer<AcceptInviteAnswer>;
  /** What this browser's display token is, if it has one. */
  ownDisplay(): Answer<DisplayAnswer>;
  /** A new code for this browser; any earlier one of it is over. */
  askPairing(): Answer<PairingAnswer>;
  hours(boardId: BoardId): Answer<HoursAnswer>;
  setHours(boardId: BoardId, teamId: TeamId, body: SetHoursBody): Answer<null>;
  displays(boardId: BoardId): Answer<DisplaysAnswer>;
  claimDisplay(boardId: BoardId, body: ClaimDisplayBody): Answer<ClaimDisplayAnswer>;
  changeDisplay(boardId: BoardId, displayId: string, body: DisplaySettingsBody): Answer<null>;
  revokeDisplay(boardId: BoardId, displayId: string): Answer<null>;
  sendCommand(boardId: BoardId, command: Command): Answer<CommandAnswer>;
  /** Item documents that differ from what is held; those that are `left` have to be asked for again. */
  documents(boardId: BoardId, body: DocumentsBody): Answer<DocumentsAnswer>;
  /** Items of the board that hold all of the words, long closed ones too. */
  search(boardId: BoardId, text: string): Answer<SearchAnswer>;
  /** Closed items, the latest first, with these words if there are any; `before`: the `next` of the page before. */
  archive(boardId: BoardId, text: string, before: string | null): Answer<ArchiveAnswer>;
  /** Items as they were at a moment, a page at a time; `after`: the `next` of the page before. */
  past(boardId: BoardId, atMs: number, after: number | null): Answer<PastAnswer>;
  /** What happened after `fromMs` and up to `toMs`, or up to now, a page at a time. */
  boardLog(boardId: BoardId, span: LogSpan, after: number | null): Answer<BoardLogAnswer>;
  /** What this person is told of the board, the latest first; `before`: the `next` of the page before. */
  notifications(boardId: BoardId, before: string | null): Answer<NotificationsAnswer>;
  readNotifications(boardId: BoardId, body: ReadNotificationsBody): Answer<ReadNotificationsAnswer>;
  isWatching(place: Watched): Answer<WatchAnswer>;
  watch(place: Watched): Answer<null>;
  unwatch(place: Watched): Answer<null>;
  /** One item, also one that has left the board document. */
  item(itemId: ItemId): Answer<ItemAnswer>;
  /** Entries after `afterSeq`, oldest first, at most one page: ask again from the last seq until none come. */
  itemLog(itemId: ItemId, afterSeq: number): Answer<ItemLogAnswer>;
}

/** In milliseconds since 1970; `toMs` null: up to now. */
export interface LogSpan {
  readonly fromMs: number;
  readonly toMs: number | null;
}

export interface ApiOptions {
  /** `''` in a browser: paths are relative to the page. */
  readonly origin?: string;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;

export function createApi(options: ApiOptions = {}): Api {
  const { origin = '', timeoutMs = TIMEOUT_MS } = options;
  const call = async <Value>(method: string, path: string, body?: unknown): Answer<Value> => {
    // Looked up per call: a service worker or a test may replace it later.
    const send = options.fetch ?? globalThis.fetch;
    const init: RequestInit = { method, credentials: 'same-origin', signal: AbortSignal.timeout(timeoutMs) };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { 'content-type': 'application/json' };
    }
    try {
      return await readAnswer<Value>(await send(`${origin}/api/v1${path}`, init));
    } catch {
      // fetch rejects for a network fault, an abort, and a body that breaks off: all mean "nothing is known".
      return refused({ kind: 'unreachable' });
    }
  };
  return {
    session: () => call('GET', '/session'),
    signIn: (body) => call('POST', '/session', body),
    signOut: () => call('DELETE', '/session'),
    setUp: (body) => call('POST', '/setup', withCleanName(body)),
    templates: () => call('GET', '/templates'),
    boards: () => call('GET', '/boards'),
    createBoard: (body) => call('POST', '/boards', withCleanName(body)),
    people: (boardId) => call('GET', `/boards/${encodeURIComponent(boardId)}/people`),
    setRole: (boardId, userId, body) =>
      call('PUT', `/boards/${encodeURIComponent(boardId)}/people/${encodeURIComponent(userId)}`, body),
    invites: (boardId) => call('GET', `/boards/${encodeURIComponent(boardId)}/invites`),
    createInvite: (boardId, body) => call('POST', `/boards/${encodeURIComponent(boardId)}/invites`, body),
    revokeInvite: (boardId, inviteId) =>
      call('DELETE', `/boards/${encodeURIComponent(boardId)}/invites/${encodeURIComponent(inviteId)}`),
    lookInvite: (body) => call('POST', '/invites/look', body),
    acceptInvite: (body) => call('POST', '/invites/accept', withCleanName(body)),
    ownDisplay: () => call('GET', '/displays/me'),
    askPairing: () => call('POST', '/displays/pairing', {}),
    hours: (boardId) => call('GET', `/boards/${encodeURIComponent(boardId)}/hours`),
    setHours: (boardId, teamId, body) =>
      call('PUT', `/boards/${encodeURIComponent(boardId)}/hours/${encodeURIComponent(teamId)}`, body),
    displays: (boardId) => call('GET', `/boards/${encodeURIComponent(boardId)}/displays`),
    claimDisplay: (boardId, body) =>
      call('POST', `/boards/${encodeURIComponent(boardId)}/displays`, withCleanName(body)),
    changeDisplay: (boardId, displayId, body) =>
      call(
        'PUT',
        `/boards/${encodeURIComponent(boardId)}/displays/${encodeURIComponent(displayId)}`,
        withCleanName(body),
      ),
    revokeDisplay: (boardId, displayId) =>
      call('DELETE', `/boards/${encodeURIComponent(boardId)}/displays/${encodeURIComponent(displayId)}`),
    sendCommand: (boardId, command) =>
      call('POST', `/boards/${encodeURIComponent(boardId)}/commands`, command),
    documents: (boardId, body) => call('POST', `/boards/${encodeURIComponent(boardId)}/documents`, body),
    search: (boardId, text) =>
      call('GET', `/boards/${encodeURIComponent(boardId)}/search?q=${encodeURIComponent(text)}`),
    archive: (boardId, text, before) => {
      const asked = new URLSearchParams({ q: text, ...(before !== null && { before }) });
      return call('GET', `/boards/${encodeURIComponent(boardId)}/archive?${asked.toString()}`);
    },
    past: (boardId, atMs, after) =>
      call('GET', `/boards/${encodeURIComponent(boardId)}/past?${queryOf({ at: atMs, after })}`),
    boardLog: (boardId, { fromMs, toMs }, after) =>
      call('GET', `/boards/${encodeURIComponent(boardId)}/log?${queryOf({ from: fromMs, to: toMs, after })}`),
    notifications: (boardId, before) => {
      const page = before === null ? '' : `?before=${encodeURIComponent(before)}`;
      return call('GET', `/boards/${encodeURIComponent(boardId)}/notifications${page}`);
    },
    readNotifications: (boardId, body) =>
      call('POST', `/boards/${encodeURIComponent(boardId)}/notifications/read`, body),
    isWatching: (place) => call('GET', watchPath(place)),
    watch: (place) => call('PUT', watchPath(place)),
    unwatch: (place) => call('DELETE', watchPath(place)),
    item: (itemId) => call('GET', `/items/${encodeURIComponent(itemId)}`),
    itemLog: (itemId, afterSeq) =>
      call('GET', `/items/${encodeURIComponent(itemId)}/log?after=${String(afterSeq)}`),
  };
}

/** The API of the page's own origin. */
export const api: Api = createApi();

/** What is null is left out. */
function watchPath(place: Watched): string {
  return place.kind === 'item'
    ? `/items/${encodeURIComponent(place.itemId)}/watch`
    : `/boards/${encodeURIComponent(place.boardId)}/seams/${encodeURIComponent(place.seamId)}/watch`;
}

function queryOf(asked: Readonly<Record<string, number | null>>): string {
  const given = Object.entries(asked).filter(([, value]) => value !== null);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

/** Nobody is refused for what came along, unseen, with a name that was pasted. */
function withCleanName<Body extends { readonly name?: string | undefined }>(body: Body): Body {
  return body.name === undefined ? body : { ...body, name: cleanLine(body.name) };
}

async function readAnswer<Value>(response: Response): Answer<Value> {
  const text = await response.text();
  if (response.ok) {
    // The server is the same release as this page; what it answers is not checked field by field.
    return ok((text === '' ? null : JSON.parse(text)) as Value);
  }
  return refused({ status: response.status, ...readFault(text) });
}

function readFault(text: string): Omit<Extract<ApiFault, { kind: 'refused' }>, 'status'> {
  const fault = { kind: 'refused', code: 'unknown', message: '', id: null, data: {} } as const;
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed) || !isRecord(parsed.error)) return fault;
    const { code, message, id, ...data } = parsed.error;
    return {
      kind: 'refused',
      code: typeof code === 'string' ? code : 'unknown',
      message: typeof message === 'string' ? message : '',
      id: typeof id === 'string' ? id : null,
      data,
    };
  } catch {
    // A proxy's HTML page: the status says what there is to say.
    return fault;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
