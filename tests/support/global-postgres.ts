import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the run's one Postgres; read it with `inject('postgresUrl')` and hand it to `createDatabase`. */
    postgresUrl: string;
  }
}

/** Starts one real Postgres for the whole run, never skipped: a run that can't have one fails here. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return server.stop;
}
