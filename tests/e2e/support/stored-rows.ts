import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { CommandId } from '#lib/workflow/ids.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { Item } from '#lib/workflow/state.ts';
import { itemOfRow } from '../../../server/persistence/item-rows.ts';
import type { BatonServer } from './baton-server.ts';
import type { Told } from './told.ts';

export interface StoredRows {
  readonly commands: readonly {
    readonly id: CommandId;
    readonly type: AnyCommand['type'];
    readonly seq: number | null;
    readonly refusal: Refusal | null;
  }[];
  readonly items: readonly Item[];
}

/** What is on the disk of a server that was stopped or killed. */
export async function readStoredRows(server: BatonServer): Promise<StoredRows> {
  return await server.withDatabase(async ({ db }) => {
    const commands = await db.selectFrom('command').select(['id', 'type', 'seq', 'refusal']).execute();
    const items = await db.selectFrom('item').selectAll().execute();
    return { commands, items: items.map(itemOfRow) };
  });
}

/** Every verdict that clients were told, held against the rows: one sentence for each that is missing or different. */
export function brokenPromises(rows: StoredRows, tolds: readonly Told[]): string[] {
  const byId = new Map(rows.commands.map((command) => [command.id, command]));
  const faults: string[] = [];
  for (const { verdicts, contradictions } of tolds) {
    for (const { id } of contradictions) faults.push(`Command ${id} was given two verdicts.`);
    for (const [id, told] of verdicts) {
      const row = byId.get(id);
      const isKept =
        told.verdict === 'accepted'
          ? row?.seq === told.seq
          : row?.seq === null && row.refusal?.code === told.refusal.code;
      if (!isKept) faults.push(`Told ${JSON.stringify(told)}, stored ${JSON.stringify(row)}.`);
    }
  }
  return faults;
}
