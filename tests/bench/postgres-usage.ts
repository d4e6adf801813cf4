import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in these, whatever the machine. */
const TICK_MS = 10;

/** The processor time of a Postgres server so far: postmaster, backends, writers. Null where there is no /proc. */
export function postgresCpuMs(postmasterPid: number | undefined): number | null {
  if (postmasterPid === undefined) return null;
  try {
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(statOf)
      .filter((stat) => stat !== null);
    const own = all.find(({ pid }) => pid === postmasterPid);
    if (!own) return null;
    const children = all.filter(({ parent }) => parent === postmasterPid);
    // Of children that have ended the postmaster keeps the sum.
    const ticks = own.ticks + own.childTicks + children.reduce((total, { ticks: each }) => total + each, 0);
    return ticks * TICK_MS;
  } catch {
    return null;
  }
}

function statOf(name: string) {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'latin1');
    // The command's name stands in brackets and may hold spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const number = (index: number) => Number(fields[index]);
    return {
      pid: Number(name),
      parent: number(1),
      ticks: number(11) + number(12),
      childTicks: number(13) + number(14),
    };
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
}
