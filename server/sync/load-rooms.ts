import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { BoardId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Logger } from '../logger.ts';
import { findBoardOfItem, loadBoardState, readItem } from '../persistence/board-rows.ts';
import type { CommandLog } from '../persistence/command-log.ts';
import type { ItemDocumentStore } from '../persistence/item-document-store.ts';
import type { Schema } from '../persistence/schema.ts';
import { BoardRoom } from './board-room.ts';
import { ItemRoom } from './item-room.ts';
import type { PersonAllowances } from './person-allowances.ts';
import { STRUCTS_FREE } from './projected-document.ts';
import { WallRoom } from './wall-room.ts';

/** What a room stands on while it is open. */
export interface RoomGround {
  readonly db: Kysely<Schema>;
  readonly log: CommandLog;
  readonly documents: ItemDocumentStore;
  /** Bytes that each person may write into item documents, over all items. */
  readonly writes: PersonAllowances;
  readonly now: () => number;
  readonly logger: Logger;
}

/** The room of a board from its rows; null: there is no such board. `onBroken`: it must be loaded anew. */
export async function loadBoardRoom(
  boardId: BoardId,
  { db, log, now, logger }: RoomGround,
  onBroken: (room: BoardRoom) => void,
): Promise<BoardRoom | null> {
  const loadedAt = now();
  const loaded = await loadBoardState(db, boardId, loadedAt);
  if (!loaded) return null;
  const readName = async (userId: UserId) => await readUserName(db, userId);
  const room: BoardRoom = new BoardRoom(
    loaded,
    { log, now, logger, nextTurn, structsFree: STRUCTS_FREE, readName },
    { loadedAt, onBroken: () => onBroken(room) },
  );
  return room;
}

/** What displays see of a board. `onOver`: it must be asked for anew. */
export function openWallRoom(
  board: BoardRoom,
  { now }: RoomGround,
  onOver: (room: WallRoom) => void,
): WallRoom {
  const wall: WallRoom = new WallRoom(board, {
    now,
    nextTurn,
    structsFree: STRUCTS_FREE,
    onOver: () => onOver(wall),
  });
  return wall;
}

/** The room of an item's document, on the room of its board; null: there is no such item. `onOver`: as for a wall. */
export async function loadItemRoom(
  itemId: ItemId,
  { db, documents, writes, now, logger }: RoomGround,
  around: {
    readonly openBoard: (boardId: BoardId) => Promise<BoardRoom | null>;
    readonly onOver: (room: ItemRoom) => void;
  },
): Promise<ItemRoom | null> {
  const boardId = await findBoardOfItem(db, itemId);
  const board = boardId && (await around.openBoard(boardId));
  if (!board) return null;
  // The board's state does not hold an item that was closed long ago.
  const row = await readItem(db, itemId);
  const room: ItemRoom = await ItemRoom.open({
    itemId,
    board,
    store: documents,
    row,
    writes,
    newId: randomUUID,
    now,
    later,
    logger,
    onOver: () => around.onOver(room),
  });
  return room;
}

function nextTurn(run: () => void): void {
  setImmediate(run);
}

function later(run: () => void, afterMs: number): () => void {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
}

async function readUserName(db: Kysely<Schema>, userId: UserId): Promise<string> {
  const row = await db.selectFrom('user').select('name').where('id', '=', userId).executeTakeFirstOrThrow();
  return row.name;
}
