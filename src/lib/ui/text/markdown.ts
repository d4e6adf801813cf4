import type { SyntaxNode } from '@lezer/common';
import { cleanText } from '#lib/workflow/text.ts';
import { markdownParser } from './markdown-parser.ts';
import { safeLink } from './safe-link.ts';

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'struck'; readonly parts: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly parts: readonly Inline[] };

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly parts: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly parts: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | null; readonly entries: readonly ListEntry[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'rule' };

export interface ListEntry {
  /** Null: an ordinary entry; else whether its box is ticked. */
  readonly isTicked: boolean | null;
  readonly blocks: readonly Block[];
}

/** What stands deeper inside lists and quotes is shown as it was written. */
const DEPTH_MAX = 12;

/** A description as what it says, made to be drawn node by node: nothing in it is ever read as HTML. */
export function parseMarkdown(written: string): readonly Block[] {
  const text = cleanText(written);
  return blocksOf({ text, node: markdownParser.parse(text).topNode, depth: 0 });
}

interface Place {
  readonly text: string;
  readonly node: SyntaxNode;
  readonly depth: number;
}

function blocksOf({ text, node, depth }: Place): Block[] {
  return childrenOf(node).flatMap((child) => blockOf({ text, node: child, depth: depth + 1 }) ?? []);
}

function blockOf(place: Place): Block | null {
  const { text, node, depth } = place;
  if (node.name.endsWith('Mark')) return null;
  if (depth > DEPTH_MAX) return { kind: 'paragraph', parts: [{ kind: 'text', text: sliceOf(place) }] };
  const level = /^ATXHeading(\d)$/.exec(node.name)?.[1];
  if (level !== undefined) return { kind: 'heading', level: Number(level), parts: trimmed(inlinesOf(place)) };
  switch (node.name) {
    case 'Blockquote':
      return { kind: 'quote', blocks: blocksOf(place) };
    case 'BulletList':
    case 'OrderedList':
      return { kind: 'list', start: startOf(place), entries: entriesOf(place) };
    case 'FencedCode':
      return { kind: 'code', text: codeOf(place) };
    case 'HorizontalRule':
      return { kind: 'rule' };
    default:
      return { kind: 'paragraph', parts: trimmed(inlinesOf({ text, node, depth })) };
  }
}

function startOf({ text, node }: Place): number | null {
  if (node.name === 'BulletList') return null;
  const mark = node.firstChild?.getChild('ListMark');
  return mark ? Number.parseInt(text.slice(mark.from, mark.to), 10) : 1;
}

function entriesOf({ text, node, depth }: Place): ListEntry[] {
  return node.getChildren('ListItem').map((entry) => {
    const box = entry.getChild('Task')?.getChild('TaskMarker');
    return {
      isTicked: box ? /x/i.test(text.slice(box.from, box.to)) : null,
      blocks: blocksOf({ text, node: entry, depth }),
    };
  });
}

function codeOf({ text, node }: Place): string {
  return node
    .getChildren('CodeText')
    .map(({ from, to }) => text.slice(from, to))
    .join('');
}

function inlinesOf({ text, node, depth }: Place): Inline[] {
  const parts: Inline[] = [];
  let at = node.from;
  for (const child of childrenOf(node)) {
    addText(parts, text.slice(at, child.from));
    addInline(parts, { text, node: child, depth: depth + 1 });
    at = child.to;
  }
  addText(parts, text.slice(at, node.to));
  return parts;
}

function addInline(parts: Inline[], place: Place): void {
  const { node, depth } = place;
  const written = sliceOf(place);
  if (depth > DEPTH_MAX) return addText(parts, written);
  switch (node.name) {
    case 'StrongEmphasis':
      return void parts.push({ kind: 'strong', parts: inlinesOf(place) });
    case 'Emphasis':
      return void parts.push({ kind: 'emphasis', parts: inlinesOf(place) });
    case 'Strikethrough':
      return void parts.push({ kind: 'struck', parts: inlinesOf(place) });
    case 'InlineCode':
      return void parts.push({ kind: 'code', text: written.replace(/^`+|`+$/g, '') });
    case 'Link':
      return addLink(parts, place);
    case 'Autolink':
    case 'URL': {
      const href = safeLink(written.replace(/^<|>$/g, ''));
      if (href === null) return addText(parts, written);
      return void parts.push({
        kind: 'link',
        href,
        parts: [{ kind: 'text', text: written.replace(/^<|>$/g, '') }],
      });
    }
    case 'Escape':
      return addText(parts, written.slice(1));
    case 'HardBreak':
      return addText(parts, '\n');
    default:
      // Marks say how something looks, and are not shown themselves.
      if (!/Mark(er)?$/.test(node.name)) addText(parts, written);
  }
}

function addLink(parts: Inline[], place: Place): void {
  const { text, node, depth } = place;
  const url = node.getChild('URL');
  const href = url && safeLink(text.slice(url.from, url.to));
  const [open, close] = node.getChildren('LinkMark');
  // What leads nowhere is shown as it was written, so that nobody takes it for a link.
  if (!href || !open || !close) return addText(parts, sliceOf(place));
  const label: Inline[] = [];
  let at = open.to;
  for (const child of childrenOf(node)) {
    if (child.from < open.to || child.to > close.from) continue;
    addText(label, text.slice(at, child.from));
    addInline(label, { text, node: child, depth: depth + 1 });
    at = child.to;
  }
  addText(label, text.slice(at, close.from));
  if (label.length === 0) addText(label, href);
  parts.push({ kind: 'link', href, parts: label });
}

function addText(parts: Inline[], text: string): void {
  if (text !== '') parts.push({ kind: 'text', text });
}

/** Without the spaces between a mark and its text. */
function trimmed(parts: readonly Inline[]): readonly Inline[] {
  return parts.map((part, index) => {
    if (part.kind !== 'text') return part;
    const start = index === 0 ? part.text.trimStart() : part.text;
    return { ...part, text: index === parts.length - 1 ? start.trimEnd() : start };
  });
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

function sliceOf({ text, node }: Place): string {
  return text.slice(node.from, node.to);
}
