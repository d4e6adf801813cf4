/**
 * What the editor of a shared text stands on. A module of its own, because it brings the binding of CodeMirror with it
 * and is loaded with the editor alone.
 */
export { bindText, receivedMark } from '#lib/sync/text-binding.ts';
