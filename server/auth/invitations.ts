import type { BoardId, CommandId, UserId } from '#lib/workflow/ids.ts';
import { hasRole } from '#lib/workflow/permissions.ts';
import type { Member } from '#lib/workflow/state.ts';
import { AppError } from '../errors.ts';
import type { InviteStore, InviteTo, InviteView, StoredInvite } from '../persistence/invite-store.ts';
import type { NewUser } from '../persistence/user-store.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { normalEmail } from './emails.ts';
import type { Memberships } from './memberships.ts';
import type { Passwords } from './passwords.ts';
import type { NewAccount } from './setup.ts';
import { hashToken, newToken } from './tokens.ts';

const INVITE_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** Each costs a password hash, and tells whether an e-mail address has an account. */
const ATTEMPT_LIMITS = { attemptsMax: 10, regainMs: 30_000, keysMax: 20_000 };

export interface InvitationDeps {
  readonly invites: InviteStore;
  readonly memberships: Memberships;
  readonly passwords: Passwords;
  readonly now: () => number;
}

/** Links by which people come to a board. */
export class Invitations {
  readonly #deps: InvitationDeps;
  readonly #attempts = new AttemptLimit(ATTEMPT_LIMITS);

  constructor(deps: InvitationDeps) {
    this.#deps = deps;
  }

  /** Answers with the token of the link. Rejects with `notAllowed` unless the inviter leads that team. */
  async invite(inviter: Member, invite: InviteTo): Promise<string> {
    if (!hasRole(inviter, invite.teamId, 'lead')) throw new AppError('notAllowed');
    const token = newToken();
    const createdAt = new Date(this.#deps.now());
    const expiresAt = new Date(createdAt.getTime() + INVITE_LIFETIME_MS);
    await this.#deps.invites.add({
      ...invite,
      tokenHash: hashToken(token),
      createdBy: inviter.userId,
      createdAt,
      expiresAt,
    });
    return token;
  }

  /** Those that can still be followed, of the teams that this member leads. */
  async openFor(member: Member, boardId: BoardId): Promise<StoredInvite[]> {
    const open = await this.#deps.invites.listOpen(boardId, new Date(this.#deps.now()));
    return open.filter(({ teamId }) => hasRole(member, teamId, 'lead'));
  }

  /** Makes the link lead nowhere. Rejects with `notFound` unless it is one of `openFor`. */
  async revoke(member: Member, boardId: BoardId, inviteId: string): Promise<void> {
    const isTheirs = (await this.openFor(member, boardId)).some(({ id }) => id === inviteId);
    const { invites, now } = this.#deps;
    if (!isTheirs || !(await invites.revoke(boardId, inviteId, new Date(now()))))
      throw new AppError('notFound');
  }

  /** Where the link leads. Rejects with `linkInvalid`. */
  async look(token: string): Promise<InviteView> {
    const view = await this.#deps.invites.look(hashToken(token), new Date(this.#deps.now()));
    if (view === null) throw new AppError('linkInvalid');
    return view;
  }

  /**
   * Makes the person a member: somebody who has an account, or who gets one by this. The invitation is taken first and
   * the role given after, under the invitation's own id: if the server stops in between, the same person can follow the
   * link again, and a role that was taken away later does not come back by it.
   */
  async accept(token: string, who: UserId | NewAccount): Promise<{ userId: UserId; boardId: BoardId }> {
    const taken = await this.#take(token, who);
    if (taken.kind === 'emailTaken') throw new AppError('emailTaken');
    if (taken.kind === 'noSuchInvite') throw new AppError('linkInvalid');
    const { inviteId, userId, boardId, teamId, role } = taken.invite;
    const grant = { commandId: inviteId as CommandId, actorId: userId, userId, teamId, role };
    if (!(await this.#deps.memberships.grant(boardId, grant))) throw new AppError('linkInvalid');
    return { userId, boardId };
  }

  #takeAttempt(token: string): void {
    const waitMs = this.#attempts.take(hashToken(token), this.#deps.now());
    if (waitMs > 0) throw new AppError('tooManyAttempts', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  async #take(token: string, who: UserId | NewAccount) {
    const now = new Date(this.#deps.now());
    if (typeof who === 'string') return this.#deps.invites.accept(hashToken(token), { userId: who }, now);
    // Before the password is hashed, so that strangers without a link cannot make the server work.
    await this.look(token);
    this.#takeAttempt(token);
    const account: NewUser = {
      name: who.name,
      email: normalEmail(who.email),
      passwordHash: await this.#deps.passwords.hash(who.password),
    };
    return this.#deps.invites.accept(hashToken(token), account, now);
  }
}
