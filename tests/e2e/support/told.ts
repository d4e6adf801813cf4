import { createDecoder, readVarUint } from 'lib0/decoding';
import type { Page } from '@playwright/test';
import { FRAME, readJsonBody } from '#lib/protocol/frames.ts';
import type { VerdictMessage } from '#lib/protocol/messages.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { CommandId } from '#lib/workflow/ids.ts';

/** What a client has sent, and what the server has told it. */
export class Told {
  /** One for each time a command was sent. */
  readonly sent: Command[] = [];
  readonly verdicts = new Map<CommandId, VerdictMessage>();
  /** Second verdicts on one command that differ from the first. */
  readonly contradictions: VerdictMessage[] = [];

  hear(verdict: VerdictMessage): void {
    const first = this.verdicts.get(verdict.id);
    this.verdicts.set(verdict.id, first ?? verdict);
    if (first && JSON.stringify(first) !== JSON.stringify(verdict)) this.contradictions.push(verdict);
  }
}

/** Listens to every socket that the page opens from now on: reload it to hear all. */
export function overhear(page: Page): Told {
  const told = new Told();
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const command = bodyOf(payload, FRAME.command);
      if (command !== null) told.sent.push(command as Command);
    });
    socket.on('framereceived', ({ payload }) => {
      const verdict = bodyOf(payload, FRAME.verdict);
      if (verdict !== null) told.hear(verdict as VerdictMessage);
    });
  });
  return told;
}

function bodyOf(payload: string | Buffer, type: number): unknown {
  if (typeof payload === 'string') return null;
  const decoder = createDecoder(payload);
  return readVarUint(decoder) === type ? readJsonBody(decoder) : null;
}
