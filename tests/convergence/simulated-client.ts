import * as Y from 'yjs';
import { boardMeta, boardStateFromDocument, itemsFromDocument } from '../../src/lib/board/document.ts';
import type { Command } from '../../src/lib/workflow/commands.ts';
import type { CommandId, TeamId } from '../../src/lib/workflow/ids.ts';
import { hasRole } from '../../src/lib/workflow/permissions.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import type { VerdictMessage } from '../../src/lib/protocol/messages.ts';
import type { BoardRoom } from '../../server/sync/board-room.ts';
import { newId, type PersonName } from '../contract/contract-board.ts';
import type { StoredBoard } from '../contract/stored-board.ts';
import { FakePeer } from '../integration/sync/fake-peer.ts';
import type { Seeded } from './seeded.ts';

/** A person with a browser: an outbox that survives everything, and a connection that does not. */
export class SimulatedClient {
  readonly name: PersonName;
  readonly board: StoredBoard;
  readonly verdicts = new Map<CommandId, VerdictMessage>();
  outbox: Command[] = [];
  peer: FakePeer;
  room: BoardRoom | null = null;
  /** The last that this person saw; it must never go back. */
  seenSeq = 0;

  constructor(name: PersonName, board: StoredBoard) {
    this.name = name;
    this.board = board;
    this.peer = new FakePeer(board.people[name]);
  }

  /** Joins the room with what it has, or, in another epoch, with an empty document; sends again what has no verdict. */
  async connect(room: BoardRoom): Promise<void> {
    const { doc } = this.peer;
    this.peer = new FakePeer(this.board.people[this.name]);
    this.peer.doc = boardMeta(doc).epoch === room.epoch ? doc : new Y.Doc();
    this.room = room;
    await room.join(this.peer);
    await this.peer.requestSync(room);
    for (const command of this.outbox) await this.peer.command(room, command);
  }

  disconnect(): void {
    this.room?.leave(this.peer);
    this.room = null;
    // What was on its way is lost with the connection.
    this.peer.inbox.length = 0;
  }

  async issue(command: Command): Promise<void> {
    this.outbox.push(command);
    if (this.room) await this.peer.command(this.room, command);
  }

  read(count?: number): void {
    this.peer.read(count);
    for (const verdict of this.peer.verdicts.splice(0)) {
      const earlier = this.verdicts.get(verdict.id);
      if (earlier && JSON.stringify(earlier) !== JSON.stringify(verdict)) {
        throw new Error(`Two verdicts: ${JSON.stringify([earlier, verdict])}`);
      }
      this.verdicts.set(verdict.id, verdict);
      this.outbox = this.outbox.filter(({ id }) => id !== verdict.id);
    }
    const { seq } = boardMeta(this.peer.doc);
    // A document of another node may be empty until its content has come; but it never shows something older.
    if (seq > 0 && this.room) this.seenSeq = Math.max(this.seenSeq, seq);
  }

  /** What this person might ask for, by what is on the screen; often somebody else has been faster. */
  invent(random: Seeded): Command {
    const { doc } = this.peer;
    const items = [...itemsFromDocument(doc)].sort((a, b) => a.number - b.number);
    const { id: workflowId, version: workflowVersion } = this.board.workflow;
    if (items.length === 0 || (items.length < 6 && random.next() < 0.2)) {
      const facts = { title: 'Acme' };
      return command('createItem', {
        itemId: newId(),
        basis: { seq: 0 },
        workflowId,
        workflowVersion,
        facts,
        order: 'a0',
      });
    }
    return this.#move(random.pick(items), random);
  }

  #move(item: Item, random: Seeded): Command {
    const base = { itemId: item.id, basis: { seq: item.responsibility.seq } };
    const kind = random.next();
    if (kind < 0.2) return command('addComment', { ...base, commentId: newId(), text: 'Called them.' });
    if (kind < 0.3) return command('orderItem', { ...base, order: random.pick(['a1', 'a2', 'a1V']) });
    const { handoff } = item;
    if (handoff && this.#isIn(handoff.toTeamId)) {
      const answer = { ...base, handoffId: handoff.id };
      if (kind < 0.8) return command('acceptHandoff', { ...answer, order: 'a3' });
      return command('returnHandoff', { ...answer, reasonId: null, note: 'Not like this', missing: [] });
    }
    if (handoff) return command('withdrawHandoff', { ...base, handoffId: handoff.id });
    if (kind < 0.5) return command('claimItem', base);
    const seams = this.board.workflow.seams.filter((seam) => seam.fromStepId === item.stepId);
    if (seams.length === 0) return command('completeItem', base);
    const facts = {
      company: 'Acme Ltd',
      contact: this.board.people.alice,
      startDate: '2026-12-01',
      signed: true,
    };
    return command('offerHandoff', {
      ...base,
      handoffId: newId(),
      seamId: random.pick(seams).id,
      facts,
      note: '',
    });
  }

  #isIn(teamId: TeamId): boolean {
    const state = boardStateFromDocument(this.board.id, this.peer.doc);
    return hasRole(state.members.get(this.board.people[this.name]), teamId, 'member');
  }
}

function command(type: Command['type'], fields: object): Command {
  return { id: newId(), type, ...fields } as Command;
}
