import { Autolink, parser, Strikethrough, TaskList } from '@lezer/markdown';

/**
 * The Markdown of descriptions: CommonMark without what surprises people who only write a text. HTML is text; four
 * spaces are no code; a line of dashes under a line makes no heading of it; pictures and links by reference do not exist.
 */
export const markdownParser = parser.configure([
  Strikethrough,
  TaskList,
  Autolink,
  { remove: ['HTMLBlock', 'HTMLTag', 'IndentedCode', 'SetextHeading', 'LinkReference', 'Image'] },
]);
