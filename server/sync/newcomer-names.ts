import { peopleFromDocument } from '#lib/board/document.ts';
import { namePerson, touchedMembers } from '#lib/board/projection.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { Logger } from '../logger.ts';
import type { ProjectedDocument } from './projected-document.ts';

export interface NewcomerNamesDeps {
  readonly readName: (userId: UserId) => Promise<string>;
  readonly logger: Logger;
  /** The document to write to: another one after a new epoch. */
  readonly board: () => ProjectedDocument;
  readonly onNamed: () => void;
}

/** The log holds ids and no names, so the name of somebody new is read from the rows and follows by itself. */
export class NewcomerNames {
  readonly #deps: NewcomerNamesDeps;
  /** People whom entries brought onto the board, and whose names have not been read yet. */
  readonly #nameless = new Set<UserId>();

  constructor(deps: NewcomerNamesDeps) {
    this.#deps = deps;
  }

  /** To be called once these entries stand in the document. */
  note(entries: readonly Entry[]): void {
    const people = peopleFromDocument(this.#deps.board().doc);
    for (const userId of touchedMembers(entries)) {
      if (people.get(userId)?.name === '') this.#nameless.add(userId);
    }
    void this.read();
  }

  /** Never rejects: what cannot be read now is read the next time. */
  async read(): Promise<void> {
    const { readName, logger, board, onNamed } = this.#deps;
    for (const userId of this.#nameless) {
      try {
        const name = await readName(userId);
        // Asked for only now: a new epoch may have begun meanwhile.
        namePerson(board().doc, userId, name);
        this.#nameless.delete(userId);
        onNamed();
      } catch (error) {
        logger.warn({ error, userId }, 'A name could not be read; it is tried again.');
        return;
      }
    }
  }
}
