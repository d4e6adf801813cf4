import { parse } from 'svelte/compiler';

/** Attributes that people see or hear, on whatever element or component: any letter in them is a word. */
const SHOWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'description',
  'hint',
  'intro',
  'label',
  'placeholder',
  'title',
]);

/** They hold lists of names with blanks between. */
const UNSHOWN_ATTRIBUTES: ReadonlySet<string> = new Set(['class', 'style', 'rel', 'd', 'viewBox']);

/** They read like words, and are what a browser calls its keys. */
const KEY_NAME =
  /^(?:Arrow\w*|AltGraph|Backspace|CapsLock|Control|Delete|End|Enter|Escape|Home|Meta|Page(?:Up|Down)|Shift|Tab|(?:Alt|Control|Meta|Mod)[+-].*)$/;

/** `[data-item-id] h3 a` */
const SELECTOR = /^\W*\[[\w-]+/;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/**
 * The words for people that are written into a component, each with its line, `12: Save`: texts, attributes that are
 * shown, and whatever literal reads like words.
 */
export function wordsInComponent(source: string): readonly string[] {
  const { fragment, instance, module } = parse(source, { modern: true });
  const found = new Map<number, string>();
  for (const part of [module?.content, instance?.content, fragment]) {
    if (part) collect(part as unknown as Node, null, found);
  }
  return [...found]
    .sort(([one], [other]) => one - other)
    .map(
      ([start, text]) => `${source.slice(0, start).split('\n').length}: ${text.trim().replace(/\s+/g, ' ')}`,
    );
}

/** The same of a module, which has literals only. */
export function wordsInModule(source: string): readonly string[] {
  return wordsInComponent(`<script lang="ts">${source}</script>`);
}

function collect(node: Node, parent: Node | null, found: Map<number, string>): void {
  if (isUnshown(node)) return;
  if (node.type === 'ExpressionTag' && parent?.type !== 'Attribute')
    collectShown(node.expression as Node, found);
  if (node.type === 'Attribute' && SHOWN_ATTRIBUTES.has(String(node.name))) {
    for (const part of partsOf(node))
      collectShown(part.type === 'ExpressionTag' ? (part.expression as Node) : part, found);
  }
  const text = textOf(node);
  const isText = node.type === 'Text' && parent?.type !== 'Attribute';
  if (isText ? hasWords(text) : readsLikeWords(text) && !isCompared(node, parent))
    found.set(node.start, text);
  for (const child of childrenOf(node)) collect(child, node, found);
}

/** What an expression comes to is shown, so that its literals are words even where they are short and small. */
function collectShown(node: Node, found: Map<number, string>): void {
  const results: Readonly<Record<string, readonly string[]>> = {
    ConditionalExpression: ['consequent', 'alternate'],
    LogicalExpression: ['left', 'right'],
    BinaryExpression: ['left', 'right'],
    TemplateLiteral: ['quasis'],
  };
  if (hasWords(textOf(node))) found.set(node.start, textOf(node));
  if (node.type === 'BinaryExpression' && node.operator !== '+') return;
  for (const key of results[node.type] ?? []) {
    for (const result of [node[key]].flat() as Node[]) collectShown(result, found);
  }
}

function isUnshown(node: Node): boolean {
  // Types show nothing, and what is thrown is for whoever reads the log.
  const isType = node.type.startsWith('TS') && !('expression' in node);
  const isAttribute = node.type === 'Attribute' && UNSHOWN_ATTRIBUTES.has(String(node.name));
  const others = ['Comment', 'StyleDirective', 'ImportDeclaration', 'ImportExpression', 'ThrowStatement'];
  return isType || isAttribute || others.includes(node.type) || isSearchForElements(node);
}

function isSearchForElements(node: Node): boolean {
  const method = ((node.callee as Node | undefined)?.property as Node | undefined)?.name;
  return ['closest', 'matches', 'querySelector', 'querySelectorAll'].includes(String(method));
}

/** Whatever something is compared with is a name in the code: a key, a kind, a tag. */
function isCompared(node: Node, parent: Node | null): boolean {
  if (parent?.type === 'SwitchCase') return parent.test === node;
  return parent?.type === 'BinaryExpression' && parent.operator !== '+';
}

function textOf(node: Node): string {
  if (node.type === 'Text') return String(node.data);
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateElement') return (node.value as { cooked: string }).cooked;
  return '';
}

/** Paths and what is added to an address are no words. */
function hasWords(text: string): boolean {
  return /\p{L}/u.test(text) && !/^[/#?]\S*$/.test(text);
}

function readsLikeWords(text: string): boolean {
  if (KEY_NAME.test(text) || SELECTOR.test(text)) return false;
  return /\p{L}\s|\s\p{L}/u.test(text) || /(?<!\p{L})\p{Lu}\p{Ll}/u.test(text);
}

function partsOf(attribute: Node): readonly Node[] {
  return attribute.value === true ? [] : ([attribute.value].flat() as Node[]);
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === 'object' && value !== null && 'type' in value);
}
