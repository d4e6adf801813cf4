import { setImmediate as nextTurn } from 'node:timers/promises';
import { Hono } from 'hono';
import * as v from 'valibot';
import type { DocumentAnswer, DocumentsAnswer } from '#lib/protocol/api.ts';
import { DOCUMENTS_ANSWER_BYTES_MAX, DOCUMENTS_PER_REQUEST_MAX } from '#lib/protocol/limits.ts';
import { UUID_SHAPE, type ItemId } from '#lib/workflow/ids.ts';
import { ItemDocumentStore, type StoredDocument } from '../persistence/item-document-store.ts';
import { changedDocuments, type DocumentSize } from '../persistence/stored-documents.ts';
import { mergedUpdate } from '../sync/merged-update.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireMember } from './board-access.ts';
import { readForm } from './read-json.ts';

/** The most items with their longest numbers are less than half of it. */
const BODY_BYTES_MAX = 64 * 1024;
/** Read from the database at a time: little enough to hold while other people's documents are read too. */
const READ_AT_ONCE = 20;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const documentsForm = v.strictObject({
  items: v.pipe(
    v.array(
      v.strictObject({
        itemId: v.pipe(
          v.string(),
          v.regex(UUID_SHAPE),
          v.transform((id) => id as ItemId),
        ),
        epoch: count,
        seq: count,
      }),
    ),
    v.maxLength(DOCUMENTS_PER_REQUEST_MAX),
  ),
});

/** `POST /api/v1/boards/:id/documents`: item documents fetched ahead, for members of the board, viewers too. */
export function createItemDocumentRoutes(deps: AppDeps): Hono {
  const { db } = deps.database;
  const store = new ItemDocumentStore(db);
  const routes = new Hono();
  routes.post('/:boardId/documents', async (c) => {
    const { userId } = await requireUser(c, deps.auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId'), userId);
    const { items } = await readForm(c, documentsForm, BODY_BYTES_MAX);
    const { fitting, left } = whatFits(await changedDocuments(db, boardId, items));
    const documents = await readDocuments(store, fitting);
    return c.json({ documents, left } satisfies DocumentsAnswer);
  });
  return routes;
}

/** The first one always fits, or nobody would ever get it. */
function whatFits(changed: readonly DocumentSize[]): { fitting: ItemId[]; left: ItemId[] } {
  const fitting: ItemId[] = [];
  const left: ItemId[] = [];
  let bytesBefore = 0;
  for (const { itemId, bytes } of changed) {
    bytesBefore += bytes;
    if (left.length === 0 && (fitting.length === 0 || bytesBefore <= DOCUMENTS_ANSWER_BYTES_MAX))
      fitting.push(itemId);
    else left.push(itemId);
  }
  return { fitting, left };
}

async function readDocuments(
  store: ItemDocumentStore,
  itemIds: readonly ItemId[],
): Promise<DocumentAnswer[]> {
  const answers: DocumentAnswer[] = [];
  for (let from = 0; from < itemIds.length; from += READ_AT_ONCE) {
    const stored = await store.loadMany(itemIds.slice(from, from + READ_AT_ONCE));
    for (const document of stored.values()) {
      answers.push(answerOf(document));
      // Whoever is writing meanwhile need not wait for all of them.
      await nextTurn();
    }
  }
  return answers;
}

function answerOf({ itemId, epoch, seq, updates }: StoredDocument): DocumentAnswer {
  const update = mergedUpdate(updates.map((stored) => stored.update));
  return { itemId, epoch, seq, update: Buffer.from(update).toString('base64') };
}
