// Loaded ahead of a measured server (`node --import`): answers the bench's questions about its own process.

interface Question {
  readonly id: number;
  /** Collect garbage first, so that only what is held counts. Needs `--expose-gc`. */
  readonly isAfterGc: boolean;
}

process.on('message', ({ id, isAfterGc }: Question) => {
  if (isAfterGc) for (let pass = 0; pass < 3; pass += 1) globalThis.gc?.();
  const all = process.cpuUsage();
  const main = process.threadCpuUsage();
  process.send?.({
    id,
    cpuMs: (all.user + all.system) / 1_000,
    mainThreadMs: (main.user + main.system) / 1_000,
    memory: process.memoryUsage(),
  });
});
// The bench's line must not keep a server alive, and a server whose bench is gone must not live on.
process.channel?.unref();
process.on('disconnect', () => process.exit(0));
