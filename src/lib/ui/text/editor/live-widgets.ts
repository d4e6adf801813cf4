import { WidgetType, type EditorView } from '@codemirror/view';
import { markdownWords } from '../../words/markdown.ts';
import { toggleTaskAt } from './markdown-commands.ts';

/** A list's dash, as the dot that it means. */
export class Bullet extends WidgetType {
  override eq(): boolean {
    return true;
  }

  override toDOM(): HTMLElement {
    const dot = document.createElement('span');
    dot.className = 'md-bullet';
    dot.textContent = '•';
    return dot;
  }
}

/** `- [ ]` as a box that can be pressed. By keyboard it is Ctrl+Enter on its line. */
export class TaskBox extends WidgetType {
  readonly #isTicked: boolean;
  readonly #label: string;
  readonly #isReadOnly: boolean;

  constructor(isTicked: boolean, label: string, isReadOnly: boolean) {
    super();
    this.#isTicked = isTicked;
    this.#label = label;
    this.#isReadOnly = isReadOnly;
  }

  override eq(other: TaskBox): boolean {
    return (
      this.#isTicked === other.#isTicked &&
      this.#label === other.#label &&
      this.#isReadOnly === other.#isReadOnly
    );
  }

  override toDOM(view: EditorView): HTMLElement {
    const place = document.createElement('span');
    place.className = 'md-task';
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.checked = this.#isTicked;
    box.disabled = this.#isReadOnly;
    box.tabIndex = -1;
    box.setAttribute('aria-label', this.#label || markdownWords.box);
    // The caret stays where it is, and the box follows the text, not the press.
    box.addEventListener('mousedown', (event) => event.preventDefault());
    box.addEventListener('click', (event) => {
      event.preventDefault();
      toggleTaskAt(view, view.posAtDOM(place));
    });
    place.append(box);
    return place;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}
