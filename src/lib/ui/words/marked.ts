/** A part of a sentence; `isMarked`: the component shows it in a way of its own, as a link or in bold. */
interface SentencePart {
  readonly text: string;
  readonly isMarked: boolean;
}

export type MarkedSentence = readonly SentencePart[];

/**
 * A whole sentence with marked parts between stars, so that a translation can put them where its language wants them:
 * `` marked`Open *${address}* on it.` ``. What is filled in is taken as it is, with its own stars.
 */
export function marked(
  pieces: TemplateStringsArray,
  ...values: readonly (string | number)[]
): MarkedSentence {
  const parts = [{ text: '', isMarked: false }];
  pieces.forEach((piece, index) => {
    piece.split('*').forEach((text, turn) => {
      const last = parts.at(-1);
      if (turn > 0) parts.push({ text, isMarked: !last?.isMarked });
      else if (last) last.text += text;
    });
    const last = parts.at(-1);
    if (last) last.text += String(values[index] ?? '');
  });
  return parts.filter(({ text }) => text !== '');
}
