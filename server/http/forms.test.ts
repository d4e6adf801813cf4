import * as v from 'valibot';
import { expect, test } from 'vitest';
import { createBoardForm } from './forms.ts';

function takes(name: string): boolean {
  return v.is(createBoardForm, { name, templateId: 'onboarding', withSamples: false });
}

test.each(['a\u202eb', 'a\u2066b', 'a\u0000b', 'a\u009bb', 'a\u2028b', 'a\ud83d', 'a\tb', 'a\nb', ' '])(
  'W44: a name that hides something, or has two lines, is not taken: %j',
  (name) => expect(takes(name)).toBe(false),
);

test.each(['مرحبا', '👩‍💻 Onboarding', 'می\u200cخواهم', 'a\u200eb\u200fc'])(
  'W44: names of every language are taken: %j',
  (name) => expect(takes(name)).toBe(true),
);
