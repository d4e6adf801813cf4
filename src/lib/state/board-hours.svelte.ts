import type { TeamHours, TeamWithHours } from '#lib/protocol/api.ts';
import { api as pageApi, type Api, type ApiFault } from '#lib/sync/api.ts';
import { isCalendarDate } from '#lib/workflow/calendar.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { openingsText, parseOpenings } from './openings.ts';

const DAYS = 7;

/** The hours of one team as somebody fills them in. */
export class HoursDraft {
  readonly team: TeamWithHours;
  isAroundTheClock = $state(true);
  timeZone = $state('');
  /** Monday first, each as it is typed. */
  readonly week: string[] = $state(Array.from({ length: DAYS }, () => ''));
  /** One day a line. */
  holidays = $state('');
  isSending = $state(false);
  isSaved = $state(false);
  fault = $state.raw<ApiFault | null>(null);

  constructor(team: TeamWithHours, ownTimeZone: string) {
    this.team = team;
    const { hours } = team;
    this.isAroundTheClock = hours === null;
    this.timeZone = hours?.timeZone ?? ownTimeZone;
    this.week = Array.from({ length: DAYS }, (_, day) =>
      hours === null ? (day < 5 ? '09:00–17:00' : '') : openingsText(hours.week[day] ?? []),
    );
    this.holidays = hours?.holidays.join('\n') ?? '';
  }

  /** Something was changed: what the last try has come to is over. */
  touch(): void {
    this.isSaved = false;
    this.fault = null;
  }

  isDayWrong(day: number): boolean {
    return parseOpenings(this.week[day] ?? '') === null;
  }

  get holidayLines(): readonly string[] {
    return this.holidays.split(/[\s,]+/).filter((line) => line !== '');
  }

  get wrongHolidays(): readonly string[] {
    return this.holidayLines.filter((line) => !isCalendarDate(line));
  }

  /** No day has an opening: then nobody could ever be late. */
  get isNeverOpen(): boolean {
    return this.week.every((text) => parseOpenings(text)?.length === 0);
  }

  /** Undefined: something typed here is no such thing. */
  get hours(): TeamHours | null | undefined {
    if (this.isAroundTheClock) return null;
    const week = this.week.map(parseOpenings);
    if (this.isNeverOpen || this.wrongHolidays.length > 0 || week.some((day) => day === null))
      return undefined;
    return {
      timeZone: this.timeZone.trim(),
      week: week.map((day) => day ?? []),
      holidays: this.holidayLines,
    };
  }
}

/** When the teams of a board work, and how whoever leads one sets it. */
export class BoardHours {
  readonly boardId: BoardId;
  drafts = $state.raw<readonly HoursDraft[] | null>(null);
  fault = $state.raw<ApiFault | null>(null);
  readonly #api: Api;
  readonly #ownTimeZone: string;

  constructor(boardId: BoardId, options: { ownTimeZone: string; api?: Api }) {
    this.boardId = boardId;
    this.#ownTimeZone = options.ownTimeZone;
    this.#api = options.api ?? pageApi;
  }

  async load(): Promise<void> {
    const answer = await this.#api.hours(this.boardId);
    this.fault = answer.ok ? null : answer.refusal;
    if (answer.ok) this.drafts = answer.value.teams.map((team) => new HoursDraft(team, this.#ownTimeZone));
  }

  async save(draft: HoursDraft): Promise<void> {
    const { hours } = draft;
    if (hours === undefined || draft.isSending) return;
    draft.isSending = true;
    draft.isSaved = false;
    const answer = await this.#api.setHours(this.boardId, draft.team.id, { hours });
    draft.isSending = false;
    draft.isSaved = answer.ok;
    draft.fault = answer.ok ? null : answer.refusal;
  }
}
