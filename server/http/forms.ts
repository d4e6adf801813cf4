import * as v from 'valibot';
import { isCalendarDate } from '#lib/workflow/calendar.ts';
import { NAME_CHARS_MAX } from '#lib/workflow/definition.ts';
import { UUID_SHAPE } from '#lib/workflow/ids.ts';
import { isStorableText } from '#lib/workflow/text.ts';
import { PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN } from '#lib/protocol/limits.ts';
import { isTimeZone } from '../clocks/expand-hours.ts';

/** The bodies of the HTTP API, checked: `src/lib/protocol/api.ts` has the types. Strict, so that nothing is ignored. */

const EMAIL_CHARS_MAX = 254;
const TOKEN_CHARS_MAX = 100;

/** One line of text that people will see. */
const name = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(NAME_CHARS_MAX),
  v.regex(/^[^\t\n]*$/),
  v.check((value) => isStorableText(value)),
);
/** Whether it really is an address, only a letter sent to it could show. */
const email = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(EMAIL_CHARS_MAX),
  v.regex(/^[^\s@]+@[^\s@]+$/),
  v.check((value) => isStorableText(value)),
);
/** Passwords that exist are checked by their hash alone; only their size is bounded, because hashing costs. */
const password = v.pipe(v.string(), v.maxLength(PASSWORD_CHARS_MAX));
const newPassword = v.pipe(password, v.minLength(PASSWORD_CHARS_MIN));
const token = v.pipe(v.string(), v.maxLength(TOKEN_CHARS_MAX));
const uuid = v.pipe(v.string(), v.regex(UUID_SHAPE));
const role = v.picklist(['viewer', 'member', 'lead']);

export const signInForm = v.strictObject({ email, password });
export const setupForm = v.strictObject({ token, name, email, password: newPassword });
export const createBoardForm = v.strictObject({
  name,
  templateId: v.pipe(v.string(), v.maxLength(64)),
  withSamples: v.boolean(),
});
export const createInviteForm = v.strictObject({ teamId: uuid, role });
export const lookInviteForm = v.strictObject({ token });
export const acceptInviteForm = v.strictObject({
  token,
  name: v.optional(name),
  email: v.optional(email),
  password: v.optional(newPassword),
});
export type AcceptForm = v.InferOutput<typeof acceptInviteForm>;
export const setRoleForm = v.strictObject({ teamId: uuid, role: v.nullable(role) });

const displaySettings = {
  name,
  views: v.pipe(
    v.array(v.picklist(['owners', 'handoffs', 'stalled'])),
    v.minLength(1),
    v.check((views) => new Set(views).size === views.length),
  ),
  theme: v.picklist(['system', 'light', 'dark']),
};
export const changeDisplayForm = v.strictObject(displaySettings);
export const claimDisplayForm = v.strictObject({ code: token, ...displaySettings });

const timeMs = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(253_402_300_799_999));
export const readNotificationsForm = v.union([
  v.strictObject({ id: uuid, at: timeMs }),
  v.strictObject({ until: timeMs }),
]);

const OPENINGS_A_DAY_MAX = 4;
const HOLIDAYS_MAX = 200;
const DAY_MINUTES = 24 * 60;
const minute = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(DAY_MINUTES));
const opening = v.pipe(
  v.strictObject({ fromMinute: minute, untilMinute: minute }),
  v.check(({ fromMinute, untilMinute }) => fromMinute < untilMinute),
);
/** In the order of the day, and none begins before the one before it has ended. */
const openings = v.pipe(
  v.array(opening),
  v.maxLength(OPENINGS_A_DAY_MAX),
  v.check((list) => list.every(({ fromMinute }, at) => fromMinute >= (list[at - 1]?.untilMinute ?? 0))),
);
const teamHours = v.strictObject({
  timeZone: v.pipe(v.string(), v.maxLength(64), v.check(isTimeZone)),
  // A team that never opens would never be late.
  week: v.pipe(
    v.array(openings),
    v.length(7),
    v.check((week) => week.some((day) => day.length > 0)),
  ),
  holidays: v.pipe(v.array(v.pipe(v.string(), v.check(isCalendarDate))), v.maxLength(HOLIDAYS_MAX)),
});
export const setHoursForm = v.strictObject({ hours: v.nullable(teamHours) });

/** Whether a part of an address can be an id at all: the database would call anything else an error. */
export function isId(value: string): boolean {
  return v.is(uuid, value);
}
