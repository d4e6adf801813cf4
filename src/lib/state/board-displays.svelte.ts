import { api as pageApi, type Answer, type Api, type ApiFault } from '#lib/sync/api.ts';
import {
  WALL_VIEWS,
  type BoardDisplay,
  type DisplaySettingsBody,
  type WallTheme,
  type WallView,
} from '#lib/protocol/api.ts';
import type { BoardId } from '#lib/workflow/ids.ts';

/** What somebody fills in for a display: a new one with its code, or one that is there. */
export class DisplayDraft {
  readonly id: string | null;
  code = $state('');
  name = $state('');
  views = $state.raw<readonly WallView[]>(WALL_VIEWS);
  theme = $state<WallTheme>('system');
  isSending = $state(false);
  fault = $state.raw<ApiFault | null>(null);

  constructor(display: BoardDisplay | null = null) {
    this.id = display?.id ?? null;
    if (!display) return;
    this.name = display.name;
    this.views = display.views;
    this.theme = display.theme;
  }

  /** In the order in which they are offered; the last one stays. */
  toggle(view: WallView): void {
    const chosen = WALL_VIEWS.filter((each) => this.views.includes(each) !== (each === view));
    if (chosen.length > 0) this.views = chosen;
  }

  get settings(): DisplaySettingsBody {
    return { name: this.name, views: this.views, theme: this.theme };
  }
}

/** The screens of a board, for those who lead in it. */
export class BoardDisplays {
  readonly boardId: BoardId;
  displays = $state.raw<readonly BoardDisplay[] | null>(null);
  fault = $state.raw<ApiFault | null>(null);
  /** Why the last revoking did not happen. */
  changeFault = $state.raw<ApiFault | null>(null);
  claim = $state.raw(new DisplayDraft());
  /** The display that is being changed; null: none. */
  edit: DisplayDraft | null = $state.raw(null);
  busyWith = $state.raw<string | null>(null);
  readonly #api: Api;

  constructor(boardId: BoardId, api: Api = pageApi) {
    this.boardId = boardId;
    this.#api = api;
  }

  async load(): Promise<void> {
    const answer = await this.#api.displays(this.boardId);
    this.fault = answer.ok ? null : answer.refusal;
    if (answer.ok) this.displays = answer.value.displays;
  }

  /** Answers whether the screen is a display of the board now. */
  async pair(): Promise<boolean> {
    const { claim } = this;
    const isDone = await this.#send(claim, () =>
      this.#api.claimDisplay(this.boardId, { code: claim.code, ...claim.settings }),
    );
    if (isDone) this.claim = new DisplayDraft();
    return isDone;
  }

  async save(): Promise<void> {
    const { edit } = this;
    if (edit?.id == null) return;
    const { id } = edit;
    const isDone = await this.#send(edit, () => this.#api.changeDisplay(this.boardId, id, edit.settings));
    if (isDone) this.edit = null;
  }

  async revoke(id: string): Promise<void> {
    if (this.busyWith !== null) return;
    this.busyWith = id;
    const answer = await this.#api.revokeDisplay(this.boardId, id);
    this.changeFault = answer.ok ? null : answer.refusal;
    await this.load();
    this.busyWith = null;
  }

  async #send(draft: DisplayDraft, send: () => Answer<unknown>): Promise<boolean> {
    if (draft.isSending) return false;
    draft.isSending = true;
    const answer = await send();
    draft.isSending = false;
    draft.fault = answer.ok ? null : answer.refusal;
    if (answer.ok) await this.load();
    return answer.ok;
  }
}
