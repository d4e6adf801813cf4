import { ItemRoom, type ItemRoomDeps } from '../../server/sync/item-room.ts';
import { PersonAllowances } from '../../server/sync/person-allowances.ts';

/** A room of an item in which nobody runs out of what they may write. */
export async function openItemRoom(deps: Omit<ItemRoomDeps, 'writes'>): Promise<ItemRoom> {
  const writes = new PersonAllowances({ burst: Number.MAX_SAFE_INTEGER, perSecond: 1 });
  return await ItemRoom.open({ ...deps, writes });
}
