import * as v from 'valibot';
import { isCalendarDate } from '#lib/workflow/calendar.ts';
import type { Command } from '#lib/workflow/commands.ts';
import {
  COMMENT_CHARS_MAX,
  FACT_TEXT_CHARS_MAX,
  FIELDS_MAX,
  NOTE_CHARS_MAX,
  READ_BACK_CHARS_MAX,
} from '#lib/workflow/definition.ts';
import { SLUG_SHAPE, UUID_SHAPE } from '#lib/workflow/ids.ts';
import { isOrderKey } from '#lib/workflow/order.ts';
import { ok, refused } from '#lib/workflow/result.ts';
import type { Result } from '#lib/workflow/result.ts';
import { isStorableText } from '#lib/workflow/text.ts';

/** What is wrong with a command: its id where it has a usable one (so that a verdict can be sent), and the place. */
export interface Malformed {
  readonly id: string | null;
  readonly path: string;
}

const uuid = v.pipe(v.string(), v.regex(UUID_SHAPE));
const slug = v.pipe(v.string(), v.regex(SLUG_SHAPE));
const note = textUpTo(NOTE_CHARS_MAX);
const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const order = v.pipe(
  v.string(),
  v.check((value) => isOrderKey(value)),
);
const factValue = v.union([textUpTo(FACT_TEXT_CHARS_MAX), v.pipe(v.number(), v.finite()), v.boolean()]);
// One more than the fields: the title is every item's own.
const facts = v.pipe(
  v.custom<object>((value) => hasNoSpecialKey(value)),
  v.record(slug, factValue),
  v.check((value) => Object.keys(value).length <= FIELDS_MAX + 1),
);
const missing = v.pipe(v.array(slug), v.maxLength(FIELDS_MAX + 1));
const basis = v.union([v.strictObject({ seq: natural }), v.strictObject({ after: uuid })]);
const base = { id: uuid, basis, itemId: uuid };
const bounce = { handoffId: uuid, reasonId: v.nullable(slug), note, missing };

/** Strict: a field that is not understood is not silently ignored, it would change what the sender meant. */
export const commandSchema = v.variant('type', [
  v.strictObject({
    ...base,
    type: v.literal('createItem'),
    workflowId: uuid,
    workflowVersion: v.pipe(natural, v.minValue(1)),
    facts,
    order,
  }),
  v.strictObject({ ...base, type: v.literal('claimItem') }),
  v.strictObject({ ...base, type: v.literal('assignOwner'), ownerId: v.nullable(uuid) }),
  v.strictObject({ ...base, type: v.literal('offerHandoff'), handoffId: uuid, seamId: slug, facts, note }),
  v.strictObject({
    ...base,
    type: v.literal('offerDeviation'),
    handoffId: uuid,
    toStepId: slug,
    facts,
    reason: note,
  }),
  v.strictObject({
    ...base,
    type: v.literal('acceptHandoff'),
    handoffId: uuid,
    order,
    readBack: v.exactOptional(textUpTo(READ_BACK_CHARS_MAX)),
  }),
  v.strictObject({ ...base, type: v.literal('returnHandoff'), ...bounce }),
  v.strictObject({ ...base, type: v.literal('withdrawHandoff'), handoffId: uuid }),
  v.strictObject({ ...base, type: v.literal('sendBack'), ...bounce }),
  v.strictObject({ ...base, type: v.literal('nudgeItem') }),
  v.strictObject({
    ...base,
    type: v.literal('startWaiting'),
    on: v.picklist(['customer', 'supplier', 'person', 'team', 'date', 'other']),
    what: note,
    until: v.nullable(
      v.pipe(
        v.string(),
        v.check((value) => isCalendarDate(value)),
      ),
    ),
  }),
  v.strictObject({ ...base, type: v.literal('resumeWork') }),
  v.strictObject({ ...base, type: v.literal('completeItem') }),
  v.strictObject({ ...base, type: v.literal('cancelItem'), reason: note }),
  v.strictObject({ ...base, type: v.literal('reopenItem'), reason: note }),
  v.strictObject({ ...base, type: v.literal('orderItem'), order }),
  v.strictObject({
    ...base,
    type: v.literal('addComment'),
    commentId: uuid,
    text: v.pipe(textUpTo(COMMENT_CHARS_MAX), v.minLength(1)),
  }),
  v.strictObject({
    ...base,
    type: v.literal('linkItems'),
    otherId: uuid,
    kind: v.picklist(['blocks', 'blockedBy', 'relatesTo', 'duplicates', 'duplicatedBy']),
  }),
  v.strictObject({ ...base, type: v.literal('unlinkItems'), otherId: uuid }),
]);

/** An untrusted value as a command of a person; commands that only the server issues do not pass. */
export function parseCommand(value: unknown): Result<Command, Malformed> {
  const parsed = v.safeParse(commandSchema, value, { abortEarly: true });
  // The brands of ids exist for the compiler only: the schema has checked what they promise.
  if (parsed.success) return ok(parsed.output as unknown as Command);
  return refused({ id: usableId(value), path: v.getDotPath(parsed.issues[0]) ?? '' });
}

function usableId(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  return typeof value.id === 'string' && UUID_SHAPE.test(value.id) ? value.id : null;
}

/** Valibot leaves these keys out without a word; what is not understood must be refused, not lost. */
function hasNoSpecialKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return !['__proto__', 'prototype', 'constructor'].some((key) => Object.hasOwn(value, key));
}

/** Text that can be stored and shown as it is. */
function textUpTo(charsMax: number) {
  return v.pipe(
    v.string(),
    v.maxLength(charsMax),
    v.check((value) => isStorableText(value)),
  );
}
