import { boardMeta } from '#lib/board/document.ts';
import { ACTIONS } from './actions.ts';
import { InvariantBroken } from './broken.ts';
import { DocumentAudit } from './document-audit.ts';
import { FAULTS, heal } from './faults.ts';
import { LogAudit } from './log-audit.ts';
import { OrderAudit } from './order-audit.ts';
import { soundParts, type Parts } from './parts.ts';
import { ScreenAudit } from './screen-audit.ts';
import { seedMachine } from './seeded-chance.ts';
import { SimulatedTime } from './time.ts';
import { VerdictAudit } from './verdict-audit.ts';
import { checkBroadcasts } from './wire-audit.ts';
import { World } from './world.ts';

const STEPS_MIN = 60;
const STEPS_MAX = 180;
/** Within 10 s after the last fault everything has a verdict and everybody is at the head. */
const HEALED_MS_MAX = 10_000;
const HEALING_STEP_MS = 50;

// Every y-websocket provider listens for the end of the process: no leak, they are gone with their run.
process.setMaxListeners(0);

/** What happened in a run, by name, and how often. */
export type Counts = Map<string, number>;

/** A run that found something: which seed, what, and how it came to it. */
export class RunFailed extends Error {
  readonly seed: number;
  readonly steps: readonly string[];

  constructor(seed: number, steps: readonly string[], cause: unknown) {
    const what = cause instanceof Error ? cause.message : String(cause);
    super(`Seed ${seed}: ${what}\n${steps.map((step, index) => `  ${index + 1}. ${step}`).join('\n')}`, {
      cause,
    });
    this.name = 'RunFailed';
    this.seed = seed;
    this.steps = steps;
  }
}

/** One seed, one run: everything that happens, and when, follows from it. Throws `RunFailed`. */
export async function simulate(seed: number, parts: Parts = soundParts): Promise<Counts> {
  const run = new Run(seed, parts);
  return await run.play();
}

class Run {
  readonly #seed: number;
  readonly #parts: Parts;
  readonly #steps: string[] = [];
  readonly #counts: Counts = new Map();
  readonly #bugs: Error[] = [];

  constructor(seed: number, parts: Parts) {
    this.#seed = seed;
    this.#parts = parts;
  }

  async play(): Promise<Counts> {
    seedMachine(this.#seed);
    const time = new SimulatedTime();
    const restore = time.install();
    let verdicts: VerdictAudit | null = null;
    const world = new World({
      seed: this.#seed,
      parts: this.#parts,
      onSent: (frame) => this.#guard(() => verdicts?.read(frame)),
      onBug: (error) => void this.#bugs.push(error),
      time,
    });
    verdicts = new VerdictAudit(world.store.log, world.ground.id);
    const audits = new Audits(world);
    try {
      await this.#misbehave(world, audits);
      await this.#recover(world, audits);
      this.#add('accepted', verdicts.accepted);
      this.#add('refused', verdicts.refused);
      this.#add('told again', verdicts.repeated);
      this.#add('item document renewed', audits.documents.renewals);
      this.#add('renewed under unsent text', audits.documents.unsentAtRenewal);
      return this.#counts;
    } catch (error) {
      throw new RunFailed(this.#seed, this.#steps, error);
    } finally {
      world.destroy();
      await world.time.settle();
      restore();
      seedMachine(null);
    }
  }

  async #misbehave(world: World, audits: Audits): Promise<void> {
    const { random } = world;
    // Every run has its own taste: which faults it knows, and how often they come.
    const faults = FAULTS.filter(() => random.percent(60));
    const actions = ACTIONS.filter(() => random.percent(80));
    const faultPercent = random.pick([0, 4, 12, 25]);
    for (let step = STEPS_MIN + random.below(STEPS_MAX - STEPS_MIN); step > 0; step -= 1) {
      const isFault = faults.length > 0 && random.percent(faultPercent);
      const done = isFault ? random.pick(faults)(world) : await random.pick(actions)(world);
      if (done === null) continue;
      this.#steps.push(done);
      if (isFault) this.#add(done, 1);
      await world.time.settle();
      this.#check(audits);
    }
  }

  /** No more faults: everybody must get there in time. */
  async #recover(world: World, audits: Audits): Promise<void> {
    this.#steps.push('— the faults end —');
    heal(world);
    await world.time.settle();
    const healedAt = world.time.nowMs;
    let missing: string | null = 'nothing has moved yet';
    while (missing !== null) {
      while (await world.flow()) this.#check(audits);
      this.#check(audits);
      missing = audits.difference();
      if (missing !== null && world.time.nowMs - healedAt >= HEALED_MS_MAX)
        throw new InvariantBroken('I11', `${HEALED_MS_MAX / 1_000} s after the last fault: ${missing}.`);
      await world.time.advance(HEALING_STEP_MS);
    }
    audits.checkQuiet();
  }

  #check(audits: Audits): void {
    const [bug] = this.#bugs;
    if (bug !== undefined) throw bug;
    audits.check();
  }

  /** What a node does while it sends must not be caught by it: it is reported at the end of the step. */
  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#bugs.push(error as Error);
    }
  }

  #add(what: string, count: number): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }
}

/** Everything that is held against what happens. */
class Audits {
  readonly #world: World;
  readonly #log: LogAudit;
  readonly #order: OrderAudit;
  readonly #screens: readonly ScreenAudit[];
  readonly documents: DocumentAudit;

  constructor(world: World) {
    this.#world = world;
    this.#log = new LogAudit(world.ground, world.store.log);
    this.#order = new OrderAudit(world.browsers);
    this.#screens = world.browsers.map((browser) => new ScreenAudit(browser, this.#log, world.store.log));
    this.documents = new DocumentAudit(world.ground, world.store, world.browsers);
  }

  check(): void {
    this.#order.check(this.#log.follow(this.#world.time.nowMs));
    for (const screen of this.#screens) screen.check();
    checkBroadcasts(this.#world);
  }

  /** What keeps the world from being at rest and of one mind, as a sentence; null: nothing. */
  difference(): string | null {
    for (const browser of this.#world.browsers) {
      const { board, user } = browser;
      if (!board) return `${user.name} has no board yet`;
      if (board.status.kind !== 'live') return `${user.name} is ${board.status.kind}`;
      const open = board.outbox.find(({ state }) => state.kind !== 'refused');
      if (open) return `a command of ${user.name} is ${open.state.kind}`;
      const { seq } = boardMeta(board.document);
      if (seq !== this.#log.seq) return `${user.name} is at ${seq}, the log at ${this.#log.seq}`;
    }
    return this.documents.difference(this.#world.browsers);
  }

  checkQuiet(): void {
    this.documents.checkWords(this.#world.browsers);
    for (const browser of this.#world.browsers) {
      const { name } = browser.user;
      const changed = browser.screen()?.state.changedItems().size ?? 0;
      if (changed > 0) throw new InvariantBroken('I3', `${name} sees an effect that nobody has decided.`);
      if (browser.board?.document.store.pendingStructs != null)
        throw new InvariantBroken('I12', `${name} waits for a part of the board.`);
    }
  }
}
