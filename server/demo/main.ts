import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { BoardWatch } from './board-watch.ts';
import { Chance } from './chance.ts';
import { nextAct } from './next-act.ts';
import { DEMO_PASSWORD } from './people.ts';
import { ServerProcess } from './server-process.ts';
import { DEMO_ADMIN, makeWorkspace, type DemoWorkspace } from './workspace.ts';

// A board that lives: the ordinary server on throw-away data, and eight simulated people who work on it through the
// ordinary commands until Ctrl-C.

/** Between two acts, whoever makes them, at most. */
const PAUSE_MS_MAX = 3_000;

const dataDirectory = await mkdtemp(join(tmpdir(), 'baton-demo-'));
const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());
try {
  process.exitCode = await demo();
} finally {
  await rm(dataDirectory, { recursive: true, force: true });
}

async function demo(): Promise<number> {
  const server = await ServerProcess.start(dataDirectory);
  if (server === null) return 1;
  void server.ended.then(() => stopping.abort());
  try {
    const workspace = await makeWorkspace(server.origin, server.setupToken);
    welcome(server.origin, workspace);
    await keepWorking(workspace);
  } catch (error) {
    // The server may have been stopped in the middle of it.
    if (!stopping.signal.aborted) throw error;
  } finally {
    await server.stop();
  }
  return 0;
}

async function keepWorking({ boardId, admin, people }: DemoWorkspace): Promise<void> {
  const watch = new BoardWatch(admin, boardId);
  const chance = new Chance(Math.random);
  try {
    while (!stopping.signal.aborted) {
      await after(chance.below(PAUSE_MS_MAX), undefined, { signal: stopping.signal });
      const person = chance.pick(people);
      const { state, items } = watch;
      const scene = {
        state,
        items,
        person,
        userId: person.userId,
        chance,
        nowMs: Date.now(),
        newId: randomUUID,
      };
      const command = nextAct(scene);
      if (command) await person.api.post(`/api/v1/boards/${boardId}/commands`, command);
    }
  } finally {
    watch.stop();
  }
}

function welcome(origin: string, { boardId, people }: DemoWorkspace): void {
  const everybody = [{ ...DEMO_ADMIN, team: 'admin', role: '' }, ...people];
  const lines = everybody.map(
    ({ email, team, role }) => `  ${email.padEnd(20)} ${team}${role === 'lead' ? ', lead' : ''}`,
  );
  process.stdout.write(
    [
      '',
      `A board that lives: ${origin}/b/${boardId}`,
      `What stalls on it:  ${origin}/b/${boardId}/stalled`,
      `It on a wall:       ${origin}/wall?board=${boardId}`,
      '',
      'Eight simulated people work on it. Sign in as one of them, best as two in two browsers:',
      ...lines,
      `  The password of all: ${DEMO_PASSWORD}`,
      '',
      'Ctrl-C ends it, and everything in it is thrown away.',
      '',
    ].join('\n'),
  );
}
