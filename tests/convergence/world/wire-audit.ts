import { boardMeta } from '#lib/board/document.ts';
import { InvariantBroken } from './broken.ts';
import type { World } from './world.ts';

/**
 * Whoever is live and has read everything that was sent shows what the node has. Reconnects would heal a broadcast that
 * was lost, so it has to be noticed before they do.
 */
export function checkBroadcasts(world: World): void {
  for (const link of world.openLinks) {
    const node = world.nodeOf(link);
    const browser = world.browserOf(link);
    if (!node?.room || node.hasTurnToEnd || !browser?.board || !link.url.includes('/board/')) continue;
    if (
      !link.server ||
      link.isBrowserGone ||
      link.isHalfOpen ||
      link.upward.length + link.downward.length > 0
    )
      continue;
    const { board, user } = browser;
    if (board.status.kind !== 'live') continue;
    const shown = boardMeta(board.document);
    if (shown.epoch !== node.room.epoch || shown.seq === node.room.state.seq) continue;
    throw new InvariantBroken('I10', `${user.name} has read everything, and ${node.name} is further.`, [
      shown.seq,
      node.room.state.seq,
    ]);
  }
}
