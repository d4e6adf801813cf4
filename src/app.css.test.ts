import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The promises of the stylesheet, computed from it: contrast by WCAG 2, colour distance in Oklab under Machado's model. */
const css = readFileSync(new URL('./app.css', import.meta.url), 'utf8');
type Scheme = 'light' | 'dark';
const SCHEMES: readonly Scheme[] = ['light', 'dark'];
type Color = readonly [number, number, number];

function token(name: string, scheme: Scheme): Color {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(css);
  return linear(found?.[scheme === 'light' ? 1 : 2] ?? fail(`no token --${name}`));
}

function teamColors(scheme: Scheme): Map<string, Color> {
  const rules = css.matchAll(/\[data-team-color='(\w+)'\] \{\s*--team: light-dark\((#\w+), (#\w+)\)/g);
  return new Map(
    [...rules].map(([, name, light, dark]) => [
      name ?? '',
      linear((scheme === 'light' ? light : dark) ?? ''),
    ]),
  );
}

function fail(message: string): never {
  throw new Error(message);
}

function linear(hex: string): Color {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function contrast(one: Color, other: Color): number {
  const luminance = ([r, g, b]: Color): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function oklab([r, g, b]: Color): Color {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([l, a, b]: Color): Color {
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ].map((value) => Math.min(1, Math.max(0, value))) as unknown as Color;
}

/** CSS `color-mix(in oklab, one share, other)`. */
function mix(one: Color, share: number, other: Color): Color {
  const [a, b] = [oklab(one), oklab(other)];
  return fromOklab(a.map((value, i) => value * share + (b[i] ?? 0) * (1 - share)) as unknown as Color);
}

/** Machado, Oliveira and Fernandes 2009, severity 1. */
const VISIONS: Readonly<Record<string, readonly Color[]>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(color: Color, vision: readonly Color[]): Color {
  const value = vision.map((row) => row[0] * color[0] + row[1] * color[1] + row[2] * color[2]);
  return oklab(value.map((channel) => Math.min(1, Math.max(0, channel))) as unknown as Color);
}

const SURFACES = ['canvas', 'surface', 'raised', 'hover'];

test.each(SCHEMES)('text keeps 4.5:1 on every surface in the %s scheme', (scheme) => {
  for (const surface of SURFACES) {
    for (const ink of [
      'ink',
      'ink-muted',
      'ink-faint',
      'link',
      'danger-ink',
      'good-ink',
      'warn-ink',
      'info-ink',
      'baton-ink',
    ]) {
      expect(contrast(token(ink, scheme), token(surface, scheme)), `${ink} on ${surface}`).toBeGreaterThan(
        4.5,
      );
    }
  }
});

test.each(SCHEMES)('words on their own tints and buttons keep 4.5:1 in the %s scheme', (scheme) => {
  for (const tone of ['good', 'warn', 'danger', 'info', 'baton']) {
    expect(contrast(token(`${tone}-ink`, scheme), token(`${tone}-soft`, scheme)), tone).toBeGreaterThan(4.5);
  }
  expect(contrast(token('ink-muted', scheme), token('sunken', scheme))).toBeGreaterThan(4.5);
  for (const background of ['accent', 'accent-hover']) {
    expect(contrast(token('on-accent', scheme), token(background, scheme)), background).toBeGreaterThan(4.5);
  }
  expect(contrast(token('on-danger', scheme), token('danger', scheme))).toBeGreaterThan(4.5);
});

test.each(SCHEMES)('borders of controls and the focus ring keep 3:1 in the %s scheme', (scheme) => {
  for (const surface of ['canvas', 'surface', 'raised']) {
    for (const line of ['line-control', 'focus', 'baton']) {
      expect(contrast(token(line, scheme), token(surface, scheme)), `${line} on ${surface}`).toBeGreaterThan(
        3,
      );
    }
  }
});

test.each(SCHEMES)('team colours keep 3:1, and their ink 4.5:1 on their tint, in the %s scheme', (scheme) => {
  const colors = teamColors(scheme);
  expect(colors.size).toBe(8);
  const anchor = linear(scheme === 'light' ? '#0b0e13' : '#ffffff');
  for (const [name, color] of colors) {
    const surface = token('surface', scheme);
    const ink = mix(color, 0.62, anchor);
    const tint = mix(color, 0.11, surface);
    for (const behind of [surface, token('canvas', scheme)]) {
      expect(contrast(color, behind), name).toBeGreaterThan(3);
    }
    for (const behind of [tint, surface, token('canvas', scheme)]) {
      expect(contrast(ink, behind), `${name} ink`).toBeGreaterThan(4.5);
    }
  }
});

test.each(SCHEMES)(
  'any two team colours stay apart under every kind of colour vision in the %s scheme',
  (scheme) => {
    const colors = [...teamColors(scheme)];
    for (const [vision, matrix] of Object.entries(VISIONS)) {
      for (const [index, [name, color]] of colors.entries()) {
        for (const [otherName, other] of colors.slice(index + 1)) {
          const [a, b] = [seen(color, matrix), seen(other, matrix)];
          const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
          // 0.02 in Oklab is about a just noticeable difference; three of them are told apart side by side.
          expect(distance, `${name} and ${otherName}, ${vision}`).toBeGreaterThan(0.06);
        }
      }
    }
  },
);
