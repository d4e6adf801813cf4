import { inject } from 'vitest';
import type { DatabaseConfig } from '../../server/persistence/database.ts';

/** An embedded database in memory that is migrated already and has nobody in it; each that opens it has its own. */
export function memoryDatabase(): DatabaseConfig {
  return { kind: 'memory', dumpFile: inject('embeddedDump') };
}
