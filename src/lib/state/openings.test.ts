import { expect, test } from 'vitest';
import { openingsText, parseOpenings } from './openings.ts';

test.each([
  ['', []],
  ['9-17', [{ fromMinute: 540, untilMinute: 1020 }]],
  [
    ' 09:00–12:30 , 13.00 - 24:00',
    [
      { fromMinute: 540, untilMinute: 750 },
      { fromMinute: 780, untilMinute: 1440 },
    ],
  ],
])('“%s” is read as people mean it', (text, openings) => {
  expect(parseOpenings(text)).toEqual(openings);
  expect(parseOpenings(openingsText(openings))).toEqual(openings);
});

test.each(['nine to five', '9', '9-9', '17-9', '9-25', '9:60-17', '9-12, 11-17', '13-17, 9-12', '9-17,'])(
  '“%s” is no time that a team could be there',
  (text) => {
    expect(parseOpenings(text)).toBeNull();
  },
);
