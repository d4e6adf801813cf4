import { CutProxy } from './cut-proxy.ts';
import { test as base } from './workspace.ts';

interface Lines {
  /** A line to the server of its own, for one person. */
  readonly newLine: () => Promise<CutProxy>;
}

/** With a workspace, and lines to its server that can be held and cut. */
export const lineTest = base.extend<Lines>({
  newLine: async ({ workspace }, use) => {
    const lines: CutProxy[] = [];
    const port = Number(new URL(workspace.server.origin).port);
    await use(async () => {
      const line = await CutProxy.start(port);
      lines.push(line);
      return line;
    });
    for (const line of lines) await line.stop();
  },
});
