import { FaultProxy } from '../../support/fault-proxy.ts';
import { test as base } from './workspace.ts';

interface Lines {
  /** A line to the server of its own, for one person. */
  readonly newLine: () => Promise<FaultProxy>;
}

/** With a workspace, and lines to its server that can be held and cut. */
export const lineTest = base.extend<Lines>({
  newLine: async ({ workspace }, use) => {
    const lines: FaultProxy[] = [];
    const port = Number(new URL(workspace.server.origin).port);
    await use(async () => {
      const line = await FaultProxy.start({ port, isSocks: true });
      lines.push(line);
      return line;
    });
    for (const line of lines) await line.stop();
  },
});
