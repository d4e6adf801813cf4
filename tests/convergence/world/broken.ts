/** An invariant of the simulation does not hold; the message begins with its name. */
export class InvariantBroken extends Error {
  constructor(id: string, sentence: string, found?: unknown) {
    super(`${id}: ${sentence}${found === undefined ? '' : ` ${JSON.stringify(found)}`}`);
    this.name = 'InvariantBroken';
  }
}
