import { describe, expect, test } from 'vitest';
import { PaletteIndex } from './palette-search.ts';

const TEXTS = [
  'ONB-1 Atelier Roux',
  'ONB-12 Brightwater Hotels',
  'ONB-2 Müller & Söhne',
  'ONB-3 Hotel Rouge',
  'ONB-21 Northwind',
];

function found(query: string, max = 10): readonly string[] {
  return index()
    .find(query, max)
    .shown.map(({ text }) => text);
}

function index() {
  return new PaletteIndex(TEXTS.map((text) => ({ id: text, text })));
}

describe('the palette finds', () => {
  test('everything in the order given, as long as nothing is typed', () => {
    expect(found('  ')).toEqual(TEXTS);
  });

  test('an item by its key, the exact one first', () => {
    expect(found('onb-1')).toEqual(['ONB-1 Atelier Roux', 'ONB-12 Brightwater Hotels']);
    expect(found('onb-12')).toEqual(['ONB-12 Brightwater Hotels']);
  });

  test('by the number of the key alone', () => {
    expect(found('12')[0]).toBe('ONB-12 Brightwater Hotels');
  });

  test('the starts of words before their middles', () => {
    expect(found('rou')).toEqual(['ONB-1 Atelier Roux', 'ONB-3 Hotel Rouge']);
    expect(found('hotel')[0]).toBe('ONB-3 Hotel Rouge');
  });

  test('only what holds every word, in any order', () => {
    expect(found('rouge hotel')).toEqual(['ONB-3 Hotel Rouge']);
    expect(found('rouge northwind')).toEqual([]);
  });

  test('without regard for case and accents', () => {
    expect(found('MULLER soehne')).toEqual([]);
    expect(found('MULLER sohne')).toEqual(['ONB-2 Müller & Söhne']);
  });

  test('by letters left out, from three on', () => {
    expect(found('brwt')).toEqual(['ONB-12 Brightwater Hotels']);
    expect(found('bw')).toEqual([]);
  });

  test('no more than asked for, and says how many more there are', () => {
    const { shown, more } = index().find('onb', 2);
    expect([shown.length, more]).toEqual([2, 3]);
  });

  test('and says how well the best fits, so that a name that begins so comes before a letter pair inside a word', () => {
    const best = (text: string) => new PaletteIndex([{ id: text, text }]).find('al', 1).best;
    expect(best('Alice')).toBeGreaterThan(best('Hand to Legal'));
  });
});
