import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { InviteStore } from '../../server/persistence/invite-store.ts';
import { SessionStore } from '../../server/persistence/session-store.ts';
import { SetupStore } from '../../server/persistence/setup-store.ts';
import { UserStore } from '../../server/persistence/user-store.ts';
import { describeOnBoth } from './databases.ts';
import { NOW_MS } from './contract-board.ts';
import { StoredBoard } from './stored-board.ts';

const NOW = new Date(NOW_MS);
const LATER = new Date(NOW_MS + 60_000);

function account(name: string) {
  return { name, email: `${name}-${randomUUID()}@example.com`, passwordHash: '$argon2id$' };
}

describeOnBoth('Accounts', (database) => {
  // First in this file: it begins with a database that has no admin.
  describe('The first admin', () => {
    it('is made once, whichever of two links is used and however close together', async () => {
      const setup = new SetupStore(database().db);
      expect(await setup.isNeeded()).toBe(true);
      await setup.add('link of the first start', NOW);
      await setup.add('link of the second start', NOW);
      expect(await setup.has('link of the first start')).toBe(true);
      expect(await setup.use('guessed', account('mallory'))).toBeNull();

      const used = await Promise.all([
        setup.use('link of the first start', account('alice')),
        setup.use('link of the second start', account('bob')),
        setup.use('link of the first start', account('carol')),
      ]);
      expect(used.filter((admin) => admin !== null)).toMatchObject([{ isAdmin: true }]);
      expect(await setup.isNeeded()).toBe(false);
      await setup.add('a link that came too late', NOW);
      expect(await setup.use('a link that came too late', account('dave'))).toBeNull();
    });
  });

  describe('People', () => {
    it('have an email that nobody else has', async () => {
      const users = new UserStore(database().db);
      const alice = await users.add(account('alice'));
      if (!alice) throw new Error('alice was not added.');
      expect(await users.add({ ...account('bob'), email: alice.email })).toBeNull();
      expect(await users.findByEmail(alice.email)).toEqual(alice);
      expect(await users.find(alice.id)).toEqual(alice);
      expect(await users.findByEmail('nobody@example.com')).toBeNull();
      await users.setPasswordHash(alice.id, 'another');
      expect(await users.findByEmail(alice.email)).toEqual({ ...alice, passwordHash: 'another' });
      expect(await users.names([alice.id])).toEqual(new Map([[alice.id, 'alice']]));
    });
  });

  describe('Sessions', () => {
    let sessions: SessionStore;
    let users: UserStore;

    beforeEach(() => {
      sessions = new SessionStore(database().db);
      users = new UserStore(database().db);
    });

    async function signedIn(name: string) {
      const user = await users.add(account(name));
      if (!user) throw new Error(`${name} was not added.`);
      const session = { id: randomUUID(), userId: user.id, createdAt: NOW, expiresAt: LATER };
      const tokenHash = randomUUID();
      await sessions.add({ ...session, tokenHash });
      return { user, session, tokenHash };
    }

    it('are found by the hash of their token, with whose they are', async () => {
      const { user, session, tokenHash } = await signedIn('alice');
      const { id, name, email, isAdmin } = user;
      const bob = await signedIn('bob');
      const found = await sessions.findByTokenHashes([tokenHash, session.id, bob.tokenHash]);
      expect([...found.keys()].sort()).toEqual([tokenHash, bob.tokenHash].sort());
      expect(found.get(tokenHash)).toEqual({ session, user: { id, name, email, isAdmin } });
      const expiresAt = new Date(NOW_MS + 120_000);
      await sessions.setExpiry(tokenHash, expiresAt);
      expect(await sessions.listByUser(user.id)).toEqual([{ ...session, expiresAt }]);
    });

    it('end alone or all together, and every node hears whose they were', async () => {
      const heard: unknown[] = [];
      const stop = await database().listen((hint) => heard.push(hint));
      const alice = await signedIn('alice');
      const bob = await signedIn('bob');
      await sessions.removeByTokenHash(alice.tokenHash);
      await sessions.removeByTokenHash('unknown');
      await sessions.removeByUser(bob.user.id);

      expect(await sessions.findByTokenHashes([alice.tokenHash])).toEqual(new Map());
      expect(await sessions.listByUser(bob.user.id)).toEqual([]);
      await expect
        .poll(() => heard)
        .toEqual([
          { kind: 'user', userId: alice.user.id },
          { kind: 'user', userId: bob.user.id },
        ]);
      await stop();
    });

    it('in use are prolonged together: those that near their end, and none that is over or was not asked for', async () => {
      const [alice, bob, carol, dave] = await Promise.all(['alice', 'bob', 'carol', 'dave'].map(signedIn));
      if (!alice || !bob || !carol || !dave) throw new Error('Somebody was not added.');
      await sessions.setExpiry(alice.tokenHash, new Date(NOW_MS + 1_000));
      await sessions.setExpiry(bob.tokenHash, NOW);
      await sessions.setExpiry(carol.tokenHash, new Date(NOW_MS + 2_001));
      await sessions.setExpiry(dave.tokenHash, new Date(NOW_MS + 1_000));
      const asked = [alice, bob, carol].map(({ session }) => session.id);
      await sessions.prolong(asked, { after: NOW, until: new Date(NOW_MS + 2_000), to: LATER });
      await sessions.prolong([], { after: NOW, until: LATER, to: LATER });

      const ends = async ({ user }: typeof alice) =>
        (await sessions.listByUser(user.id))[0]?.expiresAt.getTime();
      expect(await Promise.all([alice, bob, carol, dave].map(ends))).toEqual([
        LATER.getTime(),
        NOW_MS,
        NOW_MS + 2_001,
        NOW_MS + 1_000,
      ]);
    });

    it('are forgotten once they have run out', async () => {
      const { user } = await signedIn('alice');
      await sessions.removeExpired(new Date(LATER.getTime() - 1));
      expect(await sessions.listByUser(user.id)).toHaveLength(1);
      await sessions.removeExpired(LATER);
      expect(await sessions.listByUser(user.id)).toEqual([]);
    });
  });

  describe('Invites', () => {
    let board: StoredBoard;
    let invites: InviteStore;

    beforeEach(async () => {
      board = await StoredBoard.create(database().db);
      invites = new InviteStore(database().db);
    });

    async function invited(): Promise<{ tokenHash: string; id: string }> {
      const tokenHash = randomUUID();
      const { legal: teamId } = board.teams;
      const from = { createdBy: board.people.ada, createdAt: NOW, expiresAt: LATER };
      const id = await invites.add({ tokenHash, boardId: board.id, teamId, role: 'member', ...from });
      return { tokenHash, id };
    }

    it('show where they lead, until they run out', async () => {
      const { tokenHash } = await invited();
      const view = {
        boardId: board.id,
        boardName: 'Onboarding',
        teamId: board.teams.legal,
        teamName: 'legal',
      };
      expect(await invites.look(tokenHash, NOW)).toEqual({ ...view, role: 'member' });
      expect(await invites.look(tokenHash, LATER)).toBeNull();
      expect(await invites.look('unknown', NOW)).toBeNull();
      expect(await invites.accept(tokenHash, account('bob'), LATER)).toEqual({ kind: 'noSuchInvite' });
    });

    it('take in one person each, however many try at the same time', async () => {
      const { tokenHash, id } = await invited();
      const { carol, dave } = board.people;
      const results = await Promise.all([
        invites.accept(tokenHash, { userId: carol }, NOW),
        invites.accept(tokenHash, { userId: dave }, NOW),
        invites.accept(tokenHash, account('mallory'), NOW),
      ]);
      const accepted = results.flatMap((result) => (result.kind === 'accepted' ? [result.invite] : []));
      expect(accepted).toMatchObject([
        { inviteId: id, boardId: board.id, teamId: board.teams.legal, role: 'member' },
      ]);
      expect(await invites.look(tokenHash, NOW)).toBeNull();
    });

    it('can be followed again by the same person, who is then given the role once and not once more', async () => {
      const { tokenHash, id } = await invited();
      const { carol } = board.people;
      const first = await invites.accept(tokenHash, { userId: carol }, NOW);
      expect(await invites.accept(tokenHash, { userId: carol }, NOW)).toEqual(first);

      const node = await board.node();
      const joining = { ...board.joining('carol', { legal: 'member' }), id } as ReturnType<
        typeof board.joining
      >;
      await node.tell('ada', joining);
      await node.tell('ada', board.joining('carol', {}));
      expect(await node.submit('ada', joining)).toMatchObject({ kind: 'accepted', isRepeat: true });
      expect(node.state.members.get(carol)?.roles).toEqual({});
    });

    it('make an account along with it, or neither when the email is taken', async () => {
      const { tokenHash } = await invited();
      const erin = account('erin');
      const users = new UserStore(database().db);
      const taken = await users.add(account('frank'));
      if (!taken) throw new Error('frank was not added.');
      expect(await invites.accept(tokenHash, { ...erin, email: taken.email }, NOW)).toEqual({
        kind: 'emailTaken',
      });
      expect(await invites.look(tokenHash, NOW)).not.toBeNull();
      expect(await invites.accept(tokenHash, erin, NOW)).toMatchObject({ kind: 'accepted' });
      expect(await users.findByEmail(erin.email)).toMatchObject({ name: 'erin', isAdmin: false });
    });

    it('are of no use once revoked', async () => {
      const { tokenHash, id } = await invited();
      const elsewhere = await StoredBoard.create(board.db);
      expect(await invites.revoke(elsewhere.id, id, NOW)).toBe(false);
      expect(await invites.revoke(board.id, id, NOW)).toBe(true);
      expect(await invites.revoke(board.id, id, NOW)).toBe(false);
      expect(await invites.look(tokenHash, NOW)).toBeNull();
      expect(await invites.accept(tokenHash, { userId: board.people.bob }, NOW)).toEqual({
        kind: 'noSuchInvite',
      });
    });
  });
});
