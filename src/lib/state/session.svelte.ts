import { api as pageApi } from '#lib/sync/api.ts';
import type { Api, ApiFault } from '#lib/sync/api.ts';
import { clearLocalData, onSignOutElsewhere, unsentCount } from '#lib/sync/local-data.ts';
import type {
  AcceptInviteBody,
  SessionAnswer,
  SessionUser,
  SetupBody,
  SignInBody,
} from '#lib/protocol/api.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { clearDrafts } from './draft.svelte.ts';
import { onlyHere } from './only-here.ts';
import { rememberedBoards, rememberedUser } from './remembered.ts';
import { clearSavedViews } from './saved-views.svelte.ts';

/**
 * `opening`: nothing known yet. `signedIn`: there is a user, remembered or confirmed by the server (`isConfirmed`).
 * `leaving`: signed out, and what this browser holds of the user is being deleted. `unreachable`: nobody is remembered
 * and the server does not answer.
 */
export type SessionPhase = 'opening' | 'signedIn' | 'leaving' | 'signedOut' | 'needsSetup' | 'unreachable';

/**
 * Who uses this browser. The user of the last visit is remembered, so that a board opens at once and without a network;
 * the server confirms or corrects it a moment later.
 */
export class UserSession {
  phase = $state<SessionPhase>('opening');
  user = $state.raw<SessionUser | null>(null);
  /** The server has said so during this visit. */
  isConfirmed = $state(false);
  readonly #api: Api;
  /** Until it is done, a socket the server closes for it, or word from another tab, is no news. */
  #isSigningOut = false;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Resolves when the server has answered, or can't; a remembered user is there before that. */
  async open(): Promise<void> {
    const known = rememberedUser.read();
    if (known) {
      this.user = known;
      this.phase = 'signedIn';
    }
    const answer = await this.#api.session();
    if (answer.ok) this.#take(answer.value);
    else if (!this.user) this.phase = 'unreachable';
  }

  async signIn(body: SignInBody): Promise<ApiFault | null> {
    const answer = await this.#api.signIn(body);
    if (!answer.ok) return answer.refusal;
    this.#take(answer.value);
    return null;
  }

  /** Makes the first admin, who is signed in then. */
  async setUp(body: SetupBody): Promise<ApiFault | null> {
    const answer = await this.#api.setUp(body);
    if (!answer.ok) return answer.refusal;
    this.#take(answer.value);
    return null;
  }

  /** Takes an invitation, with a new account or as the one who is signed in. */
  async join(body: AcceptInviteBody): Promise<{ boardId: BoardId } | { fault: ApiFault }> {
    const answer = await this.#api.acceptInvite(body);
    if (!answer.ok) return { fault: answer.refusal };
    const [session, boards] = await Promise.all([this.#api.session(), this.#api.boards()]);
    if (session.ok) this.#take(session.value);
    if (boards.ok) rememberedBoards.write(boards.value.boards);
    return { boardId: answer.value.boardId };
  }

  /** How many of this user's changes would be lost by signing out now. */
  async unsent(): Promise<number> {
    if (!this.user) return 0;
    // What is in memory only may lie on the disk as well, from before there was no room left.
    return Math.max(onlyHere.count, await unsentCount(this.user.id));
  }

  /** Signed out in one tab is signed out in all, whichever page they show. Until the answer is called. */
  watchOtherTabs(): () => void {
    return $effect.root(() => {
      $effect(() => {
        const userId = this.user?.id;
        if (userId === undefined) return;
        return onSignOutElsewhere(userId, () => {
          if (this.#isSigningOut) return;
          clearDrafts();
          clearSavedViews();
          this.#forget('signedOut');
        });
      });
    });
  }

  /**
   * Ends the session at the server and deletes what this browser holds of the user. `signedOut`, and with it the
   * sign-in page, comes only after that: whoever sits down next finds nothing.
   */
  async signOut(): Promise<ApiFault | null> {
    this.#isSigningOut = true;
    try {
      return await this.#leave();
    } finally {
      this.#isSigningOut = false;
    }
  }

  /** The server has closed the session: what is unsent stays in this browser for when the same person signs in. */
  ended(): void {
    if (!this.#isSigningOut) this.#forget('signedOut');
  }

  async #leave(): Promise<ApiFault | null> {
    const { user } = this;
    const answer = await this.#api.signOut();
    // Without the server the cookie stays: who reloads is signed in again. Better to say so than to pretend.
    if (!answer.ok && answer.refusal.kind === 'unreachable') return answer.refusal;
    this.#forget('leaving');
    clearDrafts();
    clearSavedViews();
    try {
      if (user) await clearLocalData(user.id);
    } finally {
      this.phase = 'signedOut';
    }
    return null;
  }

  #take({ user, needsSetup }: SessionAnswer): void {
    this.isConfirmed = true;
    if (!user) {
      this.#forget(needsSetup ? 'needsSetup' : 'signedOut');
      return;
    }
    if (this.user !== null && this.user.id !== user.id) rememberedBoards.clear();
    rememberedUser.write(user);
    // The same person keeps the same object, so that nothing that stands on it is opened anew.
    if (!isSame(this.user, user)) this.user = user;
    this.phase = 'signedIn';
  }

  #forget(phase: 'leaving' | 'signedOut' | 'needsSetup'): void {
    rememberedUser.clear();
    rememberedBoards.clear();
    this.user = null;
    this.phase = phase;
  }
}

function isSame(one: SessionUser | null, other: SessionUser): boolean {
  if (one === null) return false;
  return (
    one.id === other.id &&
    one.name === other.name &&
    one.email === other.email &&
    one.isAdmin === other.isAdmin
  );
}

/** The session of this page. */
export const session = new UserSession(pageApi);
