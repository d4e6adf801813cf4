import { FRAME, encodeJsonFrame } from '../../../src/lib/protocol/frames.ts';
import type { VerdictMessage } from '../../../src/lib/protocol/messages.ts';
import { BatonWriter, readVerdict } from '../baton-board.ts';
import type { Bench } from '../bench.ts';
import { Fleet } from '../fleet.ts';
import { percentile } from '../stats.ts';

/** How long a "no" takes and how long a "yes", in turn over one connection; both are stored before they are said. */
export async function measureVerdicts({ baton, report, isQuick }: Bench): Promise<void> {
  const board = await baton.openBoard({ items: 50, writers: 1 });
  const [writer] = board.writers;
  if (!(writer instanceof BatonWriter)) throw new Error('There is no writer.');
  const fleet = await Fleet.join(board, 1);
  const times = { accepted: [] as number[], refused: [] as number[] };
  try {
    for (let turn = 0; turn < (isQuick ? 100 : 400); turn += 1) {
      const wanted = turn % 2 === 0 ? 'accepted' : 'refused';
      const asked = wanted === 'accepted' ? writer.nextCommand() : writer.nextRefused();
      const startMs = performance.now();
      const { verdict } = await ask(fleet, encodeJsonFrame(FRAME.command, asked), writer);
      if (verdict !== wanted) throw new Error(`A command was ${verdict} that should have been ${wanted}.`);
      if (turn >= 20) times[wanted].push(performance.now() - startMs);
    }
  } finally {
    fleet.leave();
  }
  for (const verdict of ['accepted', 'refused'] as const) {
    report.row({
      measure: `time to the verdict "${verdict}", median`,
      subject: 'baton',
      value: percentile(times[verdict], 0.5),
      unit: 'ms',
      params: { commands: times[verdict].length, p99: percentile(times[verdict], 0.99) },
    });
  }
  const ratio = percentile(times.refused, 0.5) / percentile(times.accepted, 0.5);
  report.atMost('time to a refusal, to an acceptance', ratio, 1);
}

async function ask(fleet: Fleet, frame: Uint8Array, writer: BatonWriter): Promise<VerdictMessage> {
  return await new Promise((resolve) => {
    fleet.onVerdict = (_connection, bytes) => {
      const message = readVerdict(bytes);
      if (message.verdict === 'accepted') writer.onVerdict(bytes);
      resolve(message);
    };
    fleet.send(0, frame);
  });
}
