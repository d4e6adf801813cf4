import {
  draggable,
  dropTargetForElements,
  monitorForElements,
  type ElementEventBasePayload,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import type { Attachment } from 'svelte/attachments';
import { whenIdle } from '../base/when-idle.ts';
import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { BoardDrag, DropSpot } from '#lib/state/board-drag.svelte.ts';
import type { TeamId } from '#lib/workflow/ids.ts';
import type { Column } from '#lib/workflow/place.ts';

/**
 * The border between the drag-and-drop library and the board: elements say which card, column or lane they are, and one
 * monitor turns the pointer's whereabouts into a spot for `BoardDrag`. Dropping is never blocked here, because a drop
 * that is not possible is answered with the reason.
 */
const CARD = Symbol('card');
const TEAM = Symbol('team');
const COLUMN = Symbol('column');
const IS_BEFORE = Symbol('isBefore');
const IS_SIDEWAYS = Symbol('isSideways');

type DragData = Record<string | symbol, unknown>;

/** The whole card is its own handle. It is a drop target too: on which half of it one lets go gives the order. */
export function draggableCard(card: BoardCard, canDrag: () => boolean): Attachment<HTMLElement> {
  return (element) =>
    combine(
      draggable({
        element,
        canDrag,
        getInitialData: () => ({ [CARD]: card }),
      }),
      dropTargetForElements({
        element,
        getData: ({ input }) => ({
          [CARD]: card,
          [IS_BEFORE]: isInFirstHalf(element, input),
          [IS_SIDEWAYS]: isSideways(element),
        }),
      }),
    );
}

export function dropColumn(teamId: TeamId, column: Column): Attachment<HTMLElement> {
  return (element) =>
    dropTargetForElements({ element, getData: () => ({ [TEAM]: teamId, [COLUMN]: column }) });
}

/** Around the columns, so that the lane's header takes a drop as well. */
export function dropLane(teamId: TeamId): Attachment<HTMLElement> {
  return (element) => dropTargetForElements({ element, getData: () => ({ [TEAM]: teamId }) });
}

export function watchDragging(drag: BoardDrag): Attachment {
  return () =>
    combine(
      monitorForElements({
        onDragStart: ({ source }) => {
          const card = cardIn(source.data);
          if (card) drag.start(card);
        },
        onDrag: (event) => drag.moveOver(spotOf(event)),
        onDrop: (event) => {
          const spot = spotOf(event);
          if (spot) drag.drop(spot);
          else drag.cancel();
        },
      }),
      scrollAtEdges(),
    );
}

/** Fetched once the board stands: a drag begins later than that, and only a long one gets to an edge. */
function scrollAtEdges(): () => void {
  let stop: (() => void) | null = null;
  let isLeft = false;
  const cancel = whenIdle(() => {
    const loading = import('@atlaskit/pragmatic-drag-and-drop-auto-scroll/element');
    loading.then(
      ({ autoScrollWindowForElements }) => {
        if (!isLeft) stop = autoScrollWindowForElements();
      },
      // Without a connection, and without what is kept for that: the wheel still scrolls while one drags.
      () => undefined,
    );
  });
  return () => {
    isLeft = true;
    cancel();
    stop?.();
  };
}

/** Innermost first: a card in a column in a lane. Esc leaves no targets, and so no spot. */
function spotOf({ location }: ElementEventBasePayload): DropSpot | null {
  const targets = location.current.dropTargets;
  const lane = targets.find(({ data }) => TEAM in data);
  if (!lane) return null;
  const column = targets.find(({ data }) => COLUMN in data);
  const beside = targets.find(({ data }) => CARD in data);
  const besideCard = beside && cardIn(beside.data);
  return {
    teamId: lane.data[TEAM] as TeamId,
    column: (column?.data[COLUMN] as Column | undefined) ?? 'working',
    beside:
      beside && besideCard
        ? {
            itemId: besideCard.id,
            isBefore: beside.data[IS_BEFORE] === true,
            isSideways: beside.data[IS_SIDEWAYS] === true,
          }
        : null,
  };
}

function cardIn(data: DragData): BoardCard | null {
  return (data[CARD] as BoardCard | undefined) ?? null;
}

/** Cards stand side by side in a wide column, and there the order runs from left to right. */
function isSideways(element: Element): boolean {
  const column = element.closest('ul')?.getBoundingClientRect();
  return column !== undefined && element.getBoundingClientRect().width < column.width * 0.7;
}

function isInFirstHalf(element: Element, input: { clientX: number; clientY: number }): boolean {
  const box = element.getBoundingClientRect();
  return isSideways(element)
    ? input.clientX < box.left + box.width / 2
    : input.clientY < box.top + box.height / 2;
}
