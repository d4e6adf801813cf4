import { StateEffect, type Extension, type Range } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import type { ItemPageSource } from '#lib/state/item.svelte.ts';

export type Carets = ItemPageSource['carets'];
type Caret = ReturnType<Carets['others']>[number];

const moved = StateEffect.define<null>();

/** Draws where the others write, each with name and the colour of their team, and tells them where this editor's caret is. */
export function remoteCarets(carets: Carets, colorOf: (userId: Caret['userId']) => string | null): Extension {
  const plugin = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      readonly #stop: () => void;

      constructor(view: EditorView) {
        this.decorations = this.#draw(view);
        this.#stop = carets.subscribe(() => view.dispatch({ effects: moved.of(null) }));
      }

      update(update: ViewUpdate): void {
        const hasMoved = update.transactions.some(({ effects }) =>
          effects.some((effect) => effect.is(moved)),
        );
        if (update.docChanged || hasMoved) this.decorations = this.#draw(update.view);
        if (!update.selectionSet && !update.focusChanged) return;
        const { anchor, head } = update.state.selection.main;
        carets.set(update.view.hasFocus ? { anchor, head } : null);
      }

      destroy(): void {
        this.#stop();
        carets.set(null);
      }

      #draw(view: EditorView): DecorationSet {
        const end = view.state.doc.length;
        const found: Range<Decoration>[] = [];
        for (const caret of carets.others()) {
          const color = colorOf(caret.userId) ?? 'slate';
          const [anchor, head] = [Math.min(caret.anchor, end), Math.min(caret.head, end)];
          const widget = new CaretWidget(caret, color);
          found.push(Decoration.widget({ widget, side: 10 }).range(head));
          if (anchor === head) continue;
          const attributes = { class: 'caret-selection', 'data-team-color': color };
          const stretch = Decoration.mark({ attributes });
          found.push(stretch.range(Math.min(anchor, head), Math.max(anchor, head)));
        }
        return Decoration.set(found, true);
      }
    },
    { decorations: (value) => value.decorations },
  );
  return plugin;
}

class CaretWidget extends WidgetType {
  readonly #name: string;
  readonly #clientId: number;
  readonly #color: string;

  constructor({ name, clientId }: Caret, color: string) {
    super();
    this.#name = name;
    this.#clientId = clientId;
    this.#color = color;
  }

  override eq(other: CaretWidget): boolean {
    return this.#name === other.#name && this.#clientId === other.#clientId && this.#color === other.#color;
  }

  /** Who writes is said beside the heading as well; in the text it would be read out as a part of it. */
  override toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = 'caret';
    caret.dataset['teamColor'] = this.#color;
    caret.setAttribute('aria-hidden', 'true');
    const flag = document.createElement('span');
    flag.className = 'caret-name';
    flag.dir = 'auto';
    // Shown by the style sheet, so that no name is ever taken for a part of the text.
    flag.dataset['name'] = this.#name;
    caret.append(flag);
    return caret;
  }

  override get estimatedHeight(): number {
    return -1;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}
