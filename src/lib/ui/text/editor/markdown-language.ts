import { defineLanguageFacet, Language, languageDataProp } from '@codemirror/language';
import { markdownParser } from '../markdown-parser.ts';

const data = defineLanguageFacet();

/** Markdown for the editor: parsed piece by piece, so that a key press costs the same in a long text. */
export const markdownLanguage = new Language(
  data,
  markdownParser.configure({
    props: [languageDataProp.add((type) => (type.isTop ? data : undefined))],
  }),
  [],
  'markdown',
);
