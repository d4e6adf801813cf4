/**
 * Seeds that have found something, with what it was: replayed before all others, for ever. What a seed does changes with
 * the simulation, so each fault that was real has a test of its own as well.
 */
export const FAILING_SEEDS: readonly (readonly [seed: number, found: string])[] = [
  [1465, 'who joined an item document as its room ended was let in, and never greeted'],
  [1954, 'a document that opened while its board was closed never had its facts recorded'],
  [203650, 'of two values written at once on two nodes the row kept another than the document'],
  [100621, 'a fact that was handed over while its deletion was being recorded was missing in the row'],
  [5078, 'a board went back in time when a node that lagged stayed behind for three seconds'],
  [327, 'whoever deleted a word across a new epoch took letters of a word that stood beside it along'],
  [1341, 'a node that had not heard of the new epoch made a browser merge a document with itself'],
  [623, 'a node that was an epoch behind made a browser go back, and double what was unsent'],
  [1777, 'what had arrived before a new epoch, and was deleted there, came back from the one who wrote it'],
  [12315, 'a board went back in time while nobody was connected'],
  [527, 'a node that lagged took a browser that came from another node for a forger, and shut it out'],
];
