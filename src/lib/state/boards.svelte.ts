import { api as pageApi } from '#lib/sync/api.ts';
import type { Api, ApiFault } from '#lib/sync/api.ts';
import type { BoardSummary, CreateBoardBody, TemplateSummary } from '#lib/protocol/api.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { rememberedBoards } from './remembered.ts';

/** The boards this person has a part in: those of the last visit at once, then what the server says. */
export class BoardList {
  /** Null: not known yet. */
  boards = $state.raw<readonly BoardSummary[] | null>(null);
  fault = $state.raw<ApiFault | null>(null);
  readonly #api: Api;

  constructor(api: Api = pageApi) {
    this.#api = api;
  }

  async load(): Promise<void> {
    this.fault = null;
    this.boards ??= rememberedBoards.read();
    const answer = await this.#api.boards();
    if (answer.ok) {
      this.boards = answer.value.boards;
      rememberedBoards.write(answer.value.boards);
    } else if (this.boards === null || answer.refusal.kind !== 'unreachable') {
      this.fault = answer.refusal;
    }
  }
}

/** A new board being made: one of the ready workflows, a name, sample items or not. */
export class BoardDraft {
  templates = $state.raw<readonly TemplateSummary[] | null>(null);
  templateId = $state('');
  name = $state('');
  withSamples = $state(true);
  isSending = $state(false);
  fault = $state.raw<ApiFault | null>(null);
  readonly template = $derived(this.templates?.find((template) => template.id === this.templateId) ?? null);
  /** What it is called if nobody types a name. */
  readonly finalName = $derived(this.name.trim() || (this.template?.name ?? ''));
  readonly #api: Api;

  constructor(api: Api = pageApi) {
    this.#api = api;
  }

  async load(): Promise<void> {
    this.fault = null;
    const answer = await this.#api.templates();
    if (!answer.ok) {
      this.fault = answer.refusal;
      return;
    }
    this.templates = answer.value.templates;
    this.templateId ||= answer.value.templates[0]?.id ?? '';
  }

  /** The new board's id; null: it was not made, and `fault` says why. */
  async create(): Promise<BoardId | null> {
    this.isSending = true;
    this.fault = null;
    const body: CreateBoardBody = {
      name: this.finalName,
      templateId: this.templateId,
      withSamples: this.withSamples,
    };
    const answer = await this.#api.createBoard(body);
    this.isSending = false;
    if (answer.ok) {
      const { id } = answer.value;
      rememberedBoards.write([...(rememberedBoards.read() ?? []), { id, name: body.name, role: 'lead' }]);
      return id;
    }
    this.fault = answer.refusal;
    return null;
  }
}
