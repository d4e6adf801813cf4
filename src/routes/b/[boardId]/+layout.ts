import type { BoardId } from '#lib/workflow/ids.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = ({ params }) => ({ boardId: params.boardId as BoardId });
